/**
 * One conversation as this page knows it: numbered entries, what is not acknowledged yet, and how far it goes without
 * a gap. Pure.
 * @module
 */
import * as outbox from "./outbox.js";

/**
 * @typedef {import("./frames.js").Entry} Entry
 * @typedef {{contact: string, phase: "opening" | "open" | "over", entries: Entry[], after: number, seq: number,
 *   seen: number, old: number, from: number, out: import("./outbox.js").OutItem[]}} Talk
 *   `from`: what is numbered lower is not for me, as long as the visitor does not allow it;
 *   `seen`: told to the server as shown; `old`: what had been said before this page first opened it; `after`: everything up to this number is here; `seq`: the newest number heard of
 */

const OVER = new Set(["ended_by_visitor", "ended_by_worker", "left_quickly", "ended_silent", "ended_unserved"]);

/**
 * @param {string} contact
 * @returns {Talk}
 */
export function newTalk(contact) {
  return { contact, phase: "opening", entries: [], after: 0, seq: 0, seen: 0, old: 0, from: 1, out: [] };
}

/**
 * Puts an entry in its place. A repeat changes nothing; an entry of ours settles the message it carries.
 * @param {Talk} talk
 * @param {Entry} entry
 * @returns {Talk}
 */
export function placed(talk, entry) {
  const out = entry.id !== null && entry.by === "worker" ? outbox.settled(talk.out, entry.id) : talk.out;
  if (talk.entries.some((known) => known.seq === entry.seq)) return out === talk.out ? talk : { ...talk, out };
  const entries = [...talk.entries, entry].sort((a, b) => a.seq - b.seq);
  const next = { ...talk, entries, out, after: reach(entries, talk.after), seq: Math.max(talk.seq, entry.seq) };
  return entry.code !== null && OVER.has(entry.code) ? over(next) : next;
}

/**
 * An acknowledged message takes the place its number gives it; the server does not send the text back.
 * @param {Talk} talk
 * @param {string} id
 * @param {number} seq
 * @param {number} at seconds since 1970
 * @returns {Talk}
 */
export function acknowledged(talk, id, seq, at) {
  const item = talk.out.find((one) => one.id === id);
  if (item === undefined) return talk;
  return placed(talk, { seq, kind: "message", by: "worker", at, text: item.text, code: null, id });
}

/**
 * @param {Talk} talk
 * @param {import("./frames.js").ContactState} state
 * @param {number} seq
 * @param {number} [from] the first number I may read
 * @returns {Talk}
 */
export function opened(talk, state, seq, from = 1) {
  const old = talk.entries.length === 0 && talk.old === 0 ? seq : talk.old;
  const after = from === talk.from ? talk.after : reach(talk.entries, from - 1);
  const next = { ...talk, old, from, after, seq: Math.max(talk.seq, seq) };
  return state === "ended" ? over(next) : { ...next, phase: "open" };
}

/**
 * @param {Talk} talk
 * @returns {Talk}
 */
export function lineBroke(talk) {
  return { ...talk, phase: talk.phase === "over" ? "over" : "opening", out: outbox.lineBroke(talk.out) };
}

/**
 * @param {Talk} talk
 * @returns {Talk}
 */
export function over(talk) {
  return { ...talk, phase: "over", out: outbox.allRefused(talk.out) };
}

/**
 * True while a number is known of that has not arrived.
 * @param {Talk} talk
 */
export function hasGap(talk) {
  return talk.after < talk.seq;
}

/**
 * How it ended, if it did: the code of its last line.
 * @param {Talk} talk
 * @returns {string | null}
 */
export function endCode(talk) {
  return last(talk.entries, (entry) => entry.code !== null && OVER.has(entry.code))?.code ?? null;
}

/**
 * When the visitor last wrote, in seconds; null when never.
 * @param {Talk} talk
 */
export function visitorWroteAt(talk) {
  return last(talk.entries, (entry) => entry.by === "visitor" && entry.kind === "message")?.at ?? null;
}

/**
 * Whether the visitor waits for me. What is known here is newer than the list, which follows some moments later.
 * @param {import("./frames.js").Row} row
 * @param {Talk | undefined} talk
 */
export function isMyTurn(row, talk) {
  if (row.state !== "active" || talk?.phase === "over") return false;
  const said = talk === undefined || talk.seq < row.seq ? undefined : last(talk.entries, (entry) => entry.kind !== "line");
  return said === undefined ? row.turn === "yours" : said.by === "visitor";
}

/**
 * @param {Entry[]} entries sorted
 * @param {number} after
 */
function reach(entries, after) {
  let end = after;
  for (const entry of entries) if (entry.seq === end + 1) end = entry.seq;
  return end;
}

/**
 * @param {Entry[]} entries
 * @param {(entry: Entry) => boolean} test
 * @returns {Entry | undefined}
 */
function last(entries, test) {
  return [...entries].reverse().find(test);
}
