/** Before Start: whether one may start now, and how the page hears that this has changed. */

import { byId } from "./dom.js";
import { announcer, lang } from "./here.js";

const LOOK_AGAIN = 60000;

/** One may start, or call. @param {string} state */
export const setState = (state) => {
  const admitted = String(document.body.dataset.admits).split(" ").includes(state);
  byId("start").hidden = !admitted;
  byId("call").hidden = admitted;
  byId("start-card").dataset.state = state;
};

/** @returns {Promise<{ state: string, text: string }>} */
export const askStatus = async () => (await fetch("/status.json?lang=" + lang)).json();

/** The house tells when it opens, closes, or everybody is busy; a browser that is not told asks. @type {EventSource | null} */
let told = null;

/** The state in which a start failed: the reason stays on the page until it changes. */
let complained = "";

/** A start failed. @param {string} why */
export const complain = (why) => {
  complained = byId("start-card").dataset.state || "";
  byId("availability").textContent = why;
  announcer.say("availability", why);
};

/** @param {{ state: string, text: string }} answer */
const availableNow = (answer) => {
  if (document.body.dataset.now !== "start" || answer.state === complained) return;
  complained = "";
  const place = byId("availability");
  if (place.textContent !== answer.text) {
    place.textContent = answer.text;
    // Minutes that pass are not read out, but that one may start now is.
    if (byId("start-card").dataset.state !== answer.state) announcer.say("availability", answer.text);
  }
  setState(answer.state);
};

export const listen = () => {
  const wanted = document.body.dataset.now === "start" && !document.hidden;
  if (wanted && !told && "EventSource" in window) {
    told = new EventSource("/" + lang + "/status");
    told.onmessage = (event) => availableNow(JSON.parse(event.data));
  } else if (!wanted && told) {
    told.close();
    told = null;
  }
};

const lookAgain = () => {
  listen();
  const asking = document.body.dataset.now === "start" && !document.hidden && (!told || told.readyState !== 1);
  // The sentence on the page stays when this fails; the next look may succeed.
  if (asking) askStatus().then(availableNow, () => {});
};

/** The page is as the house is, from now on. */
export const follow = () => {
  setInterval(lookAgain, LOOK_AGAIN);
  listen();
  document.addEventListener("visibilitychange", listen);
};
