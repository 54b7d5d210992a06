// Internal notes: kept apart from messages, never lost, never doubled.
import assert from "node:assert/strict";
import test from "node:test";

import { newNotes, notesChanged } from "../../operator_ui/static/js/notes.js";
import { changed, firstState } from "../../operator_ui/static/js/state.js";
import { setUp, settle, withA } from "./desk_house.js";

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
  const { notes, store, asked, answers, kinds } = house;
  store.change({ type: "note_draft", contact: "a", text: "private" });
  answers.notes = "fails";
  assert.equal(notes.save("a"), true);
  assert.equal(notes.save("a"), false);
  await settle();
  assert.equal(store.state.notes["a"]?.fresh[0]?.why, "ended");
  answers.notes = "ok";
  notes.saveAgain("a", "id-1");
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
  house.notes.save("a");
  await settle();
  house.notes.takeBack("a", "id-1");
  house.notes.takeBack("a", "id-1");
  house.notes.saveAgain("a", "id-1");
  assert.equal(house.store.state.noteDrafts["a"], "private");
  assert.deepEqual(house.store.state.notes["a"]?.fresh, []);
});

/** @typedef {import("../../operator_ui/static/js/notes.js").NoteAction} NoteAction */

const contact = "a";
/** @param {...NoteAction} actions */
const after = (...actions) => actions.reduce(notesChanged, newNotes());
const one = { seq: 1, at: 1, by: "worker", text: "one" };
const saving = /** @type {const} */ ({ type: "note_saving", contact, id: "n", text: "one" });
const saved = /** @type {const} */ ({ type: "note_saved", contact, id: "n", seq: 1, at: 5, by: "Anna" });

test("a note goes from saving to saved once, in the order of numbers", () => {
  const notes = after({ type: "notes_loading", contact }, { type: "notes", contact, list: [{ seq: 2, at: 1, by: "worker", text: "two" }] }, saving);
  assert.equal(notes.fresh[0]?.state, "saving");
  const twice = notesChanged(notesChanged(notes, saved), saved);
  assert.deepEqual(twice.list.map((note) => note.text), ["one", "two"]);
  assert.deepEqual(twice.fresh, []);
});

test("a note that came with the list already is not shown twice", () => {
  assert.equal(after(saving, { type: "notes", contact, list: [one] }, saved).list.length, 1);
});

test("a failed note is kept, tried again and can be taken back", () => {
  const failed = after(saving, { type: "note_failed", contact, id: "n", why: "unavailable" });
  assert.equal(failed.fresh[0]?.why, "unavailable");
  const again = notesChanged(failed, saving);
  assert.deepEqual(again.fresh.map((note) => note.state), ["saving"]);
  assert.deepEqual(notesChanged(again, { type: "note_discarded", contact, id: "n" }).fresh, []);
  assert.equal(notesChanged(again, { type: "notes_failed", contact }).phase, "failed");
});

test("a note that is being saved leaves its field; notes of a contact that is not mine are not kept", () => {
  const state = changed({ ...firstState(), noteDrafts: { a: "one" } }, saving);
  assert.deepEqual([state.noteDrafts, state.notes], [{}, {}]);
});
