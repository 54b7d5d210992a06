/**
 * What travels on the desk socket (docs/protocol.md, "Desk"). Types, and the one check every incoming frame passes.
 * @module
 */

/**
 * @typedef {"waiting" | "offered" | "active" | "ended"} ContactState
 * @typedef {"available" | "break"} Presence
 * @typedef {{contact: string, tag: string, language: string, since: number, state: ContactState, seq: number,
 *   shown: number, connected: boolean, turn: "yours" | "theirs", danger?: boolean, earlier?: boolean,
 *   asked?: Question | null, until?: number | null, door?: string}} Row
 *   `earlier`: a colleague talked with them before; `asked`: what the visitor is asked; `until`: end of the time after closing;
 *   `door`: only of contacts that are no conversation of the list
 * @typedef {"hand_over" | "read"} Question
 * @typedef {{staff: string, alias: string, languages: string[]}} Colleague
 * @typedef {{contact: string, tag: string, language: string, until: number}} Offer
 * @typedef {{seq: number, kind: "message" | "line" | "card" | "answer", by: "visitor" | "worker" | "house", at: number,
 *   text: string | null, code: string | null, id: string | null}} Entry
 * @typedef {{alias: string, role: string, status: Presence, capacity: number}} Me
 *
 * @typedef {{t: "welcome"} & Me} WelcomeFrame
 * @typedef {{t: "line", waiting: Row[], mine: Row[], colleagues?: Colleague[]}} LineFrame
 * @typedef {{t: "offer"} & Offer} OfferFrame
 * @typedef {{t: "offer_gone", contact: string, why: "taken" | "missed" | "left"}} OfferGoneFrame
 * @typedef {{t: "entry", contact: string} & Entry} EntryFrame
 * @typedef {{t: "ack", contact: string, id: string, seq: number, at: number}} AckFrame
 * @typedef {{t: "opened", contact: string, state: ContactState, seq: number, from?: number}} OpenedFrame
 * @typedef {{t: "gone", contact: string, why: "handed_over" | "worker_gone" | "erased"}} GoneFrame
 * @typedef {{t: "error", code: string, contact?: string | null, id?: string | null}} ErrorFrame
 * @typedef {{t: "emergencies", count: number}} EmergenciesFrame
 * @typedef {{contact: string, tag: string, language: string, since: number, urgency: "urgent" | "ordinary",
 *   answer: "wanted" | "unwanted" | "unsaid", state: "waiting" | "mine" | "taken" | "left", by: string | null, proposal?: boolean}} FormRow
 * @typedef {{t: "forms", rows: FormRow[], count: number}} FormsFrame
 * @typedef {{kind: "lead" | "interpreter", name: string, state: "rings" | "joined" | "gone"}} Party
 * @typedef {{contact: string, tag: string, language: string, since: number, state: "ringing" | "talking" | "over" | "missed",
 *   danger: boolean, you: "rings" | "press" | "taken" | null, at: number | null, by: string | null, back: boolean,
 *   when: string | null, named: boolean, returning: "rings" | "press" | "calling" | "talking" | null, message: "coming" | "here" | "lost" | null, parties: Party[]}} CallRow
 * @typedef {{t: "calls", rows: CallRow[]}} CallsFrame
 * @typedef {{t: "pong"}} PongFrame
 * @typedef {WelcomeFrame | LineFrame | OfferFrame | OfferGoneFrame | EntryFrame | AckFrame | OpenedFrame
 *   | GoneFrame | FormsFrame | CallsFrame | ErrorFrame | EmergenciesFrame | PongFrame} DeskIn
 *
 * @typedef {{t: "hello", open: {contact: string, after: number}[]}
 *   | {t: "presence", status: Presence}
 *   | {t: "accept", contact: string}
 *   | {t: "decline", contact: string}
 *   | {t: "open", contact: string, after: number}
 *   | {t: "shut", contact: string}
 *   | {t: "say", contact: string, id: string, text: string}
 *   | {t: "writing", contact: string}
 *   | {t: "shown", contact: string, seq: number}
 *   | {t: "ask", contact: string, question: Question, to: string | null}
 *   | {t: "danger", contact: string, on: boolean}
 *   | {t: "extend", contact: string}
 *   | {t: "end", contact: string}
 *   | {t: "ping"}} DeskOut
 */

const KNOWN = new Set(["welcome", "line", "offer", "offer_gone", "entry", "ack", "opened", "gone", "forms", "calls", "emergencies", "error", "pong"]);

/** The longest message or note, in Unicode code points (docs/protocol.md). */
export const LONGEST_TEXT = 2000;

/**
 * Reads one incoming frame; null for anything this page does not know, so that a newer server cannot break it.
 * @param {unknown} data
 * @returns {DeskIn | null}
 */
export function readFrame(data) {
  if (typeof data !== "string") return null;
  /** @type {unknown} */
  let frame;
  try {
    frame = JSON.parse(data);
  } catch {
    return null;
  }
  if (typeof frame !== "object" || frame === null || !("t" in frame)) return null;
  return typeof frame.t === "string" && KNOWN.has(frame.t) ? /** @type {DeskIn} */ (frame) : null;
}

/**
 * The length the server counts: Unicode code points, not UTF-16 units.
 * @param {string} text
 */
export function lengthOf(text) {
  return [...text].length;
}
