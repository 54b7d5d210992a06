/** The tab of basics: what is known without asking, and what is recorded in under a minute. @module */
import { rowOf } from "./state.js";
import { h } from "./view.js";
import { facts } from "./views/record.js";

/** @type {import("./record_pane.js").Mount} */
export function mount(root, contact, context) {
  const draw = () => {
    const state = context.state();
    const row = rowOf(state, contact);
    context.settle(root, [h("div", { class: "pane-body", key: `basics-${contact}`, tabindex: "0", role: "group", "aria-label": context.words.say("record.title"), "data-focus": "record", "data-tab-start": true }, row === null ? null : facts(row, state, context.page))]);
  };
  draw();
  return context.follow(draw);
}
