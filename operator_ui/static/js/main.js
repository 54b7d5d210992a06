/**
 * Builds the desk in the browser: the one place that touches the clock, the network and the document's events.
 * @module
 */
import { newId } from "../../../chat/page/js/message_id.js";
import { Announcer } from "./announcer.js";
import { ClockElement, moveClocks } from "./clock_element.js";
import { Connection } from "./connection.js";
import { Desk } from "./desk.js";
import { DeskLock } from "./desk_lock.js";
import { FormDesk } from "./form_desk.js";
import { CallDesk } from "./call_desk.js";
import { onThePhone } from "./calls.js";
import { defineElements } from "./elements.js";
import { shouldLock } from "./idle.js";
import { meant } from "./keymap.js";
import { NoteDesk } from "./note_desk.js";
import { RecordDesk } from "./record_desk.js";
import { Page } from "./page.js";
import { makeServer } from "./requests.js";
import { liveRows } from "./rows.js";
import { changed, firstState, hasUnsaved } from "./state.js";
import { makeStore } from "./store.js";
import { makeWords } from "./words.js";

const NARROW = "(max-width: 1023px)";

/** @returns {import("./page.js").Facts} */
function readFacts() {
  return JSON.parse(document.getElementById("desk-facts")?.dataset["facts"] ?? "{}");
}

/** @param {number} ms @param {() => void} task */
function after(ms, task) {
  const timer = setTimeout(task, ms);
  return () => clearTimeout(timer);
}

/** @param {() => void} tick */
function startTicker(tick) {
  const address = new URL("./ticker.js", import.meta.url).href;
  try {
    const policies = /** @type {any} */ (globalThis).trustedTypes;
    const policy = policies?.createPolicy("quietline-desk", { createScriptURL: (/** @type {string} */ url) => (url === address ? url : "") });
    const worker = new Worker(policy ? policy.createScriptURL(address) : address, { type: "module" });
    worker.onmessage = tick;
    worker.onerror = () => setInterval(tick, 5_000);
  } catch {
    setInterval(tick, 5_000);
  }
}

function boot() {
  const facts = readFacts();
  const words = makeWords(facts.words, facts.locale, facts.zone);
  const skew = facts.now - Date.now() / 1000;
  const now = () => performance.now();
  let leaving = false;
  let touched = now();

  ClockElement.now = () => Date.now() / 1000 + skew;
  defineElements();
  const first = firstState();
  const store = makeStore({ ...first, narrow: matchMedia(NARROW).matches, locked: facts.locked ? "yes" : "no" }, changed, queueMicrotask);
  const server = makeServer({
    fetch: (address, options) => fetch(address, options),
    signIn: () => {
      leaving = true;
      location.replace("/desk/sign-in");
    },
    signOut: () => {
      leaving = true;
      /** @type {HTMLFormElement} */ (document.getElementById("sign-out")).submit();
    },
  });

  /** @type {Desk} */ // eslint-disable-next-line prefer-const -- the line and the desk know each other
  let desk;
  const line = new Connection({
    open: () => new WebSocket(`${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/desk/socket`),
    now, after, random: Math.random,
    greeting: () => desk.greeting(),
    received: (frame) => {
      desk.received(frame);
      if (frame.t === "welcome" || frame.t === "line") records.tick();
      if (frame.t === "calls") calls.listed();
    },
    became: (state, why) => desk.lineBecame(state, why),
  });
  const notes = new NoteDesk({ store, server, newId: () => newId(crypto) });
  desk = new Desk({ store, line, server, loadNotes: (contact) => void notes.load(contact), now, newId: () => newId(crypto) });
  const lock = new DeskLock({
    store, server,
    shut: (contact) => line.send({ t: "shut", contact }),
    opened: () => {
      line.start();
      desk.followAgain();
    },
  });

  const records = new RecordDesk({ store, ask: server.ask, flag: (contact) => desk.flag(contact, true), now, after, locale: facts.locale });
  const forms = new FormDesk({ store, server: server.forms, loadNotes: (contact) => notes.load(contact) });
  const calls = new CallDesk({ store, ask: server.ask, choose: (contact) => desk.choose(contact) });
  const page = new Page({ document, records, calls, ask: server.ask, forms, facts, words, desk, notes, lock, store, line, leaving: () => (leaving = true) });
  const announcer = new Announcer({ region: /** @type {HTMLElement} */ (document.getElementById("announcer")), words, after, state: store.state });
  store.follow((state) => {
    page.draw(state);
    announcer.follow(state);
  });
  page.draw(store.state);

  document.addEventListener("keydown", (event) => pressed(event, page));
  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel"]) document.addEventListener(kind, () => (touched = now()), { passive: true, capture: true });
  for (const kind of ["visibilitychange", "focusin"]) document.addEventListener(kind, () => page.looked());
  addEventListener("focus", () => page.looked());
  addEventListener("offline", () => line.networkLost());
  addEventListener("online", () => (store.state.line === "lost" ? line.start() : undefined));
  addEventListener("beforeunload", (event) => {
    if (!leaving && store.state.locked === "no" && (hasUnsaved(store.state) || liveRows(store.state).length > 0)) event.preventDefault();
  });
  addEventListener("pageshow", (event) => (event.persisted ? location.reload() : undefined));
  matchMedia(NARROW).addEventListener("change", (event) => store.change({ type: "narrow", narrow: event.matches }));
  const dialog = document.querySelector("desk-sheet dialog");
  dialog?.addEventListener("close", () => store.state.question?.what === "sign_out" ? page.ask(null) : store.state.sheet !== null ? page.openSheet(null) : undefined);
  dialog?.addEventListener("click", (event) => (event.target === dialog ? /** @type {HTMLDialogElement} */ (dialog).close() : undefined));

  setInterval(moveClocks, 1_000);
  startTicker(() => {
    line.tick();
    desk.tick();
    lock.tick();
    records.tick();
    const { locked } = store.state;
    if (locked === "no" && shouldLock({ now: now(), touched, live: liveRows(store.state).length + onThePhone(store.state.calls).length })) void lock.lock();
  });
  if (!facts.locked) line.start();
}

/** @param {KeyboardEvent} event @param {Page} page */
function pressed(event, page) {
  if (page.store.state.locked !== "no" || event.defaultPrevented) return;
  const target = event.target instanceof HTMLElement ? event.target : null;
  const field = target?.closest("input, textarea, select");
  const action = meant({
    key: event.key, alt: event.altKey, ctrl: event.ctrlKey, shift: event.shiftKey, meta: event.metaKey, composing: event.isComposing,
    place: target?.dataset["place"] === "note" ? "note" : field ? "text" : "elsewhere",
  });
  if (action === null || (page.store.state.sheet !== null && action !== "palette")) return;
  event.preventDefault();
  const { desk, notes, store } = page;
  const current = store.state.current ?? store.state.forms.reading?.contact ?? null;
  switch (action) {
    case "next_pane": return page.nextPane(1);
    case "previous_pane": return page.nextPane(-1);
    case "next_contact": return desk.step(1, false);
    case "previous_contact": return desk.step(-1, false);
    case "next_turn": return desk.step(1, true);
    case "previous_turn": return desk.step(-1, true);
    case "palette": return page.openSheet(store.state.sheet === "palette" ? null : "palette");
    case "keys": return page.openSheet("keys");
    case "save_note": return void (current !== null && notes.save(current));
  }
}

boot();
