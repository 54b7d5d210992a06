/** How saving goes, what a colleague saved meanwhile, and the way to finish. @module */
import { clashes } from "../record_state.js";
import { h, icon } from "../view.js";

/**
 * @typedef {import("../record_state.js").Recorded} Recorded
 * @typedef {import("../page.js").Page} Page
 */

/** Below the fields of a record. @param {Recorded} record @param {string} contact @param {Page} page */
export function recordFoot(record, contact, page) {
  const { words, records } = page;
  const done = record.finished && record.standing === "saved";
  return h("div", { class: "record-foot", key: "foot" },
    standing(record, contact, page),
    done ? h("button", { type: "button", "data-focus": "record-reopen", on: { click: () => void records.finish(contact, false) } }, words.say("record.reopen"))
      : h("button", { type: "button", class: "primary", "data-focus": "record-finish", "aria-keyshortcuts": "Control+Enter", disabled: record.standing === "conflict", on: { click: () => void records.finish(contact, true) } }, icon("check"), words.say("record.finish")));
}

/** @param {Recorded} record @param {string} contact @param {Page} page */
function standing(record, contact, { words, records }) {
  const { kept } = record;
  if (record.standing === "failed") {
    const why = words.has(`error.${record.why}`) ? words.say(`error.${record.why}`) : words.say("error.unavailable");
    return h("p", { class: "bad standing-text", key: "failed", role: "alert" }, icon("warning"), h("span", {}, words.say("record.not_saved"), " ", why),
      h("button", { type: "button", "data-focus": "record-again", on: { click: () => void records.save(contact) } }, words.say("notes.again")));
  }
  if (record.standing === "conflict") return h("p", { class: "bad standing-text", key: "conflict" }, icon("warning"), words.say("record.conflict_waits"));
  if (record.standing !== "saved") return h("p", { class: "faint standing-text", key: "saving" }, icon("wait"), words.say("record.saving"));
  if (kept === null || kept.at === null) return h("p", { class: "faint standing-text", key: "none" }, words.say("record.saves_itself"));
  const key = record.finished ? "record.finished_at" : record.merged ? "record.merged" : "record.saved_at";
  return h("p", { class: "faint standing-text", key: "saved" }, icon("check"), words.say(key, { text: words.clock(kept.at) }));
}

/** Both versions, while somebody has to choose. @param {Recorded} record @param {string} contact @param {Page} page */
export function conflictView(record, contact, page) {
  const { words, records, store } = page;
  const lists = store.state.codes;
  if (record.standing !== "conflict" || record.theirs === null) return null;
  const { theirs } = record;
  const fields = clashes(record).map((name) => ({ name, field: lists?.fields.find((one) => one.name === name) }));
  /** @param {string} name @param {string[] | undefined} codes */
  const said = (name, codes) => {
    const list = lists?.lists[lists.fields.find((one) => one.name === name)?.list ?? ""] ?? [];
    return (codes ?? ["not_asked"]).map((code) => list.find((one) => one.code === code)?.label ?? code).join(", ");
  };
  return h("section", { class: "card conflict", key: "conflict", role: "alert" },
    h("h3", {}, icon("warning"), words.say("record.conflict", { text: theirs.by ?? words.say("notes.by_staff") })),
    h("dl", {}, fields.map(({ name, field }) => h("div", { key: name },
      h("dt", {}, field?.label ?? name),
      h("dd", {}, h("span", {}, words.say("record.mine", { text: said(name, record.codes[name]) })), h("span", {}, words.say("record.theirs", { text: said(name, theirs.codes[name]) })))))),
    h("div", { class: "pair" },
      h("button", { type: "button", class: "primary", "data-focus": "keep-mine", on: { click: () => void records.settle(contact, true) } }, words.say("record.keep_mine")),
      h("button", { type: "button", "data-focus": "take-theirs", on: { click: () => void records.settle(contact, false) } }, words.say("record.take_theirs"))));
}
