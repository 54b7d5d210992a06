import assert from "node:assert/strict";
import test from "node:test";

import * as outbox from "../../operator_ui/static/js/outbox.js";
import * as talks from "../../operator_ui/static/js/talk.js";
import { entry, row } from "./desk_scenes.js";

const seqs = (/** @type {talks.Talk} */ talk) => talk.entries.map((one) => one.seq);

test("entries stand in the order of their numbers however they arrive", () => {
  let talk = talks.newTalk("a");
  for (const seq of [2, 1, 4, 2, 3]) talk = talks.placed(talk, entry(seq));
  assert.deepEqual(seqs(talk), [1, 2, 3, 4]);
  assert.equal(talk.after, 4);
  assert.equal(talks.hasGap(talk), false);
});

test("a missing number is noticed and does not move the cursor past it", () => {
  const talk = talks.placed(talks.placed(talks.newTalk("a"), entry(1)), entry(3));
  assert.equal(talk.after, 1);
  assert.equal(talks.hasGap(talk), true);
});

test("a repeat is the same conversation, not a copy", () => {
  const talk = talks.placed(talks.newTalk("a"), entry(1));
  assert.equal(talks.placed(talk, entry(1)), talk);
});

test("an acknowledged message takes the place its number gives it", () => {
  let talk = { ...talks.newTalk("a"), out: outbox.written([], "id-1", "mine") };
  talk = talks.placed(talk, entry(1));
  talk = talks.acknowledged(talk, "id-1", 2, 1234);
  assert.deepEqual(talk.entries[1], { seq: 2, kind: "message", by: "worker", at: 1234, text: "mine", code: null, id: "id-1" });
  assert.deepEqual(talk.out, []);
  assert.equal(talks.acknowledged(talk, "id-1", 2, 1234), talk);
});

test("a replayed entry of mine settles the message whose acknowledgement was lost", () => {
  let talk = { ...talks.newTalk("a"), out: outbox.sent(outbox.written([], "id-1", "mine"), "id-1") };
  talk = talks.placed(talk, entry(1, { by: "worker", id: "id-1", text: "mine" }));
  assert.deepEqual(talk.out, []);
  talk = { ...talk, out: outbox.written([], "id-1", "again") };
  assert.deepEqual(talks.placed(talk, entry(1, { by: "worker", id: "id-1" })).out, []);
});

test("a visitor's id never settles a message of mine", () => {
  const talk = { ...talks.newTalk("a"), out: outbox.written([], "same", "mine") };
  assert.equal(talks.placed(talk, entry(1, { id: "same" })).out.length, 1);
});

for (const code of ["ended_by_visitor", "ended_by_worker", "left_quickly", "ended_silent"]) {
  test(`after ${code} nothing that waits will be sent`, () => {
    const talk = talks.placed({ ...talks.newTalk("a"), out: outbox.written([], "id-1", "late") }, entry(1, { kind: "line", code, text: null }));
    assert.equal(talk.phase, "over");
    assert.equal(talk.out[0]?.state, "failed");
    assert.equal(talk.out[0]?.why, "ended");
    assert.equal(talks.endCode(talk), code);
  });
}

test("a broken line makes what was on its way wait again, but a finished conversation stays finished", () => {
  const open = talks.opened({ ...talks.newTalk("a"), out: outbox.sent(outbox.written([], "id-1", "x"), "id-1") }, "active", 5);
  assert.equal(open.phase, "open");
  assert.equal(open.seq, 5);
  const broken = talks.lineBroke(open);
  assert.equal(broken.phase, "opening");
  assert.equal(broken.out[0]?.state, "waiting");
  assert.equal(talks.lineBroke(talks.opened(open, "ended", 5)).phase, "over");
});

test("the visitor's last words are found behind lines and answers", () => {
  let talk = talks.newTalk("a");
  assert.equal(talks.visitorWroteAt(talk), null);
  assert.equal(talks.endCode(talk), null);
  for (const one of [entry(1), entry(2, { by: "worker" }), entry(3, { kind: "line", by: "visitor", code: "visitor_lost" })]) talk = talks.placed(talk, one);
  assert.equal(talks.visitorWroteAt(talk), 1001);
});

test("whose turn it is follows what was said here, before the list says so", () => {
  const said = (/** @type {"visitor" | "worker"} */ by) => talks.placed(talks.placed(talks.newTalk("a"), entry(1, { by })), entry(2, { kind: "line", by: "house", code: "visitor_back" }));
  assert.equal(talks.isMyTurn(row("a", { turn: "yours" }), said("worker")), false);
  assert.equal(talks.isMyTurn(row("a", { turn: "theirs" }), said("visitor")), true);
  assert.equal(talks.isMyTurn(row("a", { turn: "yours", seq: 3 }), said("worker")), true);
  assert.equal(talks.isMyTurn(row("a", { turn: "theirs" }), undefined), false);
  assert.equal(talks.isMyTurn(row("a", { turn: "yours" }), talks.newTalk("a")), true);
  assert.equal(talks.isMyTurn(row("a", { state: "ended" }), undefined), false);
  assert.equal(talks.isMyTurn(row("a"), talks.over(said("visitor"))), false);
});

test("what is numbered below `from` is not missing, and is asked for once it may be read", () => {
  let talk = talks.opened(talks.newTalk("a"), "active", 7, 6);
  assert.equal(talk.after, 5);
  for (const seq of [6, 7]) talk = talks.placed(talk, entry(seq));
  assert.equal(talks.hasGap(talk), false);
  talk = talks.opened(talk, "active", 8, 1);
  assert.deepEqual([talk.after, talks.hasGap(talk)], [0, true]);
  for (const seq of [1, 2, 3, 4, 5, 8]) talk = talks.placed(talk, entry(seq));
  assert.deepEqual([talk.after, seqs(talk)], [8, [1, 2, 3, 4, 5, 6, 7, 8]]);
  assert.equal(talks.opened(talk, "active", 8, 1).after, 8);
});
