/** Whether two typed times pass midnight: the same reading of times as duty/clock_times.py. @module */

const TIME = /^([0-9]{1,2})(?:[.:]?([0-9]{2}))?$/;
const DAY = 24 * 60;

/** @param {string} typed @returns {number | null} minutes since 00:00 */
export function readTime(typed) {
  const found = TIME.exec(typed.trim());
  if (found === null) return null;
  const minutes = Number(found[2] ?? "0");
  const time = 60 * Number(found[1]) + minutes;
  return minutes > 59 || time > DAY ? null : time;
}

/** @param {string} starts @param {string} ends */
export function passesMidnight(starts, ends) {
  const [begin, end] = [readTime(starts), readTime(ends)];
  return begin !== null && end !== null && begin < DAY && end !== 0 && end < begin;
}
