import assert from "node:assert/strict";
import test from "node:test";

import { lengthOf, readFrame } from "../../operator_ui/static/js/frames.js";
import { LOCK_AFTER, shouldLock } from "../../operator_ui/static/js/idle.js";
import { KEY_LIST, meant } from "../../operator_ui/static/js/keymap.js";
import { found, moved } from "../../operator_ui/static/js/palette.js";
import { makeStore } from "../../operator_ui/static/js/store.js";
import { lasting, makeWords } from "../../operator_ui/static/js/words.js";

/** @param {string} key @param {Partial<import("../../operator_ui/static/js/keymap.js").Press>} [other] */
const press = (key, other = {}) => meant({ key, alt: false, ctrl: false, shift: false, meta: false, composing: false, place: "elsewhere", ...other });

test("each key of the list does what the list says", () => {
  assert.equal(press("F6"), "next_pane");
  assert.equal(press("F6", { shift: true }), "previous_pane");
  assert.equal(press("ArrowDown", { alt: true }), "next_contact");
  assert.equal(press("ArrowUp", { alt: true }), "previous_contact");
  assert.equal(press("ArrowDown", { alt: true, shift: true }), "next_turn");
  assert.equal(press("ArrowUp", { alt: true, shift: true }), "previous_turn");
  assert.equal(press("k", { ctrl: true }), "palette");
  assert.equal(press("K", { meta: true }), "palette");
  assert.equal(press("?", { shift: true }), "keys");
  assert.equal(press("Enter", { ctrl: true, place: "note" }), "save_note");
  assert.ok(KEY_LIST.length > 5);
});

test("a hand used to saving notes does not send one to the visitor", () => {
  assert.equal(press("Enter", { ctrl: true, place: "text" }), null);
  assert.equal(press("Enter", { ctrl: true, place: "elsewhere" }), null);
});

test("a question mark in a text is a question mark", () => {
  assert.equal(press("?", { place: "text" }), null);
  assert.equal(press("?", { place: "note" }), null);
});

test("plain letters, other chords and half-composed words mean nothing", () => {
  for (const key of ["e", "Escape", "Enter", "Delete"]) assert.equal(press(key), null);
  assert.equal(press("e", { alt: true }), null);
  assert.equal(press("k", { ctrl: true, meta: true }), null);
  assert.equal(press("k", { ctrl: true, alt: true }), null);
  assert.equal(press("k", { ctrl: true, composing: true }), null);
  assert.equal(press("F6", { ctrl: true }), null);
});

test("no key ends a conversation or signs out", () => {
  const actions = new Set();
  for (const key of ["e", "q", "x", "w", "Enter", "Escape", "Delete", "F4", "F6", "ArrowDown", "k", "?"]) {
    for (const alt of [true, false]) for (const ctrl of [true, false]) for (const shift of [true, false]) actions.add(press(key, { alt, ctrl, shift, place: "note" }));
  }
  assert.deepEqual([...actions].filter((action) => /end|sign|discard/.test(String(action))), []);
});

/** @param {string} label */
const command = (label) => ({ id: label, label, hint: "", run: () => undefined });

test("a few letters find a command, those that begin with them first, accents aside", () => {
  const all = ["Lukitse työpöytä", "Kirjoita viesti", "Työpöytä esiin"].map(command);
  assert.deepEqual(found(all, "tyo").map(({ label }) => label), ["Työpöytä esiin", "Lukitse työpöytä"]);
  assert.deepEqual(found(all, "VIESTI kir").map(({ label }) => label), ["Kirjoita viesti"]);
  assert.equal(found(all, "  ").length, 3);
  assert.equal(found(all, "zzz").length, 0);
});

test("the choice goes round at both ends", () => {
  assert.deepEqual([moved(0, -1, 3), moved(2, 1, 3), moved(0, 1, 0)], [2, 0, 0]);
});

test("the desk locks after five idle minutes, never during a live contact", () => {
  assert.equal(shouldLock({ now: LOCK_AFTER - 1, touched: 0, live: 0 }), false);
  assert.equal(shouldLock({ now: LOCK_AFTER, touched: 0, live: 0 }), true);
  assert.equal(shouldLock({ now: LOCK_AFTER * 9, touched: 0, live: 1 }), false);
});

test("a frame this page does not know is let pass", () => {
  assert.deepEqual(readFrame('{"t":"pong"}'), { t: "pong" });
  for (const data of ['{"t":"later_version"}', "no json", "null", "[]", '{"x":1}', '{"t":1}', new ArrayBuffer(2)]) assert.equal(readFrame(data), null);
});

test("length is counted as the server counts it", () => {
  assert.equal(lengthOf("aä😀"), 3);
});

test("many changes of one turn are told once", () => {
  /** @type {(() => void)[]} */
  const later = [];
  const store = makeStore(0, (/** @type {number} */ state, /** @type {number} */ add) => state + add, (task) => later.push(task));
  /** @type {number[]} */
  const told = [];
  const stop = store.follow((state) => told.push(state));
  for (const add of [1, 2, 0]) store.change(add);
  assert.equal(store.state, 3);
  for (const task of later.splice(0)) task();
  assert.deepEqual(told, [3]);
  store.change(0);
  assert.equal(later.length, 0);
  stop();
  store.change(1);
  for (const task of later.splice(0)) task();
  assert.deepEqual(told, [3]);
});

test("sentences take values and plural forms, an unknown key shows itself", () => {
  const words = makeWords({ "a": "Hei {name}, {other}", "b.one": "{n} odottaa", "b.other": "{n} odottavat", "c.other": "{n}" }, "fi", "Europe/Helsinki");
  assert.equal(words.say("a", { name: "$&" }), "Hei $&, {other}");
  assert.equal(words.count("b", 1), "1 odottaa");
  assert.equal(words.count("b", 0), "0 odottavat");
  assert.equal(words.count("c", 1), "1");
  assert.equal(words.say("nothing"), "nothing");
  assert.deepEqual([words.has("a"), words.has("z")], [true, false]);
  assert.equal(words.language("sv"), "ruotsi");
  assert.equal(words.language("not a code!"), "not a code!");
  assert.match(words.clock(1_000_000), /^15[.:]46$/); // 13:46 UTC, winter in Helsinki
});

test("durations read like a stopwatch and never run backwards", () => {
  assert.deepEqual([-5, 0, 59.9, 60, 3599, 3600, 36_061].map(lasting), ["0:00", "0:00", "0:59", "1:00", "59:59", "1:00:00", "10:01:01"]);
});
