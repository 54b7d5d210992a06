import assert from "node:assert/strict";
import test from "node:test";

import * as outbox from "../../operator_ui/static/js/outbox.js";

const two = () => outbox.written(outbox.written([], "a", "first"), "b", "second");

test("one message is on its way at a time, in the order written", () => {
  let items = two();
  assert.equal(outbox.nextToSend(items, 0)?.id, "a");
  items = outbox.sent(items, "a");
  assert.equal(outbox.nextToSend(items, 0), null);
  items = outbox.settled(items, "a");
  assert.equal(outbox.nextToSend(items, 0)?.id, "b");
});

test("after a break what was on its way goes again with the same id", () => {
  const items = outbox.lineBroke(outbox.sent(two(), "a"));
  assert.equal(outbox.nextToSend(items, 0)?.id, "a");
});

test("an unavailable store holds the later message back too, so that they cannot turn round", () => {
  const items = outbox.later(outbox.sent(two(), "a"), "a", 500);
  assert.equal(outbox.nextToSend(items, 499), null);
  assert.equal(outbox.nextToSend(items, 500)?.id, "a");
});

test("a refused message is kept with its reason and lets the next one go", () => {
  const items = outbox.refused(outbox.sent(two(), "a"), "a", "too_long");
  assert.deepEqual([items[0]?.state, items[0]?.why, items[0]?.text], ["failed", "too_long", "first"]);
  assert.equal(outbox.nextToSend(items, 0)?.id, "b");
});

test("a message whose id is taken keeps its place under a new one", () => {
  const items = outbox.renamed(outbox.sent(two(), "a"), "a", "c");
  assert.deepEqual(items.map((item) => item.id), ["c", "b"]);
  assert.equal(outbox.nextToSend(items, 0)?.id, "c");
});

test("what was too big for the server does not go again", () => {
  const items = outbox.tooBig(outbox.sent(two(), "a"));
  assert.deepEqual(items.map((item) => item.state), ["failed", "waiting"]);
});

test("when the conversation is over everything fails and nothing is lost", () => {
  assert.deepEqual(outbox.allRefused(two()).map(({ text, state, why }) => [text, state, why]), [["first", "failed", "ended"], ["second", "failed", "ended"]]);
});
