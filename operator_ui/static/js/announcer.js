/**
 * One polite region for a screen reader. What happens in a burst is said once, in one go.
 * @module
 */
import { ringing } from "./calls.js";
import { newForms } from "./forms.js";
import { endCode } from "./talk.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./words.js").WordBook} WordBook
 */

const GATHER = 400;
const LONGEST_QUOTE = 200;

export class Announcer {
  #region;
  #words;
  #after;
  /** @type {State} what was last said or not worth saying */ #said;
  /** @type {State} */ #now;
  #waiting = false;

  /**
   * @param {{region: {textContent: string | null}, words: WordBook, after: (ms: number, task: () => void) => void,
   *   state: State}} ports `region`: an element with role=status
   */
  constructor({ region, words, after, state }) {
    this.#region = region;
    this.#words = words;
    this.#after = after;
    this.#said = this.#now = state;
  }

  /** What happened between two states a moment apart is said together: five messages are one sentence. @param {State} state */
  follow(state) {
    if (state.locked !== "no" && this.#now.locked === "no") this.#region.textContent = "";
    this.#now = state;
    if (this.#waiting) return;
    this.#waiting = true;
    this.#after(GATHER, () => this.#tell());
  }

  #tell() {
    this.#waiting = false;
    const sentences = news(this.#said, this.#now, this.#words);
    this.#said = this.#now;
    if (sentences.length > 0) this.#region.textContent = sentences.join(" ");
  }
}

/**
 * What is worth saying aloud about a change. Words of a visitor only for the conversation on screen.
 * @param {State} before
 * @param {State} after
 * @param {WordBook} words
 * @returns {string[]}
 */
export function news(before, after, words) {
  if (after.locked !== "no") return lockNews(before, after, words);
  return [...lineNews(before, after, words), ...offerNews(before, after, words), ...talkNews(before, after, words), ...formNews(before, after, words), ...callNews(before, after, words),
    ...after.notices.filter((notice) => notice.id >= before.nextNotice).map((notice) => words.say(notice.key, notice.values))];
}

/** Of a locked desk neither tag nor words. @param {State} before @param {State} after @param {WordBook} words */
function lockNews(before, after, words) {
  if (before.locked === "no") return [words.say("lock.announce")];
  if (ringing(after.calls).length > ringing(before.calls).length) return [words.say("calls.ringing")];
  return after.offers.length > before.offers.length ? [words.say("lock.offer")] : [];
}

/** @param {State} before @param {State} after @param {WordBook} words */
function lineNews(before, after, words) {
  if (before.line === "live" && after.line === "lost") return [words.say("line.lost")];
  if (before.line !== "live" && after.line === "live" && before.heard) return [words.say("line.back")];
  return [];
}

/** @param {State} before @param {State} after @param {WordBook} words */
function offerNews(before, after, words) {
  return after.offers
    .filter((offer) => !before.offers.some((one) => one.contact === offer.contact))
    .map((offer) => words.say("offer.announce", { tag: offer.tag, spoken: words.language(offer.language) }));
}

/** @param {State} before @param {State} after @param {WordBook} words */
function formNews(before, after, words) {
  const fresh = newForms(before.forms, after.forms);
  return fresh.length === 0 ? [] : [words.say(fresh.some((row) => row.urgency === "urgent") ? "forms.announce_urgent" : "forms.announce")];
}

/** A call rings, or mine has moved on. Nobody is told twice. @param {State} before @param {State} after @param {WordBook} words */
function callNews(before, after, words) {
  const known = new Map(before.calls.rows.map((row) => [row.contact, row]));
  return after.calls.rows.flatMap((row) => {
    const old = known.get(row.contact);
    const values = { tag: row.tag, spoken: words.language(row.language) };
    if (row.state === "ringing" && old === undefined) return [words.say("calls.announce", values)];
    if (row.state === "ringing" && row.you !== null && row.you !== old?.you) return [words.say(`calls.you_${row.you}`)];
    if (row.state === "talking" && old?.state !== "talking") return [words.say("calls.announce_talking", values)];
    if (row.state === "over" && old?.state === "talking") return [words.say("calls.over")];
    if (row.returning !== null && row.returning !== old?.returning) return [words.say(`calls.back_${row.returning}`)];
    if (row.state === "missed" && old?.state === "ringing") return [words.say("calls.announce_missed")];
    const joined = row.parties.filter((party) => party.state === "joined").length;
    return joined > (old?.parties.filter((party) => party.state === "joined").length ?? 0) ? [words.say("calls.announce_joined")] : [];
  });
}

/** @param {State} before @param {State} after @param {WordBook} words */
function talkNews(before, after, words) {
  /** @type {string[]} */
  const said = [];
  for (const row of after.mine) {
    const talk = after.talks[row.contact];
    const old = before.talks[row.contact];
    if (talk === undefined) continue;
    const fresh = talk.entries.filter((entry) => entry.seq > Math.max(talk.old, old?.after ?? 0));
    const theirs = fresh.filter((entry) => entry.kind === "message" && entry.by === "visitor");
    const only = theirs.length === 1 ? theirs[0]?.text : null;
    if (row.contact === after.current && only) said.push(words.say("say.message", { tag: row.tag, text: shortened(only) }));
    else if (theirs.length > 0) said.push(words.count("say.messages", theirs.length, { tag: row.tag }));
    const ended = endCode(talk);
    if (ended !== null && fresh.some((entry) => entry.code === ended)) said.push(words.say("say.code", { tag: row.tag, text: words.say(`code.${ended}`) }));
    else for (const entry of fresh) if (entry.code !== null && row.contact === after.current) said.push(words.say(`code.${entry.code}`));
  }
  return said;
}

/** @param {string} text */
function shortened(text) {
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}
