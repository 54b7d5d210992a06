/** The tab of internal notes: what was noted, until when it is kept, and where a note is written. @module */
import { identifying } from "./identifying.js";
import { noteComposer, notesView } from "./views/notes.js";
import { h, icon } from "./view.js";

/** @type {import("./record_pane.js").Mount} */
export function mount(root, contact, context) {
  const { page, words } = context;
  const draw = () => {
    const state = context.state();
    const found = identifying(state.noteDrafts[contact] ?? "");
    context.settle(root, [
      h("div", { class: "pane-body", key: `notes-${contact}`, tabindex: "0", role: "group", "aria-label": words.say("notes.title"), "data-focus": "record", "data-tab-start": true },
        until(state.records[contact]?.kept ?? null), notesView(state.notes[contact], { contact }, page),
        h("p", { key: "erase" }, h("a", { href: `/desk/closed/${encodeURIComponent(contact)}/erase`, target: "_blank", rel: "noopener", "data-focus": "erase" }, words.say("notes.erase")))),
      h("div", { class: "note-warning-place", key: "warning", role: "status" },
        found.length === 0 ? null : h("p", { class: "note-warning" }, icon("warning"), h("span", {}, words.say("notes.warning", { text: found.map((kind) => words.say(`notes.found_${kind}`)).join(", ") })))),
      noteComposer({ contact }, state, page),
    ]);
  };
  /** @param {import("./record_state.js").Kept | null} kept */
  const until = (kept) => {
    if (kept === null) return null;
    const text = kept.deleted_at === null ? words.count("notes.deleted_after", kept.months) : words.say("notes.deleted_on", { text: words.day(kept.deleted_at) });
    return h("p", { class: "faint until", key: "until" }, icon("clock"), h("span", {}, text));
  };
  draw();
  void page.records.open(contact);
  return context.follow(draw);
}
