/**
 * What each frame of the server changes. Pure.
 * @module
 */
import * as outbox from "./outbox.js";
import * as talks from "./talk.js";
import { callRow, callsListed } from "./calls.js";
import { formsListed } from "./forms.js";
import { dropped, noticed, readingChanged, withOut, withTalk, without } from "./memory.js";
import { myRows, rowOf } from "./rows.js";
import { unreachable } from "./unreachable.js";

/**
 * @typedef {import("./frames.js").Row} Row
 * @typedef {import("./state.js").State} State
 */

/**
 * @param {State} state
 * @param {import("./frames.js").DeskIn} frame
 * @returns {State}
 */
export function heard(state, frame) {
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
