/** One connection over a WebSocket, from its opening to its first trouble. */

import { BROKEN } from "./close_codes.js";
import { Heartbeat } from "./heartbeat.js";

/** A frame of docs/protocol.md. @typedef {{ t: string, [field: string]: any }} Frame */
/** What carries frames: a socket, or the long poll. @typedef {{ send: (frame: Frame) => void, close: () => void }} Carrier */
/**
 * What a carrier needs. `closed` is called at most once, and nothing after it.
 * @typedef {{
 *   lang: string, after: () => number,
 *   heard: (frame: Frame) => void, closed: (code: number) => void,
 * }} Ends
 */

const TICK = 1000;

/**
 * @param {Ends} ends
 * @param {{ open: (path: string) => WebSocket, now: () => number }} world
 * @returns {Carrier}
 */
export const openSocket = (ends, world) => {
  const socket = world.open("/socket");
  const pulse = new Heartbeat(world.now());
  let over = false;

  /** @param {number} code */
  const finish = (code) => {
    if (over) return;
    over = true;
    clearInterval(timer);
    socket.close();
    ends.closed(code);
  };
  /** @param {Frame} frame */
  const send = (frame) => {
    pulse.asked(world.now());
    socket.send(JSON.stringify(frame));
  };
  const timer = setInterval(() => {
    const due = pulse.due(world.now());
    if (due === "dead") finish(BROKEN);
    else if (due && socket.readyState === 1) send({ t: "ping" });
  }, TICK);

  socket.onopen = () => send({ t: "hello", after: ends.after(), lang: ends.lang });
  socket.onmessage = (event) => {
    pulse.heard(world.now());
    if (!over) ends.heard(JSON.parse(event.data));
  };
  socket.onclose = (event) => finish(event.code);

  return {
    send,
    close: () => {
      over = true;
      clearInterval(timer);
      socket.close(1000);
    },
  };
};
