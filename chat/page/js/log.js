/** The conversation on the page: a list in the order of the numbers, with what is not acknowledged at the end. */

import { make, sentence } from "./dom.js";

/** @typedef {import("./socket_line.js").Frame} Frame */

export class Log {
  /**
   * @param {HTMLElement} list
   * @param {Intl.DateTimeFormat} clock
   */
  constructor(list, clock) {
    this.list = list;
    this.clock = clock;
    /** Own messages by id. @type {Map<string, HTMLElement>} */
    this.own = new Map();
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

  /** An entry of the house. @param {Frame} frame @param {string} who */
  entry(frame, who) {
    const near = this.nearEnd();
    const item = frame.kind === "line" ? make("li", "line", frame.text) : this.bubble(frame.by, who, frame.text);
    if (frame.by === "visitor" && frame.id) {
      item.classList.add("own");
      this.own.set(frame.id, item);
      this.mark(item, "received");
    }
    this.put(item, frame.seq, frame.at);
    this.follow(item, near);
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
  }

  /** @param {string} by @param {string} who @param {string} text @returns {HTMLElement} */
  bubble(by, who, text) {
    const item = make("li", "message " + by);
    const words = make("p", "words", text);
    words.dir = "auto";
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

  /** Whether the newest words are in sight. @returns {boolean} */
  nearEnd() {
    const last = this.list.lastElementChild;
    return !last || last.getBoundingClientRect().top < innerHeight;
  }

  /** @param {HTMLElement} item @param {boolean} wanted */
  follow(item, wanted) {
    if (wanted) item.scrollIntoView({ block: "nearest" });
  }
}
