/**
 * Messages of the contact form as this page knows them: the list, and the one that is being read. Pure.
 * @module
 */

/**
 * @typedef {import("./frames.js").FormRow} FormRow
 * @typedef {{how: "telephone" | "email" | "not_at_all" | "", address: string, times: string, voice: "yes" | "no" | ""}} CallBack
 * @typedef {{contact: string, tag: string, language: string, since: number, urgency: "urgent" | "ordinary",
 *   answer: "wanted" | "unwanted" | "unsaid", text: string | null, call_back: CallBack | null}} FormMessage
 * @typedef {{contact: string, phase: "opening" | "open" | "busy" | "failed", message: FormMessage | null,
 *   why: string | null, outcome: string | null}} Reading
 *   `why`: error code of what was tried last; `outcome`: chosen, not yet told
 * @typedef {{heard: boolean, rows: FormRow[], count: number, reading: Reading | null}} Forms `rows`: the first of `count`
 *
 * @typedef {{type: "form_opening", contact: string}
 *   | {type: "form_opened", message: FormMessage}
 *   | {type: "form_busy", contact: string}
 *   | {type: "form_failed", contact: string, why: string}
 *   | {type: "form_outcome", contact: string, outcome: string}
 *   | {type: "form_closed", contact: string}} FormAction
 */

/** What can be said to have come of a message; docs/protocol.md. */
export const OUTCOMES = ["answered", "tried", "no_answer_wanted", "not_possible"];

/** @returns {Forms} */
export function noForms() {
  return { heard: false, rows: [], count: 0, reading: null };
}

/**
 * @param {Forms} forms
 * @param {FormAction} action
 * @returns {Forms}
 */
export function formsChanged(forms, action) {
  const { reading } = forms;
  if (action.type === "form_opening") return { ...forms, reading: { contact: action.contact, phase: "opening", message: null, why: null, outcome: null } };
  const contact = action.type === "form_opened" ? action.message.contact : action.contact;
  if (reading?.contact !== contact) return forms; // another one is on the screen by now
  switch (action.type) {
    case "form_opened": return { ...forms, reading: { ...reading, phase: "open", message: action.message } };
    case "form_busy": return { ...forms, reading: { ...reading, phase: "busy", why: null } };
    case "form_failed": return { ...forms, reading: { ...reading, phase: reading.message === null ? "failed" : "open", why: action.why } };
    case "form_outcome": return { ...forms, reading: { ...reading, outcome: action.outcome } };
    case "form_closed": return { ...forms, reading: null };
  }
}

/**
 * The list as it is now. A message that is another's, or dealt with, leaves the screen.
 * @param {Forms} forms
 * @param {FormRow[]} rows
 * @param {number} count
 * @returns {Forms}
 */
export function formsListed(forms, rows, count) {
  const { reading } = forms;
  const row = rows.find((one) => one.contact === reading?.contact);
  const gone = row === undefined ? count === rows.length : row.state === "taken" || row.state === "left";
  return { heard: true, rows, count, reading: gone && reading?.phase !== "opening" && reading?.phase !== "failed" ? null : reading };
}

/**
 * True when it is on the screen in words, so that notes may be written.
 * @param {Forms} forms
 * @param {string} contact
 */
export function isReading(forms, contact) {
  return forms.reading?.contact === contact && forms.reading.message !== null;
}

/**
 * Messages that were not in the list before.
 * @param {Forms} before
 * @param {Forms} after
 * @returns {FormRow[]}
 */
export function newForms(before, after) {
  if (!before.heard) return [];
  const known = new Set(before.rows.map((row) => row.contact));
  return after.rows.filter((row) => !known.has(row.contact) && row.state === "waiting");
}
