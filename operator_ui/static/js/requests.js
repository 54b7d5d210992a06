/**
 * What does not go through the socket: notes, the lock, signing in and out.
 * @module
 */

/**
 * @typedef {(address: string, options: RequestInit) => Promise<Response>} Fetch
 */

const TAKES = 15_000;

/** Carries an error code of docs/protocol.md, and everything else the server said with it. */
export class RequestFailed extends Error {
  /** @param {string} code @param {Record<string, any>} [told] */
  constructor(code, told = {}) {
    super(code);
    this.told = told;
  }
}

/**
 * @param {{fetch: Fetch, signIn: () => void, signOut: () => void}} ports
 * @returns {import("./desk.js").Doors & import("./note_desk.js").NoteServer & import("./desk_lock.js").LockServer & {forms: import("./form_desk.js").FormServer, ask: import("./record_pane.js").Ask}}
 */
export function makeServer({ fetch, signIn, signOut }) {
  /** @param {string} address @param {unknown} [body] */
  async function ask(address, body) {
    const post = body !== undefined;
    return fetch(address, {
      method: post ? "POST" : "GET",
      headers: post ? { "content-type": "application/json" } : {},
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(TAKES),
      ...(post ? { body: JSON.stringify(body) } : {}),
    });
  }

  /** @param {Response} response */
  async function json(response) {
    if (response.status === 401) signIn();
    if (response.ok) return response.json();
    const told = await response.json().catch(() => ({}));
    throw new RequestFailed(typeof told.error === "string" ? told.error : "unavailable", told);
  }

  /** @param {string} contact */
  const notesOf = (contact) => `/desk/contacts/${encodeURIComponent(contact)}/notes`;

  /** @param {string} contact */
  const formOf = (contact) => `/desk/forms/${encodeURIComponent(contact)}`;

  return {
    signIn,
    signOut,
    ask: async (address, body) => json(await ask(address, body)),
    notes: async (contact) => json(await ask(notesOf(contact))),
    note: async (contact, id, text) => json(await ask(notesOf(contact), { id, text })),
    forms: {
      read: async (contact) => json(await ask(formOf(contact))),
      take: async (contact) => json(await ask(`${formOf(contact)}/take`, {})),
      putBack: async (contact) => json(await ask(`${formOf(contact)}/put-back`, {})),
      dealtWith: async (contact, outcome) => json(await ask(`${formOf(contact)}/dealt-with`, { outcome })),
    },
    lock: async () => {
      const response = await ask("/desk/lock", {});
      if (!response.ok) throw new RequestFailed("unavailable");
    },
    unlock: async (passphrase) => {
      const response = await ask("/desk/unlock", { passphrase });
      if (response.ok) return "ok";
      if (response.status === 401) return "signed_out";
      if (response.status === 403) return "wrong";
      throw new RequestFailed("unavailable");
    },
  };
}
