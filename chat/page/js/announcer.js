/** The one polite voice of the page. What comes in a burst is summed up instead of read out. */

import { sentence } from "./dom.js";

const GATHER = 400;

export class Announcer {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    /** @type {string[]} */
    this.waiting = [];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** @param {string} text */
  say(text) {
    this.waiting.push(text);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.speak(), GATHER);
  }

  speak() {
    const texts = this.waiting.splice(0);
    this.place.textContent = texts.length > 2 ? sentence("talk.several", texts.length) : texts.join(" ");
  }

  /** Forget everything said. */
  empty() {
    clearTimeout(this.timer);
    this.waiting = [];
    this.place.textContent = "";
  }
}
