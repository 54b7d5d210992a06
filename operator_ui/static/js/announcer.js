/**
 * One polite region for a screen reader. What happens in a burst is said once, in one go.
 * @module
 */
import { endCode } from "./talk.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./words.js").WordBook} WordBook
 */

const GATHER = 400;
const LONGEST_QUOTE = 200;

export class Announcer {
  #region;
  #after;
  /** @type {string[]} */ #waiting = [];

  /**
   * @param {{textContent: string | null}} region an element with role=status
   * @param {(ms: number, task: () => void) => void} after
   */
  constructor(region, after) {
    this.#region = region;
    this.#after = after;
  }

  /** @param {string[]} sentences */
  say(sentences) {
    if (sentences.length === 0) return;
    if (this.#waiting.length === 0) this.#after(GATHER, () => this.#tell());
    this.#waiting.push(...sentences);
  }

  #tell() {
    this.#region.textContent = this.#waiting.join(" ");
    this.#waiting = [];
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
  return [...lineNews(before, after, words), ...offerNews(before, after, words), ...talkNews(before, after, words),
    ...after.notices.filter((notice) => notice.id >= before.nextNotice).map((notice) => words.say(notice.key, notice.values))];
}

/** Of a locked desk neither tag nor words. @param {State} before @param {State} after @param {WordBook} words */
function lockNews(before, after, words) {
  if (before.locked === "no") return [words.say("lock.announce")];
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
function talkNews(before, after, words) {
  /** @type {string[]} */
  const said = [];
  for (const row of after.mine) {
    const talk = after.talks[row.contact];
    const old = before.talks[row.contact];
    if (talk === undefined || old === undefined || old.phase !== "open") continue;
    const fresh = talk.entries.filter((entry) => entry.seq > old.after);
    const theirs = fresh.filter((entry) => entry.kind === "message" && entry.by === "visitor");
    const only = theirs.length === 1 ? theirs[0]?.text : null;
    if (row.contact === after.current && only) said.push(words.say("say.message", { tag: row.tag, text: shortened(only) }));
    else if (theirs.length > 0) said.push(words.count("say.messages", theirs.length, { tag: row.tag }));
    const ended = endCode(talk);
    if (ended !== null && endCode(old) === null) said.push(words.say("say.code", { tag: row.tag, text: words.say(`code.${ended}`) }));
    else for (const entry of fresh) if (entry.code !== null && row.contact === after.current) said.push(words.say(`code.${entry.code}`));
  }
  return said;
}

/** @param {string} text */
function shortened(text) {
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}
