/**
 * What stands on the lists, asked of the state. Pure.
 * @module
 */
import { callRow } from "./calls.js";

/**
 * @typedef {import("./frames.js").Row} Row
 * @typedef {import("./state.js").State} State
 */

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
