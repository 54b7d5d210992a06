/** What basics and indicators share: states of the pane, fields of a level, the foot. @module */
import { h, icon } from "../view.js";
import { fieldView } from "./choices.js";
import { conflictView, recordFoot } from "./record_foot.js";

/**
 * @typedef {import("../record_desk.js").Field} Field
 * @typedef {import("../record_desk.js").Code} Code
 * @typedef {import("../record_state.js").Recorded} Recorded
 * @typedef {import("../record_pane.js").TabContext} TabContext
 */

/**
 * Mounts a tab that shows fields.
 * @param {HTMLElement} root
 * @param {string} contact
 * @param {TabContext} context
 * @param {(record: Recorded, fields: Field[], show: (field: Field, options?: ShowOptions) => any) => any[]} body
 * @returns {() => void} unmount
 *
 * @typedef {{only?: (code: Code) => boolean, numbered?: boolean, first?: boolean, hint?: string | null}} ShowOptions
 */
export function mountForm(root, contact, context, body) {
  const { page, words } = context;
  const draw = () => {
    const { records, codes: lists } = context.state();
    const record = records[contact];
    if (record === undefined || record.phase === "loading" || (lists === null && record.phase === "ready")) return context.settle(root, [waiting(words)]);
    if (record.phase === "failed" || record.kept === null || lists === null) return context.settle(root, [failed(contact, context)]);
    /** @param {Field} field @param {ShowOptions} [options] */
    const show = (field, { only = () => true, ...rest } = {}) => {
      const chosen = record.codes[field.name] ?? [];
      const codes = (lists.lists[field.list] ?? []).filter((code) => code.code !== "not_asked" && ((!code.retired && only(code)) || chosen.includes(code.code)));
      return fieldView({ field, codes, chosen, words, toggle: (code) => page.records.toggle(contact, field, code), ...rest });
    };
    context.settle(root, [
      h("div", { class: "pane-body record-body", key: `body-${contact}`, "data-focus": "record", tabindex: "-1" },
        conflictView(record, contact, page),
        record.kept.hidden ? h("p", { class: "card", key: "hidden" }, words.say("record.hidden", { text: record.kept.by ?? words.say("notes.by_staff") })) : null,
        record.kept.remarks.map((remark) => h("p", { class: "bad", key: `remark-${remark}` }, icon("warning"), words.say(`record.remark_${remark}`))),
        body(record, lists.fields, show)),
      recordFoot(record, contact, page),
    ]);
  };
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    if (context.state().records[contact]?.standing !== "conflict") void page.records.finish(contact, true);
  };
  root.addEventListener("keydown", keys);
  draw();
  void page.records.open(contact);
  const stop = context.follow(draw);
  return () => {
    stop();
    root.removeEventListener("keydown", keys);
  };
}

/** @param {import("../words.js").WordBook} words */
function waiting(words) {
  return h("div", { class: "empty", key: "waiting", "aria-busy": "true" }, icon("wait"), h("p", {}, words.say("state.loading")));
}

/** @param {string} contact @param {TabContext} context */
function failed(contact, { words, page }) {
  return h("div", { class: "empty", key: "failed" }, icon("warning"), h("p", { role: "alert" }, words.say("record.load_failed")),
    h("button", { type: "button", "data-focus": "record-load", "data-tab-start": true, on: { click: () => void page.records.open(contact) } }, words.say("notes.again")));
}
