/** How far the conversation is shown: the last number without a gap before it. Pure. */

export class Cursor {
  constructor() {
    this.after = 0;
    /** Numbers beyond a gap. @type {Set<number>} */
    this.ahead = new Set();
  }

  /** Note a number. @param {number} seq @returns {boolean} false when it was seen before */
  take(seq) {
    if (seq <= this.after || this.ahead.has(seq)) return false;
    this.ahead.add(seq);
    while (this.ahead.delete(this.after + 1)) this.after += 1;
    return true;
  }

  /** Whether something is missing in between. @returns {boolean} */
  get gap() {
    return this.ahead.size > 0;
  }
}
