// What an operator composes before asking for consent, and who may be recorded as having said yes.
import assert from "node:assert/strict";
import test from "node:test";
import { canShowCard, draftAgain, freshDraft, freshGiving, givingPosted, isMoving, missing, obstacle, posted, withOrganisation, withTick, wordingOf } from "../../operator_ui/static/js/consent_draft.js";

/** @typedef {import("../../operator_ui/static/js/consent_draft.js").Tab} Tab */

/** @param {Partial<Tab>} [changed] @returns {Tab} */
const tab = (changed = {}) => ({
  wish: null, asking: true, door: "chat", state: "active", language: "sv", document: "fi", minor: "unknown",
  days: { first: "2026-11-22", usual: "2026-12-06", last: "2027-02-19" },
  organisations: [
    { id: "o1", name: "Satama ry", takes: ["referral"], channels: ["spoken"] },
    { id: "o2", name: "Assistance system", takes: ["referral", "proposal"], channels: ["email"] },
  ],
  wordings: [
    { scope: "referral", spoken: false, language: "sv", version: 3, text: "May we?" },
    { scope: "referral", spoken: true, language: "en", version: 1, text: "May we say?" },
  ],
  fields: [
    { name: "called", label: "Name", shown: "", written: true },
    { name: "age", label: "Age", shown: "18-29", written: false },
  ],
  asks: [], consents: [], emergencies: [], ...changed,
});
/** @type {import("../../operator_ui/static/js/consent_draft.js").Ask} */
const ASK = { id: "a", organisation: "o1", to: "Satama ry", scope: "referral", how: "card", fields: [], language: "sv", minor: "no", until: "2026-12-06", asked_at: 1, answer: "yes", answered_at: 2, open: false, cancelled: false, lead: "not_needed", mine: true, consent: null, reading: null };

test("a fresh draft ticks nothing, and asks on a card only while the chat lives", () => {
  assert.deepEqual(freshDraft(tab()).ticked, []);
  assert.equal(freshDraft(tab()).how, "card");
  assert.equal(freshDraft(tab({ state: "ended" })).how, "spoken");
  assert.equal(canShowCard(tab({ door: "phone" })), false);
  assert.equal(freshDraft(tab()).until, "2026-12-06");
});

test("a question that somebody wants changed is there again, as far as it can still be asked so", () => {
  const ask = { ...ASK, answer: /** @type {const} */ ("change"), fields: ["called", "age", "gone", "summary"], reading: { told: "May we?", names: ["called", "age"], card: { lang: "sv", to: "Satama ry", items: [{ label: "Namn", value: "Linh" }, { label: "Ålder", value: "18-29" }], summary: "safe bed", until: "2026-12-06" } } };
  const again = draftAgain(tab(), ask);
  assert.deepEqual([again.organisation, again.scope, again.ticked, again.written, again.summary, again.until, again.how], ["o1", "referral", ["called", "age"], { called: "Linh" }, "safe bed", "2026-12-06", "card"]);
  assert.deepEqual(missing(again, tab()), []);
  const later = draftAgain(tab({ state: "ended", organisations: [] }), { ...ask, until: "2026-11-21", reading: null });
  assert.deepEqual([later.organisation, later.written, later.summary, later.until, later.how], ["", { called: "" }, "", "2026-12-06", "spoken"]);
});

test("the only organisation is chosen already, and a scope it does not take is left", () => {
  assert.equal(freshDraft(tab({ organisations: [{ id: "o1", name: "Satama ry", takes: ["referral"], channels: [] }] })).organisation, "o1");
  const proposal = { ...withOrganisation(freshDraft(tab()), tab(), "o2"), scope: "proposal" };
  assert.equal(withOrganisation(proposal, tab(), "o2").scope, "proposal");
  assert.equal(withOrganisation(proposal, tab(), "o1").scope, "referral");
  assert.equal(withOrganisation(proposal, tab(), "nobody").scope, "");
});

test("what is missing is named, one thing at a time", () => {
  const draft = freshDraft(tab());
  assert.deepEqual(missing(draft, tab()), ["consent.missing_organisation", "consent.missing_content"]);
  const chosen = withTick(withOrganisation(draft, tab(), "o1"), "age", true);
  assert.deepEqual(missing(chosen, tab()), []);
  assert.deepEqual(missing(withTick(chosen, "age", false), tab()), ["consent.missing_content"]);
  assert.deepEqual(missing({ ...chosen, scope: "proposal" }, tab()), ["consent.missing_wording"]);
  assert.deepEqual(missing(withTick(chosen, "called", true), tab()), ["consent.missing_value"]);
  assert.deepEqual(missing({ ...chosen, summary: "x".repeat(1501) }, tab()), ["consent.missing_shorter"]);
  assert.deepEqual(missing({ ...chosen, until: "2027-02-20" }, tab()), ["consent.missing_day"]);
  assert.deepEqual(missing({ ...chosen, until: "2026-11-21" }, tab()), ["consent.missing_day"]);
});

test("only what is ticked is posted, in the language of the wording that is used", () => {
  const draft = withTick({ ...withOrganisation(freshDraft(tab()), tab(), "o1"), written: { called: "Linh" }, summary: " safe bed " }, "age", true);
  assert.deepEqual(posted(draft, tab()).written, {});
  assert.deepEqual(posted(withTick(draft, "called", true), tab()).written, { called: "Linh" });
  assert.equal(posted(draft, tab()).summary, "safe bed");
  assert.equal(posted(draft, tab()).language, "sv");
  assert.equal(posted({ ...draft, how: "spoken" }, tab()).language, "en");
  assert.equal(wordingOf({ ...draft, scope: "proposal" }, tab()), null);
});

test("a representative who may be the exploiter cannot be recorded", () => {
  const self = { ...freshGiving(), interpreter: "no" };
  assert.equal(obstacle(freshGiving(), ASK), "consent.missing_interpreter");
  assert.equal(obstacle(self, ASK), null);
  assert.equal(obstacle(self, { ...ASK, lead: "waiting" }), "consent.needs_lead");
  const mother = { ...self, giver: "representative" };
  assert.equal(obstacle(mother, ASK), "consent.missing_representative");
  assert.equal(obstacle({ ...mother, representative: "parent" }, ASK), "consent.missing_suspected");
  for (const suspected of ["yes", "unknown"]) assert.equal(obstacle({ ...mother, representative: "parent", suspected, child_heard: "heard" }, ASK), "consent.suspected_cannot");
  const cleared = { ...mother, representative: "parent", suspected: "no" };
  assert.equal(obstacle(cleared, ASK), "consent.missing_heard");
  assert.equal(obstacle({ ...cleared, child_heard: "no_child" }, { ...ASK, minor: "yes" }), "consent.missing_heard");
  assert.equal(obstacle({ ...cleared, child_heard: "heard" }, { ...ASK, minor: "yes" }), null);
  assert.deepEqual(givingPosted({ ...cleared, child_heard: "heard" }), { giver: "representative", interpreter: false, representative: "parent", suspected: "no", child_heard: "heard" });
  assert.deepEqual(givingPosted({ ...cleared, giver: "self", interpreter: "yes" }), { giver: "self", interpreter: true, representative: null, suspected: null, child_heard: null });
});

test("the tab asks again while a card waits or something is on its way", () => {
  assert.equal(isMoving(tab()), false);
  assert.equal(isMoving(tab({ asks: [{ ...ASK, answer: null, open: true }] })), true);
  assert.equal(isMoving(tab({ asks: [{ ...ASK, how: "spoken", open: true }] })), false);
  /** @type {import("../../operator_ui/static/js/consent_draft.js").Consent} */
  const consent = { id: "c", ask: "a", to: "x", scope: "referral", how: "card", fields: [], giver: "self", until: "", given_at: 1, live: true, withdrawn_at: null, withdrawn_by: null, channels: [], keyed: true, veiled: false, forwardings: [{ id: "f", channel: "email", state: "queued", outcome: null, reference: "", unconfirmed: false, notice: null, queued_at: 1, at: null, next: [], veiled: false }] };
  assert.equal(isMoving(tab({ consents: [consent] })), true);
  assert.equal(isMoving(tab({ consents: [{ ...consent, forwardings: [] }] })), false);
});
