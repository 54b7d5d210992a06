/**
 * The internal notes of one contact: read, being saved, saved. Pure.
 * @module
 */

/**
 * @typedef {{seq: number, at: number, by: string, text: string | null}} Note
 * @typedef {{id: string, text: string, state: "saving" | "failed", why: string | null}} NewNote
 * @typedef {{phase: "loading" | "ready" | "failed", list: Note[], fresh: NewNote[]}} Notes
 * @typedef {{type: "notes_loading", contact: string}
 *   | {type: "notes", contact: string, list: Note[]}
 *   | {type: "notes_failed", contact: string}
 *   | {type: "note_saving", contact: string, id: string, text: string}
 *   | {type: "note_saved", contact: string, id: string, seq: number, at: number, by: string}
 *   | {type: "note_failed", contact: string, id: string, why: string}
 *   | {type: "note_discarded", contact: string, id: string}} NoteAction
 */

/** @returns {Notes} */
export function newNotes() {
  return { phase: "loading", list: [], fresh: [] };
}

/**
 * @param {Notes} notes
 * @param {NoteAction} action
 * @returns {Notes}
 */
export function notesChanged(notes, action) {
  switch (action.type) {
    case "notes_loading": return { ...notes, phase: "loading" };
    case "notes": return { ...notes, phase: "ready", list: action.list };
    case "notes_failed": return { ...notes, phase: "failed" };
    case "note_saving": return saving(notes, { id: action.id, text: action.text, state: "saving", why: null });
    case "note_saved": return saved(notes, action);
    case "note_failed": return { ...notes, fresh: notes.fresh.map((note) => (note.id === action.id ? { ...note, state: "failed", why: action.why } : note)) };
    case "note_discarded": return { ...notes, fresh: notes.fresh.filter((note) => note.id !== action.id) };
  }
}

/**
 * @param {Notes} notes
 * @param {NewNote} one tried for the first time, or again
 * @returns {Notes}
 */
function saving(notes, one) {
  const again = notes.fresh.some((note) => note.id === one.id);
  return { ...notes, fresh: again ? notes.fresh.map((note) => (note.id === one.id ? one : note)) : [...notes.fresh, one] };
}

/**
 * @param {Notes} notes
 * @param {{id: string, seq: number, at: number, by: string}} at
 * @returns {Notes} with the note in the place its number gives it, once
 */
function saved(notes, { id, seq, at, by }) {
  const fresh = notes.fresh.find((note) => note.id === id);
  if (fresh === undefined) return notes;
  const rest = { ...notes, fresh: notes.fresh.filter((note) => note !== fresh) };
  if (notes.list.some((note) => note.seq === seq)) return rest;
  return { ...rest, list: [...notes.list, { seq, at, by, text: fresh.text }].sort((a, b) => a.seq - b.seq) };
}
