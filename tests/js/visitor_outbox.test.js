import assert from "node:assert/strict";
import test from "node:test";

import { Outbox } from "../../chat/page/js/outbox.js";

const filled = () => {
  const outbox = new Outbox();
  outbox.add({ id: "a", text: "1" });
  outbox.add({ id: "b", text: "2" });
  return outbox;
};

test("one message travels at a time, in the order they were written", () => {
  const outbox = filled();
  assert.equal(outbox.next()?.id, "a");
  assert.equal(outbox.next(), null);
  assert.equal(outbox.done("a"), true);
  assert.equal(outbox.next()?.id, "b");
});

test("what was on its way when the line broke goes first again", () => {
  const outbox = filled();
  outbox.next();
  outbox.again();
  assert.equal(outbox.next()?.id, "a");
});

test("a message is kept until it is acknowledged, and a strange acknowledgement changes nothing", () => {
  const outbox = filled();
  outbox.next();
  assert.equal(outbox.done("z"), false);
  assert.equal(outbox.first, "a");
  assert.equal(outbox.next(), null);
});

test("an acknowledgement out of turn does not free the line", () => {
  const outbox = filled();
  outbox.next();
  assert.equal(outbox.done("b"), true);
  assert.equal(outbox.next(), null);
});

test("a renamed message travels again under its new name", () => {
  const outbox = filled();
  outbox.next();
  outbox.rename("a", "c");
  outbox.rename("nobody", "d");
  assert.deepEqual(outbox.next(), { id: "c", text: "1" });
});

test("an empty outbox has nothing to send", () => {
  const outbox = new Outbox();
  assert.equal(outbox.next(), null);
  assert.equal(outbox.first, null);
});
