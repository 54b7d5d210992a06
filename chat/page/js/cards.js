/** Cards that ask for consent, in the log: what they show, and which presses still mean something. */

import { byId, make, sentence } from "./dom.js";

/** @typedef {import("./socket_line.js").Frame} Frame */

/** What is left to press after each answer; after any other, nothing. @type {Record<string, string[]>} */
const LEFT = { consent_yes: ["withdraw"] };

export class Cards {
  /** @param {string} lang @param {(card: string, answer: string) => void} press */
  constructor(lang, press) {
    this.day = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { dateStyle: "long", timeZone: "UTC" });
    this.press = press;
    /** @type {Map<string, HTMLElement>} */
    this.all = new Map();
  }

  /** The card of this entry. @param {Frame} frame @returns {HTMLElement} */
  card(frame) {
    const from = /** @type {HTMLTemplateElement} */ (byId("card")).content;
    const item = /** @type {HTMLElement} */ (/** @type {HTMLElement} */ (from.firstElementChild).cloneNode(true));
    const said = JSON.parse(frame.text);
    /** @param {string} name @returns {HTMLElement} */
    const part = (name) => /** @type {HTMLElement} */ (item.querySelector("[data-of=" + name + "]"));
    /** @param {string} name @param {string} text */
    const fill = (name, text) => {
      part(name).textContent = text;
      if (!text) this.omit(part(name));
    };
    fill("wording", said.wording);
    part("wording").lang = said.lang;
    fill("to", said.to);
    fill("summary", said.summary);
    fill("until", this.day.format(new Date(said.until)));
    const list = part("what");
    for (const one of said.items) {
      const row = make("li", "");
      const value = make("strong", "", one.value);
      value.dir = "auto";
      row.append(one.label + ": ", value);
      list.append(row);
    }
    if (!said.items.length) this.omit(/** @type {HTMLElement} */ (list.parentElement));
    item.addEventListener("click", (event) => this.clicked(frame.id, item, event.target));
    this.all.set(frame.id, item);
    return item;
  }

  /** @param {HTMLElement} value a dd that says nothing, and its name */
  omit(value) {
    value.hidden = true;
    const name = value.previousElementSibling;
    if (name instanceof HTMLElement && name.localName === "dt") name.hidden = true;
  }

  /** @param {string} id @param {HTMLElement} item @param {EventTarget | null} target */
  clicked(id, item, target) {
    if (!(target instanceof HTMLButtonElement) || item.ariaBusy) return;
    item.ariaBusy = "true";
    this.press(id, target.value);
  }

  /** It was answered, or is not asked any more. @param {string} id the ask @param {string} code @returns {boolean} it is on the page */
  answered(id, code) {
    const item = this.all.get(id);
    if (!item) return false;
    const within = item.contains(document.activeElement);
    item.ariaBusy = null;
    /** @type {HTMLElement} */ (item.querySelector(".outcome")).textContent = sentence("line." + code);
    const left = LEFT[code] || [];
    for (const button of item.querySelectorAll("button")) button.hidden = !left.includes(button.value);
    /** @type {HTMLElement} */ (item.querySelector(".small")).hidden = !left.length;
    // Focus never moves by itself, unless what had it is gone.
    if (within) item.querySelector("h3")?.focus({ preventScroll: true });
    return true;
  }

  /** Take every word off the page. */
  empty() {
    this.all.clear();
  }
}
