/** Fields of the record as chips: one press chooses, a digit chooses without the mouse, arrows walk. @module */
import { h, icon } from "../view.js";

/**
 * @typedef {import("../record_desk.js").Field} Field
 * @typedef {import("../record_desk.js").Code} Code
 * @typedef {{field: Field, codes: Code[], chosen: string[], words: import("../words.js").WordBook, numbered?: boolean,
 *   hint?: string | null, first?: boolean, toggle: (code: string) => void}} Choice
 */

/** How many codes have a digit. */
const DIGITS = "1234567890";
/** More than this is a list to choose from, not chips. */
const MOST_CHIPS = 24;

/** @param {Choice} choice */
export function fieldView(choice) {
  const { field, codes, chosen, words, hint = null } = choice;
  const id = `field-${field.name}`;
  const many = codes.length > MOST_CHIPS;
  return h("section", { class: "field", key: field.name, "data-field": field.name },
    h("h3", {}, many ? h("label", { for: `${id}-list` }, field.label) : h("span", { id }, field.label),
      chosen.length === 0 ? h("span", { class: "faint" }, words.say("record.not_asked")) : field.many ? h("span", { class: "faint" }, words.say("record.several")) : null),
    hint === null ? null : h("p", { class: "faint", key: "hint" }, hint),
    many ? longList(choice, `${id}-list`) : chips(choice, id));
}

/** @param {Choice} choice @param {string} id */
function chips({ field, codes, chosen, numbered = false, first = false, toggle }, id) {
  const held = codes.find((code) => chosen.includes(code.code))?.code ?? codes[0]?.code;
  return h("div", { class: "chips", role: field.many ? "group" : "radiogroup", "aria-labelledby": id, on: { keydown: (event) => pressed(event, numbered ? codes : [], toggle) } },
    codes.map((code, at) => {
      const on = chosen.includes(code.code);
      const digit = numbered ? (DIGITS[at] ?? null) : null;
      return h("button", {
        type: "button", key: code.code, class: `chip${on ? " on" : ""}${code.code === "not_known" ? " quiet-chip" : ""}`,
        role: field.many ? null : "radio", "aria-checked": field.many ? null : on ? "true" : "false", "aria-pressed": field.many ? (on ? "true" : "false") : null,
        "aria-keyshortcuts": digit, tabindex: code.code === held ? "0" : "-1", "data-code": code.code, "data-focus": `${field.name}-${code.code}`,
        "data-tab-start": first && code.code === held ? true : null, on: { click: () => toggle(code.code) },
      }, on ? icon("check") : digit === null ? null : h("kbd", { "aria-hidden": "true" }, digit), h("span", {}, code.label));
    }));
}

/** @param {Choice} choice @param {string} id */
function longList({ field, codes, chosen, words, toggle }, id) {
  return h("select", { id, "data-focus": field.name, value: chosen[0] ?? "not_asked", on: { change: (event) => toggle(event.target.value) } },
    h("option", { value: "not_asked", key: "not_asked" }, words.say("record.not_asked")),
    codes.map((code) => h("option", { value: code.code, key: code.code, selected: chosen.includes(code.code) }, code.label)));
}

/**
 * A digit presses its chip, where chips have digits; arrows move between chips and choose nothing.
 * @param {KeyboardEvent} event
 * @param {Code[]} codes
 * @param {(code: string) => void} toggle
 */
function pressed(event, codes, toggle) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
  const group = /** @type {HTMLElement} */ (event.currentTarget);
  const all = /** @type {HTMLElement[]} */ ([...group.querySelectorAll(".chip")]);
  const at = all.indexOf(/** @type {HTMLElement} */ (event.target));
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (step !== undefined && at >= 0) all[(at + step + all.length) % all.length]?.focus();
  else {
    const code = DIGITS.includes(event.key) ? codes[DIGITS.indexOf(event.key)] : undefined;
    if (code === undefined) return;
    all[DIGITS.indexOf(event.key)]?.focus(); // or Tab would lead to the chip just chosen
    toggle(code.code);
  }
  event.preventDefault();
}
