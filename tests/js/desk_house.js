/** A desk on a server and a line that are told what to answer, for the desk's tests. */
import { Desk } from "../../operator_ui/static/js/desk.js";
import { DeskLock } from "../../operator_ui/static/js/desk_lock.js";
import { NoteDesk } from "../../operator_ui/static/js/note_desk.js";
import { changed, firstState } from "../../operator_ui/static/js/state.js";
import { makeStore } from "../../operator_ui/static/js/store.js";
import { line, row, welcome } from "./desk_scenes.js";

/** @typedef {import("../../operator_ui/static/js/frames.js").DeskIn} DeskIn */

export const settle = () => new Promise((resolve) => setImmediate(resolve));

export const setUp = () => {
  const clock = { now: 0, up: true, id: 0 };
  /** @type {any[]} */
  const sent = [];
  /** @type {string[]} */
  const asked = [];
  /** @type {{unlock: "ok" | "wrong" | "signed_out" | "fails", notes: "ok" | "fails", lock: "ok" | "fails"}} */
  const answers = { unlock: "ok", notes: "ok", lock: "ok" };
  const store = makeStore(firstState(), changed, () => undefined);
  const note = (/** @type {string} */ what) => asked.push(what);
  const newId = () => `id-${(clock.id += 1)}`;
  const server = {
    notes: async (/** @type {string} */ contact) => {
      note(`notes ${contact}`);
      if (answers.notes === "fails") throw new Error("unavailable");
      return [];
    },
    note: async (/** @type {string} */ contact, /** @type {string} */ id, /** @type {string} */ text) => {
      note(`note ${contact} ${id} ${text}`);
      if (answers.notes === "fails") throw new Error("ended");
      return { seq: 1, at: 5 };
    },
    lock: async () => {
      note("lock");
      if (answers.lock === "fails") throw new Error("away");
    },
    unlock: async (/** @type {string} */ passphrase) => {
      note(`unlock ${passphrase}`);
      if (answers.unlock === "fails") throw new Error("away");
      return answers.unlock;
    },
    signIn: () => note("sign in"),
    signOut: () => note("sign out"),
  };
  const notes = new NoteDesk({ store, server, newId });
  const wire = { send: (/** @type {any} */ frame) => clock.up && (sent.push(frame), true) };
  const desk = new Desk({ store, now: () => clock.now, newId, line: wire, server, loadNotes: (contact) => void notes.load(contact) });
  const opened = () => {
    note("start");
    desk.followAgain();
  };
  const lock = new DeskLock({ store, server, shut: (contact) => wire.send({ t: "shut", contact }), opened });
  const hear = (/** @type {DeskIn[]} */ ...frames) => frames.forEach((frame) => desk.received(frame));
  const kinds = () => sent.map(({ t }) => t);
  return { clock, sent, asked, answers, store, desk, notes, lock, hear, kinds };
};

/** @param {ReturnType<typeof setUp>} house */
export const withA = ({ hear, desk, sent }) => {
  hear(welcome, line([], [row("a")]), { t: "opened", contact: "a", state: "active", seq: 0 });
  desk.choose("a");
  sent.length = 0;
};
