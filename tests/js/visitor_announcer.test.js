import assert from "node:assert/strict";
import test from "node:test";

import { Announcer } from "../../chat/page/js/announcer.js";

/** @param {import("node:test").TestContext} t */
const setUp = (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const place = { textContent: "" };
  const announcer = new Announcer(place, (n) => "New messages: " + n + ".");
  return { announcer, place, pass: () => t.mock.timers.tick(400) };
};

test("one or two messages are read out, once the moment has passed", (t) => {
  const { announcer, place, pass } = setUp(t);
  announcer.message("Anna: one");
  announcer.message("Anna: two");
  assert.equal(place.textContent, "");
  pass();
  assert.equal(place.textContent, "Anna: one Anna: two");
});

test("a burst of messages is counted", (t) => {
  const { announcer, place, pass } = setUp(t);
  for (const text of ["one", "two", "three"]) announcer.message(text);
  pass();
  assert.equal(place.textContent, "New messages: 3.");
});

test("of one matter only the newest sentence is said, beside others", (t) => {
  const { announcer, place, pass } = setUp(t);
  announcer.say("status", "Connecting.");
  announcer.say("leave", "Two more.");
  announcer.say("status", "You are next.");
  announcer.message("Anna: one");
  pass();
  assert.equal(place.textContent, "You are next. Two more. Anna: one");
});

test("what was said is not said again, and can be forgotten", (t) => {
  const { announcer, place, pass } = setUp(t);
  announcer.message("one");
  pass();
  announcer.message("two");
  pass();
  assert.equal(place.textContent, "two");
  announcer.message("three");
  announcer.empty();
  pass();
  assert.equal(place.textContent, "");
});
