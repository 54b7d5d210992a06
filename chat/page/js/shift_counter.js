/** Shift pressed three times alone, each within 5 s of the one before. Shift used with another key counts nothing. Pure. */

const STEP = 5000;
export const PRESSES = 3;

export class ShiftCounter {
  constructor() {
    this.count = 0;
    this.pressedAt = -Infinity;
    /** Shift is down and nothing else has happened since. */
    this.alone = false;
  }

  /** A key or a mouse button went down. @param {string} key @param {boolean} repeated */
  down(key, repeated) {
    if (key === "Shift") {
      if (!repeated) this.alone = true;
      return;
    }
    this.alone = false;
    this.count = 0;
  }

  /** A key went up. @param {string} key @param {number} now milliseconds @returns {number} presses so far; 0 when this was none */
  up(key, now) {
    if (key !== "Shift" || !this.alone) return 0;
    this.alone = false;
    this.count = now - this.pressedAt <= STEP ? this.count + 1 : 1;
    this.pressedAt = now;
    return this.count;
  }
}
