// What a screen reader at the desk is told, and what it is not.
import assert from "node:assert/strict";
import test from "node:test";

import { Announcer, news } from "../../operator_ui/static/js/announcer.js";
import { setUp, withA } from "./desk_house.js";
import { arrival, entry, line, row, welcome } from "./desk_scenes.js";

/** @type {import("../../operator_ui/static/js/words.js").WordBook} */
const words = {
  say: (key, values = {}) => [key, ...Object.values(values)].join(" "),
  count: (key, n, values = {}) => [key, n, ...Object.values(values)].join(" "),
  has: () => true, clock: String, day: String, date: String, moment: String, lasting: String, language: (code) => code,
};

/** @param {ReturnType<typeof setUp>} house @param {() => void} happens */
const heard = ({ store }, happens) => {
  const before = store.state;
  happens();
  return news(before, store.state, words);
};

test("a message of the conversation on screen is said with its words, of another without", () => {
  const house = setUp();
  withA(house);
  const { hear } = house;
  hear(line([], [row("a"), row("b")]), { t: "opened", contact: "b", state: "active", seq: 0 });
  assert.deepEqual(heard(house, () => hear(arrival("a", entry(1)))), ["say.message A text 1"]);
  assert.deepEqual(heard(house, () => hear(arrival("b", entry(1)), arrival("b", entry(2)))), ["say.messages 2 B"]);
  assert.deepEqual(heard(house, () => hear(arrival("a", entry(2)), arrival("a", entry(3)))), ["say.messages 2 A"]);
  assert.equal(heard(house, () => hear(arrival("a", entry(4, { text: "x".repeat(500) }))))[0]?.length, "say.message A ".length + 201);
});

test("what was said before this page opened it, and my own words, are not said", () => {
  const house = setUp();
  house.hear(welcome, line([], [row("a")]));
  house.desk.choose("a");
  assert.deepEqual(heard(house, () => house.hear({ t: "opened", contact: "a", state: "active", seq: 1 }, arrival("a", entry(1)))), []);
  assert.deepEqual(heard(house, () => house.hear(arrival("a", entry(2, { by: "worker" })))), []);
});

test("what came while the line was broken is said after it", () => {
  const house = setUp();
  withA(house);
  house.hear(arrival("a", entry(1)));
  house.store.change({ type: "line", line: "lost" });
  const said = heard(house, () => house.hear(welcome, { t: "opened", contact: "a", state: "active", seq: 2 }, arrival("a", entry(2))));
  assert.equal(said.at(-1), "say.message A text 2");
});

test("lines, offers, ends, notices and the connection are said", () => {
  const house = setUp();
  withA(house);
  const { hear, store } = house;
  assert.deepEqual(heard(house, () => hear(arrival("a", entry(1, { kind: "line", code: "visitor_lost", text: null })))), ["code.visitor_lost"]);
  assert.deepEqual(heard(house, () => hear({ t: "offer", contact: "b", tag: "B", language: "fi", until: 9 })), ["offer.announce B fi"]);
  assert.deepEqual(heard(house, () => hear({ t: "error", code: "already_taken", contact: "b" })), ["error.already_taken"]);
  assert.deepEqual(heard(house, () => store.change({ type: "line", line: "lost" })), ["line.lost"]);
  assert.deepEqual(heard(house, () => store.change({ type: "line", line: "live" })), ["line.back"]);
  hear({ t: "opened", contact: "a", state: "active", seq: 1 });
  assert.deepEqual(heard(house, () => hear(arrival("a", entry(2, { kind: "line", code: "ended_by_visitor", text: null })))), ["say.code A code.ended_by_visitor"]);
});

test("a locked desk says neither tag nor words", () => {
  const house = setUp();
  withA(house);
  const { hear, store } = house;
  assert.deepEqual(heard(house, () => store.change({ type: "locked", locked: "yes" })), ["lock.announce"]);
  assert.deepEqual(heard(house, () => hear(arrival("a", entry(1)))), []);
  assert.deepEqual(heard(house, () => hear({ t: "offer", contact: "b", tag: "B", language: "fi", until: 9 })), ["lock.offer"]);
});

test("a burst is said in one go", () => {
  /** @type {(() => void)[]} */
  const later = [];
  const region = { textContent: /** @type {string | null} */ (null) };
  const house = setUp();
  withA(house);
  const { hear, store } = house;
  const announcer = new Announcer({ region, words, after: (_ms, task) => void later.push(task), state: store.state });
  for (const seq of [1, 2, 3]) {
    hear(arrival("a", entry(seq)));
    announcer.follow(store.state);
  }
  assert.equal(later.length, 1);
  later[0]?.();
  assert.equal(region.textContent, "say.messages 3 A");
  announcer.follow(store.state);
  later[1]?.();
  assert.equal(region.textContent, "say.messages 3 A");
  store.change({ type: "locked", locked: "locking" });
  announcer.follow(store.state);
  assert.equal(region.textContent, "");
});
