/**
 * The desk on the screen: draws the state, keeps scroll and focus where the person left them, and knows whether somebody
 * can see the conversation. What it hands to the views is `Page`.
 * @module
 */
import { keepingFocus } from "./focus_keeper.js";
import { moved } from "./palette.js";
import { rowOf } from "./rows.js";
import { isMyTurn } from "./talk.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {{name: string, locale: string, words: Record<string, string>, since: number, now: number, zone: string, locked: boolean,
 *   languages: {code: string, label: string}[], links: {address: string, label: string}[]}} Facts from the server; times in seconds
 */

const NEAR = 40;

export class Page {
  /** A newer message stands below what is on screen. */ below = false;
  #document;
  /** @type {import("./elements.js").PartElement[]} */ #parts;
  #line;

  /**
   * @param {{document: Document, records: import("./record_desk.js").RecordDesk, calls: import("./call_desk.js").CallDesk, ask: import("./record_pane.js").Ask, forms: import("./form_desk.js").FormDesk, facts: Facts, words: import("./words.js").WordBook, desk: import("./desk.js").Desk,
   *   notes: import("./note_desk.js").NoteDesk, lock: import("./desk_lock.js").DeskLock,
   *   store: import("./store.js").Store<State, import("./state.js").Action>,
   *   line: {start: () => void}, leaving: () => void}} ports `leaving`: we navigate away on purpose
   */
  constructor({ document, records, calls, ask, forms, facts, words, desk, notes, lock, store, line, leaving }) {
    this.words = words;
    this.locale = facts.locale;
    this.request = ask;
    this.records = records;
    this.calls = calls;
    this.desk = desk;
    this.notes = notes;
    this.lock = lock;
    this.forms = forms;
    this.store = store;
    this.name = facts.name;
    this.since = facts.since;
    this.languages = facts.languages;
    this.links = facts.links;
    this.leaving = leaving;
    this.fine = matchMedia("(pointer: fine)").matches;
    this.#line = line;
    this.#document = document;
    this.#parts = /** @type {import("./elements.js").PartElement[]} */ ([...document.querySelectorAll("[data-part]")]);
    this.ask = (/** @type {import("./state.js").Question | null} */ question) => store.change({ type: "ask", question });
    this.openSheet = (/** @type {State["sheet"]} */ sheet) => store.change({ type: "sheet", sheet });
  }

  /** @param {State} state */
  draw(state) {
    const log = this.#log();
    const [held, wasAtEnd] = [log?.dataset.log, this.#atEnd()];
    const confirming = this.#document.querySelector(".confirm") !== null;
    keepingFocus(this.#document, () => {
      for (const part of this.#parts) part.draw(state, this);
    });
    if (!confirming) this.#focus("[data-first=confirm]");
    const now = this.#log();
    if (now !== null && (now.dataset.log !== held || wasAtEnd)) now.scrollTop = now.scrollHeight;
    this.looked();
    this.#title(state);
  }

  /** The person may have seen something: tells the desk, and offers the way down when something newer is below. */
  looked() {
    const atEnd = this.#atEnd();
    const { current, locked } = this.store.state;
    if (this.below === atEnd) {
      this.below = !atEnd;
      this.#parts.find((part) => part.localName === "desk-conversation")?.draw(this.store.state, this);
    }
    const log = this.#log();
    const onScreen = log !== null && log.offsetParent !== null && this.#document.visibilityState === "visible" && this.#document.hasFocus();
    if (current !== null && locked === "no" && onScreen && atEnd) this.desk.seen(current);
  }

  toNewest() {
    const log = this.#log();
    if (log !== null) log.scrollTop = log.scrollHeight;
    this.looked();
  }

  /** Enter sends where there is a real keyboard, never while a word is being composed. @param {KeyboardEvent} event @param {() => void} send */
  sendKey(event, send) {
    if (event.key !== "Enter" || event.isComposing || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey || !this.fine) return;
    event.preventDefault();
    send();
  }

  /** @param {KeyboardEvent} event @param {import("./palette.js").Command[]} hits @param {number} picked */
  paletteKey(event, hits, picked) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) this.store.change({ type: "pick", picked: moved(picked, step, hits.length) });
    else if (event.key === "Enter" && !event.isComposing && hits[picked] !== undefined) this.runCommand(hits[picked]);
    else return;
    event.preventDefault();
  }

  /** @param {import("./palette.js").Command} command */
  runCommand(command) {
    this.openSheet(null);
    // After the dialog has closed and given focus back, so that a command may move it.
    setTimeout(command.run, 0);
  }

  /** @param {number} id */
  dismiss(id) {
    this.store.change({ type: "dismissed", id });
  }

  tryNow() {
    this.#line.start();
  }

  reload() {
    this.leaving();
    location.reload();
  }

  /** @param {string} code */
  useLanguage(code) {
    location.assign(`/desk?lang=${encodeURIComponent(code)}`);
  }

  /** @param {HTMLFormElement} form */
  unlock(form) {
    const given = new FormData(form);
    const passphrase = String(given.get("passphrase") ?? "");
    form.reset();
    void this.lock.unlock(passphrase);
  }

  /** Shows the pane something stands in, then focuses it. @param {"message" | "note"} id */
  focusOn(id) {
    this.focusAfter(() => {
      if (id === "note") this.store.change({ type: "tab", tab: "notes" });
      this.store.change({ type: "pane", pane: id === "note" ? "record" : "conversation" });
    }, id);
  }

  /** @param {() => void} change @param {string} name */
  focusAfter(change, name) {
    change();
    queueMicrotask(() => this.#focus(`[data-focus="${CSS.escape(name)}"]`)); // after the store has told, and all is drawn
  }

  /** @param {import("./state.js").Pane} pane */
  toPane(pane) {
    this.store.change({ type: "pane", pane });
    const first = { contacts: "#pane-contacts [aria-current=true]", conversation: "#message", record: "#pane-record [data-tab-start]" }[pane];
    queueMicrotask(() => this.#focus(first) || this.#focus(`#pane-${pane} [data-pane-start]`));
  }

  /** @param {1 | -1} step */
  nextPane(step) {
    /** @type {import("./state.js").Pane[]} */
    const order = ["contacts", "conversation", "record"];
    const at = this.#document.activeElement?.closest("[data-pane]")?.getAttribute("data-pane");
    const from = at === null || at === undefined ? (step > 0 ? -1 : 0) : order.indexOf(/** @type {import("./state.js").Pane} */ (at));
    this.toPane(/** @type {import("./state.js").Pane} */ (order[(from + step + order.length) % order.length]));
  }

  /** @param {State} state */
  #title(state) {
    const turns = state.mine.filter((row) => isMyTurn(row, state.talks[row.contact])).length;
    const locked = state.locked !== "no";
    const what = locked ? "" : state.calls.rows.some((row) => row.state === "ringing") ? this.words.say("title.call") : state.offers.length > 0 ? this.words.say("title.offer") : turns > 0 ? this.words.count("title.turn", turns) : "";
    this.#document.title = [what, this.words.say("desk.title")].filter((text) => text !== "").join(" · ");
  }

  /** @returns {HTMLElement | null} */
  #log() {
    return this.#document.querySelector("[data-log]");
  }

  #atEnd() {
    const log = this.#log();
    return log === null || rowOf(this.store.state, this.store.state.current) === null || log.scrollHeight - log.scrollTop - log.clientHeight <= NEAR;
  }

  /** @param {string} selector @returns {boolean} */
  #focus(selector) {
    const element = this.#document.querySelector(selector);
    if (!(element instanceof HTMLElement)) return false;
    element.focus();
    return this.#document.activeElement === element;
  }
}
