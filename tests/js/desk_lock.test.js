// Locking the desk takes everything away; only the passphrase brings it back.
import assert from "node:assert/strict";
import test from "node:test";

import { setUp, settle, withA } from "./desk_house.js";
import { arrival, entry, line, row, welcome } from "./desk_scenes.js";

test("a locked desk asks for no conversation, and for all of them when it is unlocked", async () => {
  const house = setUp();
  withA(house);
  const { desk, lock, hear, sent, kinds, store } = house;
  await lock.lock();
  desk.lineBecame("lost", { attempt: 1, drop: false });
  assert.deepEqual(desk.greeting(), { t: "hello", open: [] });
  desk.lineBecame("live", { attempt: 0, drop: false });
  hear(welcome, line([], [row("a"), row("b")]));
  assert.deepEqual(kinds().filter((t) => t === "open"), []);
  await lock.unlock("right");
  assert.deepEqual(sent.filter(({ t }) => t === "open").map(({ contact }) => contact), ["a", "b"]);
  assert.equal(store.state.locked, "no");
});

test("a desk that was locked elsewhere locks itself, and says nothing else", () => {
  const house = setUp();
  withA(house);
  house.hear({ t: "error", code: "locked", contact: "a" });
  assert.deepEqual([house.store.state.locked, house.store.state.notices], ["yes", []]);
});

test("locking forgets what was said, keeps the line, and is told until the server knows", async () => {
  const house = setUp();
  withA(house);
  const { lock, hear, store, asked, answers, sent } = house;
  hear(arrival("a", entry(1, { kind: "line", code: "ended_by_worker", text: null })), line([], [row("a", { state: "ended" })]));
  answers.lock = "fails";
  await lock.lock();
  assert.deepEqual([store.state.locked, store.state.talks], ["locking", {}]);
  assert.deepEqual(sent.at(-1), { t: "shut", contact: "a" });
  answers.lock = "ok";
  lock.tick();
  await settle();
  assert.equal(store.state.locked, "yes");
  await lock.lock();
  assert.deepEqual(asked.filter((what) => what !== "notes a"), ["lock", "lock"]);
});

test("locking during a conversation or with unsaved text keeps both in memory", async () => {
  const house = setUp();
  withA(house);
  house.desk.draft("a", "half");
  await house.lock.lock();
  assert.equal(house.store.state.drafts["a"], "half");
  assert.equal(house.store.state.talks["a"]?.phase, "open");
});

test("only the passphrase unlocks", async () => {
  const { lock, store, answers, asked } = setUp();
  await lock.lock();
  for (const [answer, unlock] of /** @type {const} */ ([["wrong", "wrong"], ["fails", "failed"]])) {
    answers.unlock = answer;
    await lock.unlock("guess");
    assert.deepEqual([store.state.locked, store.state.unlock], ["yes", unlock]);
  }
  answers.unlock = "signed_out";
  await lock.unlock("guess");
  assert.equal(asked.at(-1), "sign in");
  answers.unlock = "ok";
  await lock.unlock("six words");
  assert.deepEqual([store.state.locked, asked.at(-1)], ["no", "start"]);
});
