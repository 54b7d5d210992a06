/** Consent and forwarding of one contact. @module */
import { h } from "./view.js";

/** @type {import("./record_pane.js").Mount} */
export function mount(root, _contact, context) {
  context.settle(root, [h("div", { class: "pane-body", key: "body" }, h("p", { class: "faint" }, context.words.say("state.loading")))]);
  return () => context.settle(root, []);
}
