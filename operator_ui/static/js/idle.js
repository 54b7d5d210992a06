/**
 * When the desk locks itself: after 5 minutes without a key or a pointer, never during a live contact.
 * @module
 */

export const LOCK_AFTER = 5 * 60_000;

/**
 * @param {{now: number, touched: number, live: number}} facts times in ms; `live`: running conversations
 * @returns {boolean}
 */
export function shouldLock({ now, touched, live }) {
  return live === 0 && now - touched >= LOCK_AFTER;
}
