/**
 * A value no case was written for: a fault of ours, said aloud.
 * @module
 */

/**
 * @param {never} value
 * @returns {never}
 */
export function unreachable(value) {
  throw new TypeError(`not handled: ${JSON.stringify(value)}`);
}
