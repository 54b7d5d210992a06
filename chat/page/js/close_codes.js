/** What a close code asks of us (docs/protocol.md, "Close codes"). Pure. */

/** @typedef {"later" | "soon" | "once" | "never"} Again */
/** @typedef {{ again: Again, show?: "gone" | "ended" | "replaced", drop?: boolean }} Advice */

/** The line broke without a word (RFC 6455, section 7.4.1). */
export const BROKEN = 1006;

/** @type {Record<number, Advice>} */
const ADVICE = {
  1000: { again: "never" },
  1009: { again: "later", drop: true },
  1012: { again: "soon" },
  4400: { again: "once" },
  4401: { again: "never", show: "gone" },
  4409: { again: "never", show: "replaced" },
  4410: { again: "never", show: "ended" },
};

/** Every other code, and a line that simply broke, means: come back with back-off. @param {number} code @returns {Advice} */
export const adviceOn = (code) => ADVICE[code] || { again: "later" };
