/** The tab of internal notes: what was noted, and where a note is written. @module */
import { composer, notesView } from "./views/record.js";
import { h } from "./view.js";

/** @type {import("./record_pane.js").Mount} */
export function mount(root, contact, context) {
  const { page, words } = context;
  const draw = () => {
    const state = context.state();
    context.settle(root, [
      h("div", { class: "pane-body", key: `notes-${contact}`, tabindex: "0", role: "group", "aria-label": words.say("notes.title"), "data-focus": "record", "data-tab-start": true }, notesView(state.notes[contact], { contact }, page)),
      composer({ contact }, state, page),
    ]);
  };
  draw();
  return context.follow(draw);
}
