/** The tab of basics: what is recorded in under a minute, and what is known without asking. @module */
import { h } from "./view.js";
import { facts } from "./views/facts.js";
import { mountForm } from "./views/record_form.js";

const BODIES = new Set(["professional", "employer"]);

/** @type {import("./record_pane.js").Mount} */
export function mount(root, contact, context) {
  const { words, page } = context;
  let others = false;
  return mountForm(root, contact, context, (record, fields, show) => {
    const outcomes = record.codes["outcome"] ?? [];
    const lists = context.state().codes?.lists;
    const uncounselled = outcomes.some((name) => lists?.["outcome"]?.find(({ code }) => code === name)?.counselling === false);
    const open = others || uncounselled;
    return [
      fields.filter(({ level }) => level === 1).map((field) => {
        if (field.name === "party" && !BODIES.has(record.codes["who"]?.[0] ?? "") && record.codes["party"] === undefined) return null;
        if (field.name !== "outcome") return show(field, { numbered: true, first: field.name === "who" });
        return h("div", { class: "outcomes", key: "outcomes" },
          show(field, { numbered: true, only: (code) => open === (code.counselling === false) || code.code === "not_known" }),
          uncounselled ? null : h("button", { type: "button", class: "linklike", key: "others", "aria-expanded": open ? "true" : "false", "data-focus": "outcome-others",
            on: { click: () => { others = !others; page.store.change({ type: "tab_drawn" }); } } }, words.say(open ? "record.counselling" : "record.not_counselling")));
      }),
      facts(contact, record, context),
    ];
  });
}
