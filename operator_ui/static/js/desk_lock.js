/**
 * Locking the desk, and opening it with the passphrase.
 * @module
 */
import { liveRows } from "./rows.js";
import { hasUnsaved } from "./state.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Action} Action
 * @typedef {{
 *   lock: () => Promise<void>,
 *   unlock: (passphrase: string) => Promise<"ok" | "wrong" | "signed_out">,
 *   signIn: () => void}} LockServer each may throw
 */

export class DeskLock {
  #store;
  #server;
  #shut;
  #opened;
  #telling = false;

  /**
   * @param {{store: import("./store.js").Store<State, Action>, server: LockServer, shut: (contact: string) => void, opened: () => void}} ports
   *   `shut`: a conversation is not followed any more; `opened`: the desk may show again what it holds
   */
  constructor({ store, server, shut, opened }) {
    this.#store = store;
    this.#server = server;
    this.#shut = shut;
    this.#opened = opened;
  }

  /**
   * What is on screen goes away at once, and from memory too unless a conversation runs or something is unsaved. The line
   * stays: whoever waits is still offered. The server is told, so that a reload does not open the desk.
   */
  async lock() {
    const { state } = this.#store;
    if (state.locked !== "no") return;
    this.#store.change({ type: "locked", locked: "locking" });
    if (liveRows(state).length === 0 && !hasUnsaved(state)) {
      for (const contact of Object.keys(state.talks)) this.#shut(contact);
      this.#store.change({ type: "forget" });
    }
    await this.#tell();
  }

  /** @param {string} passphrase */
  async unlock(passphrase) {
    this.#store.change({ type: "unlock", unlock: "checking" });
    try {
      const answer = await this.#server.unlock(passphrase);
      if (answer === "signed_out") return this.#server.signIn();
      if (answer === "wrong") return this.#store.change({ type: "unlock", unlock: "wrong" });
    } catch {
      return this.#store.change({ type: "unlock", unlock: "failed" });
    }
    this.#store.change({ type: "locked", locked: "no" });
    this.#opened();
  }

  /** Every few seconds: the server is told until it knows. */
  tick() {
    if (this.#store.state.locked === "locking") void this.#tell();
  }

  async #tell() {
    if (this.#telling) return;
    this.#telling = true;
    try {
      await this.#server.lock();
      if (this.#store.state.locked === "locking") this.#store.change({ type: "locked", locked: "yes" });
    } catch {
      // Told again at the next tick. Until then this page is locked all the same; only a reload would open it.
    } finally {
      this.#telling = false;
    }
  }
}
