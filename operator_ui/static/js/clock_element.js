/**
 * `<desk-clock since="…">` counts up, `<desk-clock until="…">` counts down; both in seconds of the server's clock. All
 * of them are moved by one call a second, without drawing anything else anew.
 * @module
 */
import { lasting } from "./words.js";

/** @type {Set<ClockElement>} */
const onPage = new Set();

export class ClockElement extends HTMLElement {
  static observedAttributes = ["since", "until"];
  static now = () => Date.now() / 1000;

  /** @type {string | null} */ shown = null;

  connectedCallback() {
    this.setAttribute("role", "timer");
    this.setAttribute("aria-live", "off");
    onPage.add(this);
    this.move();
  }

  disconnectedCallback() {
    onPage.delete(this);
  }

  attributeChangedCallback() {
    if (this.isConnected) this.move();
  }

  move() {
    const now = ClockElement.now();
    const until = this.getAttribute("until");
    const left = until === null ? now - Number(this.getAttribute("since")) : Number(until) - now;
    const text = this.hasAttribute("coarse") ? hoursAndMinutes(left) : lasting(left);
    if (this.shown !== text) this.textContent = this.shown = text;
    const full = Number(this.getAttribute("full"));
    if (full > 0) this.style.setProperty("--left", String(Math.max(0, Math.min(1, left / full))));
  }
}

/** Moves every clock on the page. */
export function moveClocks() {
  for (const clock of onPage) clock.move();
}

/** @param {number} seconds */
function hoursAndMinutes(seconds) {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}
