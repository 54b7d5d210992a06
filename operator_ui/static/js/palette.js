/**
 * Finding a command by a few letters of its name.
 * @module
 */

/** @typedef {{id: string, label: string, hint: string, run: () => void}} Command */

/**
 * Commands that contain every word asked for, those that begin with the search first; else in their own order.
 * @param {Command[]} commands
 * @param {string} search
 * @returns {Command[]}
 */
export function found(commands, search) {
  const wanted = plain(search).split(/\s+/).filter((word) => word !== "");
  if (wanted.length === 0) return commands;
  return commands
    .map((command, order) => ({ command, order, name: plain(command.label) }))
    .filter(({ name }) => wanted.every((word) => name.includes(word)))
    .map((hit) => ({ ...hit, rank: hit.name.startsWith(wanted.join(" ")) ? 0 : 1 }))
    .sort((a, b) => a.rank - b.rank || a.order - b.order)
    .map(({ command }) => command);
}

/**
 * Lower case, accents kept out of the way: "a" finds "ä".
 * @param {string} text
 */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

/**
 * @param {number} picked
 * @param {number} step
 * @param {number} length
 */
export function moved(picked, step, length) {
  return length === 0 ? 0 : (picked + step + length) % length;
}
