/**
 * Messages not yet acknowledged, of one conversation, in the order they were written. One is on its way at a time, so
 * that a passing "unavailable" can never turn two of them round. Pure: every function returns a new list.
 * @module
 */

/**
 * @typedef {"waiting" | "sent" | "failed"} OutState
 * @typedef {{id: string, text: string, state: OutState, why: string | null, notBefore: number}} OutItem
 *   `notBefore`: milliseconds, do not try earlier; `why`: an error code of docs/protocol.md
 */

/**
 * @param {OutItem[]} items
 * @param {string} id
 * @param {string} text
 * @returns {OutItem[]}
 */
export function written(items, id, text) {
  return [...items, { id, text, state: "waiting", why: null, notBefore: 0 }];
}

/**
 * The message to send now, if any.
 * @param {OutItem[]} items
 * @param {number} now
 * @returns {OutItem | null}
 */
export function nextToSend(items, now) {
  const head = items.find((item) => item.state !== "failed");
  return head && head.state === "waiting" && head.notBefore <= now ? head : null;
}

/**
 * @param {OutItem[]} items
 * @param {string} id
 * @returns {OutItem[]}
 */
export function sent(items, id) {
  return items.map((item) => (item.id === id ? { ...item, state: "sent" } : item));
}

/**
 * Acknowledged, or seen in a replay: it is no longer ours to keep.
 * @param {OutItem[]} items
 * @param {string} id
 * @returns {OutItem[]}
 */
export function settled(items, id) {
  return items.filter((item) => item.id !== id);
}

/**
 * The line broke: whatever was on its way goes again, with the same id.
 * @param {OutItem[]} items
 * @returns {OutItem[]}
 */
export function lineBroke(items) {
  return items.map((item) => (item.state === "sent" ? { ...item, state: "waiting", notBefore: 0 } : item));
}

/**
 * Keep it and try later (error `unavailable`).
 * @param {OutItem[]} items
 * @param {string} id
 * @param {number} notBefore milliseconds
 * @returns {OutItem[]}
 */
export function later(items, id, notBefore) {
  return items.map((item) => (item.id === id ? { ...item, state: "waiting", notBefore } : item));
}

/**
 * The id belongs to somebody else's message (error `id_taken`): same text, same place, new id.
 * @param {OutItem[]} items
 * @param {string} id
 * @param {string} newId
 * @returns {OutItem[]}
 */
export function renamed(items, id, newId) {
  return items.map((item) => (item.id === id ? { ...item, id: newId, state: "waiting" } : item));
}

/**
 * @param {OutItem[]} items
 * @param {string} id
 * @param {string} why
 * @returns {OutItem[]}
 */
export function refused(items, id, why) {
  return items.map((item) => (item.id === id ? { ...item, state: "failed", why } : item));
}

/**
 * The conversation is over: nothing that waits will ever be stored.
 * @param {OutItem[]} items
 * @returns {OutItem[]}
 */
export function allRefused(items) {
  return items.map((item) => ({ ...item, state: "failed", why: "ended" }));
}

/**
 * The server closed because a frame was too big (1009): what was on its way must not go again.
 * @param {OutItem[]} items
 * @returns {OutItem[]}
 */
export function tooBig(items) {
  return items.map((item) => (item.state === "sent" ? { ...item, state: "failed", why: "too_long" } : item));
}
