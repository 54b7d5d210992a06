/** Notes for ourselves, beside a contact. @module */
import { h, icon } from "../view.js";
import { LONGEST_TEXT, lengthOf } from "../frames.js";

/**
 * @typedef {import("../state.js").State} State
 * @typedef {import("../notes.js").Notes} Notes
 * @typedef {import("../page.js").Page} Page
 */

/** @param {Notes | undefined} notes @param {{contact: string}} row @param {Page} page */
export function notesView(notes, row, page) {
  const { words } = page;
  const list = notes?.list ?? [];
  const fresh = notes?.fresh ?? [];
  const loading = notes === undefined || notes.phase === "loading";
  return h("section", { class: "notes", key: "notes", "aria-labelledby": "notes-title", "aria-busy": loading ? "true" : null },
    h("h3", { id: "notes-title" }, icon("note"), words.say("notes.title")),
    notes?.phase === "failed" ? h("p", { class: "bad" }, icon("warning"), h("span", {}, words.say("notes.load_failed")), h("button", { type: "button", "data-focus": "notes-again", on: { click: () => void page.notes.load(row.contact) } }, words.say("notes.again"))) : null,
    loading && list.length === 0 ? h("p", { class: "faint" }, words.say("state.loading")) : null,
    notes?.phase === "ready" && list.length + fresh.length === 0 ? h("p", { class: "faint" }, words.say("notes.none")) : null,
    h("ol", {}, list.map((note) => noteView(note, page)), fresh.map((note) => freshView(note, row, page))));
}

/** @param {import("../notes.js").Note} note @param {Page} page */
function noteView(note, { words }) {
  return h("li", { class: "note", key: `${note.seq}` },
    h("p", { class: "who" }, h("bdi", {}, note.by === "worker" ? words.say("notes.by_staff") : note.by), h("time", { datetime: new Date(note.at * 1000).toISOString() }, words.clock(note.at))),
    h("p", { class: "text", dir: "auto" }, note.text ?? words.say("talk.unreadable")));
}

/** @param {import("../notes.js").NewNote} note @param {{contact: string}} row @param {Page} page */
function freshView(note, row, { words, notes }) {
  const why = words.has(`error.${note.why}`) ? words.say(`error.${note.why}`) : words.say("error.unavailable");
  return h("li", { class: `note ${note.state === "failed" ? "failed" : "pending"}`, key: `fresh-${note.id}` },
    h("p", { class: "text", dir: "auto" }, note.text),
    note.state === "saving" ? h("p", { class: "delivery" }, icon("wait"), words.say("notes.saving"))
      : h("div", { class: "delivery" }, icon("warning"), h("span", {}, words.say("notes.not_saved"), " ", why),
        h("button", { type: "button", "data-focus": `again-${note.id}`, on: { click: () => notes.saveAgain(row.contact, note.id) } }, words.say("notes.again")),
        h("button", { type: "button", "data-focus": `edit-${note.id}`, on: { click: () => notes.takeBack(row.contact, note.id) } }, words.say("talk.take_back"))));
}

/** @param {{contact: string}} row @param {State} state @param {Page} page */
export function noteComposer(row, state, page) {
  const { words } = page;
  const text = state.noteDrafts[row.contact] ?? "";
  const over = lengthOf(text) - LONGEST_TEXT;
  return h("form", { class: "composer note-composer", key: `note-${row.contact}`, on: { submit: (event) => (event.preventDefault(), page.notes.save(row.contact)) } },
    h("label", { for: "note" }, icon("note"), words.say("notes.label")),
    h("textarea", { id: "note", rows: 3, dir: "auto", autocomplete: "off", "data-focus": "note", "data-place": "note", value: text, "aria-describedby": "note-hint", "aria-invalid": over > 0 ? "true" : null,
      on: { input: (event) => page.store.change({ type: "note_draft", contact: row.contact, text: event.target.value }) } }),
    h("div", { class: "composer-foot" },
      h("span", { id: "note-hint", class: over > 0 ? "bad" : "faint" }, over > -200 ? words.count(over > 0 ? "talk.too_long" : "talk.room", Math.abs(over)) : words.say("notes.keys")),
      h("button", { type: "submit", class: "note-save", "data-focus": "save-note", disabled: text.trim() === "" || over > 0 }, icon("check"), words.say("notes.save"))));
}
