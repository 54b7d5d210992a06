/**
 * A worker that says "now" every few seconds: browsers slow the timers of a hidden tab to one a minute, which is longer
 * than the heartbeat's deadline, but not those of a worker.
 * @module
 */
const EVERY = 5_000;

setInterval(() => postMessage(null), EVERY);
