import assert from "node:assert/strict";
import test from "node:test";

import { Announcer, news } from "../../operator_ui/static/js/announcer.js";
import { Desk } from "../../operator_ui/static/js/desk.js";
import { changed, firstState } from "../../operator_ui/static/js/state.js";
import { makeStore } from "../../operator_ui/static/js/store.js";
import { arrival, entry, line, row, welcome } from "./desk_scenes.js";

/** @typedef {import("../../operator_ui/static/js/frames.js").DeskIn} DeskIn */

const settle = () => new Promise((resolve) => setImmediate(resolve));

const setUp = () => {
  const clock = { now: 0, up: true, id: 0 };
  /** @type {any[]} */
  const sent = [];
  /** @type {string[]} */
  const asked = [];
  /** @type {{unlock: "ok" | "wrong" | "signed_out" | "fails", notes: "ok" | "fails", lock: "ok" | "fails"}} */
  const answers = { unlock: "ok", notes: "ok", lock: "ok" };
  const store = makeStore(firstState(), changed, () => undefined);
  const note = (/** @type {string} */ what) => asked.push(what);
  const desk = new Desk({
    store,
    now: () => clock.now,
    newId: () => `id-${(clock.id += 1)}`,
    line: { send: (frame) => clock.up && (sent.push(frame), true), start: () => note("start"), stop: () => note("stop") },
    server: {
      notes: async (contact) => {
        note(`notes ${contact}`);
        if (answers.notes === "fails") throw new Error("unavailable");
        return [];
      },
      note: async (contact, id, text) => {
        note(`note ${contact} ${id} ${text}`);
        if (answers.notes === "fails") throw new Error("ended");
        return { seq: 1, at: 5 };
      },
      lock: async () => {
        note("lock");
        if (answers.lock === "fails") throw new Error("away");
      },
      unlock: async (passphrase) => {
        note(`unlock ${passphrase}`);
        if (answers.unlock === "fails") throw new Error("away");
        return answers.unlock;
      },
      signIn: () => note("sign in"),
      signOut: () => note("sign out"),
    },
  });
  const hear = (/** @type {DeskIn[]} */ ...frames) => frames.forEach((frame) => desk.received(frame));
  const kinds = () => sent.map(({ t }) => t);
  return { clock, sent, asked, answers, store, desk, hear, kinds };
};

/** @param {ReturnType<typeof setUp>} house */
const withA = ({ hear, desk, sent }) => {
  hear(welcome, line([], [row("a")]), { t: "opened", contact: "a", state: "active", seq: 0 });
  desk.choose("a");
  sent.length = 0;
};

test("what is mine is followed at once, what I took is shown too, focus is nobody's business here", () => {
  const { desk, hear, sent, store } = setUp();
  hear(welcome, line([row("b", { state: "waiting" })], [row("a")]));
  assert.deepEqual(sent, [{ t: "open", contact: "a", after: 0 }]);
  assert.equal(store.state.current, null);
  desk.accept("b");
  hear(line([row("b", { state: "waiting" })], [row("a"), row("b")]), { t: "opened", contact: "b", state: "active", seq: 1 });
  assert.deepEqual([store.state.current, store.state.waiting], ["b", []]);
  assert.equal(sent.filter(({ t }) => t === "open").length, 1);
});

test("a locked desk asks for no conversation, and for all of them when it is unlocked", async () => {
  const house = setUp();
  withA(house);
  const { desk, hear, sent, kinds, store } = house;
  await desk.lock();
  desk.lineBecame("lost", { attempt: 1, drop: false });
  assert.deepEqual(desk.greeting(), { t: "hello", open: [] });
  desk.lineBecame("live", { attempt: 0, drop: false });
  hear(welcome, line([], [row("a"), row("b")]));
  assert.deepEqual(kinds().filter((t) => t === "open"), []);
  await desk.unlock("right");
  assert.deepEqual(sent.filter(({ t }) => t === "open").map(({ contact }) => contact), ["a", "b"]);
  assert.equal(store.state.locked, "no");
});

test("a desk that was locked elsewhere locks itself, and says nothing else", () => {
  const house = setUp();
  withA(house);
  house.hear({ t: "error", code: "locked", contact: "a" });
  assert.deepEqual([house.store.state.locked, house.store.state.notices], ["yes", []]);
});

test("a take that a colleague won does not pull me anywhere later", () => {
  const { desk, hear, store } = setUp();
  hear(welcome);
  desk.accept("b");
  hear({ t: "error", code: "already_taken", contact: "b" }, line([], [row("b")]));
  assert.equal(store.state.current, null);
});

test("messages go one at a time and in order", () => {
  const house = setUp();
  withA(house);
  const { desk, hear, sent, store } = house;
  for (const text of ["one", "two"]) {
    desk.draft("a", text);
    assert.equal(desk.say("a"), true);
  }
  const said = () => sent.filter(({ t }) => t === "say").map(({ text }) => text);
  assert.deepEqual(said(), ["one"]);
  hear({ t: "ack", contact: "a", id: "id-1", seq: 1, at: 9 });
  assert.deepEqual(said(), ["one", "two"]);
  hear({ t: "ack", contact: "a", id: "id-2", seq: 2, at: 9 });
  assert.deepEqual(store.state.talks["a"]?.entries.map(({ text }) => text), ["one", "two"]);
  assert.equal(desk.say("a"), false);
});

test("after a break the greeting says where each conversation stood, and what waited goes again", () => {
  const house = setUp();
  withA(house);
  const { desk, hear, sent, clock } = house;
  hear(arrival("a", entry(1)));
  desk.draft("a", "one");
  desk.say("a");
  clock.up = false;
  desk.lineBecame("lost", { attempt: 1, drop: false });
  desk.draft("a", "two");
  desk.say("a");
  clock.up = true;
  sent.length = 0;
  assert.deepEqual(desk.greeting(), { t: "hello", open: [{ contact: "a", after: 1 }] });
  hear(welcome, { t: "opened", contact: "a", state: "active", seq: 1 });
  assert.deepEqual(sent, [{ t: "say", contact: "a", id: "id-1", text: "one" }]);
  hear(arrival("a", entry(2, { by: "worker", id: "id-1", text: "one" })));
  assert.deepEqual(sent[1], { t: "say", contact: "a", id: "id-2", text: "two" });
});

test("a message too big for the line fails instead of breaking it again and again", () => {
  const house = setUp();
  withA(house);
  house.desk.draft("a", "big");
  house.desk.say("a");
  house.desk.lineBecame("lost", { attempt: 1, drop: true });
  assert.equal(house.store.state.talks["a"]?.out[0]?.why, "too_long");
});

test("an unavailable store is asked again later, a taken id gets a new one", () => {
  const house = setUp();
  withA(house);
  const { desk, hear, sent, clock } = house;
  desk.draft("a", "x");
  desk.say("a");
  hear({ t: "error", code: "unavailable", contact: "a", id: "id-1" });
  desk.tick();
  assert.equal(sent.filter(({ t }) => t === "say").length, 1);
  clock.now = 2_000;
  desk.tick();
  assert.equal(sent.filter(({ t }) => t === "say").length, 2);
  hear({ t: "error", code: "id_taken", contact: "a", id: "id-1" });
  assert.equal(sent.at(-1).id, "id-2");
});

test("a refused message can be taken back in front of what was written since, or discarded", () => {
  const house = setUp();
  withA(house);
  const { desk, hear, store } = house;
  desk.draft("a", "long");
  desk.say("a");
  hear({ t: "error", code: "too_long", contact: "a", id: "id-1" });
  desk.draft("a", "more");
  desk.takeBack("a", "id-1");
  desk.takeBack("a", "id-1");
  assert.equal(store.state.drafts["a"], "long\nmore");
  desk.say("a");
  desk.discard("a", "id-2");
  assert.deepEqual(store.state.talks["a"]?.out, []);
});

test("what is too long, blank or for a finished conversation is not sent and not lost", () => {
  const house = setUp();
  withA(house);
  const { desk, hear, store, kinds } = house;
  for (const text of ["  ", "x".repeat(2001)]) {
    desk.draft("a", text);
    assert.equal(desk.say("a"), false);
    assert.equal(store.state.drafts["a"], text);
  }
  desk.draft("a", "late");
  hear(arrival("a", entry(1, { kind: "line", code: "ended_by_visitor", text: null })));
  assert.equal(desk.say("a"), false);
  assert.equal(kinds().includes("say"), false);
  assert.equal(store.state.drafts["a"], "late");
});

test("writing is told at most every three seconds, and never for an emptied field", () => {
  const house = setUp();
  withA(house);
  const { desk, kinds, clock } = house;
  for (const [now, text] of /** @type {const} */ ([[0, "a"], [1000, "ab"], [2999, "abc"], [3000, "abcd"], [7000, " "]])) {
    clock.now = now;
    desk.draft("a", text);
  }
  assert.deepEqual(kinds(), ["writing", "writing"]);
});

test("shown is told once per number, and again after a break", () => {
  const house = setUp();
  withA(house);
  const { desk, hear, sent } = house;
  hear(arrival("a", entry(1)));
  desk.seen("a");
  desk.seen("a");
  desk.seen("stranger");
  assert.deepEqual(sent, [{ t: "shown", contact: "a", seq: 1 }]);
  desk.greeting();
  desk.seen("a");
  assert.equal(sent.length, 2);
});

test("a missing number is asked for after three seconds, not before", () => {
  const house = setUp();
  withA(house);
  const { desk, hear, sent, clock } = house;
  hear(arrival("a", entry(1)), arrival("a", entry(3)));
  desk.tick();
  clock.now = 2_999;
  desk.tick();
  assert.deepEqual(sent, []);
  clock.now = 3_000;
  desk.tick();
  assert.deepEqual(sent, [{ t: "open", contact: "a", after: 1 }]);
  hear(arrival("a", entry(2)));
  clock.now = 9_000;
  desk.tick();
  assert.equal(sent.length, 1);
});

test("ending takes two steps, and only the second is told", () => {
  const house = setUp();
  withA(house);
  const { desk, kinds, store } = house;
  desk.askEnd("a");
  assert.deepEqual(kinds(), []);
  assert.deepEqual(store.state.question, { what: "end", contact: "a" });
  desk.confirm();
  assert.deepEqual(kinds(), ["end"]);
  assert.equal(store.state.question, null);
  desk.confirm();
  assert.deepEqual(kinds(), ["end"]);
});

test("without a line nothing is accepted or ended in pretence", () => {
  const house = setUp();
  withA(house);
  house.clock.up = false;
  house.desk.accept("b");
  house.desk.decline("b");
  house.desk.askEnd("a");
  house.desk.confirm();
  assert.deepEqual(house.store.state.notices.map(({ key }) => key), ["error.no_line", "error.no_line"]);
});

test("signing out during a conversation asks first", () => {
  const house = setUp();
  withA(house);
  const { desk, asked, hear } = house;
  desk.askSignOut();
  assert.equal(asked.includes("sign out"), false);
  desk.confirm();
  assert.equal(asked.at(-1), "sign out");
  asked.length = 0;
  hear(line([], []));
  desk.askSignOut();
  assert.equal(asked.at(-1), "sign out");
});

test("my break outlives a reconnect, and a missed offer makes one", () => {
  const { desk, hear, sent } = setUp();
  hear(welcome);
  desk.setPresence("break");
  hear(welcome);
  assert.deepEqual(sent, [{ t: "presence", status: "break" }, { t: "presence", status: "break" }]);
  desk.setPresence("available");
  hear({ t: "offer", contact: "b", tag: "B", language: "fi", until: 9 }, { t: "offer_gone", contact: "b", why: "missed" });
  assert.deepEqual(sent.at(-1), { t: "presence", status: "break" });
});

test("the next contact goes round, the next where it is my turn skips the others", () => {
  const { desk, hear, store } = setUp();
  hear(welcome, line([], [row("a"), row("b", { turn: "theirs" }), row("c")]));
  const walk = (/** @type {1 | -1} */ step, /** @type {boolean} */ turn) => {
    desk.step(step, turn);
    return store.state.current;
  };
  assert.deepEqual([walk(1, false), walk(1, false), walk(1, false), walk(1, false)], ["a", "b", "c", "a"]);
  assert.deepEqual([walk(1, true), walk(1, true), walk(-1, true), walk(-1, false)], ["c", "a", "c", "b"]);
  hear(line([], []));
  assert.equal(walk(1, false), null);
});

test("notes are read when a contact is opened, and again after a failure", async () => {
  const house = setUp();
  house.answers.notes = "fails";
  withA(house);
  await settle();
  assert.equal(house.store.state.notes["a"]?.phase, "failed");
  house.answers.notes = "ok";
  house.desk.choose("a");
  await settle();
  assert.equal(house.store.state.notes["a"]?.phase, "ready");
  house.desk.choose("a");
  house.desk.choose("stranger");
  await settle();
  assert.equal(house.asked.filter((what) => what.startsWith("notes")).length, 2);
});

test("a note never goes through the socket, and keeps its id when it is tried again", async () => {
  const house = setUp();
  withA(house);
  const { desk, store, asked, answers, kinds } = house;
  store.change({ type: "note_draft", contact: "a", text: "private" });
  answers.notes = "fails";
  assert.equal(desk.saveNote("a"), true);
  assert.equal(desk.saveNote("a"), false);
  await settle();
  assert.equal(store.state.notes["a"]?.fresh[0]?.why, "ended");
  answers.notes = "ok";
  desk.saveNoteAgain("a", "id-1");
  await settle();
  assert.deepEqual(asked.filter((what) => what.startsWith("note a")), ["note a id-1 private", "note a id-1 private"]);
  assert.deepEqual(store.state.notes["a"]?.list.map(({ by, text }) => [by, text]), [["Anna", "private"]]);
  assert.deepEqual(kinds(), []);
});

test("a note that failed can be taken back into the field", async () => {
  const house = setUp();
  withA(house);
  house.answers.notes = "fails";
  house.store.change({ type: "note_draft", contact: "a", text: "private" });
  house.desk.saveNote("a");
  await settle();
  house.desk.takeNoteBack("a", "id-1");
  house.desk.takeNoteBack("a", "id-1");
  house.desk.saveNoteAgain("a", "id-1");
  assert.equal(house.store.state.noteDrafts["a"], "private");
  assert.deepEqual(house.store.state.notes["a"]?.fresh, []);
});

test("putting an ended conversation away stops following it", () => {
  const house = setUp();
  withA(house);
  house.desk.setAside("a");
  assert.deepEqual(house.sent, [{ t: "shut", contact: "a" }]);
  assert.deepEqual(house.store.state.talks, {});
});

test("locking forgets what was said, keeps the line, and is told until the server knows", async () => {
  const house = setUp();
  withA(house);
  const { desk, hear, store, asked, answers, sent } = house;
  hear(arrival("a", entry(1, { kind: "line", code: "ended_by_worker", text: null })), line([], [row("a", { state: "ended" })]));
  answers.lock = "fails";
  await desk.lock();
  assert.deepEqual([store.state.locked, store.state.talks], ["locking", {}]);
  assert.deepEqual(sent.at(-1), { t: "shut", contact: "a" });
  answers.lock = "ok";
  desk.tick();
  await settle();
  assert.equal(store.state.locked, "yes");
  await desk.lock();
  assert.deepEqual(asked.filter((what) => what !== "notes a"), ["lock", "lock"]);
});

test("locking during a conversation or with unsaved text keeps both in memory", async () => {
  const house = setUp();
  withA(house);
  house.desk.draft("a", "half");
  await house.desk.lock();
  assert.equal(house.store.state.drafts["a"], "half");
  assert.equal(house.store.state.talks["a"]?.phase, "open");
});

test("only the passphrase unlocks", async () => {
  const { desk, store, answers, asked } = setUp();
  await desk.lock();
  for (const [answer, unlock] of /** @type {const} */ ([["wrong", "wrong"], ["fails", "failed"]])) {
    answers.unlock = answer;
    await desk.unlock("guess");
    assert.deepEqual([store.state.locked, store.state.unlock], ["yes", unlock]);
  }
  answers.unlock = "signed_out";
  await desk.unlock("guess");
  assert.equal(asked.at(-1), "sign in");
  answers.unlock = "ok";
  await desk.unlock("six words");
  assert.deepEqual([store.state.locked, asked.at(-1)], ["no", "start"]);
});

test("a line that is signed out leads to the sign-in page", () => {
  const { desk, asked, store } = setUp();
  desk.lineBecame("signed_out", { attempt: 0, drop: false });
  assert.equal(asked.at(-1), "sign in");
  desk.lineBecame("closed", { attempt: 0, drop: false });
  assert.equal(store.state.line, "lost");
});

/** @type {import("../../operator_ui/static/js/words.js").WordBook} */
const words = {
  say: (key, values = {}) => [key, ...Object.values(values)].join(" "),
  count: (key, n, values = {}) => [key, n, ...Object.values(values)].join(" "),
  has: () => true, clock: String, day: String, date: String, moment: String, lasting: String, language: (code) => code,
};

/** @param {ReturnType<typeof setUp>} house @param {() => void} happens */
const heard = ({ store }, happens) => {
  const before = store.state;
  happens();
  return news(before, store.state, words);
};

test("a message of the conversation on screen is said with its words, of another without", () => {
  const house = setUp();
  withA(house);
  const { hear } = house;
  hear(line([], [row("a"), row("b")]), { t: "opened", contact: "b", state: "active", seq: 0 });
  assert.deepEqual(heard(house, () => hear(arrival("a", entry(1)))), ["say.message A text 1"]);
  assert.deepEqual(heard(house, () => hear(arrival("b", entry(1)), arrival("b", entry(2)))), ["say.messages 2 B"]);
  assert.deepEqual(heard(house, () => hear(arrival("a", entry(2)), arrival("a", entry(3)))), ["say.messages 2 A"]);
  assert.equal(heard(house, () => hear(arrival("a", entry(4, { text: "x".repeat(500) }))))[0]?.length, "say.message A ".length + 201);
});

test("what was said before this page opened it, and my own words, are not said", () => {
  const house = setUp();
  house.hear(welcome, line([], [row("a")]));
  house.desk.choose("a");
  assert.deepEqual(heard(house, () => house.hear({ t: "opened", contact: "a", state: "active", seq: 1 }, arrival("a", entry(1)))), []);
  assert.deepEqual(heard(house, () => house.hear(arrival("a", entry(2, { by: "worker" })))), []);
});

test("what came while the line was broken is said after it", () => {
  const house = setUp();
  withA(house);
  house.hear(arrival("a", entry(1)));
  house.store.change({ type: "line", line: "lost" });
  const said = heard(house, () => house.hear(welcome, { t: "opened", contact: "a", state: "active", seq: 2 }, arrival("a", entry(2))));
  assert.equal(said.at(-1), "say.message A text 2");
});

test("lines, offers, ends, notices and the connection are said", () => {
  const house = setUp();
  withA(house);
  const { hear, store } = house;
  assert.deepEqual(heard(house, () => hear(arrival("a", entry(1, { kind: "line", code: "visitor_lost", text: null })))), ["code.visitor_lost"]);
  assert.deepEqual(heard(house, () => hear({ t: "offer", contact: "b", tag: "B", language: "fi", until: 9 })), ["offer.announce B fi"]);
  assert.deepEqual(heard(house, () => hear({ t: "error", code: "already_taken", contact: "b" })), ["error.already_taken"]);
  assert.deepEqual(heard(house, () => store.change({ type: "line", line: "lost" })), ["line.lost"]);
  assert.deepEqual(heard(house, () => store.change({ type: "line", line: "live" })), ["line.back"]);
  hear({ t: "opened", contact: "a", state: "active", seq: 1 });
  assert.deepEqual(heard(house, () => hear(arrival("a", entry(2, { kind: "line", code: "ended_by_visitor", text: null })))), ["say.code A code.ended_by_visitor"]);
});

test("a locked desk says neither tag nor words", () => {
  const house = setUp();
  withA(house);
  const { hear, store } = house;
  assert.deepEqual(heard(house, () => store.change({ type: "locked", locked: "yes" })), ["lock.announce"]);
  assert.deepEqual(heard(house, () => hear(arrival("a", entry(1)))), []);
  assert.deepEqual(heard(house, () => hear({ t: "offer", contact: "b", tag: "B", language: "fi", until: 9 })), ["lock.offer"]);
});

test("a burst is said in one go", () => {
  /** @type {(() => void)[]} */
  const later = [];
  const region = { textContent: /** @type {string | null} */ (null) };
  const house = setUp();
  withA(house);
  const { hear, store } = house;
  const announcer = new Announcer({ region, words, after: (_ms, task) => void later.push(task), state: store.state });
  for (const seq of [1, 2, 3]) {
    hear(arrival("a", entry(seq)));
    announcer.follow(store.state);
  }
  assert.equal(later.length, 1);
  later[0]?.();
  assert.equal(region.textContent, "say.messages 3 A");
  announcer.follow(store.state);
  later[1]?.();
  assert.equal(region.textContent, "say.messages 3 A");
  store.change({ type: "locked", locked: "locking" });
  announcer.follow(store.state);
  assert.equal(region.textContent, "");
});

test("handing over asks first, then asks the visitor; flags and more time go at once", () => {
  const house = setUp();
  withA(house);
  const { desk, sent } = house;
  desk.askHandOver("a", "");
  desk.askHandOver("a", "bertil");
  assert.deepEqual(sent, []);
  desk.confirm();
  desk.flag("a", true);
  desk.extend("a");
  desk.askToRead("a");
  assert.deepEqual(sent, [
    { t: "ask", contact: "a", question: "hand_over", to: "bertil" },
    { t: "danger", contact: "a", on: true },
    { t: "extend", contact: "a" },
    { t: "ask", contact: "a", question: "read", to: null },
  ]);
  assert.equal(desk.state.question, null);
});
