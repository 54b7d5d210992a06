/**
 * What a person at the desk can do, and what follows from what the server says. Everything outside comes in as a port.
 * @module
 */
import { LONGEST_TEXT, lengthOf } from "./frames.js";
import { hasGap, isMyTurn } from "./talk.js";
import { nextToSend } from "./outbox.js";
import { liveRows, myRows, rowOf } from "./rows.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Action} Action
 * @typedef {{signOut: () => void, signIn: () => void}} Doors
 * @typedef {{
 *   store: import("./store.js").Store<State, Action>,
 *   line: {send: (frame: import("./frames.js").DeskOut) => boolean},
 *   server: Doors, loadNotes: (contact: string) => void, now: () => number, newId: () => string}} DeskPorts `now`: steady milliseconds
 */

const WRITING_EVERY = 3_000;
const GAP_PATIENCE = 3_000;
const TRY_AGAIN = 2_000;

export class Desk {
  /** @type {DeskPorts} */ #ports;
  /** @type {Map<string, number>} when `writing` was last sent */ #writing = new Map();
  /** @type {Map<string, number>} highest number told as shown */ #shown = new Map();
  /** @type {Set<string>} contacts I took and do not have yet */ #taking = new Set();
  /** @type {Map<string, number>} when a missing number was first noticed */ #gaps = new Map();

  /** @param {DeskPorts} ports */
  constructor(ports) {
    this.#ports = ports;
  }

  get state() {
    return this.#ports.store.state;
  }

  // What the server says

  /** @returns {import("./frames.js").DeskOut} the conversations on screen before the line broke; a locked desk gets none */
  greeting() {
    this.#shown.clear();
    const open = this.state.locked !== "no" ? [] : Object.values(this.state.talks).filter((talk) => talk.phase !== "over" || hasGap(talk));
    return { t: "hello", open: open.map(({ contact, after }) => ({ contact, after })) };
  }

  /** @param {import("./connection.js").LineState} line @param {import("./connection.js").Why} why */
  lineBecame(line, { attempt, drop }) {
    this.#change({ type: "retrying", attempt });
    if (drop) this.#change({ type: "too_big" });
    if (line === "closed") this.#change({ type: "line", line: "lost" });
    else if (line !== "live") this.#change({ type: "line", line });
    if (line === "signed_out") this.#ports.server.signIn();
  }

  /** @param {import("./frames.js").DeskIn} frame */
  received(frame) {
    const before = this.state;
    this.#change({ type: "frame", frame });
    if (frame.t === "welcome" && before.me !== null && frame.status !== before.presence) this.#send({ t: "presence", status: before.presence });
    if (frame.t === "line") this.#followNew();
    if (frame.t === "offer_gone" && frame.why === "missed") this.#send({ t: "presence", status: "break" });
    if (frame.t === "error") this.#erred(frame);
    if (frame.t === "opened" || frame.t === "ack" || frame.t === "entry" || frame.t === "error") this.#flush(frame.contact ?? null);
  }

  /** Every few seconds: send what waited, ask again for what is missing. */
  tick() {
    const now = this.#ports.now();
    for (const talk of Object.values(this.state.talks)) {
      this.#flush(talk.contact);
      const missing = this.state.locked === "no" && talk.phase === "open" && hasGap(talk);
      if (!missing) this.#gaps.delete(talk.contact);
      else if (!this.#gaps.has(talk.contact)) this.#gaps.set(talk.contact, now);
      else if (now - (this.#gaps.get(talk.contact) ?? now) >= GAP_PATIENCE) {
        this.#gaps.set(talk.contact, now);
        this.#send({ t: "open", contact: talk.contact, after: talk.after });
      }
    }
  }

  // What the person does

  /** @param {import("./frames.js").Presence} status */
  setPresence(status) {
    this.#change({ type: "presence", presence: status });
    this.#send({ t: "presence", status });
  }

  /** @param {string} contact */
  accept(contact) {
    if (!this.#send({ t: "accept", contact })) return this.#change({ type: "notice", key: "error.no_line", tone: "warning" });
    this.#taking.add(contact);
    this.#change({ type: "answered", contact });
  }

  /** @param {string} contact */
  decline(contact) {
    if (this.#send({ t: "decline", contact })) this.#change({ type: "answered", contact });
  }

  /** @param {string} contact */
  choose(contact) {
    const row = rowOf(this.state, contact);
    if (row === null) return;
    if (this.state.talks[contact] === undefined && (row.door ?? "chat") === "chat") this.#follow(contact);
    this.#change({ type: "chose", contact });
    const notes = this.state.notes[contact];
    if (notes === undefined || notes.phase === "failed") this.#ports.loadNotes(contact);
  }

  /** @param {1 | -1} step @param {boolean} onlyMyTurn */
  step(step, onlyMyTurn) {
    const rows = myRows(this.state).filter((row) => !onlyMyTurn || isMyTurn(row, this.state.talks[row.contact]));
    if (rows.length === 0) return;
    const at = rows.findIndex((row) => row.contact === this.state.current);
    const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : (at + step + rows.length) % rows.length];
    if (next !== undefined) this.choose(next.contact);
  }

  /** @param {string} contact @param {string} text */
  draft(contact, text) {
    this.#change({ type: "draft", contact, text });
    const now = this.#ports.now();
    if (text.trim() === "" || now - (this.#writing.get(contact) ?? -Infinity) < WRITING_EVERY) return;
    if (this.state.talks[contact]?.phase === "open" && this.#send({ t: "writing", contact })) this.#writing.set(contact, now);
  }

  /**
   * @param {string} contact
   * @returns {boolean} false when there is nothing to send, or too much
   */
  say(contact) {
    const text = this.state.drafts[contact] ?? "";
    const talk = this.state.talks[contact];
    if (text.trim() === "" || lengthOf(text) > LONGEST_TEXT || talk === undefined || talk.phase === "over") return false;
    this.#writing.delete(contact);
    this.#change({ type: "wrote", contact, id: this.#ports.newId(), text });
    this.#flush(contact);
    return true;
  }

  /** A message that was refused goes back into the writing box. @param {string} contact @param {string} id */
  takeBack(contact, id) {
    const item = this.state.talks[contact]?.out.find((one) => one.id === id);
    if (item === undefined) return;
    const draft = this.state.drafts[contact] ?? "";
    this.#change({ type: "draft", contact, text: draft.trim() === "" ? item.text : `${item.text}\n${draft}` });
    this.#change({ type: "discarded", contact, id });
  }

  /** @param {string} contact @param {string} id */
  discard(contact, id) {
    this.#change({ type: "discarded", contact, id });
  }

  /** The conversation stands on the screen up to here, and somebody can see it. @param {string} contact */
  seen(contact) {
    const talk = this.state.talks[contact];
    if (talk === undefined || talk.phase !== "open" || talk.after <= (this.#shown.get(contact) ?? 0)) return;
    if (!this.#send({ t: "shown", contact, seq: talk.after })) return;
    this.#shown.set(contact, talk.after);
    this.#change({ type: "seen", contact, seq: talk.after });
  }

  /** First step: ask. @param {string} contact */
  askEnd(contact) {
    if (this.state.talks[contact]?.phase !== "over") this.#change({ type: "ask", question: { what: "end", contact } });
  }

  /** First step of handing over: whom to? `to` empty: whoever is free first. @param {string} contact @param {string} to */
  askHandOver(contact, to) {
    if (this.state.talks[contact]?.phase !== "over") this.#change({ type: "ask", question: { what: "hand_over", contact, to } });
  }

  /** May I read what was written before I came? @param {string} contact */
  askToRead(contact) {
    this.#tell({ t: "ask", contact, question: "read", to: null });
  }

  /** @param {string} contact @param {boolean} on */
  flag(contact, on) {
    this.#tell({ t: "danger", contact, on });
  }

  /** Half an hour more after closing. @param {string} contact */
  extend(contact) {
    this.#tell({ t: "extend", contact });
  }

  /** Second step. */
  confirm() {
    const question = this.state.question;
    this.#change({ type: "ask", question: null });
    if (question?.what === "end") this.#tell({ t: "end", contact: question.contact });
    if (question?.what === "hand_over") this.#tell({ t: "ask", contact: question.contact, question: "hand_over", to: question.to || null });
    if (question?.what === "sign_out") this.#ports.server.signOut();
  }

  /** An ended conversation leaves the list and this page's memory. @param {string} contact */
  setAside(contact) {
    this.#send({ t: "shut", contact });
    this.#change({ type: "set_aside", contact });
  }

  // Going away

  askSignOut() {
    if (liveRows(this.state).length > 0) this.#change({ type: "ask", question: { what: "sign_out" } });
    else this.#ports.server.signOut();
  }

  // Inside

  /** @param {Action} action */
  #change(action) {
    this.#ports.store.change(action);
  }

  /** @param {import("./frames.js").DeskOut} frame */
  #send(frame) {
    return this.#ports.line.send(frame);
  }

  /** What the person must hear about when there is no line. @param {import("./frames.js").DeskOut} frame */
  #tell(frame) {
    if (!this.#send(frame)) this.#change({ type: "notice", key: "error.no_line", tone: "warning" });
  }

  /** @param {string} contact */
  #follow(contact) {
    this.#change({ type: "following", contact });
    this.#send({ t: "open", contact, after: this.state.talks[contact]?.after ?? 0 });
  }

  /** The desk was locked and is open: what the line lost meanwhile, and what became mine. */
  followAgain() {
    for (const talk of Object.values(this.state.talks)) if (talk.phase === "opening") this.#follow(talk.contact);
    this.#followNew();
  }

  /** A conversation that is mine is followed; one I have just taken is also shown. Focus stays where it is. */
  #followNew() {
    if (this.state.locked !== "no") return;
    for (const row of this.state.mine) {
      if (row.state !== "active") continue;
      if (this.state.talks[row.contact] === undefined) {
        if (this.#taking.has(row.contact)) this.#change({ type: "following", contact: row.contact }); // the server opens what I took
        else this.#follow(row.contact);
      }
      if (this.#taking.delete(row.contact)) this.choose(row.contact);
    }
  }

  /** @param {import("./frames.js").ErrorFrame} frame */
  #erred({ code, contact = null, id = null }) {
    if (code === "locked" && this.state.locked === "no") this.#change({ type: "locked", locked: "yes" });
    if (contact !== null && id === null) this.#taking.delete(contact);
    if (contact === null || id === null) return;
    if (code === "id_taken") this.#change({ type: "renamed", contact, id, newId: this.#ports.newId() });
    if (code === "unavailable") this.#change({ type: "later", contact, id, notBefore: this.#ports.now() + TRY_AGAIN });
  }

  /** @param {string | null} contact */
  #flush(contact) {
    const talk = contact === null ? undefined : this.state.talks[contact];
    if (talk === undefined || talk.phase !== "open") return;
    const item = nextToSend(talk.out, this.#ports.now());
    if (item !== null && this.#send({ t: "say", contact: talk.contact, id: item.id, text: item.text })) this.#change({ type: "sent", contact: talk.contact, id: item.id });
  }
}
