/**
 * Is anybody there? Each side says something every 20 s. A question (ping, message) wants a sign of life within 15 s,
 * because a browser keeps a socket "open" long after the network is gone. Times in milliseconds. Pure.
 */

const SPEAK_AFTER = 15000;
const ANSWER_WITHIN = 15000;
const SILENCE = 45000;

export class Heartbeat {
  /** @param {number} now */
  constructor(now) {
    this.heardAt = now;
    this.spokeAt = now;
    /** When the oldest unanswered question was asked. @type {number | null} */
    this.askedAt = null;
  }

  /** Something came in. @param {number} now */
  heard(now) {
    this.heardAt = now;
    this.askedAt = null;
  }

  /** Something that wants an answer went out. @param {number} now */
  asked(now) {
    this.spokeAt = now;
    if (this.askedAt === null) this.askedAt = now;
  }

  /** What to do. @param {number} now @returns {"ping" | "dead" | null} */
  due(now) {
    const waiting = this.askedAt !== null && now - this.askedAt > ANSWER_WITHIN;
    if (waiting || now - this.heardAt > SILENCE) return "dead";
    return now - this.spokeAt >= SPEAK_AFTER ? "ping" : null;
  }
}
