/**
 * The one polite voice of the page. What comes in a moment is said together: of each matter only the newest sentence,
 * and messages that come in a burst are counted instead of read out.
 */

const GATHER = 400;
const READ_OUT = 2;

export class Announcer {
  /** @param {{ textContent: string | null }} place @param {(n: number) => string} count the sentence for a burst */
  constructor(place, count) {
    this.place = place;
    this.count = count;
    /** Matter -> what to say of it. @type {Map<string, string>} */
    this.notes = new Map();
    /** @type {string[]} */
    this.messages = [];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** Something about the page itself. @param {string} matter @param {string} text */
  say(matter, text) {
    this.notes.set(matter, text);
    this.soon();
  }

  /** Something somebody wrote. @param {string} text */
  message(text) {
    this.messages.push(text);
    this.soon();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.speak(), GATHER);
  }

  speak() {
    const many = this.messages.length > READ_OUT;
    const messages = many ? [this.count(this.messages.length)] : this.messages;
    this.place.textContent = [...this.notes.values(), ...messages].join(" ");
    this.notes.clear();
    this.messages = [];
  }

  /** Forget everything said. */
  empty() {
    clearTimeout(this.timer);
    this.notes.clear();
    this.messages = [];
    this.place.textContent = "";
  }
}
