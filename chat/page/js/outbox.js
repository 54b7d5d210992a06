/** Messages that are not acknowledged yet. One travels at a time, so their order cannot change. Pure. */

/** @typedef {{ id: string, text: string }} Unsent */

export class Outbox {
  constructor() {
    /** @type {Unsent[]} */
    this.unsent = [];
    this.travelling = false;
  }

  /** @param {Unsent} message */
  add(message) {
    this.unsent.push(message);
  }

  /** The message to send now, or null: nothing to send, or one is on its way. @returns {Unsent | null} */
  next() {
    const first = this.unsent[0];
    if (this.travelling || !first) return null;
    this.travelling = true;
    return first;
  }

  /** It is committed, or will never be. @param {string} id @returns {boolean} whether it was waiting here */
  done(id) {
    const index = this.unsent.findIndex((message) => message.id === id);
    if (index < 0) return false;
    this.unsent.splice(index, 1);
    if (index === 0) this.travelling = false;
    return true;
  }

  /** The line broke, or the house could not store: what was on its way goes again. */
  again() {
    this.travelling = false;
  }

  /** Give a message another id. @param {string} id @param {string} other */
  rename(id, other) {
    const message = this.unsent.find((each) => each.id === id);
    if (message) message.id = other;
    this.again();
  }

  /** The id of the message on its way. @returns {string | null} */
  get first() {
    const first = this.unsent[0];
    return first ? first.id : null;
  }
}
