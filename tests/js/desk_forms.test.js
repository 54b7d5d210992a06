import assert from "node:assert/strict";
import test from "node:test";

import { news } from "../../operator_ui/static/js/announcer.js";
import { FormDesk } from "../../operator_ui/static/js/form_desk.js";
import { newForms, noForms } from "../../operator_ui/static/js/forms.js";
import { changed, firstState, hasUnsaved } from "../../operator_ui/static/js/state.js";
import { makeStore } from "../../operator_ui/static/js/store.js";
import { row, line, welcome } from "./desk_scenes.js";

/** @typedef {import("../../operator_ui/static/js/frames.js").FormRow} FormRow */
/** @typedef {import("../../operator_ui/static/js/forms.js").FormMessage} FormMessage */

/** @param {string} contact @param {Partial<FormRow>} [other] @returns {FormRow} */
const formRow = (contact, other = {}) => ({
  contact, tag: contact.toUpperCase(), language: "fi", since: 100, urgency: "ordinary", answer: "wanted", state: "waiting", by: null, ...other,
});

/** @param {string} contact @returns {FormMessage} */
const message = (contact) => ({ contact, tag: "K7", language: "fi", since: 100, urgency: "ordinary", answer: "wanted", text: "words", call_back: null });

const setUp = () => {
  /** @type {string[]} */
  const asked = [];
  /** @type {{fails: string | null, gate: Promise<void> | null}} */
  const server = { fails: null, gate: null };
  const store = makeStore(firstState(), changed, () => undefined);
  const note = async (/** @type {string} */ what) => {
    asked.push(what);
    await server.gate;
    if (server.fails !== null) throw new Error(server.fails);
  };
  const forms = new FormDesk({
    store,
    server: {
      take: async (contact) => (await note(`take ${contact}`), message(contact)),
      read: async (contact) => (await note(`read ${contact}`), message(contact)),
      putBack: (contact) => note(`put back ${contact}`),
      dealtWith: (contact, outcome) => note(`${outcome} ${contact}`),
    },
    loadNotes: async (contact) => void asked.push(`notes ${contact}`),
  });
  const list = (/** @type {FormRow[]} */ ...rows) => store.change({ type: "frame", frame: { t: "forms", rows, count: rows.length } });
  store.change({ type: "frame", frame: welcome });
  return { asked, server, store, forms, list };
};

test("a message that waits is taken and read, mine is read", async () => {
  const { asked, store, forms, list } = setUp();
  list(formRow("a"), formRow("b", { state: "mine" }));
  await forms.open("a");
  assert.equal(store.state.forms.reading?.message?.text, "words");
  assert.equal(store.state.pane, "conversation");
  await forms.open("b");
  await forms.open("unknown");
  assert.deepEqual(asked, ["take a", "notes a", "read b", "notes b"]);
});

test("reading a message takes the conversation off the screen, and the other way round", async () => {
  const { store, forms, list } = setUp();
  store.change({ type: "frame", frame: line([], [row("x")]) });
  store.change({ type: "chose", contact: "x" });
  list(formRow("a"));
  await forms.open("a");
  assert.equal(store.state.current, null);
  store.change({ type: "chose", contact: "x" });
  assert.equal(store.state.forms.reading, null);
});

test("a message that a colleague took first stays closed and says why", async () => {
  const { server, store, forms, list } = setUp();
  list(formRow("a"));
  server.fails = "already_taken";
  await forms.open("a");
  assert.deepEqual([store.state.forms.reading?.phase, store.state.forms.reading?.why], ["failed", "already_taken"]);
  list(formRow("a", { state: "taken", by: "Bert" }));
  assert.equal(store.state.forms.reading?.phase, "failed");
  forms.close("a");
  assert.equal(store.state.forms.reading, null);
});

test("what came of it is chosen, told once, and the words leave memory", async () => {
  const { asked, store, forms, list } = setUp();
  list(formRow("a"));
  await forms.open("a");
  await forms.dealtWith("a");
  forms.choose("a", "tried");
  await Promise.all([forms.dealtWith("a"), forms.dealtWith("a")]);
  assert.deepEqual(asked, ["take a", "notes a", "tried a"]);
  assert.equal(store.state.forms.reading, null);
  assert.equal(store.state.pane, "contacts");
});

test("a failure leaves the message open and can be tried again", async () => {
  const { asked, server, store, forms, list } = setUp();
  list(formRow("a"));
  await forms.open("a");
  server.fails = "unavailable";
  await forms.putBack("a");
  assert.deepEqual([store.state.forms.reading?.phase, store.state.forms.reading?.why], ["open", "unavailable"]);
  server.fails = null;
  await forms.putBack("a");
  assert.equal(store.state.forms.reading, null);
  assert.deepEqual(asked.slice(2), ["put back a", "put back a"]);
});

test("an unsaved note is not left behind", async () => {
  const { asked, store, forms, list } = setUp();
  list(formRow("a"));
  await forms.open("a");
  store.change({ type: "note_draft", contact: "a", text: "called, no answer" });
  forms.choose("a", "tried");
  await forms.dealtWith("a");
  assert.deepEqual(asked, ["take a", "notes a"]);
  assert.equal(store.state.notices.at(-1)?.key, "forms.note_first");
  assert.equal(hasUnsaved(store.state), true);
});

test("notes are kept of the message on the screen only", async () => {
  const { store, forms, list } = setUp();
  list(formRow("a"));
  store.change({ type: "notes", contact: "a", list: [] });
  assert.deepEqual(store.state.notes, {});
  await forms.open("a");
  store.change({ type: "notes", contact: "a", list: [{ seq: 1, at: 5, by: "worker", text: "n" }] });
  assert.equal(store.state.notes["a"]?.list.length, 1);
  forms.close("a");
  assert.deepEqual(store.state.notes, {});
});

test("a message that became another's leaves the screen, and that is said", async () => {
  const { store, forms, list } = setUp();
  list(formRow("a"));
  await forms.open("a");
  list(formRow("a"));
  assert.notEqual(store.state.forms.reading, null, "an older list is no news");
  list(formRow("a", { state: "taken", by: "Bert" }));
  assert.equal(store.state.forms.reading, null);
  assert.equal(store.state.notices.at(-1)?.key, "forms.gone");
});

test("a message that is too far down a long list stays on the screen", async () => {
  const { store, forms, list } = setUp();
  list(formRow("a"));
  await forms.open("a");
  store.change({ type: "frame", frame: { t: "forms", rows: [formRow("b")], count: 200 } });
  assert.equal(store.state.forms.reading?.contact, "a");
});

test("an answer that comes when another message is open changes nothing", async () => {
  const { server, store, forms, list } = setUp();
  list(formRow("a"), formRow("b"));
  /** @type {() => void} */
  let open = () => undefined;
  server.gate = new Promise((resolve) => (open = () => resolve()));
  const first = forms.open("a");
  server.gate = null;
  await forms.open("b");
  open();
  await first;
  assert.equal(store.state.forms.reading?.message?.contact, "b");
});

test("locking takes the words out of memory", async () => {
  const { store, forms, list } = setUp();
  list(formRow("a"));
  await forms.open("a");
  store.change({ type: "forget" });
  assert.equal(store.state.forms.reading, null);
});

test("new messages are announced, the first list and put-back ones of mine are not", () => {
  const { store, list } = setUp();
  const words = /** @type {any} */ ({ say: (/** @type {string} */ key) => key });
  const before = store.state;
  list(formRow("a"));
  assert.deepEqual(news(before, store.state, words), []);
  const second = store.state;
  list(formRow("a"), formRow("b"));
  assert.deepEqual(news(second, store.state, words), ["forms.announce"]);
  const third = store.state;
  list(formRow("a"), formRow("b"), formRow("c", { urgency: "urgent" }), formRow("d", { state: "taken" }));
  assert.deepEqual(news(third, store.state, words), ["forms.announce_urgent"]);
  assert.deepEqual(newForms(noForms(), store.state.forms), []);
});
