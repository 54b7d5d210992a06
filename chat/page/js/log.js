/** The conversation on the page: a list in the order of the numbers, with what is not acknowledged at the end. */

import { make, sentence } from "./dom.js";

/** @typedef {import("./socket_line.js").Frame} Frame */

/** Pixels: the sticky bar, and the air between the last words and the composer. */
const BAR = 72;
const GAP_BELOW = 16;

export class Log {
  /**
   * @param {HTMLElement} list
   * @param {HTMLElement} floor what covers the end of the list
   * @param {Intl.DateTimeFormat} clock
   */
  constructor(list, floor, clock) {
    this.list = list;
    this.floor = floor;
    this.clock = clock;
    /** Own messages by id. @type {Map<string, HTMLElement>} */
    this.own = new Map();
    /** Where a name goes that is not known yet, since the present worker joined. @type {Element[]} */
    this.unnamed = [];
  }

  /** A message of mine, on its way. @param {string} id @param {string} text */
  sending(id, text) {
    const item = this.bubble("own", sentence("talk.you"), text);
    this.own.set(id, item);
    this.list.append(item);
    this.mark(item, "sending");
    this.follow(item, true);
  }

  /** It is committed under this number. @param {string} id @param {number} seq @param {number} at */
  received(id, seq, at) {
    const item = this.own.get(id);
    if (!item || item.dataset.seq) return;
    this.put(item, seq, at);
    this.mark(item, "received");
  }

  /** It will not be sent. @param {string} id @returns {string} its text */
  failed(id) {
    const item = this.own.get(id);
    if (!item) return "";
    this.mark(item, "failed");
    return item.querySelector(".words")?.textContent || "";
  }

  /** It travels under another id. @param {string} id @param {string} other */
  rename(id, other) {
    const item = this.own.get(id);
    this.own.delete(id);
    if (item) this.own.set(other, item);
  }

  /** An entry of the house. @param {Frame} frame @param {string} name of the worker, as far as it is known */
  entry(frame, name) {
    const near = this.nearEnd();
    const who = frame.by === "visitor" ? sentence("talk.you") : name || sentence("talk.worker");
    const item = frame.kind === "line" ? make("li", "line", frame.text) : this.bubble(frame.by, who, frame.text);
    if (frame.code === "worker_joined") this.unnamed = [];
    const place = item.querySelector(".who");
    if (place && frame.by === "worker" && !name) this.unnamed.push(place);
    if (frame.by === "visitor" && frame.id) {
      item.classList.add("own");
      this.own.set(frame.id, item);
      this.mark(item, "received");
    }
    this.place(item, frame, near);
  }

  /** @param {HTMLElement} item @param {Frame} frame @param {boolean} [near] */
  place(item, frame, near = this.nearEnd()) {
    this.put(item, frame.seq, frame.at);
    this.follow(item, near);
  }

  /** The present worker's name is known. @param {string} name */
  named(name) {
    for (const place of this.unnamed.splice(0)) place.textContent = name;
  }

  /** The worker's screen has shown everything up to here. @param {number} seq */
  shown(seq) {
    for (const item of this.own.values()) {
      if (item.dataset.seq && Number(item.dataset.seq) <= seq) this.mark(item, "shown");
    }
  }

  /** Take every word off the page. */
  empty() {
    this.list.replaceChildren();
    this.own.clear();
    this.unnamed = [];
  }

  /** @param {string} by @param {string} who @param {string} text @returns {HTMLElement} */
  bubble(by, who, text) {
    const item = make("li", "message " + by);
    // Words this device has no key for are not there.
    const said = make("p", "", text || "…");
    said.dir = "auto";
    // Its own box: the corners and the side belong to the page's direction, the letters to theirs.
    const words = make("div", "words");
    words.append(said);
    const foot = make("p", "foot");
    foot.append(make("bdi", "who", who), make("time", ""), make("span", "state"));
    item.append(words, foot);
    return item;
  }

  /** @param {HTMLElement} item @param {string} state */
  mark(item, state) {
    const place = item.querySelector(".state");
    if (!place || item.dataset.state === state) return;
    item.dataset.state = state;
    place.textContent = sentence("message." + state);
  }

  /** @param {HTMLElement} item @param {number} seq @param {number} at */
  put(item, seq, at) {
    item.dataset.seq = String(seq);
    const time = item.querySelector("time");
    if (time) time.textContent = this.clock.format(at * 1000);
    let next = this.list.lastElementChild;
    /** @type {Element | null} */
    let before = null;
    while (next instanceof HTMLElement && (!next.dataset.seq || Number(next.dataset.seq) > seq)) {
      if (next !== item) before = next;
      next = next.previousElementSibling;
    }
    if (item.parentNode !== this.list || item.nextElementSibling !== before) this.list.insertBefore(item, before);
  }

  /** Whether the newest words are in sight, and so the next should be. @returns {boolean} */
  nearEnd() {
    const last = this.list.lastElementChild;
    return !last || last.getBoundingClientRect().top < innerHeight;
  }

  /** Bring an entry into sight above the composer, but never its first words under the bar. @param {HTMLElement} item @param {boolean} wanted */
  follow(item, wanted) {
    const box = item.getBoundingClientRect();
    const past = box.bottom + GAP_BELOW - this.floor.getBoundingClientRect().top;
    if (wanted && past > 0) scrollBy(0, Math.min(past, box.top - BAR));
  }
}
