/**
 * Everything the desk knows, and how each event changes it. Pure: no clock, no socket, no document.
 * @module
 */
import * as talks from "./talk.js";
import * as outbox from "./outbox.js";
import { isUnsaved, newRecord, recordChanged } from "./record_state.js";
import { callsChanged, noCalls } from "./calls.js";
import { formsChanged, isReading, noForms } from "./forms.js";
import { heard } from "./heard.js";
import { noticed, dropped, readingChanged, withOut, withTalk, without } from "./memory.js";
import { newNotes, notesChanged } from "./notes.js";
import { rowOf } from "./rows.js";
import { unreachable } from "./unreachable.js";

/**
 * @typedef {import("./frames.js").Row} Row
 * @typedef {import("./talk.js").Talk} Talk
 * @typedef {"contacts" | "conversation" | "record"} Pane
 * @typedef {"basics" | "indicators" | "consent" | "notes"} Tab
 * @typedef {"connecting" | "live" | "lost" | "replaced" | "signed_out" | "fault"} Line
 * @typedef {import("./notes.js").Notes} Notes
 * @typedef {{id: number, key: string, values: Record<string, string>, tone: "plain" | "warning"}} Notice
 * @typedef {{what: "end", contact: string} | {what: "hand_over", contact: string, to: string} | {what: "sign_out"} | {what: "lock"}} Question
 * @typedef {{
 *   line: Line, heard: boolean, attempt: number, me: import("./frames.js").Me | null,
 *   presence: import("./frames.js").Presence,
 *   colleagues: import("./frames.js").Colleague[],
 *   waiting: Row[], mine: Row[], kept: Row[], aside: string[], offers: import("./frames.js").Offer[],
 *   current: string | null, talks: Record<string, Talk>, notes: Record<string, Notes>,
 *   drafts: Record<string, string>, noteDrafts: Record<string, string>,
 *   pane: Pane, tab: Tab, narrow: boolean, locked: "no" | "locking" | "yes", unlock: "idle" | "checking" | "wrong" | "failed",
 *   question: Question | null, sheet: "palette" | "keys" | null, search: string, picked: number,
 *   notices: Notice[], nextNotice: number, emergencies: number, forms: import("./forms.js").Forms, calls: import("./calls.js").Calls,
 *   records: Record<string, import("./record_state.js").Recorded>, codes: import("./record_desk.js").Lists | null,
 *   unfinished: import("./record_state.js").Unfinished[]
 * }} State
 *   `heard`: a list has arrived at least once; `kept`: ended conversations still on screen though no longer in the
 *   list; `aside`: ended ones the person has put away; `drafts` live in memory only
 *
 * @typedef {import("./forms.js").FormAction | import("./calls.js").CallAction | import("./record_state.js").RecordAction | import("./notes.js").NoteAction
 *   | {type: "codes", codes: import("./record_desk.js").Lists | null}
 *   | {type: "tab_drawn"}
 *   | {type: "record_gone", contact: string}
 *   | {type: "unfinished", list: import("./record_state.js").Unfinished[]}
 *   | {type: "frame", frame: import("./frames.js").DeskIn}
 *   | {type: "line", line: Line}
 *   | {type: "retrying", attempt: number}
 *   | {type: "too_big"}
 *   | {type: "chose", contact: string | null}
 *   | {type: "following", contact: string}
 *   | {type: "wrote", contact: string, id: string, text: string}
 *   | {type: "sent", contact: string, id: string}
 *   | {type: "later", contact: string, id: string, notBefore: number}
 *   | {type: "renamed", contact: string, id: string, newId: string}
 *   | {type: "discarded", contact: string, id: string}
 *   | {type: "draft", contact: string, text: string}
 *   | {type: "note_draft", contact: string, text: string}
 *   | {type: "seen", contact: string, seq: number}
 *   | {type: "presence", presence: import("./frames.js").Presence}
 *   | {type: "answered", contact: string}
 *   | {type: "set_aside", contact: string}
 *   | {type: "pane", pane: Pane}
 *   | {type: "tab", tab: Tab}
 *   | {type: "narrow", narrow: boolean}
 *   | {type: "ask", question: Question | null}
 *   | {type: "sheet", sheet: "palette" | "keys" | null}
 *   | {type: "search", search: string}
 *   | {type: "pick", picked: number}
 *   | {type: "locked", locked: "no" | "locking" | "yes"}
 *   | {type: "unlock", unlock: "idle" | "checking" | "wrong" | "failed"}
 *   | {type: "forget"}
 *   | {type: "notice", key: string, values?: Record<string, string>, tone?: "plain" | "warning"}
 *   | {type: "dismissed", id: number}} Action
 */

/** @returns {State} */
export function firstState() {
  return {
    line: "connecting", heard: false, attempt: 0, me: null, presence: "break",
    colleagues: [], waiting: [], mine: [], kept: [], aside: [], offers: [],
    current: null, talks: {}, notes: {}, drafts: {}, noteDrafts: {},
    pane: "contacts", tab: "basics", narrow: false, locked: "no", unlock: "idle",
    question: null, sheet: null, search: "", picked: 0, notices: [], nextNotice: 1, emergencies: 0, forms: noForms(), calls: noCalls(),
    records: {}, codes: null, unfinished: [],
  };
}

/**
 * @param {State} state
 * @param {Action} action
 * @returns {State}
 */
export function changed(state, action) {
  switch (action.type) {
    case "frame": return heard(state, action.frame);
    case "line": return lineChanged(state, action.line);
    case "retrying": return { ...state, attempt: action.attempt };
    case "too_big": return { ...state, talks: Object.fromEntries(Object.entries(state.talks).map(([contact, talk]) => [contact, { ...talk, out: outbox.tooBig(talk.out) }])) };
    case "chose": return chose(state, action.contact);
    case "following": return withTalk(state, action.contact, (talk) => ({ ...talk, phase: talk.phase === "over" ? "over" : "opening" }), true);
    case "wrote": return withTalk({ ...state, drafts: without(state.drafts, action.contact) }, action.contact, (talk) => ({ ...talk, out: outbox.written(talk.out, action.id, action.text) }));
    case "sent": return withOut(state, action.contact, (out) => outbox.sent(out, action.id));
    case "later": return withOut(state, action.contact, (out) => outbox.later(out, action.id, action.notBefore));
    case "renamed": return withOut(state, action.contact, (out) => outbox.renamed(out, action.id, action.newId));
    case "discarded": return withOut(state, action.contact, (out) => outbox.settled(out, action.id));
    case "draft": return { ...state, drafts: { ...state.drafts, [action.contact]: action.text } };
    case "note_draft": return { ...state, noteDrafts: { ...state.noteDrafts, [action.contact]: action.text } };
    case "notes_loading": case "notes": case "notes_failed": case "note_saving": case "note_saved": case "note_failed": case "note_discarded":
      return noted(state, action);
    case "seen": return withTalk(state, action.contact, (talk) => ({ ...talk, seen: action.seq }));
    case "presence": return { ...state, presence: action.presence };
    case "answered": return { ...state, offers: state.offers.filter((offer) => offer.contact !== action.contact) };
    case "set_aside": return dropped({ ...state, aside: [...state.aside, action.contact] }, action.contact);
    case "pane": return { ...state, pane: action.pane };
    case "tab": return { ...state, tab: action.tab };
    case "narrow": return { ...state, narrow: action.narrow };
    case "ask": return { ...state, question: action.question };
    case "sheet": return { ...state, sheet: action.sheet, search: "", picked: 0 };
    case "search": return { ...state, search: action.search, picked: 0 };
    case "pick": return { ...state, picked: action.picked };
    case "locked": return { ...state, locked: action.locked, unlock: "idle", question: null, sheet: null };
    case "unlock": return { ...state, unlock: action.unlock };
    case "codes": return { ...state, codes: action.codes };
    case "tab_drawn": return { ...state };
    case "record_gone": return noticed({ ...state, records: without(state.records, action.contact) }, "error.not_yours", {}, "warning");
    case "unfinished": return { ...state, unfinished: action.list };
    case "record_loading": case "record_loaded": case "record_load_failed": case "record_chose": case "record_finished": case "record_saving":
    case "record_saved": case "record_failed": case "record_conflict": case "record_settled":
      return { ...state, records: { ...state.records, [action.contact]: recordChanged(state.records[action.contact] ?? newRecord(), action) } };
    case "forget": return { ...state, records: {}, unfinished: [], kept: [], current: null, talks: {}, notes: {}, drafts: {}, noteDrafts: {}, notices: [], pane: "contacts", forms: { ...state.forms, reading: null }, calls: { ...state.calls, number: null } };
    case "notice": return noticed(state, action.key, action.values ?? {}, action.tone ?? "plain");
    case "form_opening": return { ...state, current: null, pane: "conversation", forms: formsChanged(state.forms, action) };
    case "form_opened": case "form_busy": case "form_failed": case "form_outcome": case "form_closed": return readingChanged(state, formsChanged(state.forms, action));
    case "call_asked": case "call_adding": case "call_whom": case "call_ending": case "call_busy": case "call_number": case "call_outcome": case "call_aside":
      return { ...state, calls: callsChanged(state.calls, action) };
    case "dismissed": return { ...state, notices: state.notices.filter((notice) => notice.id !== action.id) };
    default: return unreachable(action);
  }
}

/**
 * True when closing this page would lose something the person wrote.
 * @param {State} state
 */
export function hasUnsaved(state) {
  const filled = (/** @type {Record<string, string>} */ drafts) => Object.values(drafts).some((text) => text.trim() !== "");
  return filled(state.drafts) || filled(state.noteDrafts)
    || Object.values(state.talks).some((talk) => talk.out.length > 0)
    || Object.values(state.notes).some((notes) => notes.fresh.length > 0)
    || Object.values(state.records).some(isUnsaved);
}

/**
 * @param {State} state
 * @param {Line} line
 * @returns {State}
 */
function lineChanged(state, line) {
  if (line === "live" || line === "connecting") return { ...state, line };
  const broken = Object.fromEntries(Object.entries(state.talks).map(([contact, talk]) => [contact, talks.lineBroke(talk)]));
  return { ...state, line, talks: broken, offers: [] };
}

/**
 * @param {State} state
 * @param {string | null} contact
 * @returns {State}
 */
function chose(state, contact) {
  const question = state.question !== null && "contact" in state.question && state.question.contact !== contact ? null : state.question;
  return { ...state, current: contact, question, pane: contact === null ? "contacts" : "conversation", forms: { ...state.forms, reading: null } };
}

/**
 * Notes of a contact that is neither on a list nor read are not kept; saving one takes its draft away.
 * @param {State} state
 * @param {import("./notes.js").NoteAction} action
 * @returns {State}
 */
function noted(state, action) {
  const { contact } = action;
  const next = action.type === "note_saving" ? { ...state, noteDrafts: without(state.noteDrafts, contact) } : state;
  if (rowOf(next, contact) === null && !isReading(next.forms, contact)) return next;
  return { ...next, notes: { ...next.notes, [contact]: notesChanged(next.notes[contact] ?? newNotes(), action) } };
}
