/** The same conversation over long poll and posts, for networks where no socket lives. */

import { BROKEN } from "./close_codes.js";

/** @typedef {import("./socket_line.js").Frame} Frame */
/** @typedef {import("./socket_line.js").Ends} Ends */
/** @typedef {import("./socket_line.js").Carrier} Carrier */

/** @type {Record<number, number>} status -> close code */
const CODES = { 401: 4401, 410: 4410, 429: 4429, 503: 4503 };

/**
 * @param {Ends} ends
 * @param {{ fetch: typeof fetch }} world
 * @returns {Carrier}
 */
export const openPoll = (ends, world) => {
  const stop = new AbortController();
  let over = false;

  /** @param {number} code */
  const finish = (code) => {
    if (over) return;
    over = true;
    stop.abort();
    ends.closed(code);
  };
  /** @param {string} path @param {RequestInit} [how] @returns {Promise<any>} */
  const ask = async (path, how) => {
    try {
      const answer = await world.fetch("/" + ends.lang + path, {
        headers: { accept: "application/json" },
        signal: stop.signal,
        ...how,
      });
      if (answer.ok || answer.status === 409) return await answer.json();
      finish(CODES[answer.status] || BROKEN);
    } catch {
      finish(BROKEN);
    }
    return null;
  };
  const listen = async () => {
    // An unknown state is answered at once: that is the welcome.
    let asked = "";
    for (let state = ""; !over; ) {
      const frames = await ask("/new?after=" + ends.after() + "&state=" + state + "&ask=" + asked);
      if (!frames || over) return;
      if (!state) ends.heard({ t: "welcome", state: "waiting", seq: 0 });
      state = state || "unknown";
      for (const frame of frames) {
        if (over) return;
        if (frame.t === "status") state = frame.state;
        if (frame.t === "ask") asked = frame.question || "";
        ends.heard(frame);
      }
    }
  };
  void listen();

  return {
    send: (frame) => {
      if (frame.t === "answer") {
        void ask("/answer", { method: "POST", body: new URLSearchParams({ question: frame.question, yes: frame.yes ? "1" : "0" }) });
      }
      const press = frame.t === "consent";
      if (frame.t !== "say" && !press) return;
      const body = new URLSearchParams(press ? { card: frame.card, answer: frame.answer } : { id: frame.id, text: frame.text });
      void ask(press ? "/consent" : "/say", { method: "POST", body }).then((answer) => {
        if (answer && answer.t && !over) ends.heard(answer);
      });
    },
    close: () => {
      over = true;
      stop.abort();
    },
  };
};
