/**
 * Calls as this page knows them: those that ring, mine, and those nobody answered. Pure.
 * @module
 */

/**
 * @typedef {import("./frames.js").CallRow} CallRow
 * @typedef {{kind: "lead" | "interpreter", id: string, name: string, language?: string | null}} Asked who can be asked to join
 * @typedef {{contact: string, number: string, when: string | null, named: boolean}} Opened a number that was opened
 * @typedef {{heard: boolean, rows: CallRow[], aside: string[], asked: Asked[] | null, adding: string | null, whom: string,
 *   ending: string | null, busy: string | null, number: Opened | null, outcome: string | null}} Calls
 *   `aside`: ended ones put away; `adding`, `ending`: the call about which that is asked; `busy`: waits for an answer;
 *   `number`: opened, on the screen
 *
 * @typedef {{type: "call_asked", asked: Asked[] | null}
 *   | {type: "call_adding", contact: string | null}
 *   | {type: "call_whom", whom: string}
 *   | {type: "call_ending", contact: string | null}
 *   | {type: "call_busy", contact: string | null}
 *   | {type: "call_number", number: Opened | null}
 *   | {type: "call_outcome", outcome: string | null}
 *   | {type: "call_aside", contact: string}} CallAction
 */

/** What can have come of a missed call; docs/protocol.md. */
const OUTCOMES = ["reached", "not_reached", "not_safe", "no_number", "not_needed"];

/** A message can also simply have been heard. @param {CallRow} row */
export const outcomesOf = (row) => (row.message === null ? OUTCOMES : ["heard", ...OUTCOMES]);

/** @returns {Calls} */
export function noCalls() {
  return { heard: false, rows: [], aside: [], asked: null, adding: null, whom: "", ending: null, busy: null, number: null, outcome: null };
}

/**
 * @param {Calls} calls
 * @param {CallAction} action
 * @returns {Calls}
 */
export function callsChanged(calls, action) {
  switch (action.type) {
    case "call_asked": return { ...calls, asked: action.asked };
    case "call_adding": return { ...calls, adding: action.contact, ending: null, whom: "" };
    case "call_whom": return { ...calls, whom: action.whom };
    case "call_ending": return { ...calls, ending: action.contact, adding: null };
    case "call_busy": return { ...calls, busy: action.contact };
    case "call_number": return { ...calls, number: action.number };
    case "call_outcome": return { ...calls, outcome: action.outcome };
    case "call_aside": return { ...calls, aside: [...calls.aside, action.contact] };
  }
}

/**
 * The calls as they are now. A number leaves memory with the call it belongs to.
 * @param {Calls} calls
 * @param {CallRow[]} rows
 * @returns {Calls}
 */
export function callsListed(calls, rows) {
  const talking = new Set(rows.filter((row) => row.state === "talking").map((row) => row.contact));
  const mine = rows.some((row) => row.contact === calls.number?.contact && row.you === "taken");
  const still = (/** @type {string | null} */ contact) => (contact !== null && talking.has(contact) ? contact : null);
  return { ...calls, heard: true, rows, adding: still(calls.adding), ending: still(calls.ending), number: mine ? calls.number : null, outcome: mine ? calls.outcome : null };
}

/** Calls that wait for somebody, the longest waiting first. @param {Calls} calls */
export const ringing = (calls) => calls.rows.filter((row) => row.state === "ringing");

/** The calls I am on; also one in which I call somebody back. @param {Calls} calls */
export const onThePhone = (calls) => calls.rows.filter((row) => row.state === "talking" || row.returning !== null);

/** Talks that have ended and are not put away. @param {Calls} calls */
export const wrappingUp = (calls) => calls.rows.filter((row) => row.state === "over" && !calls.aside.includes(row.contact));

/** Whether the caller left something. @param {CallRow} row */
const left = (row) => row.back || row.message !== null;

/** Calls nobody answered; those with a number or a message first, then the oldest. @param {Calls} calls */
export const missed = (calls) => calls.rows.filter((row) => row.state === "missed").sort((a, b) => Number(left(b)) - Number(left(a)) || a.since - b.since);

/** @param {Calls} calls @param {string | null} contact */
export const callOf = (calls, contact) => calls.rows.find((row) => row.contact === contact) ?? null;

/**
 * A call of mine as a row of the list, so that its record can be opened.
 * @param {Calls} calls
 * @param {string | null} contact
 * @returns {import("./frames.js").Row | null}
 */
export function callRow(calls, contact) {
  const call = callOf(calls, contact);
  if (call === null || (call.state !== "talking" && call.state !== "over" && call.you !== "taken")) return null;
  const { tag, language, since } = call;
  return { contact: call.contact, tag, language, since, state: call.state === "talking" ? "active" : "ended", seq: 0, shown: 0, connected: true, turn: "theirs", danger: call.danger, door: "phone" };
}

/**
 * Talks of mine that have just begun.
 * @param {Calls} before
 * @param {Calls} after
 */
export function begun(before, after) {
  const known = new Set(before.rows.filter((row) => row.state === "talking").map((row) => row.contact));
  return after.rows.filter((row) => row.state === "talking" && !known.has(row.contact));
}
