/** Where the visitor writes. Nothing of it leaves the device before Send. */

import { byId, sentence } from "./dom.js";

const LONGEST = 2000;
const NEARLY = 1800;

export class Composer {
  /** @param {(text: string) => void} send */
  constructor(send) {
    this.form = /** @type {HTMLFormElement} */ (byId("composer"));
    this.field = /** @type {HTMLTextAreaElement} */ (byId("text"));
    this.note = byId("left");
    this.send = send;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.field.addEventListener("input", () => this.count());
    this.field.addEventListener("keydown", (event) => this.key(event));
  }

  /** Enter sends where there is a real keyboard, never while an input method composes. @param {KeyboardEvent} event */
  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    if (!matchMedia("(pointer: fine)").matches) return;
    event.preventDefault();
    this.submit();
  }

  submit() {
    const text = this.field.value.trim();
    if (!text) return this.field.focus();
    if ([...text].length > LONGEST) return this.say(sentence("composer.too_long"));
    this.field.value = "";
    this.count();
    this.field.focus();
    this.send(text);
  }

  count() {
    const length = [...this.field.value].length;
    this.say(length > NEARLY ? sentence("composer.left", Math.max(LONGEST - length, 0)) : "");
  }

  /** @param {string} text */
  say(text) {
    this.note.textContent = text;
  }

  /** Put back what could not be sent, if nothing else was begun. @param {string} text */
  giveBack(text) {
    if (!this.field.value) this.field.value = text;
  }

  empty() {
    this.field.value = "";
    this.say("");
  }
}
