// The coded record at the desk: what is chosen, how it is saved, and what happens when a colleague saves meanwhile.
import { test } from "node:test";
import assert from "node:assert/strict";
import { clashes, isUnsaved, newRecord, recordChanged, same } from "../../operator_ui/static/js/record_state.js";
import { RecordDesk, SAVE_AFTER, isOpenRecord, toFinish, toggled } from "../../operator_ui/static/js/record_desk.js";
import { rowOf } from "../../operator_ui/static/js/rows.js";
import { changed, firstState, hasUnsaved } from "../../operator_ui/static/js/state.js";
import { makeStore } from "../../operator_ui/static/js/store.js";
import { RequestFailed } from "../../operator_ui/static/js/requests.js";
import { line, row, welcome } from "./desk_scenes.js";

/** @typedef {import("../../operator_ui/static/js/record_state.js").Kept} Kept */
/** @typedef {import("../../operator_ui/static/js/record_desk.js").Field} Field */

/** @param {Partial<Kept>} [other] @returns {Kept} */
const kept = (other = {}) => ({
  revision: 1, hidden: false, codes: {}, finished: false, by: "Anna", mine: true, at: 100, remarks: [], suggested: {}, months: 12, deleted_at: null,
  automatic: { door: "chat", language: "fi", opened_at: 1, waited: null, lasted: null, ended_at: null, ended_by: null }, ...other,
});
/** @type {Field} */
const who = { name: "who", list: "who", level: 1, many: false, label: "Who" };
/** @type {Field} */
const outcome = { name: "outcome", list: "outcome", level: 1, many: true, label: "Outcome" };
const lists = { version: 1, fields: [who, outcome], lists: { who: [], outcome: [{ code: "advice", label: "Advice" }, { code: "prank", label: "Prank", counselling: false }] } };

/** @param {Kept} first @param {(address: string, body?: any) => any} answer */
function scene(first, answer = () => first) {
  const store = makeStore(firstState(), changed, (task) => task());
  /** @type {{address: string, body: any}[]} */
  const asked = [];
  /** @type {{at: number, task: () => void}[]} */
  let tasks = [];
  let clock = 0;
  /** @type {string[]} */
  const flagged = [];
  const desk = new RecordDesk({
    store, locale: "fi", now: () => clock, flag: (contact) => flagged.push(contact),
    ask: async (address, body) => {
      asked.push({ address, body });
      if (address.startsWith("/desk/codes")) return lists;
      if (address === "/desk/records") return [];
      return body === undefined ? first : answer(address, body);
    },
    after: (ms, task) => {
      const one = { at: clock + ms, task };
      tasks.push(one);
      return () => (tasks = tasks.filter((each) => each !== one));
    },
  });
  /** @param {number} ms */
  const pass = async (ms) => {
    clock += ms;
    const due = tasks.filter(({ at }) => at <= clock);
    tasks = tasks.filter(({ at }) => at > clock);
    for (const { task } of due) task();
    await new Promise((done) => setImmediate(done));
  };
  const posts = () => asked.filter(({ body }) => body !== undefined).map(({ body }) => body);
  return { store, desk, pass, posts, asked, flagged, record: () => /** @type {any} */ (store.state.records["a"]) };
}

test("what the house suggests stands there at first and is saved with the first choice", async () => {
  const { desk, pass, posts, record, asked } = scene(kept({ revision: 0, suggested: { outcome: ["silent"] } }), (_address, body) => kept({ codes: body.codes }));
  await desk.open("a");
  assert.deepEqual(record().codes, { outcome: ["silent"] });
  assert.equal(record().standing, "saved");
  desk.choose("a", who, ["self"]);
  assert.ok(isUnsaved(record()));
  await pass(SAVE_AFTER);
  assert.deepEqual(posts(), [{ based_on: 0, codes: { outcome: ["silent"], who: ["self"] }, finished: false }]);
  assert.equal(record().standing, "saved");
  await desk.open("a");
  assert.equal(asked.filter(({ address, body }) => address.endsWith("/record") && body === undefined).length, 1);
});

test("danger in the record of a conversation that goes on sets its mark, once, and never takes it away", async () => {
  const danger = { name: "danger", list: "danger", level: 1, many: false, label: "Danger" };
  const { store, desk, flagged } = scene(kept());
  await desk.open("a");
  desk.choose("a", danger, ["yes"]);
  assert.deepEqual(flagged, [], "no conversation: there is no mark");
  for (const frame of [welcome, line([], [row("a")])]) store.change({ type: "frame", frame });
  store.change({ type: "following", contact: "a" });
  store.change({ type: "frame", frame: { t: "opened", contact: "a", state: "active", seq: 0 } });
  desk.choose("a", danger, ["no"]);
  desk.choose("a", danger, ["yes"]);
  assert.deepEqual(flagged, ["a"]);
  store.change({ type: "frame", frame: line([], [row("a", { danger: true })]) });
  desk.choose("a", danger, ["yes"]);
  desk.choose("a", danger, ["no"]);
  assert.deepEqual(flagged, ["a"]);
});

test("choices in a hurry are saved once, and what is chosen while saving is saved after it", async () => {
  /** @type {((kept: Kept) => void)[]} */
  const waiting = [];
  const { desk, pass, posts, record } = scene(kept(), () => new Promise((done) => waiting.push(done)));
  await desk.open("a");
  desk.choose("a", who, ["self"]);
  desk.choose("a", who, ["public"]);
  await pass(SAVE_AFTER);
  desk.choose("a", who, ["employer"]);
  waiting[0]?.(kept({ revision: 2, codes: { who: ["public"] } }));
  await pass(SAVE_AFTER);
  await pass(SAVE_AFTER);
  assert.deepEqual(posts().map(({ based_on, codes }) => [based_on, codes.who[0]]), [[1, "public"], [2, "employer"]]);
  assert.equal(record().codes["who"][0], "employer");
});

test("what fails is kept and tried again, unless trying again cannot help", async () => {
  let trouble = new RequestFailed("unavailable");
  const { store, desk, pass, posts, record } = scene(kept(), (_address, body) => {
    if (trouble.message !== "") throw trouble;
    return kept({ revision: 2, codes: body.codes });
  });
  store.change({ type: "frame", frame: welcome });
  await desk.open("a");
  desk.choose("a", who, ["self"]);
  await pass(SAVE_AFTER);
  assert.deepEqual([record().standing, record().why, hasUnsaved(store.state)], ["failed", "unavailable", true]);
  desk.tick();
  assert.equal(posts().length, 1);
  trouble = new RequestFailed("bad_codes");
  await pass(6_000);
  desk.tick();
  await pass(0);
  assert.deepEqual([record().standing, posts().length], ["failed", 2]);
  await pass(60_000);
  desk.tick();
  await pass(0);
  assert.equal(posts().length, 2);
  trouble = new RequestFailed("");
  await desk.save("a");
  assert.equal(record().standing, "saved");
});

test("a record that is not mine any more leaves memory, and it is said", async () => {
  const { store, desk, pass } = scene(kept(), () => { throw new RequestFailed("not_yours"); });
  await desk.open("a");
  desk.choose("a", who, ["self"]);
  await pass(SAVE_AFTER);
  assert.equal(store.state.records["a"], undefined);
  assert.equal(store.state.notices.at(-1)?.key, "error.not_yours");
});

test("where only one of us changed a field, both are kept without a question", () => {
  const base = recordChanged(newRecord(), { type: "record_loaded", contact: "a", kept: kept({ codes: { who: ["self"], topic: ["rights"] } }) });
  const mine = recordChanged(base, { type: "record_chose", contact: "a", field: "topic", codes: [] });
  const met = recordChanged(mine, { type: "record_conflict", contact: "a", kept: kept({ revision: 2, codes: { who: ["public"], topic: ["rights"], danger: ["yes"] } }) });
  assert.deepEqual(met.codes, { who: ["public"], danger: ["yes"] });
  assert.deepEqual([met.standing, met.kept?.revision, met.merged, clashes(met)], ["changed", 2, true, []]);
});

test("a clash shows both until somebody chooses", () => {
  const base = recordChanged(newRecord(), { type: "record_loaded", contact: "a", kept: kept({ codes: { who: ["self"] } }) });
  const mine = recordChanged(base, { type: "record_chose", contact: "a", field: "who", codes: ["public"] });
  const met = recordChanged(mine, { type: "record_conflict", contact: "a", kept: kept({ revision: 2, codes: { who: ["employer"], danger: ["yes"] }, finished: true }) });
  assert.deepEqual([met.standing, clashes(met), met.codes], ["conflict", ["who"], { who: ["public"] }]);
  const more = recordChanged(met, { type: "record_chose", contact: "a", field: "topic", codes: ["rights"] });
  assert.equal(more.standing, "conflict");
  const ours = recordChanged(more, { type: "record_settled", contact: "a", mine: true });
  assert.deepEqual([ours.codes, ours.standing, ours.kept?.revision], [{ who: ["public"], danger: ["yes"], topic: ["rights"] }, "changed", 2]);
  const theirs = recordChanged(met, { type: "record_settled", contact: "a", mine: false });
  assert.deepEqual([theirs.codes, theirs.standing, theirs.finished], [{ who: ["employer"], danger: ["yes"] }, "saved", true]);
  assert.equal(recordChanged(base, { type: "record_settled", contact: "a", mine: true }), base);
});

test("a record that arrives late does not undo what was chosen", () => {
  const mine = recordChanged(newRecord(), { type: "record_chose", contact: "a", field: "who", codes: ["self"] });
  assert.deepEqual(recordChanged(mine, { type: "record_loaded", contact: "a", kept: kept({ codes: { who: ["public"] } }) }).codes, { who: ["self"] });
  assert.equal(recordChanged(newRecord(), { type: "record_load_failed", contact: "a" }).phase, "failed");
  const ready = recordChanged(newRecord(), { type: "record_loaded", contact: "a", kept: kept() });
  assert.equal(recordChanged(ready, { type: "record_load_failed", contact: "a" }).phase, "ready");
  assert.equal(recordChanged(ready, { type: "record_loading", contact: "a" }).phase, "ready");
});

test("a press chooses, again takes back, and some codes stand alone", () => {
  assert.deepEqual(toggled([], "self", who, lists), ["self"]);
  assert.deepEqual(toggled(["self"], "self", who, lists), []);
  assert.deepEqual(toggled(["self"], "public", who, lists), ["public"]);
  assert.deepEqual(toggled(["advice"], "referral", outcome, lists), ["advice", "referral"]);
  assert.deepEqual(toggled(["advice", "referral"], "prank", outcome, lists), ["prank"]);
  assert.deepEqual(toggled(["prank"], "advice", outcome, lists), ["advice"]);
  assert.deepEqual(toggled(["advice"], "not_known", outcome, null), ["not_known"]);
  assert.deepEqual(toggled(["NP"], "not_asked", who, lists), []);
  assert.ok(same(["a", "b"], ["b", "a"]) && same(undefined, []));
});

test("a contact that left the list is reached until its record is finished", () => {
  const one = { contact: "z", tag: "Z9", language: "fi", door: "phone", since: 5, ended_at: null, begun: false };
  let state = changed(changed(firstState(), { type: "frame", frame: welcome }), { type: "frame", frame: line([], [row("a", { state: "ended" })]) });
  state = changed(state, { type: "unfinished", list: [one, { ...one, contact: "a" }] });
  assert.deepEqual(toFinish(state).map(({ contact }) => contact), ["z"]);
  assert.deepEqual([rowOf(state, "z")?.door, rowOf(state, "z")?.state, isOpenRecord(state, "a")], ["phone", "active", true]);
  state = changed(state, { type: "record_loaded", contact: "a", kept: kept({ finished: true }) });
  assert.equal(isOpenRecord(state, "a"), false);
  state = changed(state, { type: "set_aside", contact: "a" });
  assert.equal(state.records["a"], undefined);
});

test("the list to finish is looked at when something of mine ended, and finishing looks again", async () => {
  const { store, desk, pass, asked } = scene(kept(), (_address, body) => kept({ revision: 2, codes: body.codes, finished: body.finished }));
  const looks = () => asked.filter(({ address }) => address === "/desk/records").length;
  desk.tick();
  assert.equal(looks(), 0);
  store.change({ type: "frame", frame: welcome });
  desk.tick();
  await pass(0);
  desk.tick();
  assert.equal(looks(), 1);
  store.change({ type: "frame", frame: line([], [row("a")]) });
  desk.tick();
  await pass(0);
  assert.equal(looks(), 2);
  await desk.open("a");
  await desk.finish("a", true);
  assert.equal(looks(), 3);
  assert.equal(store.state.records["a"]?.finished, true);
});
