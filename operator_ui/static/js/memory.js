/**
 * What the desk holds of each contact: how it is changed, and how all of it leaves memory. Pure.
 * @module
 */
import * as talks from "./talk.js";
import { isUnsaved } from "./record_state.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./talk.js").Talk} Talk
 */

/**
 * @param {State} state
 * @param {string} contact
 * @param {(talk: Talk) => Talk} change
 * @param {boolean} [make] make the conversation when it is not known yet
 * @returns {State}
 */
export function withTalk(state, contact, change, make = false) {
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
export function withOut(state, contact, change) {
  return withTalk(state, contact, (talk) => ({ ...talk, out: change(talk.out) }));
}

/**
 * Everything about one contact leaves memory.
 * @param {State} state
 * @param {string} contact
 * @returns {State}
 */
export function dropped(state, contact) {
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
 * What was read of a message leaves memory with it; the draft of a note stays.
 * @param {State} state
 * @param {import("./forms.js").Forms} forms
 * @returns {State}
 */
export function readingChanged(state, forms) {
  const gone = forms.reading === null ? (state.forms.reading?.contact ?? null) : null;
  if (gone === null) return { ...state, forms };
  return { ...state, forms, notes: without(state.notes, gone), records: forgotten(state.records, gone), pane: state.current === null ? "contacts" : state.pane };
}

/**
 * @param {State} state
 * @param {string} key
 * @param {Record<string, string>} values
 * @param {"plain" | "warning"} tone
 * @returns {State}
 */
export function noticed(state, key, values, tone) {
  const notice = { id: state.nextNotice, key, values, tone };
  return { ...state, notices: [...state.notices.slice(-2), notice], nextNotice: state.nextNotice + 1 };
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
export function without(from, key) {
  return Object.fromEntries(Object.entries(from).filter(([name]) => name !== key));
}
