// What a person at the desk does, and what follows from what the server says.
import assert from "node:assert/strict";
import test from "node:test";

import { setUp, withA } from "./desk_house.js";
import { arrival, entry, line, row, welcome } from "./desk_scenes.js";

test("what is mine is followed at once, what I took is shown too, focus is nobody's business here", () => {
  const { desk, hear, sent, store } = setUp();
  hear(welcome, line([row("b", { state: "waiting" })], [row("a")]));
  assert.deepEqual(sent, [{ t: "open", contact: "a", after: 0 }]);
  assert.equal(store.state.current, null);
  desk.accept("b");
  hear(line([row("b", { state: "waiting" })], [row("a"), row("b")]), { t: "opened", contact: "b", state: "active", seq: 1 });
  assert.deepEqual([store.state.current, store.state.waiting], ["b", []]);
  assert.equal(sent.filter(({ t }) => t === "open").length, 1);
});

test("a take that a colleague won does not pull me anywhere later", () => {
  const { desk, hear, store } = setUp();
  hear(welcome);
  desk.accept("b");
  hear({ t: "error", code: "already_taken", contact: "b" }, line([], [row("b")]));
  assert.equal(store.state.current, null);
});

test("messages go one at a time and in order", () => {
  const house = setUp();
  withA(house);
  const { desk, hear, sent, store } = house;
  for (const text of ["one", "two"]) {
    desk.draft("a", text);
    assert.equal(desk.say("a"), true);
  }
  const said = () => sent.filter(({ t }) => t === "say").map(({ text }) => text);
  assert.deepEqual(said(), ["one"]);
  hear({ t: "ack", contact: "a", id: "id-1", seq: 1, at: 9 });
  assert.deepEqual(said(), ["one", "two"]);
  hear({ t: "ack", contact: "a", id: "id-2", seq: 2, at: 9 });
  assert.deepEqual(store.state.talks["a"]?.entries.map(({ text }) => text), ["one", "two"]);
  assert.equal(desk.say("a"), false);
});

test("after a break the greeting says where each conversation stood, and what waited goes again", () => {
  const house = setUp();
  withA(house);
  const { desk, hear, sent, clock } = house;
  hear(arrival("a", entry(1)));
  desk.draft("a", "one");
  desk.say("a");
  clock.up = false;
  desk.lineBecame("lost", { attempt: 1, drop: false });
  desk.draft("a", "two");
  desk.say("a");
  clock.up = true;
  sent.length = 0;
  assert.deepEqual(desk.greeting(), { t: "hello", open: [{ contact: "a", after: 1 }] });
  hear(welcome, { t: "opened", contact: "a", state: "active", seq: 1 });
  assert.deepEqual(sent, [{ t: "say", contact: "a", id: "id-1", text: "one" }]);
  hear(arrival("a", entry(2, { by: "worker", id: "id-1", text: "one" })));
  assert.deepEqual(sent[1], { t: "say", contact: "a", id: "id-2", text: "two" });
});

test("a message too big for the line fails instead of breaking it again and again", () => {
  const house = setUp();
  withA(house);
  house.desk.draft("a", "big");
  house.desk.say("a");
  house.desk.lineBecame("lost", { attempt: 1, drop: true });
  assert.equal(house.store.state.talks["a"]?.out[0]?.why, "too_long");
});

test("an unavailable store is asked again later, a taken id gets a new one", () => {
  const house = setUp();
  withA(house);
  const { desk, hear, sent, clock } = house;
  desk.draft("a", "x");
  desk.say("a");
  hear({ t: "error", code: "unavailable", contact: "a", id: "id-1" });
  desk.tick();
  assert.equal(sent.filter(({ t }) => t === "say").length, 1);
  clock.now = 2_000;
  desk.tick();
  assert.equal(sent.filter(({ t }) => t === "say").length, 2);
  hear({ t: "error", code: "id_taken", contact: "a", id: "id-1" });
  assert.equal(sent.at(-1).id, "id-2");
});

test("a refused message can be taken back in front of what was written since, or discarded", () => {
  const house = setUp();
  withA(house);
  const { desk, hear, store } = house;
  desk.draft("a", "long");
  desk.say("a");
  hear({ t: "error", code: "too_long", contact: "a", id: "id-1" });
  desk.draft("a", "more");
  desk.takeBack("a", "id-1");
  desk.takeBack("a", "id-1");
  assert.equal(store.state.drafts["a"], "long\nmore");
  desk.say("a");
  desk.discard("a", "id-2");
  assert.deepEqual(store.state.talks["a"]?.out, []);
});

test("what is too long, blank or for a finished conversation is not sent and not lost", () => {
  const house = setUp();
  withA(house);
  const { desk, hear, store, kinds } = house;
  for (const text of ["  ", "x".repeat(2001)]) {
    desk.draft("a", text);
    assert.equal(desk.say("a"), false);
    assert.equal(store.state.drafts["a"], text);
  }
  desk.draft("a", "late");
  hear(arrival("a", entry(1, { kind: "line", code: "ended_by_visitor", text: null })));
  assert.equal(desk.say("a"), false);
  assert.equal(kinds().includes("say"), false);
  assert.equal(store.state.drafts["a"], "late");
});

test("writing is told at most every three seconds, and never for an emptied field", () => {
  const house = setUp();
  withA(house);
  const { desk, kinds, clock } = house;
  for (const [now, text] of /** @type {const} */ ([[0, "a"], [1000, "ab"], [2999, "abc"], [3000, "abcd"], [7000, " "]])) {
    clock.now = now;
    desk.draft("a", text);
  }
  assert.deepEqual(kinds(), ["writing", "writing"]);
});

test("shown is told once per number, and again after a break", () => {
  const house = setUp();
  withA(house);
  const { desk, hear, sent } = house;
  hear(arrival("a", entry(1)));
  desk.seen("a");
  desk.seen("a");
  desk.seen("stranger");
  assert.deepEqual(sent, [{ t: "shown", contact: "a", seq: 1 }]);
  desk.greeting();
  desk.seen("a");
  assert.equal(sent.length, 2);
});

test("a missing number is asked for after three seconds, not before", () => {
  const house = setUp();
  withA(house);
  const { desk, hear, sent, clock } = house;
  hear(arrival("a", entry(1)), arrival("a", entry(3)));
  desk.tick();
  clock.now = 2_999;
  desk.tick();
  assert.deepEqual(sent, []);
  clock.now = 3_000;
  desk.tick();
  assert.deepEqual(sent, [{ t: "open", contact: "a", after: 1 }]);
  hear(arrival("a", entry(2)));
  clock.now = 9_000;
  desk.tick();
  assert.equal(sent.length, 1);
});

test("ending takes two steps, and only the second is told", () => {
  const house = setUp();
  withA(house);
  const { desk, kinds, store } = house;
  desk.askEnd("a");
  assert.deepEqual(kinds(), []);
  assert.deepEqual(store.state.question, { what: "end", contact: "a" });
  desk.confirm();
  assert.deepEqual(kinds(), ["end"]);
  assert.equal(store.state.question, null);
  desk.confirm();
  assert.deepEqual(kinds(), ["end"]);
});

test("without a line nothing is accepted or ended in pretence", () => {
  const house = setUp();
  withA(house);
  house.clock.up = false;
  house.desk.accept("b");
  house.desk.decline("b");
  house.desk.askEnd("a");
  house.desk.confirm();
  assert.deepEqual(house.store.state.notices.map(({ key }) => key), ["error.no_line", "error.no_line"]);
});

test("signing out during a conversation asks first", () => {
  const house = setUp();
  withA(house);
  const { desk, asked, hear } = house;
  desk.askSignOut();
  assert.equal(asked.includes("sign out"), false);
  desk.confirm();
  assert.equal(asked.at(-1), "sign out");
  asked.length = 0;
  hear(line([], []));
  desk.askSignOut();
  assert.equal(asked.at(-1), "sign out");
});

test("my break outlives a reconnect, and a missed offer makes one", () => {
  const { desk, hear, sent } = setUp();
  hear(welcome);
  desk.setPresence("break");
  hear(welcome);
  assert.deepEqual(sent, [{ t: "presence", status: "break" }, { t: "presence", status: "break" }]);
  desk.setPresence("available");
  hear({ t: "offer", contact: "b", tag: "B", language: "fi", until: 9 }, { t: "offer_gone", contact: "b", why: "missed" });
  assert.deepEqual(sent.at(-1), { t: "presence", status: "break" });
});

test("the next contact goes round, the next where it is my turn skips the others", () => {
  const { desk, hear, store } = setUp();
  hear(welcome, line([], [row("a"), row("b", { turn: "theirs" }), row("c")]));
  const walk = (/** @type {1 | -1} */ step, /** @type {boolean} */ turn) => {
    desk.step(step, turn);
    return store.state.current;
  };
  assert.deepEqual([walk(1, false), walk(1, false), walk(1, false), walk(1, false)], ["a", "b", "c", "a"]);
  assert.deepEqual([walk(1, true), walk(1, true), walk(-1, true), walk(-1, false)], ["c", "a", "c", "b"]);
  hear(line([], []));
  assert.equal(walk(1, false), null);
});

test("putting an ended conversation away stops following it", () => {
  const house = setUp();
  withA(house);
  house.desk.setAside("a");
  assert.deepEqual(house.sent, [{ t: "shut", contact: "a" }]);
  assert.deepEqual(house.store.state.talks, {});
});

test("a line that is signed out leads to the sign-in page", () => {
  const { desk, asked, store } = setUp();
  desk.lineBecame("signed_out", { attempt: 0, drop: false });
  assert.equal(asked.at(-1), "sign in");
  desk.lineBecame("closed", { attempt: 0, drop: false });
  assert.equal(store.state.line, "lost");
});

test("handing over asks first, then asks the visitor; flags and more time go at once", () => {
  const house = setUp();
  withA(house);
  const { desk, sent } = house;
  desk.askHandOver("a", "");
  desk.askHandOver("a", "bertil");
  assert.deepEqual(sent, []);
  desk.confirm();
  desk.flag("a", true);
  desk.extend("a");
  desk.askToRead("a");
  assert.deepEqual(sent, [
    { t: "ask", contact: "a", question: "hand_over", to: "bertil" },
    { t: "danger", contact: "a", on: true },
    { t: "extend", contact: "a" },
    { t: "ask", contact: "a", question: "read", to: null },
  ]);
  assert.equal(desk.state.question, null);
});
