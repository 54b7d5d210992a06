/**
 * The tab of consent and forwarding: what the person wishes, what they are asked, what they said, what leaves. Everything
 * that matters is a deliberate press; the server answers each with the whole tab anew.
 * @module
 */
import * as drafts from "./consent_draft.js";
import { askForm, draftCard } from "./views/consent_form.js";
import { consentView } from "./views/consent.js";
import { h, icon } from "./view.js";

/** How often the tab is read anew while something moves without us, in milliseconds. */
const AGAIN = 5_000;

/**
 * @typedef {import("./consent_draft.js").Tab} Tab
 * @typedef {import("./consent_draft.js").Draft} Draft
 * @typedef {import("./record_pane.js").TabContext} TabContext
 * @typedef {import("./consent_draft.js").Reading} Reading
 * @typedef {{consent: string, seen: string, reference: string, json: string, data: {language: string, items: {label: string, shown: string}[], summary: string}}} Preview
 */

/** One contact's tab while it stands on the screen. */
export class ConsentTab {
  /** @type {Tab | null} */ tab = null;
  /** @type {"loading" | "ready" | "failed" | "stale"} */ phase = "loading";
  /** Something is on its way to the server. */ busy = false;
  /** Code of what was refused. @type {string | null} */ problem = null;
  /** @type {Draft | null} */ draft = null;
  /** Tried to go on with something missing. */ tried = false;
  /** As the person would read or hear it. @type {Reading | null} */ reading = null;
  /** Whose consent is being set: the ask. @type {string | null} */ setting = null;
  giving = drafts.freshGiving();
  /** Which consent is told on the telephone. @type {string | null} */ telling = null;
  toldTo = "";
  /** What the receiver would get, once it has been looked at. @type {Preview | null} */ preview = null;
  /** Shown once: told to the receiver by telephone. @type {{consent: string, words: string} | null} */ passphrase = null;
  #gone = false;
  #seen = -1;

  /** @param {HTMLElement} root @param {string} contact @param {TabContext} context */
  constructor(root, contact, context) {
    this.root = root;
    this.contact = contact;
    this.context = context;
    this.words = context.words;
    this.here = `/desk/contacts/${encodeURIComponent(contact)}`;
    this.#seen = this.#answers();
    this.stops = [context.follow(() => this.#heard())];
    const timer = setInterval(() => this.tab !== null && drafts.isMoving(this.tab) && void this.load(), AGAIN);
    this.stops.push(() => clearInterval(timer));
  }

  /** Read the tab. What is on the screen stays until the answer is there. */
  async load() {
    if (this.busy) return;
    try {
      const found = await this.context.ask(`${this.here}/consents`);
      this.tab = found;
      this.phase = "ready";
    } catch (error) {
      this.phase = this.tab === null ? "failed" : "stale";
      if (this.tab === null) this.problem = codeOf(error);
    }
    this.draw();
  }

  /** Post, and show what the server then says. @param {string} path @param {unknown} body @param {(() => void)} [then] @returns {Promise<void>} */
  async act(path, body, then) {
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    this.draw();
    try {
      this.tab = await this.context.ask(this.here + path, body);
      this.phase = "ready";
      then?.();
    } catch (error) {
      this.problem = codeOf(error);
    }
    this.busy = false;
    this.draw();
  }

  // -- what the views call

  /** @param {Partial<Draft>} change */
  change(change) {
    if (this.draft === null) return;
    this.draft = { ...this.draft, ...change };
    this.draw();
  }

  /** @param {import("./consent_draft.js").Ask} [ask] asked before: the person wants something changed */
  begin(ask) {
    if (this.tab === null) return;
    this.draft = ask === undefined ? drafts.freshDraft(this.tab) : drafts.draftAgain(this.tab, ask);
    this.tried = false;
    this.reading = null;
    this.problem = null;
    this.draw();
    this.focus("consent-form");
  }

  stopAsking() {
    this.draft = this.reading = null;
    this.problem = null;
    this.draw();
    this.focus("consent-new");
  }

  /** Show it as the person will read or hear it. */
  async read() {
    if (this.tab === null || this.draft === null || this.busy) return;
    this.tried = true;
    if (drafts.missing(this.draft, this.tab).length > 0) {
      this.draw();
      return this.focus("consent-missing");
    }
    this.busy = true;
    this.problem = null;
    this.draw();
    try {
      this.reading = await this.context.ask(`${this.here}/asks/draft`, drafts.posted(this.draft, this.tab));
    } catch (error) {
      this.problem = codeOf(error);
    }
    this.busy = false;
    this.draw();
    if (this.reading !== null) this.focus("consent-ask");
  }

  backToDraft() {
    this.reading = null;
    this.draw();
    this.focus("consent-form");
  }

  ask() {
    if (this.tab === null || this.draft === null) return;
    void this.act("/asks", drafts.posted(this.draft, this.tab), () => (this.draft = this.reading = null));
  }

  /** @param {string} wish */
  wish(wish) {
    void this.act("/wish", { wish: wish === "" ? null : wish });
  }

  /** @param {string} ask */
  openSetting(ask) {
    this.setting = ask;
    this.giving = drafts.freshGiving();
    this.tried = false;
    this.draw();
    this.focus("giver");
  }

  /** @param {Partial<import("./consent_draft.js").Giving>} change */
  give(change) {
    this.giving = { ...this.giving, ...change };
    this.draw();
  }

  /** @param {import("./consent_draft.js").Ask} ask */
  set(ask) {
    this.tried = true;
    if (drafts.obstacle(this.giving, ask) !== null) {
      this.draw();
      return this.focus("consent-obstacle");
    }
    void this.act(`/asks/${ask.id}/consent`, drafts.givingPosted(this.giving), () => (this.setting = null));
  }

  /** Look at it as it will be received; only what was looked at can be sent. @param {string} consent */
  async look(consent) {
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    this.draw();
    try {
      const found = await this.context.ask(`${this.here}/forwardings/preview/${consent}`);
      this.preview = { consent, seen: found.seen, reference: found.reference, json: found.json, data: JSON.parse(found.json) };
      this.passphrase = null;
    } catch (error) {
      this.problem = codeOf(error);
    }
    this.busy = false;
    this.draw();
    if (this.preview !== null) this.focus("preview");
  }

  /** Something about what leaves; the tab is read anew. @param {string} path under forwardings @param {unknown} body @param {(answer: any) => void} [then] */
  async forward(path, body, then) {
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    this.draw();
    try {
      const answer = await this.context.ask(`${this.here}/forwardings${path}`, body);
      then?.(answer);
    } catch (error) {
      this.problem = codeOf(error);
    }
    this.busy = false;
    await this.load();
  }

  /** The encrypted file, once. @param {string} forwarding */
  async download(forwarding) {
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    this.draw();
    try {
      const answer = await fetch(`${this.here}/forwardings/${forwarding}/download`, { method: "POST", headers: { "content-type": "application/json" }, body: "{}", cache: "no-store", redirect: "error" });
      if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).error ?? "unavailable");
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await answer.blob());
      link.download = "forwarding.age";
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (error) {
      this.problem = codeOf(error);
    }
    this.busy = false;
    await this.load();
  }

  // -- inside

  draw() {
    if (this.#gone) return;
    const { words } = this;
    this.context.settle(this.root, [
      h("div", { class: "pane-body consent-tab", key: `consent-${this.contact}`, tabindex: "0", role: "group", "aria-label": words.say("consent.title"), "aria-busy": this.busy || this.phase === "loading" ? "true" : null, "data-focus": "record", "data-tab-start": true },
        this.phase === "stale" ? h("p", { class: "bad", key: "stale", role: "status" }, icon("warning"), h("span", {}, words.say("consent.stale")), this.#again()) : null,
        this.problem === null || this.tab === null ? null : h("p", { class: "bad", key: "problem", role: "alert" }, icon("warning"), h("span", {}, words.has(`consent.denied_${this.problem}`) ? words.say(`consent.denied_${this.problem}`) : words.has(`error.${this.problem}`) ? words.say(`error.${this.problem}`) : words.say("error.unavailable"))),
        this.#body()),
    ]);
  }

  #body() {
    const { tab, words } = this;
    if (tab === null) {
      if (this.phase === "loading") return h("p", { class: "faint", key: "loading" }, words.say("state.loading"));
      return h("p", { class: "bad", key: "failed", role: "alert" }, icon("warning"), h("span", {}, words.say(this.problem === "cannot_open" ? "error.cannot_open" : "consent.load_failed")), this.#again());
    }
    if (this.reading !== null && this.draft !== null) return draftCard(this.reading, this.draft, this);
    if (this.draft !== null) return askForm(this.draft, tab, this);
    return consentView(tab, this);
  }

  #again() {
    return h("button", { type: "button", "data-focus": "consent-again", on: { click: () => void this.load() } }, this.words.say("notes.again"));
  }

  /** @param {string} name */
  focus(name) {
    queueMicrotask(() => /** @type {HTMLElement | null} */ (this.root.querySelector(`[data-focus="${CSS.escape(name)}"]`))?.focus());
  }

  /** An answer came in the chat: the tab is read anew. */
  #heard() {
    const answers = this.#answers();
    if (answers === this.#seen) return;
    this.#seen = answers;
    void this.load();
  }

  /** The number of the newest card or answer in the conversation. */
  #answers() {
    const entries = this.context.state().talks[this.contact]?.entries ?? [];
    return entries.reduce((newest, entry) => (entry.kind === "answer" || entry.kind === "card" ? Math.max(newest, entry.seq) : newest), -1);
  }

  stop() {
    this.#gone = true;
    for (const stop of this.stops) stop();
    this.context.settle(this.root, []);
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && /^[a-z_]+$/.test(error.message) ? error.message : "unavailable";
}

/** @type {import("./record_pane.js").Mount} */
export function mount(root, contact, context) {
  const shown = new ConsentTab(root, contact, context);
  shown.draw();
  void shown.load();
  return () => shown.stop();
}
