/**
 * Leave: away at once, in one task, nothing awaited. Neutral title, a blank sheet over everything, every word taken
 * off the page, the session revoked by a beacon, and our history entry replaced by the neutral site.
 */

import { byId, sentence } from "./dom.js";
import { PRESSES, ShiftCounter } from "./shift_counter.js";

/** @typedef {import("./announcer.js").Announcer} Announcer */

const DOTS_FOR = 5000;

/** @param {() => void} forget takes the conversation off the page and stops the line */
export const leave = (forget) => {
  document.title = sentence("leave.title");
  const sheet = byId("sheet");
  sheet.hidden = false;
  forget();
  document.body.replaceChildren(sheet);
  navigator.sendBeacon("/x");
  location.replace(String(document.body.dataset.neutral));
};

/** @param {() => void} forget @param {Announcer} announcer */
export const armLeave = (forget, announcer) => {
  const presses = new ShiftCounter();
  const dots = byId("dots");
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  byId("leave").addEventListener("submit", (event) => {
    event.preventDefault();
    leave(forget);
  });
  addEventListener("keydown", (event) => presses.down(event.key, event.repeat), true);
  addEventListener("pointerdown", () => presses.down("pointer", false), true);
  addEventListener(
    "keyup",
    (event) => {
      const count = presses.up(event.key, Date.now());
      clearTimeout(timer);
      dots.className = "n" + count;
      if (count >= PRESSES) return leave(forget);
      if (!count) return;
      announcer.say("leave", sentence(count === 1 ? "leave.two_more" : "leave.one_more"));
      timer = setTimeout(() => (dots.className = "n0"), DOTS_FOR);
    },
    true,
  );
};
