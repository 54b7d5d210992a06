/** The contact form and the one for professionals: says how much room is left, and sends without leaving the page, so that no fault loses the text. */

import { Announcer } from "./announcer.js";
import { byId, make, sentence } from "./dom.js";
import { dressSite } from "./site.js";

/** @typedef {{ field: string, text: string }} Wrong `field`: empty when it is about the whole form */

const LONGEST = 4000;
const NEARLY = 3600;

const lang = document.documentElement.lang;
const announcer = new Announcer(byId("announcer"), String);
const form = /** @type {HTMLFormElement} */ (byId("write"));
const message = /** @type {HTMLTextAreaElement} */ (byId("message"));
const summary = byId("problems");
const left = byId("left");
let sending = false;

/** What is wrong, above the form and beside each field. @param {Wrong[]} wrongs */
const show = (wrongs) => {
  form.querySelectorAll(".bad").forEach((place) => {
    const wrong = wrongs.find((one) => one.field + "-wrong" === place.id);
    place.textContent = wrong ? wrong.text : "";
    place.toggleAttribute("hidden", !wrong);
  });
  form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
  const items = wrongs.map((one) => {
    const field = one.field && document.getElementById(one.field);
    const item = make("li", "", field ? "" : one.text);
    if (!field) return item;
    field.setAttribute("aria-invalid", "true");
    const link = /** @type {HTMLAnchorElement} */ (make("a", "", one.text));
    link.href = "#" + one.field;
    item.append(link);
    return item;
  });
  summary.querySelector("ul")?.replaceChildren(...items);
  summary.hidden = false;
  summary.focus();
};

const send = async () => {
  if (sending) return;
  sending = true;
  announcer.say("form", sentence("message.sending"));
  const body = new URLSearchParams();
  new FormData(form).forEach((value, name) => body.append(name, String(value)));
  /** @type {{ ok?: boolean, problems?: Wrong[] } | null} */
  const answer = await fetch(form.action, { method: "POST", headers: { accept: "application/json" }, body })
    .then((response) => response.json())
    .catch(() => null);
  sending = false;
  if (answer && answer.ok) return location.replace("/" + lang + "/received");
  /** @type {HTMLInputElement} */ (form.elements.namedItem("website")).value = "";
  show((answer && answer.problems) || [{ field: "", text: sentence("form.not_connected") }]);
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
message.addEventListener("input", () => {
  const length = [...message.value].length;
  left.textContent = length > NEARLY ? sentence("composer.left", Math.max(LONGEST - length, 0)) : "";
});

dressSite(() => {
  for (const field of form.elements) {
    if (field instanceof HTMLTextAreaElement) field.value = "";
    if (!(field instanceof HTMLInputElement)) continue;
    if (field.type === "text") field.value = "";
    else field.checked = false;
  }
  summary.hidden = true;
  left.textContent = "";
  announcer.empty();
}, announcer);
