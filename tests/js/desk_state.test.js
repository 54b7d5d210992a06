import assert from "node:assert/strict";
import test from "node:test";

import { isFull, liveRows, myRows, rowOf } from "../../operator_ui/static/js/rows.js";
import { changed, firstState, hasUnsaved } from "../../operator_ui/static/js/state.js";
import { arrival, entry, line, row, welcome } from "./desk_scenes.js";

/** @typedef {import("../../operator_ui/static/js/state.js").Action} Action */
/** @typedef {import("../../operator_ui/static/js/frames.js").DeskIn} DeskIn */

/** @param {...(Action | DeskIn)} events */
const after = (...events) => events.reduce((state, event) => changed(state, "t" in event ? { type: "frame", frame: event } : event), firstState());
const withA = /** @type {const} */ ([welcome, line([], [row("a")]), { type: "following", contact: "a" }, { t: "opened", contact: "a", state: "active", seq: 0 }]);

test("the first welcome tells my state, a later one does not overrule what I chose", () => {
  assert.equal(after(welcome).presence, "available");
  assert.equal(after(welcome, { type: "presence", presence: "break" }, welcome).presence, "break");
});

test("a list makes rows, and offers of what is mine already are gone", () => {
  const state = after(welcome, { t: "offer", contact: "a", tag: "A", language: "fi", until: 9 }, line([row("w", { state: "waiting" })], [row("a")]));
  assert.equal(state.offers.length, 0);
  assert.equal(state.waiting.length, 1);
  assert.equal(rowOf(state, "a")?.tag, "A");
});

test("a repeated offer stands once", () => {
  const offer = /** @type {DeskIn} */ ({ t: "offer", contact: "a", tag: "A", language: "fi", until: 9 });
  assert.equal(after(offer, offer).offers.length, 1);
});

for (const [why, presence] of /** @type {const} */ ([["taken", "available"], ["left", "available"], ["missed", "break"]])) {
  test(`an offer that was ${why} disappears and leaves me ${presence}`, () => {
    const state = after(welcome, { t: "offer", contact: "a", tag: "A", language: "fi", until: 9 }, { t: "offer_gone", contact: "a", why });
    assert.equal(state.offers.length, 0);
    assert.equal(state.presence, presence);
    assert.equal(state.notices[0]?.key, `offer.${why}`);
  });
}

test("an offer I have answered goes quietly", () => {
  const state = after(welcome, { t: "offer", contact: "a", tag: "A", language: "fi", until: 9 }, { type: "answered", contact: "a" }, { t: "offer_gone", contact: "a", why: "taken" });
  assert.equal(state.notices.length, 0);
});

test("a conversation that is no longer mine leaves memory with its draft", () => {
  const state = after(...withA, arrival("a", entry(1)), { type: "chose", contact: "a" }, { type: "draft", contact: "a", text: "half" }, { type: "note_draft", contact: "a", text: "n" }, line([], []));
  assert.deepEqual([state.talks, state.drafts, state.noteDrafts, state.current, state.pane], [{}, {}, {}, null, "contacts"]);
});

test("an ended conversation stays until it is put away, and then stays away", () => {
  let state = after(...withA, { type: "chose", contact: "a" }, arrival("a", entry(1, { kind: "line", code: "left_quickly", text: null })), line([], []));
  assert.equal(myRows(state).length, 1);
  assert.equal(rowOf(state, "a")?.state, "ended");
  assert.equal(state.current, "a");
  state = changed(state, { type: "set_aside", contact: "a" });
  state = changed(state, { type: "frame", frame: line([], [row("a", { state: "ended" })]) });
  assert.equal(myRows(state).length, 0);
});

test("a row that says ended closes the composer", () => {
  assert.equal(after(...withA, line([], [row("a", { state: "ended" })])).talks["a"]?.phase, "over");
});

test("a broken line keeps everything on screen and takes the offers away", () => {
  const state = after(...withA, arrival("a", entry(1)), { type: "draft", contact: "a", text: "half" }, { t: "offer", contact: "b", tag: "B", language: "fi", until: 9 }, { type: "line", line: "lost" });
  assert.equal(state.talks["a"]?.entries.length, 1);
  assert.equal(state.drafts["a"], "half");
  assert.equal(state.offers.length, 0);
  assert.equal(state.talks["a"]?.phase, "opening");
  assert.equal(changed(state, { type: "line", line: "connecting" }).line, "connecting");
});

test("entries of a conversation this page does not follow are not kept", () => {
  assert.deepEqual(after(welcome, arrival("stranger", entry(1))).talks, {});
});

test("a conversation the server opens by itself is known from then on", () => {
  assert.equal(after(welcome, { t: "opened", contact: "a", state: "active", seq: 3 }).talks["a"]?.seq, 3);
});

/** @type {[string, Partial<import("../../operator_ui/static/js/frames.js").ErrorFrame>, (state: import("../../operator_ui/static/js/state.js").State) => void][]} */
const errors = [
  ["not_yours drops the row", { code: "not_yours" }, (state) => assert.equal(rowOf(state, "a"), null)],
  ["cannot_open closes it and says so", { code: "cannot_open" }, (state) => { assert.equal(state.talks["a"]?.phase, "over"); assert.equal(state.notices[0]?.key, "error.cannot_open"); }],
  ["already_taken says so", { code: "already_taken" }, (state) => assert.equal(state.notices[0]?.key, "error.already_taken")],
  ["at_capacity says so", { code: "at_capacity" }, (state) => assert.equal(state.notices[0]?.key, "error.at_capacity")],
  ["ended closes the composer", { code: "ended" }, (state) => assert.equal(state.talks["a"]?.phase, "over")],
  ["too_long keeps the text", { code: "too_long", id: "m" }, (state) => assert.equal(state.talks["a"]?.out[0]?.why, "too_long")],
  ["blank is ignored", { code: "blank", id: "m" }, (state) => assert.equal(state.talks["a"]?.out.length, 0)],
  ["ended refuses what was sent", { code: "ended", id: "m" }, (state) => assert.equal(state.talks["a"]?.out[0]?.why, "ended")],
  ["unavailable changes nothing here", { code: "unavailable", id: "m" }, (state) => assert.equal(state.talks["a"]?.out[0]?.state, "waiting")],
  ["an error of nothing in particular says so", { code: "unavailable", contact: null }, (state) => assert.equal(state.notices[0]?.key, "error.unavailable")],
  ["a blank of nothing in particular says nothing", { code: "blank", contact: null }, (state) => assert.equal(state.notices.length, 0)],
];
for (const [name, frame, holds] of errors) {
  test(`error ${name}`, () => holds(after(...withA, { type: "wrote", contact: "a", id: "m", text: "x" }, { t: "error", code: "", contact: "a", id: null, ...frame })));
}

test("writing a message takes its draft away and nobody else's", () => {
  const state = after(...withA, { type: "draft", contact: "a", text: "x" }, { type: "draft", contact: "b", text: "y" }, { type: "wrote", contact: "a", id: "m", text: "x" });
  assert.deepEqual(state.drafts, { b: "y" });
});

test("what is unsaved is known, blanks do not count", () => {
  const base = after(...withA);
  assert.equal(hasUnsaved(base), false);
  assert.equal(hasUnsaved(changed(base, { type: "draft", contact: "a", text: "  \n" })), false);
  assert.equal(hasUnsaved(changed(base, { type: "draft", contact: "a", text: "x" })), true);
  assert.equal(hasUnsaved(changed(base, { type: "wrote", contact: "a", id: "m", text: "x" })), true);
  assert.equal(hasUnsaved(changed(base, { type: "note_saving", contact: "a", id: "n", text: "x" })), true);
});

test("capacity counts running conversations only", () => {
  assert.equal(isFull(after(line([], [row("a"), row("b")]))), false);
  assert.equal(isFull(after(welcome, line([], [row("a"), row("b")]))), true);
  assert.equal(isFull(after(welcome, line([], [row("a"), row("b", { state: "ended" })]))), false);
  assert.equal(liveRows(after(line([], [row("a"), row("b", { state: "ended" })]))).length, 1);
});

test("a question about one conversation does not outlive a move to another", () => {
  const state = after(...withA, { type: "chose", contact: "a" }, { type: "ask", question: { what: "end", contact: "a" } });
  assert.notEqual(changed(state, { type: "chose", contact: "a" }).question, null);
  assert.equal(changed(state, { type: "chose", contact: "b" }).question, null);
  assert.equal(changed(state, { type: "chose", contact: null }).pane, "contacts");
});

test("locking forgets what is asked for and shown, forgetting also what was said", () => {
  const state = after(...withA, arrival("a", entry(1)), { type: "chose", contact: "a" }, { type: "sheet", sheet: "palette" }, { type: "locked", locked: "locking" }, { type: "forget" });
  assert.deepEqual([state.sheet, state.talks, state.current, state.mine.length], [null, {}, null, 1]);
});

test("three notices at most stand at a time, each can be closed", () => {
  let state = firstState();
  for (let n = 0; n < 5; n += 1) state = changed(state, { type: "notice", key: `k${n}` });
  assert.deepEqual(state.notices.map((notice) => notice.key), ["k2", "k3", "k4"]);
  assert.deepEqual(changed(state, { type: "dismissed", id: 4 }).notices.map((notice) => notice.key), ["k2", "k4"]);
});

test("an unknown action is a fault of ours and says so", () => {
  assert.throws(() => changed(firstState(), /** @type {any} */ ({ type: "nonsense" })), TypeError);
  assert.throws(() => changed(firstState(), { type: "frame", frame: /** @type {any} */ ({ t: "nonsense" }) }), TypeError);
});

test("a conversation that goes on with somebody else leaves memory, with a word to the person", () => {
  const state = after(...withA, arrival("a", entry(1)), { type: "draft", contact: "a", text: "half a sentence" }, { t: "gone", contact: "a", why: "handed_over" });
  assert.deepEqual([state.talks, state.drafts, rowOf(state, "a")], [{}, {}, null]);
  assert.deepEqual([state.notices[0]?.key, state.notices[0]?.values], ["gone.handed_over", { tag: "A" }]);
});

test("a question about a conversation is gone when another one is chosen", () => {
  const asked = after(...withA, { type: "ask", question: { what: "hand_over", contact: "a", to: "" } });
  assert.equal(changed(asked, { type: "chose", contact: "b" }).question, null);
  assert.notEqual(changed(asked, { type: "chose", contact: "a" }).question, null);
});

test("those who could go on come with the list", () => {
  const bertil = { staff: "s", alias: "Bertil", languages: ["fi"] };
  assert.deepEqual(after(welcome, { t: "line", waiting: [], mine: [], colleagues: [bertil] }).colleagues, [bertil]);
});

test("what was erased leaves every list and memory, and a desk that did not have it says nothing", () => {
  const left = { contact: "a", tag: "A", language: "fi", door: "chat", since: 1, ended_at: 2, begun: false };
  const state = after(...withA, { type: "unfinished", list: [left] }, { t: "gone", contact: "a", why: "erased" });
  assert.deepEqual([state.mine, state.unfinished, state.talks], [[], [], {}]);
  assert.equal(state.notices[0]?.key, "gone.erased");
  assert.deepEqual(after({ t: "gone", contact: "z", why: "erased" }).notices, []);
});
