/** The tab of indicators: what may be said of a presumed victim's situation. @module */
import { mountForm } from "./views/record_form.js";

const NEITHER = new Set(["not_known", "not_asked"]);

/** @type {import("./record_pane.js").Mount} */
export function mount(root, contact, context) {
  return mountForm(root, contact, context, (record, fields, show) => {
    const main = record.codes["form"]?.[0] ?? "not_asked";
    return fields.filter(({ level }) => level === 2).map((field) => {
      if (field.name === "other_forms") {
        if (NEITHER.has(main) && record.codes["other_forms"] === undefined) return null;
        return show(field, { only: (code) => code.code !== main && code.code !== "not_trafficking" && code.code !== "unclear" });
      }
      return show(field, { first: field.name === "form" });
    });
  });
}
