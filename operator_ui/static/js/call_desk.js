/**
 * What a person does with calls. Everything goes by plain requests; the socket only tells how calls stand.
 * @module
 */
import { begun, callOf } from "./calls.js";

/**
 * @typedef {import("./state.js").State} State
 */

export class CallDesk {
  #store;
  #ask;
  #choose;
  /** @type {import("./calls.js").Calls} */ #seen;
  /** @type {string | null} a missed call I took and do not have yet */ #taking = null;

  /** @param {{store: import("./store.js").Store<State, import("./state.js").Action>, ask: import("./record_pane.js").Ask, choose: (contact: string) => void}} ports `choose`: shows a contact with its record */
  constructor({ store, ask, choose }) {
    this.#store = store;
    this.#ask = ask;
    this.#choose = choose;
    this.#seen = store.state.calls;
  }

  /** The list has come: the record of a talk that has begun stands on the screen; focus stays where it is. */
  listed() {
    const { calls, locked } = this.#store.state;
    const [first] = begun(this.#seen, calls);
    this.#seen = calls;
    if (locked !== "no") return;
    this.#showTaken();
    if (first !== undefined) this.show(first.contact);
  }

  /** A call with its record. @param {string} contact */
  show(contact) {
    this.#choose(contact);
    this.#store.change({ type: "tab", tab: "basics" });
    this.#store.change({ type: "pane", pane: "record" });
  }

  /** Ring my own phone. @param {string} contact */
  async answer(contact) {
    await this.#post(contact, "answer");
  }

  /** @param {string} contact */
  async end(contact) {
    this.#store.change({ type: "call_ending", contact: null });
    await this.#post(contact, "end");
  }

  /** Whom to ask to join? @param {string} contact */
  async choosing(contact) {
    this.#store.change({ type: "call_adding", contact });
    try {
      this.#store.change({ type: "call_asked", asked: await this.#ask("/desk/call-parties") });
    } catch (error) {
      this.#failed(error);
    }
  }

  /** @param {string} contact */
  async add(contact) {
    const { asked, whom } = this.#store.state.calls;
    const one = asked?.find((each) => each.id === whom);
    if (one === undefined) return;
    this.#store.change({ type: "call_adding", contact: null });
    await this.#post(contact, "add", { kind: one.kind, whom: one.id });
  }

  /** It is mine from now on. @param {string} contact */
  async take(contact) {
    if (!(await this.#post(contact, "take"))) return;
    this.#taking = contact;
    this.#showTaken();
  }

  /** @param {string} contact */
  async putBack(contact) {
    this.#store.change({ type: "call_number", number: null });
    await this.#post(contact, "put-back");
  }

  /** An opening that the audit log records. @param {string} contact */
  async showNumber(contact) {
    this.#store.change({ type: "call_busy", contact });
    try {
      const found = await this.#ask(`/desk/calls/${encodeURIComponent(contact)}/number`);
      this.#store.change({ type: "call_number", number: { contact, ...found } });
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#store.change({ type: "call_busy", contact: null });
    }
  }

  /** The player could not get what was recorded. */
  unheard() {
    this.#failed(new Error("cannot_open"));
  }

  /** Rings my phone, then theirs. @param {string} contact */
  async callBack(contact) {
    await this.#post(contact, "call-back");
  }

  /** @param {string} contact */
  async dealtWith(contact) {
    const { outcome } = this.#store.state.calls;
    if (outcome === null || callOf(this.#store.state.calls, contact) === null) return;
    if (await this.#post(contact, "dealt-with", { outcome })) this.#store.change({ type: "call_outcome", outcome: null });
  }

  /** What I took is shown when the list says that it is mine. */
  #showTaken() {
    const contact = this.#taking;
    if (contact === null || callOf(this.#store.state.calls, contact)?.you !== "taken") return;
    this.#taking = null;
    this.#choose(contact);
  }

  /** @param {string} contact @param {string} what @param {unknown} [body] @returns {Promise<boolean>} */
  async #post(contact, what, body = {}) {
    this.#store.change({ type: "call_busy", contact });
    try {
      await this.#ask(`/desk/calls/${encodeURIComponent(contact)}/${what}`, body);
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    } finally {
      this.#store.change({ type: "call_busy", contact: null });
    }
  }

  /** @param {unknown} error */
  #failed(error) {
    const code = error instanceof Error ? error.message : "unavailable";
    const known = ["not_yours", "already_taken", "ended", "cannot_open", "no_number"].includes(code) ? code : "unavailable";
    this.#store.change({ type: "notice", key: `calls.error_${known}`, tone: "warning" });
  }
}
