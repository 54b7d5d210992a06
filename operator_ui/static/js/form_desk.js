/**
 * What a person does with messages of the contact form. Everything goes by plain requests, never by the socket.
 * @module
 */

/**
 * @typedef {import("./state.js").State} State
 * @typedef {{
 *   take: (contact: string) => Promise<import("./forms.js").FormMessage>,
 *   read: (contact: string) => Promise<import("./forms.js").FormMessage>,
 *   putBack: (contact: string) => Promise<unknown>,
 *   dealtWith: (contact: string, outcome: string) => Promise<unknown>}} FormServer each throws an error code
 */

export class FormDesk {
  #store;
  #server;
  #loadNotes;

  /** @param {{store: import("./store.js").Store<State, import("./state.js").Action>, server: FormServer, loadNotes: (contact: string) => Promise<void>}} ports */
  constructor({ store, server, loadNotes }) {
    this.#store = store;
    this.#server = server;
    this.#loadNotes = loadNotes;
  }

  /** Read one that is mine; any other is taken first. @param {string} contact */
  async open(contact) {
    const row = this.#store.state.forms.rows.find((one) => one.contact === contact);
    if (row === undefined) return;
    this.#store.change({ type: "form_opening", contact });
    try {
      const message = await (row.state === "mine" ? this.#server.read(contact) : this.#server.take(contact));
      this.#store.change({ type: "form_opened", message });
    } catch (error) {
      return this.#failed(contact, error);
    }
    await this.#loadNotes(contact);
  }

  /** It waits again, for anybody. @param {string} contact */
  async putBack(contact) {
    await this.#done(contact, () => this.#server.putBack(contact));
  }

  /** @param {string} contact @param {string} outcome */
  choose(contact, outcome) {
    this.#store.change({ type: "form_outcome", contact, outcome });
  }

  /** What came of it: it leaves everybody's list. @param {string} contact */
  async dealtWith(contact) {
    const { reading } = this.#store.state.forms;
    const outcome = reading?.contact === contact ? reading.outcome : null;
    if (outcome !== null) await this.#done(contact, () => this.#server.dealtWith(contact, outcome));
  }

  /** @param {string} contact */
  close(contact) {
    this.#store.change({ type: "form_closed", contact });
  }

  /** @param {string} contact @param {() => Promise<unknown>} ask */
  async #done(contact, ask) {
    const { forms, noteDrafts } = this.#store.state;
    if (forms.reading?.phase !== "open") return;
    if ((noteDrafts[contact] ?? "").trim() !== "") return this.#store.change({ type: "notice", key: "forms.note_first", tone: "warning" });
    this.#store.change({ type: "form_busy", contact });
    try {
      await ask();
    } catch (error) {
      return this.#failed(contact, error);
    }
    this.close(contact);
  }

  /** @param {string} contact @param {unknown} error */
  #failed(contact, error) {
    this.#store.change({ type: "form_failed", contact, why: error instanceof Error ? error.message : "unavailable" });
  }
}
