/**
 * Everything the desk knows, and how each event changes it. Pure: no clock, no socket, no document.
 * @module
 */
import * as talks from "./talk.js";
import * as outbox from "./outbox.js";
import { isUnsaved, newRecord, recordChanged } from "./record_state.js";
import { callRow, callsChanged, callsListed, noCalls } from "./calls.js";
import { formsChanged, formsListed, isReading, noForms } from "./forms.js";

/**
 * @typedef {import("./frames.js").Row} Row
 * @typedef {import("./talk.js").Talk} Talk
 * @typedef {"contacts" | "conversation" | "record"} Pane
 * @typedef {"basics" | "indicators" | "consent" | "notes"} Tab
 * @typedef {"connecting" | "live" | "lost" | "replaced" | "signed_out" | "fault"} Line
 * @typedef {{seq: number, at: number, by: string, text: string | null}} Note
 * @typedef {{id: string, text: string, state: "saving" | "failed", why: string | null}} NewNote
 * @typedef {{phase: "loading" | "ready" | "failed", list: Note[], fresh: NewNote[]}} Notes
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
 * @typedef {import("./forms.js").FormAction | import("./calls.js").CallAction | import("./record_state.js").RecordAction
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
 *   | {type: "notes_loading", contact: string}
 *   | {type: "notes", contact: string, list: Note[]}
 *   | {type: "notes_failed", contact: string}
 *   | {type: "note_saving", contact: string, id: string, text: string}
 *   | {type: "note_saved", contact: string, id: string, seq: number, at: number, by: string}
 *   | {type: "note_failed", contact: string, id: string, why: string}
 *   | {type: "note_discarded", contact: string, id: string}
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
    case "frame": return framed(state, action.frame);
    case "line": return lineChanged(state, action.line);
    case "retrying": return { ...state, attempt: action.attempt };
    case "too_big": return { ...state, talks: Object.fromEntries(Object.entries(state.talks).map(([contact, talk]) => [contact, { ...talk, out: outbox.tooBig(talk.out) }])) };
    case "chose": return chose(state, action.contact);
    case "following": return withTalk(state, action.contact, (talk) => ({ ...talk, phase: talk.phase === "over" ? "over" : "opening" }), true);
    case "wrote": return withTalk(dropDraft(state, action.contact), action.contact, (talk) => ({ ...talk, out: outbox.written(talk.out, action.id, action.text) }));
    case "sent": return withOut(state, action.contact, (out) => outbox.sent(out, action.id));
    case "later": return withOut(state, action.contact, (out) => outbox.later(out, action.id, action.notBefore));
    case "renamed": return withOut(state, action.contact, (out) => outbox.renamed(out, action.id, action.newId));
    case "discarded": return withOut(state, action.contact, (out) => outbox.settled(out, action.id));
    case "draft": return { ...state, drafts: { ...state.drafts, [action.contact]: action.text } };
    case "note_draft": return { ...state, noteDrafts: { ...state.noteDrafts, [action.contact]: action.text } };
    case "notes_loading": return withNotes(state, action.contact, (notes) => ({ ...notes, phase: "loading" }));
    case "notes": return withNotes(state, action.contact, (notes) => ({ ...notes, phase: "ready", list: action.list }));
    case "notes_failed": return withNotes(state, action.contact, (notes) => ({ ...notes, phase: "failed" }));
    case "note_saving": return noteSaving(state, action.contact, action.id, action.text);
    case "note_saved": return noteSaved(state, action);
    case "note_failed": return withNotes(state, action.contact, (notes) => ({ ...notes, fresh: notes.fresh.map((note) => (note.id === action.id ? { ...note, state: "failed", why: action.why } : note)) }));
    case "note_discarded": return withNotes(state, action.contact, (notes) => ({ ...notes, fresh: notes.fresh.filter((note) => note.id !== action.id) }));
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
 * The rows of "mine" as they are shown: those of the list, then ended ones not yet set aside.
 * @param {State} state
 * @returns {Row[]}
 */
export function myRows(state) {
  return [...state.mine, ...state.kept];
}

/**
 * @param {State} state
 * @param {string | null} contact
 * @returns {Row | null}
 */
export function rowOf(state, contact) {
  return myRows(state).find((row) => row.contact === contact) ?? callRow(state.calls, contact) ?? finishedRow(state, contact);
}

/**
 * A contact of mine that has left the list, its record still open; or a call under way.
 * @param {State} state
 * @param {string | null} contact
 * @returns {Row | null}
 */
function finishedRow(state, contact) {
  const one = state.unfinished.find((each) => each.contact === contact);
  if (one === undefined) return null;
  return { contact: one.contact, tag: one.tag, language: one.language, since: one.since, state: one.ended_at === null ? "active" : "ended", seq: 0, shown: 0, connected: true, turn: "theirs", door: one.door };
}

/**
 * @param {State} state
 * @returns {Row[]} conversations a visitor is in with me now
 */
export function liveRows(state) {
  return state.mine.filter((row) => row.state === "active");
}

/**
 * True when I have as many conversations as I may have.
 * @param {State} state
 */
export function isFull(state) {
  return state.me !== null && liveRows(state).length >= state.me.capacity;
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
 * @param {import("./frames.js").DeskIn} frame
 * @returns {State}
 */
function framed(state, frame) {
  switch (frame.t) {
    case "welcome":
      return { ...state, line: "live", attempt: 0, me: { alias: frame.alias, role: frame.role, status: frame.status, capacity: frame.capacity }, presence: state.me === null ? frame.status : state.presence };
    case "line": return listed({ ...state, colleagues: frame.colleagues ?? [] }, frame.waiting, frame.mine);
    case "offer": {
      const offer = { contact: frame.contact, tag: frame.tag, language: frame.language, until: frame.until };
      return { ...state, offers: [...state.offers.filter((one) => one.contact !== frame.contact), offer] };
    }
    case "offer_gone": return offerGone(state, frame);
    case "entry": {
      const { seq, kind, by, at, text, code, id } = frame;
      return withTalk(state, frame.contact, (talk) => talks.placed(talk, { seq, kind, by, at, text, code, id }));
    }
    case "ack": return withTalk(state, frame.contact, (talk) => talks.acknowledged(talk, frame.id, frame.seq, frame.at));
    case "opened": return withTalk(state, frame.contact, (talk) => talks.opened(talk, frame.state, frame.seq, frame.from), true);
    case "gone": return parted(state, frame);
    case "forms": return formsCame(state, formsListed(state.forms, frame.rows, frame.count));
    case "calls": return callsCame(state, callsListed(state.calls, frame.rows));
    case "emergencies": return { ...state, emergencies: frame.count };
    case "error": return erred(state, frame);
    case "pong": return state;
    default: return unreachable(frame);
  }
}

/**
 * A conversation that is not mine any more: its words leave memory.
 * @param {State} state
 * @param {import("./frames.js").GoneFrame} frame
 * @returns {State}
 */
function parted(state, frame) {
  const tag = rowOf(state, frame.contact)?.tag;
  const rest = frame.why === "erased" ? { ...dropped(state, frame.contact), unfinished: state.unfinished.filter((one) => one.contact !== frame.contact) } : dropped(state, frame.contact);
  return tag === undefined ? rest : noticed(rest, `gone.${frame.why}`, { tag }, frame.why === "worker_gone" ? "warning" : "plain");
}

/**
 * @param {State} state
 * @param {import("./frames.js").ErrorFrame} frame
 * @returns {State}
 */
function erred(state, frame) {
  const { code, contact = null, id = null } = frame;
  if (code === "locked") return state; // the desk locks itself
  if (contact === null) return code === "blank" ? state : noticed(state, `error.${code}`, {}, "warning");
  if (code === "not_yours") return noticed(dropped(state, contact), "error.not_yours", {}, "warning");
  if (code === "already_taken") {
    const rest = { ...state, offers: state.offers.filter((offer) => offer.contact !== contact) };
    return noticed(rest, "error.already_taken", {}, "plain");
  }
  if (id !== null) {
    if (code === "blank") return withOut(state, contact, (out) => outbox.settled(out, id));
    if (code === "ended") return withTalk(state, contact, talks.over);
    if (code === "id_taken" || code === "unavailable") return state; // the desk gives a new id, or a later time
    return withOut(state, contact, (out) => outbox.refused(out, id, code));
  }
  if (code === "ended") return withTalk(state, contact, talks.over);
  if (code === "cannot_open") return noticed(withTalk(state, contact, talks.over), "error.cannot_open", {}, "warning");
  return noticed(state, `error.${code}`, {}, "warning");
}

/**
 * @param {State} state
 * @param {Row[]} line those who wait
 * @param {Row[]} all mine, with those put away
 * @returns {State}
 */
function listed(state, line, all) {
  const mine = all.filter((row) => !state.aside.includes(row.contact));
  const here = new Set(mine.map((row) => row.contact));
  const waiting = line.filter((row) => !here.has(row.contact)); // for a moment after I take one it may stand in both
  const gone = myRows(state).filter((row) => !here.has(row.contact));
  const kept = gone.filter((row) => state.talks[row.contact]?.phase === "over").map((row) => /** @type {Row} */ ({ ...row, state: "ended" }));
  let next = { ...state, heard: true, waiting, mine, kept };
  for (const row of gone) if (!kept.some((one) => one.contact === row.contact)) next = dropped(next, row.contact);
  for (const row of mine) if (row.state === "ended" && next.talks[row.contact] !== undefined) next = withTalk(next, row.contact, (talk) => (talk.phase === "over" ? talk : talks.over(talk)));
  const offers = next.offers.filter((offer) => !here.has(offer.contact));
  return offers.length === next.offers.length ? next : { ...next, offers };
}

/**
 * @param {State} state
 * @param {import("./frames.js").OfferGoneFrame} frame
 * @returns {State}
 */
function offerGone(state, frame) {
  const offer = state.offers.find((one) => one.contact === frame.contact);
  if (offer === undefined) return state;
  const rest = { ...state, offers: state.offers.filter((one) => one !== offer) };
  const away = frame.why === "missed" ? { ...rest, presence: /** @type {const} */ ("break") } : rest;
  return noticed(away, `offer.${frame.why}`, { tag: offer.tag }, frame.why === "missed" ? "warning" : "plain");
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
 * @param {State} state
 * @param {import("./forms.js").Forms} forms
 * @returns {State}
 */
function formsCame(state, forms) {
  const lost = forms.reading === null ? (state.forms.reading?.contact ?? null) : null;
  const next = readingChanged(state, forms);
  return lost === null ? next : noticed({ ...next, noteDrafts: without(next.noteDrafts, lost) }, "forms.gone", {}, "warning");
}

/**
 * A call that is not mine any more leaves the screen; unless its record is still open, and it stands on that list.
 * @param {State} state
 * @param {import("./calls.js").Calls} calls
 * @returns {State}
 */
function callsCame(state, calls) {
  const next = { ...state, calls };
  const { current } = state;
  const gone = current !== null && callRow(state.calls, current) !== null && rowOf(next, current) === null;
  return gone ? dropped(next, current) : next;
}

/**
 * What was read of a message leaves memory with it; the draft of a note stays.
 * @param {State} state
 * @param {import("./forms.js").Forms} forms
 * @returns {State}
 */
function readingChanged(state, forms) {
  const gone = forms.reading === null ? (state.forms.reading?.contact ?? null) : null;
  if (gone === null) return { ...state, forms };
  return { ...state, forms, notes: without(state.notes, gone), records: forgotten(state.records, gone), pane: state.current === null ? "contacts" : state.pane };
}

/**
 * Everything about one contact leaves memory.
 * @param {State} state
 * @param {string} contact
 * @returns {State}
 */
function dropped(state, contact) {
  const current = state.current === contact ? null : state.current;
  return {
    ...state,
    mine: state.mine.filter((row) => row.contact !== contact),
    kept: state.kept.filter((row) => row.contact !== contact),
    offers: state.offers.filter((offer) => offer.contact !== contact),
    talks: without(state.talks, contact),
    notes: without(state.notes, contact),
    records: forgotten(state.records, contact),
    drafts: without(state.drafts, contact),
    noteDrafts: without(state.noteDrafts, contact),
    current,
    pane: current === null && state.current !== null ? "contacts" : state.pane,
    question: state.question !== null && "contact" in state.question && state.question.contact === contact ? null : state.question,
  };
}

/**
 * @param {State} state
 * @param {string} contact
 * @param {(talk: Talk) => Talk} change
 * @param {boolean} [make] make the conversation when it is not known yet
 * @returns {State}
 */
function withTalk(state, contact, change, make = false) {
  const talk = state.talks[contact] ?? (make ? talks.newTalk(contact) : undefined);
  if (talk === undefined) return state;
  const next = change(talk);
  return next === talk && !make ? state : { ...state, talks: { ...state.talks, [contact]: next } };
}

/**
 * @param {State} state
 * @param {string} contact
 * @param {(out: import("./outbox.js").OutItem[]) => import("./outbox.js").OutItem[]} change
 * @returns {State}
 */
function withOut(state, contact, change) {
  return withTalk(state, contact, (talk) => ({ ...talk, out: change(talk.out) }));
}

/**
 * @param {State} state
 * @param {string} contact
 * @param {(notes: Notes) => Notes} change
 * @returns {State}
 */
function withNotes(state, contact, change) {
  if (rowOf(state, contact) === null && !isReading(state.forms, contact)) return state;
  /** @type {Notes} */
  const none = { phase: "loading", list: [], fresh: [] };
  return { ...state, notes: { ...state.notes, [contact]: change(state.notes[contact] ?? none) } };
}

/**
 * @param {State} state
 * @param {string} contact
 * @param {string} id
 * @param {string} text
 * @returns {State}
 */
function noteSaving(state, contact, id, text) {
  const next = { ...state, noteDrafts: without(state.noteDrafts, contact) };
  return withNotes(next, contact, (notes) => {
    const again = notes.fresh.some((note) => note.id === id);
    /** @type {NewNote} */
    const saving = { id, text, state: "saving", why: null };
    return { ...notes, fresh: again ? notes.fresh.map((note) => (note.id === id ? saving : note)) : [...notes.fresh, saving] };
  });
}

/**
 * @param {State} state
 * @param {{contact: string, id: string, seq: number, at: number, by: string}} saved
 * @returns {State}
 */
function noteSaved(state, { contact, id, seq, at, by }) {
  return withNotes(state, contact, (notes) => {
    const fresh = notes.fresh.find((note) => note.id === id);
    if (fresh === undefined) return notes;
    const rest = { ...notes, fresh: notes.fresh.filter((note) => note !== fresh) };
    if (notes.list.some((note) => note.seq === seq)) return rest;
    return { ...rest, list: [...notes.list, { seq, at, by, text: fresh.text }].sort((a, b) => a.seq - b.seq) };
  });
}

/**
 * @param {State} state
 * @param {string} key
 * @param {Record<string, string>} values
 * @param {"plain" | "warning"} tone
 * @returns {State}
 */
function noticed(state, key, values, tone) {
  const notice = { id: state.nextNotice, key, values, tone };
  return { ...state, notices: [...state.notices.slice(-2), notice], nextNotice: state.nextNotice + 1 };
}

/**
 * @param {State} state
 * @param {string} contact
 * @returns {State}
 */
function dropDraft(state, contact) {
  return { ...state, drafts: without(state.drafts, contact) };
}

/**
 * A record leaves memory with its contact, unless something of it is not saved.
 * @param {State["records"]} records
 * @param {string} contact
 */
function forgotten(records, contact) {
  const record = records[contact];
  return record === undefined || isUnsaved(record) ? records : without(records, contact);
}

/**
 * @template T
 * @param {Record<string, T>} from
 * @param {string} key
 * @returns {Record<string, T>}
 */
function without(from, key) {
  return Object.fromEntries(Object.entries(from).filter(([name]) => name !== key));
}

/**
 * @param {never} value
 * @returns {never}
 */
function unreachable(value) {
  throw new TypeError(`not handled: ${JSON.stringify(value)}`);
}
