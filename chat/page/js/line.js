/** The line to the house: opens a carrier, says what waits in the outbox, comes back when it breaks. */

import { backOff } from "./back_off.js";
import { BROKEN, adviceOn } from "./close_codes.js";
import { Outbox } from "./outbox.js";

/** @typedef {import("./socket_line.js").Frame} Frame */
/** @typedef {import("./socket_line.js").Carrier} Carrier */
/** @typedef {import("./socket_line.js").Ends} Ends */
/**
 * `heard`: a frame for the page. `connected`: whether words travel now. `over`: it is not coming back.
 * @typedef {{
 *   heard: (frame: Frame) => void, connected: (yes: boolean) => void,
 *   over: (why: "gone" | "ended" | "replaced") => void, dropped: (id: string) => void,
 *   after: () => number, gap: () => boolean,
 * }} Page
 */

/** So many sockets in a row without a word from the house, and the long poll takes over for a while. */
const SOCKETS = 3;
const POLL_FOR = 120000;
const SOON = 1000;
const AGAIN = 3000;
const GAP = 5000;

export class Line {
  /**
   * @param {{
   *   lang: string, page: Page, random: () => number,
   *   socket: (ends: Ends) => Carrier, poll: (ends: Ends) => Carrier,
   * }} needs
   */
  constructor(needs) {
    this.needs = needs;
    this.outbox = new Outbox();
    /** @type {Carrier | null} */
    this.carrier = null;
    /** An answer that nobody has heard yet. @type {Frame | null} */
    this.reply = null;
    /** Presses on cards that nobody has heard yet, by the id of the entry that will tell. @type {Map<string, Frame>} */
    this.presses = new Map();
    this.up = false;
    this.tries = 0;
    this.faults = 0;
    this.silentSockets = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.gapTimer = undefined;
  }

  /** Open it, or open it anew. */
  start() {
    this.stop();
    const polling = this.silentSockets >= SOCKETS;
    const open = polling ? this.needs.poll : this.needs.socket;
    /** @type {Carrier | null} */
    let own = null;
    const carrier = open({
      lang: this.needs.lang,
      after: this.needs.page.after,
      heard: (frame) => this.heard(frame, polling),
      closed: (code) => {
        if (this.carrier === own) this.closed(code, polling);
      },
    });
    own = carrier;
    this.carrier = carrier;
    if (polling) {
      this.timer = setTimeout(() => {
        this.silentSockets = 0;
        this.start();
      }, POLL_FOR);
    }
  }

  /** Close it and stay away. */
  stop() {
    clearTimeout(this.timer);
    this.timer = undefined;
    clearTimeout(this.gapTimer);
    this.gapTimer = undefined;
    const carrier = this.carrier;
    this.carrier = null;
    this.up = false;
    this.outbox.again();
    if (carrier) carrier.close();
  }

  /** The browser says the network is gone, or there again. @param {boolean} online */
  network(online) {
    if (!this.carrier && this.timer === undefined) return;
    if (online) this.start();
    else if (this.carrier) {
      this.carrier.close();
      this.closed(BROKEN, true);
    }
  }

  /** Put a message in the outbox. @param {string} id @param {string} text */
  say(id, text) {
    this.outbox.add({ id, text });
    this.flush();
  }

  /** Yes or No to a question on the page: said now, or when the line is there again, until it is asked no more. @param {string} question @param {boolean} yes */
  answer(question, yes) {
    this.reply = { t: "answer", question, yes };
    this.sayReply();
  }

  /** A press on a card, said as long as no entry tells of it. @param {string} card @param {string} answer */
  press(card, answer) {
    this.presses.set(card + (answer === "withdraw" ? ".withdrawn" : ".answer"), { t: "consent", card, answer });
    this.sayReply();
  }

  sayReply() {
    if (!this.up || !this.carrier) return;
    for (const frame of [this.reply, ...this.presses.values()]) if (frame) this.carrier.send(frame);
  }

  /** Send the next message if the line is free. */
  flush() {
    if (!this.up || !this.carrier) return;
    const message = this.outbox.next();
    if (message) this.carrier.send({ t: "say", id: message.id, text: message.text });
  }

  /** @param {Frame} frame @param {boolean} polling */
  heard(frame, polling) {
    const page = this.needs.page;
    if (frame.t === "welcome") {
      this.up = true;
      this.tries = 0;
      if (!polling) this.silentSockets = 0;
      page.connected(true);
      this.sayReply();
    }
    if (frame.t === "ask" && frame.question !== this.reply?.question) this.reply = null;
    if (frame.t === "ack" || (frame.t === "entry" && frame.id)) this.outbox.done(frame.id);
    if (frame.t === "entry") this.presses.delete(frame.id);
    if (frame.t === "error") this.refused(frame);
    page.heard(frame);
    this.watchGap();
    this.flush();
  }

  /** @param {Frame} frame */
  refused(frame) {
    if (frame.code === "unavailable") setTimeout(() => this.retry(), AGAIN);
    else if (frame.id && frame.code !== "id_taken" && frame.code !== "ended") {
      this.outbox.done(frame.id);
      for (const [id, press] of this.presses) if (press.card === frame.id) this.presses.delete(id);
    }
  }

  /** Send again what was not stored. */
  retry() {
    this.outbox.again();
    this.sayReply();
    this.flush();
  }

  /** The other side used this id: the message goes again under another. @param {string} id @param {string} other */
  rename(id, other) {
    this.outbox.rename(id, other);
    this.flush();
  }

  /** A number is missing and does not come by itself: ask for it with a new hello. */
  watchGap() {
    if (!this.needs.page.gap()) {
      clearTimeout(this.gapTimer);
      this.gapTimer = undefined;
    } else if (this.gapTimer === undefined) {
      this.gapTimer = setTimeout(() => this.start(), GAP);
    }
  }

  /** @param {number} code @param {boolean} polling */
  closed(code, polling) {
    const page = this.needs.page;
    const advice = adviceOn(code);
    const first = this.outbox.first;
    if (!this.up && !polling) this.silentSockets += 1;
    if (advice.drop && this.outbox.travelling && first) {
      this.outbox.done(first);
      page.dropped(first);
    }
    this.carrier = null;
    this.stop();
    if (advice.show) return page.over(advice.show);
    page.connected(false);
    if (advice.again === "once") this.faults += 1;
    if (advice.again === "never" || this.faults > 1) return page.over("gone");
    const wait = advice.again === "soon" ? this.needs.random() * SOON : backOff(this.tries, this.needs.random);
    this.tries += 1;
    this.timer = setTimeout(() => this.start(), wait);
  }
}
