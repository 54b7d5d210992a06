/** How long to wait before coming back: full jitter, so that a restart is not followed by a stampede. Pure. */

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30000;

/**
 * @param {number} tries how many came to nothing before
 * @param {() => number} random from 0 up to 1
 * @returns {number} milliseconds
 */
export const backOff = (tries, random) => random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries);
