import assert from "node:assert/strict";
import { test } from "node:test";

import { begun, callRow, callsChanged, callsListed, missed, noCalls, onThePhone, outcomesOf, wrappingUp } from "../../operator_ui/static/js/calls.js";
import { changed, firstState } from "../../operator_ui/static/js/state.js";

/** @typedef {import("../../operator_ui/static/js/frames.js").CallRow} CallRow */

/** @param {string} contact @param {Partial<CallRow>} [other] @returns {CallRow} */
const call = (contact, other = {}) => ({ contact, tag: contact.toUpperCase(), language: "fi", since: 100, state: "ringing", danger: false, you: null, at: null, by: null, back: false, when: null, named: false, returning: null, message: null, parties: [], ...other });

test("a number leaves memory with the call it belongs to", () => {
  let calls = callsListed(noCalls(), [call("a", { state: "missed", you: "taken" })]);
  calls = callsChanged(calls, { type: "call_number", number: { contact: "a", number: "+46 31 390 06 01", when: null, named: false } });
  assert.notEqual(callsListed(calls, calls.rows).number, null);
  assert.equal(callsListed(calls, [call("a", { state: "missed", by: "Eero" })]).number, null);
  assert.equal(callsListed(calls, []).number, null);
});

test("who asked to be called back stands first, then who waited longest", () => {
  const rows = [call("a", { state: "missed", since: 1 }), call("b", { state: "missed", since: 9, back: true }), call("c", { state: "missed", since: 5, back: true })];
  assert.deepEqual(missed(callsListed(noCalls(), rows)).map((row) => row.contact), ["c", "b", "a"]);
});

test("who left a recorded message stands with those who left a number, and it can simply have been heard", () => {
  const rows = [call("a", { state: "missed", since: 1 }), call("b", { state: "missed", since: 9, message: "here" }), call("c", { state: "missed", since: 5, back: true })];
  assert.deepEqual(missed(callsListed(noCalls(), rows)).map((row) => row.contact), ["c", "b", "a"]);
  assert.deepEqual(rows.map((row) => outcomesOf(row).includes("heard")), [false, true, false]);
});

test("a talk begins once, and only mine has a record to open", () => {
  const before = callsListed(noCalls(), [call("a")]);
  const after = callsListed(before, [call("a", { state: "talking", at: 120 })]);
  assert.deepEqual(begun(before, after).map((row) => row.contact), ["a"]);
  assert.deepEqual(begun(after, after), []);
  assert.equal(callRow(before, "a"), null);
  assert.equal(callRow(after, "a")?.door, "phone");
  assert.equal(onThePhone(after).length, 1);
});

test("a call that is over stays until it is put away", () => {
  const calls = callsListed(noCalls(), [call("a", { state: "over" })]);
  assert.equal(wrappingUp(calls).length, 1);
  assert.equal(wrappingUp(callsChanged(calls, { type: "call_aside", contact: "a" })).length, 0);
});

test("a question about a call that has ended is asked no more", () => {
  let calls = callsListed(noCalls(), [call("a", { state: "talking" })]);
  calls = callsChanged(calls, { type: "call_ending", contact: "a" });
  assert.equal(callsListed(calls, calls.rows).ending, "a");
  assert.equal(callsListed(calls, []).ending, null);
});

test("a missed call that a colleague has now leaves the screen with its record", () => {
  let state = changed(firstState(), { type: "frame", frame: { t: "calls", rows: [call("a", { state: "missed", you: "taken" })] } });
  state = changed(state, { type: "chose", contact: "a" });
  assert.equal(state.current, "a");
  state = changed(state, { type: "frame", frame: { t: "calls", rows: [call("a", { state: "missed", by: "Eero" })] } });
  assert.equal(state.current, null);
});
