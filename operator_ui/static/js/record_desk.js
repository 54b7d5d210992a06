/**
 * What a person does with coded records: everything is saved by itself, and goes by plain requests, never by the socket.
 * @module
 */
import { isUnsaved } from "./record_state.js";
import { rowOf } from "./rows.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {{code: string, label: string, retired?: boolean, counselling?: boolean}} Code
 * @typedef {{name: string, list: string, level: number, many: boolean, label: string}} Field
 * @typedef {{version: number, lists: Record<string, Code[]>, fields: Field[]}} Lists
 */

/** A pause in choosing is long enough to save. */
export const SAVE_AFTER = 700;
const TRY_AGAIN = 5_000;
const LOOK_AGAIN = 60_000;

export class RecordDesk {
  #store;
  #ask;
  #flag;
  #now;
  #after;
  #locale;
  /** @type {Map<string, () => void>} contacts with a save to come, and how to call it off */ #waiting = new Map();
  /** @type {Map<string, number>} when a save that failed is tried again */ #again = new Map();
  /** @type {Set<string>} */ #saving = new Set();
  #lookAt = 0;
  #mine = "";
  #looking = false;

  /**
   * @param {{store: import("./store.js").Store<State, import("./state.js").Action>, ask: import("./record_pane.js").Ask,
   *   flag: (contact: string) => void, now: () => number, after: (ms: number, task: () => void) => () => void, locale: string}} ports
   */
  constructor({ store, ask, flag, now, after, locale }) {
    this.#store = store;
    this.#ask = ask;
    this.#flag = flag;
    this.#now = now;
    this.#after = after;
    this.#locale = locale;
  }

  /** The lists, once; and the record, unless it is here. @param {string} contact */
  async open(contact) {
    const known = this.#store.state.records[contact];
    if (this.#store.state.codes === null) void this.#loadCodes();
    if (known === undefined || known.phase === "failed") await this.load(contact);
  }

  /** @param {string} contact */
  async load(contact) {
    this.#store.change({ type: "record_loading", contact });
    try {
      this.#store.change({ type: "record_loaded", contact, kept: await this.#ask(this.#address(contact)) });
    } catch {
      this.#store.change({ type: "record_load_failed", contact });
    }
  }

  /** One code of a field: chosen, or taken back. @param {string} contact @param {Field} field @param {string} code */
  toggle(contact, field, code) {
    const now = this.#store.state.records[contact]?.codes[field.name] ?? [];
    this.choose(contact, field, toggled(now, code, field, this.#store.state.codes));
  }

  /** @param {string} contact @param {Field} field @param {string[]} codes */
  choose(contact, field, codes) {
    this.#store.change({ type: "record_chose", contact, field: field.name, codes });
    this.#soon(contact);
    if (field.name === "danger" && codes.includes("yes") && isUnflagged(this.#store.state, contact)) this.#flag(contact);
  }

  /** Nothing is open any more; or something is again. @param {string} contact @param {boolean} on */
  async finish(contact, on) {
    this.#store.change({ type: "record_finished", contact, on });
    await this.save(contact);
  }

  /** @param {string} contact @param {boolean} mine */
  async settle(contact, mine) {
    this.#store.change({ type: "record_settled", contact, mine });
    await this.save(contact);
  }

  /** @param {string} contact */
  async save(contact) {
    this.#waiting.get(contact)?.();
    this.#waiting.delete(contact);
    const record = this.#store.state.records[contact];
    if (record === undefined || record.kept === null || (record.standing !== "changed" && record.standing !== "failed")) return;
    if (this.#saving.has(contact)) return this.#soon(contact); // one after the other: each is based on the one before
    const { codes, finished } = record;
    this.#saving.add(contact);
    this.#again.delete(contact);
    this.#store.change({ type: "record_saving", contact });
    try {
      const kept = await this.#ask(this.#address(contact), { based_on: record.kept.revision, codes, finished });
      this.#store.change({ type: "record_saved", contact, kept, codes, finished });
    } catch (error) {
      this.#failed(contact, error);
    } finally {
      this.#saving.delete(contact);
    }
    if (this.#store.state.records[contact]?.standing === "changed") this.#soon(contact);
    if (finished !== record.kept.finished) await this.look();
  }

  /** Which of my contacts are over and not finished. */
  async look() {
    this.#lookAt = this.#now() + LOOK_AGAIN;
    if (this.#looking) return;
    this.#looking = true;
    try {
      this.#store.change({ type: "unfinished", list: await this.#ask("/desk/records") });
    } catch {
      this.#lookAt = this.#now() + TRY_AGAIN;
    } finally {
      this.#looking = false;
    }
  }

  /** Every few seconds: what failed is tried again; the list is looked at when something of mine ended, and now and then. */
  tick() {
    const { state } = this.#store;
    if (state.locked !== "no" || state.line !== "live") return;
    for (const [contact, at] of this.#again) if (this.#now() >= at) void this.save(contact);
    const mine = state.mine.map((row) => `${row.contact} ${row.state}`).join();
    if (mine !== this.#mine || this.#now() >= this.#lookAt) void this.look();
    this.#mine = mine;
  }

  /** @param {string} contact @param {unknown} error */
  #failed(contact, error) {
    const told = /** @type {{told?: Record<string, any>}} */ (error)?.told ?? {};
    const why = error instanceof Error ? error.message : "unavailable";
    if (why === "conflict" && told["kept"] !== undefined) return this.#store.change({ type: "record_conflict", contact, kept: told["kept"] });
    if (why === "not_yours") return this.#store.change({ type: "record_gone", contact });
    this.#store.change({ type: "record_failed", contact, why });
    if (!["bad_codes", "cannot_open", "bad_request"].includes(why)) this.#again.set(contact, this.#now() + TRY_AGAIN);
  }

  /** @param {string} contact */
  #soon(contact) {
    this.#waiting.get(contact)?.();
    this.#waiting.set(contact, this.#after(SAVE_AFTER, () => void this.save(contact)));
  }

  async #loadCodes() {
    try {
      this.#store.change({ type: "codes", codes: await this.#ask(`/desk/codes/${this.#locale}`) });
    } catch {
      this.#store.change({ type: "codes", codes: null });
    }
  }

  /** @param {string} contact */
  #address(contact) {
    return `/desk/contacts/${encodeURIComponent(contact)}/record`;
  }
}

/**
 * What stands in a field after a code was pressed. "Not asked" is the same as nothing; "not known" and outcomes without
 * counselling stand alone.
 * @param {string[]} now
 * @param {string} code
 * @param {Field} field
 * @param {Lists | null} lists
 * @returns {string[]}
 */
export function toggled(now, code, field, lists) {
  if (code === "not_asked") return [];
  if (now.includes(code)) return now.filter((one) => one !== code);
  if (!field.many) return [code];
  const alone = (/** @type {string} */ one) => one === "not_known" || lists?.lists[field.list]?.find(({ code: name }) => name === one)?.counselling === false;
  return alone(code) ? [code] : [...now.filter((one) => !alone(one)), code];
}

/**
 * Those on the list of what is left to finish that do not stand among mine anyway.
 * @param {State} state
 */
export function toFinish(state) {
  return state.unfinished.filter((one) => !state.mine.some((row) => row.contact === one.contact) && !state.kept.some((row) => row.contact === one.contact) && state.forms.reading?.contact !== one.contact);
}

/** A conversation that goes on and does not carry the mark of danger yet. @param {State} state @param {string} contact */
function isUnflagged(state, contact) {
  return state.talks[contact]?.phase === "open" && rowOf(state, contact)?.danger !== true;
}

/** @param {State} state @param {string} contact */
export function isOpenRecord(state, contact) {
  const record = state.records[contact];
  if (record !== undefined && record.kept !== null) return !record.finished || isUnsaved(record);
  return state.unfinished.some((one) => one.contact === contact) && rowOf(state, contact) !== null;
}
