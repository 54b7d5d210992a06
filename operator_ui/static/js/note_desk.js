/**
 * Internal notes: read, saved, tried again. Their own address, never the socket.
 * @module
 */
import { LONGEST_TEXT, lengthOf } from "./frames.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Action} Action
 * @typedef {{
 *   notes: (contact: string) => Promise<import("./notes.js").Note[]>,
 *   note: (contact: string, id: string, text: string) => Promise<{seq: number, at: number}>}} NoteServer each may throw
 */

export class NoteDesk {
  #store;
  #server;
  #newId;

  /** @param {{store: import("./store.js").Store<State, Action>, server: NoteServer, newId: () => string}} ports */
  constructor({ store, server, newId }) {
    this.#store = store;
    this.#server = server;
    this.#newId = newId;
  }

  /** @param {string} contact */
  async load(contact) {
    this.#store.change({ type: "notes_loading", contact });
    try {
      this.#store.change({ type: "notes", contact, list: await this.#server.notes(contact) });
    } catch {
      this.#store.change({ type: "notes_failed", contact });
    }
  }

  /** @param {string} contact @returns {boolean} false when there is nothing to save, or too much */
  save(contact) {
    const text = this.#store.state.noteDrafts[contact] ?? "";
    if (text.trim() === "" || lengthOf(text) > LONGEST_TEXT) return false;
    void this.#put(contact, this.#newId(), text);
    return true;
  }

  /** @param {string} contact @param {string} id */
  saveAgain(contact, id) {
    const note = this.#unsaved(contact, id);
    if (note !== undefined) void this.#put(contact, id, note.text);
  }

  /** A note that was not saved goes back into its field. @param {string} contact @param {string} id */
  takeBack(contact, id) {
    const note = this.#unsaved(contact, id);
    if (note === undefined) return;
    const draft = this.#store.state.noteDrafts[contact] ?? "";
    this.#store.change({ type: "note_draft", contact, text: draft.trim() === "" ? note.text : `${note.text}\n${draft}` });
    this.#store.change({ type: "note_discarded", contact, id });
  }

  /** @param {string} contact @param {string} id */
  #unsaved(contact, id) {
    return this.#store.state.notes[contact]?.fresh.find((one) => one.id === id);
  }

  /** @param {string} contact @param {string} id @param {string} text */
  async #put(contact, id, text) {
    this.#store.change({ type: "note_saving", contact, id, text });
    try {
      const { seq, at } = await this.#server.note(contact, id, text);
      this.#store.change({ type: "note_saved", contact, id, seq, at, by: this.#store.state.me?.alias ?? "" });
    } catch (error) {
      this.#store.change({ type: "note_failed", contact, id, why: error instanceof Error ? error.message : "failed" });
    }
  }
}
