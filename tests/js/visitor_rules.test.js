import assert from "node:assert/strict";
import test from "node:test";

import { backOff } from "../../chat/page/js/back_off.js";
import { adviceOn } from "../../chat/page/js/close_codes.js";
import { Cursor } from "../../chat/page/js/cursor.js";
import { Heartbeat } from "../../chat/page/js/heartbeat.js";
import { newId } from "../../chat/page/js/message_id.js";
import { ShiftCounter } from "../../chat/page/js/shift_counter.js";

test("the cursor stops before a gap and jumps over it once it is filled", () => {
  const cursor = new Cursor();
  assert.deepEqual([cursor.take(1), cursor.take(3), cursor.after, cursor.gap], [true, true, 1, true]);
  assert.deepEqual([cursor.take(2), cursor.after, cursor.gap], [true, 3, false]);
});

test("an entry is taken once, before and beyond a gap", () => {
  const cursor = new Cursor();
  cursor.take(1);
  cursor.take(4);
  assert.deepEqual([cursor.take(1), cursor.take(4)], [false, false]);
});

test("the back-off doubles, is random from zero, and never waits more than 30 s", () => {
  const most = [0, 1, 2, 6, 40].map((tries) => backOff(tries, () => 1));
  assert.deepEqual(most, [500, 1000, 2000, 30000, 30000]);
  assert.equal(backOff(9, () => 0), 0);
});

test("every close code of the protocol is obeyed", () => {
  assert.equal(adviceOn(1012).again, "soon");
  assert.equal(adviceOn(4400).again, "once");
  assert.equal(adviceOn(1009).drop, true);
  for (const [code, show] of /** @type {[number, string][]} */ ([
    [4401, "gone"],
    [4409, "replaced"],
    [4410, "ended"],
  ])) {
    assert.deepEqual(adviceOn(code), { again: "never", show });
  }
  for (const code of [1001, 1006, 4408, 4429, 4503]) assert.deepEqual(adviceOn(code), { again: "later" });
});

test("a quiet line is asked for a sign of life every 15 s and given up when none comes", () => {
  const pulse = new Heartbeat(0);
  assert.equal(pulse.due(14999), null);
  assert.equal(pulse.due(15000), "ping");
  pulse.asked(15000);
  assert.equal(pulse.due(30000), "ping");
  assert.equal(pulse.due(30001), "dead");
});

test("an answer keeps the line alive", () => {
  const pulse = new Heartbeat(0);
  pulse.asked(15000);
  pulse.asked(16000);
  pulse.heard(17000);
  assert.equal(pulse.due(30000), null);
  assert.equal(pulse.due(31000), "ping");
});

test("a machine that slept finds its line dead", () => {
  const pulse = new Heartbeat(0);
  pulse.spokeAt = 45001;
  assert.equal(pulse.due(45001), "dead");
});

/** @param {ShiftCounter} presses @param {number} now */
const shift = (presses, now) => {
  presses.down("Shift", false);
  presses.down("Shift", true);
  return presses.up("Shift", now);
};

test("Shift pressed three times alone counts to three", () => {
  const presses = new ShiftCounter();
  assert.deepEqual([shift(presses, 0), shift(presses, 4999), shift(presses, 9999)], [1, 2, 3]);
});

test("a pause of more than 5 s begins the count anew", () => {
  const presses = new ShiftCounter();
  shift(presses, 0);
  assert.equal(shift(presses, 5001), 1);
});

test("Shift that makes a capital letter counts nothing and begins the count anew", () => {
  const presses = new ShiftCounter();
  shift(presses, 0);
  presses.down("Shift", false);
  presses.down("A", false);
  assert.deepEqual([presses.up("A", 1), presses.up("Shift", 2)], [0, 0]);
  assert.equal(shift(presses, 3), 1);
});

test("Shift with the mouse counts nothing", () => {
  const presses = new ShiftCounter();
  presses.down("Shift", false);
  presses.down("pointer", false);
  assert.equal(presses.up("Shift", 1), 0);
});

test("a message id is a random UUID, also where randomUUID is missing", () => {
  const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  const insecure = /** @type {Crypto} */ (
    /** @type {unknown} */ ({ getRandomValues: crypto.getRandomValues.bind(crypto) })
  );
  assert.match(newId(/** @type {any} */ (crypto)), shape);
  const ids = new Set(Array.from({ length: 50 }, () => newId(insecure)));
  assert.equal(ids.size, 50);
  for (const id of ids) assert.match(id, shape);
});
