/**
 * What an operator composes before asking: chosen organisation, ticked fields, summary, last day, how. Pure.
 * @module
 */

/**
 * @typedef {"share" | "confidential" | "anonymous"} Wish
 * @typedef {{id: string, name: string, takes: string[], channels: string[]}} Organisation
 * @typedef {{scope: string, spoken: boolean, language: string, version: number, text: string}} Wording
 * @typedef {{name: string, label: string, shown: string, written: boolean}} Field
 * @typedef {{told: string, names?: string[], card: {lang: string, to: string, items: {label: string, value: string}[], summary: string, until: string}}} Reading
 * @typedef {{id: string, organisation: string, to: string | null, scope: string, how: "card" | "spoken" | "form", fields: string[], language: string,
 *   minor: string, until: string, asked_at: number, answer: "yes" | "no" | "change" | null, answered_at: number | null,
 *   open: boolean, cancelled: boolean, lead: "not_needed" | "waiting" | "agreed", mine: boolean, consent: string | null,
 *   reading: Reading | null}} Ask
 * @typedef {{id: string, channel: string, state: string, outcome: string | null, reference: string, unconfirmed: boolean, notice: string | null, queued_at: number, at: number | null, next: string[], veiled: boolean}} Forwarding
 * @typedef {{id: string, ask: string, to: string | null, scope: string, how: string, veiled: boolean, fields: string[], giver: string | null,
 *   until: string, given_at: number, live: boolean, withdrawn_at: number | null, withdrawn_by: string | null,
 *   channels: string[], keyed: boolean, forwardings: Forwarding[]}} Consent `keyed`: the receiver's key was compared
 * @typedef {{id: string, authority: string | null, reason: string | null, acted_at: number, confirm_by: number, verdict: string | null}} Emergency
 * @typedef {{wish: Wish | null, asking: boolean, door: string, state: string, language: string, document: string, minor: string,
 *   days: {first: string, usual: string, last: string}, organisations: Organisation[], wordings: Wording[], fields: Field[],
 *   asks: Ask[], consents: Consent[], emergencies: Emergency[]}} Tab the answer of GET .../consents (docs/protocol.md)
 * @typedef {{organisation: string, scope: string, ticked: string[], written: Record<string, string>, summary: string,
 *   until: string, how: "card" | "spoken", minor: string}} Draft
 * @typedef {{giver: string, interpreter: string, representative: string, suspected: string, child_heard: string}} Giving
 */

export const LONGEST_SUMMARY = 1500;

/** @param {Tab} tab @returns {Draft} nothing is ticked: what is not ticked is not sent */
export function freshDraft(tab) {
  const first = tab.organisations.length === 1 ? tab.organisations[0] : undefined;
  return {
    organisation: first?.id ?? "", scope: first?.takes[0] ?? "", ticked: [],
    written: Object.fromEntries(tab.fields.filter((field) => field.written).map((field) => [field.name, field.shown])),
    summary: "", until: tab.days.usual, how: canShowCard(tab) ? "card" : "spoken", minor: tab.minor,
  };
}

/**
 * The same question once more, to be changed: as far as it can still be asked so. Its words are there when it could be read.
 * @param {Tab} tab @param {Ask} ask @returns {Draft}
 */
export function draftAgain(tab, ask) {
  const fresh = freshDraft(tab);
  const there = tab.organisations.some((one) => one.id === ask.organisation);
  const names = ask.reading?.names ?? [];
  const typed = tab.fields.filter((field) => field.written && names.includes(field.name));
  const written = typed.map((field) => [field.name, ask.reading?.card.items[names.indexOf(field.name)]?.value ?? ""]);
  return {
    ...(there ? withOrganisation({ ...fresh, scope: ask.scope }, tab, ask.organisation) : fresh),
    ticked: ask.fields.filter((name) => tab.fields.some((field) => field.name === name)),
    written: { ...fresh.written, ...Object.fromEntries(written) },
    summary: ask.reading?.card.summary ?? "",
    until: ask.until >= tab.days.first && ask.until <= tab.days.last ? ask.until : fresh.until,
    how: ask.how === "card" && canShowCard(tab) ? "card" : "spoken",
    minor: ask.minor,
  };
}

/** @param {Tab} tab a card can be shown while the chat lives */
export function canShowCard(tab) {
  return tab.door === "chat" && tab.state === "active";
}

/** @param {Draft} draft @param {Tab} tab @param {string} organisation @returns {Draft} */
export function withOrganisation(draft, tab, organisation) {
  const takes = tab.organisations.find((one) => one.id === organisation)?.takes ?? [];
  return { ...draft, organisation, scope: takes.includes(draft.scope) ? draft.scope : (takes[0] ?? "") };
}

/** @param {Draft} draft @param {string} name @param {boolean} on @returns {Draft} */
export function withTick(draft, name, on) {
  const rest = draft.ticked.filter((one) => one !== name);
  return { ...draft, ticked: on ? [...rest, name] : rest };
}

/** The approved wording that would be used. @param {Draft} draft @param {Tab} tab @returns {Wording | null} */
export function wordingOf(draft, tab) {
  return tab.wordings.find((one) => one.scope === draft.scope && one.spoken === (draft.how === "spoken")) ?? null;
}

/**
 * What keeps it from being asked, as keys of sentences; empty: nothing.
 * @param {Draft} draft @param {Tab} tab @returns {string[]}
 */
export function missing(draft, tab) {
  const found = [];
  if (draft.organisation === "") found.push("consent.missing_organisation");
  else if (wordingOf(draft, tab) === null) found.push("consent.missing_wording");
  const empty = draft.ticked.some((name) => tab.fields.some((field) => field.name === name && field.written && (draft.written[name] ?? "").trim() === ""));
  if (empty) found.push("consent.missing_value");
  if (draft.ticked.length === 0 && draft.summary.trim() === "") found.push("consent.missing_content");
  if ([...draft.summary].length > LONGEST_SUMMARY) found.push("consent.missing_shorter");
  if (draft.until < tab.days.first || draft.until > tab.days.last) found.push("consent.missing_day");
  return found;
}

/** As it is posted. @param {Draft} draft @param {Tab} tab */
export function posted(draft, tab) {
  return {
    organisation: draft.organisation, scope: draft.scope, fields: draft.ticked,
    written: Object.fromEntries(Object.entries(draft.written).filter(([name]) => draft.ticked.includes(name))),
    summary: draft.summary.trim(), until: draft.until, how: draft.how, minor: draft.minor,
    language: wordingOf(draft, tab)?.language ?? tab.language,
  };
}

/** @returns {Giving} */
export function freshGiving() {
  return { giver: "self", interpreter: "", representative: "", suspected: "", child_heard: "" };
}

/**
 * Why these people's yes cannot be recorded, as a key of a sentence; null: it can.
 * @param {Giving} giving @param {Ask} ask @returns {string | null}
 */
export function obstacle(giving, ask) {
  if (ask.lead === "waiting") return "consent.needs_lead";
  return represented(giving, ask) ?? (giving.interpreter === "" ? "consent.missing_interpreter" : null);
}

/** @param {Giving} giving @param {Ask} ask @returns {string | null} */
function represented(giving, ask) {
  if (giving.giver !== "representative") return null;
  if (giving.representative === "") return "consent.missing_representative";
  if (giving.suspected === "") return "consent.missing_suspected";
  if (giving.suspected !== "no") return "consent.suspected_cannot";
  if (giving.child_heard === "" || (giving.child_heard === "no_child" && ask.minor === "yes")) return "consent.missing_heard";
  return null;
}

/** As it is posted. @param {Giving} giving */
export function givingPosted(giving) {
  const other = giving.giver === "representative";
  return {
    giver: giving.giver, interpreter: giving.interpreter === "yes",
    representative: other ? giving.representative : null, suspected: other ? giving.suspected : null,
    child_heard: other ? giving.child_heard : null,
  };
}

/** Something may still change without us: a card waits, or something is on its way. @param {Tab} tab */
export function isMoving(tab) {
  return tab.asks.some((ask) => ask.open && ask.how === "card") || tab.consents.some((one) => one.forwardings.some((each) => each.state === "queued" || each.state === "sent"));
}
