/** What stands over the desk: notices, the broken line, "open elsewhere", the lock, the palette, the list of keys. @module */
import { h, icon } from "../view.js";
import { found } from "../palette.js";
import { isMyTurn } from "../talk.js";
import { KEY_LIST } from "../keymap.js";
import { commandsOf } from "../commands.js";
import { offers } from "./contacts.js";
import { liveRows } from "../rows.js";
import { hasUnsaved } from "../state.js";

/**
 * @typedef {import("../state.js").State} State
 * @typedef {import("../page.js").Page} Page
 */

/** The strip under the status bar. @param {State} state @param {Page} page */
export function banners(state, page) {
  const { words } = page;
  return [
    state.line === "lost" || (state.line === "connecting" && (state.attempt > 0 || state.heard))
      ? h("div", { class: "banner warning", key: "lost" }, icon("broken"), h("p", {}, words.say("line.lost"), " ", words.say("line.stale")), h("button", { type: "button", "data-focus": "try-now", on: { click: () => page.tryNow() } }, words.say("line.try_now")))
      : null,
    state.emergencies > 0 ? h("div", { class: "banner warning", key: "emergencies", role: "status" }, icon("warning"), h("p", {}, words.count("emergencies.wait", state.emergencies)), h("a", { href: "/desk/lead/emergencies", target: "_blank", rel: "noopener", "data-focus": "emergencies" }, words.say("emergencies.look"))) : null,
    state.notices.map((notice) => h("div", { class: `banner ${notice.tone}`, key: `notice-${notice.id}` }, icon(notice.tone === "warning" ? "warning" : "bell"), h("p", {}, words.say(notice.key, notice.values)),
      notice.key === "offer.missed" && state.presence === "break" ? h("button", { type: "button", "data-focus": `back-${notice.id}`, on: { click: () => (page.desk.setPresence("available"), page.dismiss(notice.id)) } }, words.say("offer.available_again")) : null,
      h("button", { type: "button", class: "quiet", "data-focus": `notice-${notice.id}`, on: { click: () => page.dismiss(notice.id) } }, icon("cross"), words.say("notice.close")))),
    state.narrow ? offers(state, page) : null,
  ].flat();
}

/** Instead of the desk. @param {State} state @param {Page} page */
export function fullCard(state, page) {
  const { words, desk } = page;
  if (state.locked !== "no") return [lockCard(state, page)];
  if (state.line === "replaced") {
    return [h("section", { class: "card full", key: "replaced", "aria-labelledby": "full-title" }, h("h1", { id: "full-title", tabindex: "-1", "data-first": "full" }, icon("windows"), words.say("replaced.title")), h("p", {}, words.say("replaced.text")),
      hasUnsaved(state) ? h("p", { class: "strong" }, words.say("replaced.unsaved")) : null,
      h("div", { class: "pair" }, h("button", { type: "button", class: "primary", on: { click: () => page.tryNow() } }, words.say("replaced.here")), h("button", { type: "button", on: { click: () => desk.askSignOut() } }, words.say("bar.sign_out"))))];
  }
  if (state.line === "fault" || state.line === "signed_out") {
    const key = state.line;
    return [h("section", { class: "card full", key, "aria-labelledby": "full-title" }, h("h1", { id: "full-title", tabindex: "-1", "data-first": "full" }, icon("warning"), words.say(`${key}.title`)), h("p", {}, words.say(`${key}.text`)),
      h("button", { type: "button", class: "primary", on: { click: () => page.reload() } }, words.say("fault.reload")))];
  }
  return [];
}

/** @param {State} state @param {Page} page */
function lockCard(state, page) {
  const { words } = page;
  const urgent = state.offers.length > 0 ? "lock.offer" : state.mine.some((row) => isMyTurn(row, state.talks[row.contact])) ? "lock.turn" : null;
  const wrong = state.unlock === "wrong" || state.unlock === "failed";
  return h("section", { class: "card full lock", key: "lock", "aria-labelledby": "full-title" },
    h("h1", { id: "full-title" }, icon("lock"), words.say("lock.title")),
    h("p", {}, words.say(liveRows(state).length > 0 ? "lock.live" : "lock.text")),
    urgent === null ? null : h("p", { class: "strong", key: "urgent" }, icon("bell"), words.say(urgent)),
    h("form", { autocomplete: "off", on: { submit: (event) => (event.preventDefault(), page.unlock(event.target)) } },
      h("label", { for: "unlock" }, words.say("sign_in.passphrase")),
      h("input", { id: "unlock", name: "passphrase", type: "password", autocomplete: "current-password", required: true, "data-first": "full", "data-focus": "unlock", "aria-invalid": wrong ? "true" : null, "aria-describedby": wrong ? "unlock-error" : null }),
      wrong ? h("p", { id: "unlock-error", class: "bad", role: "alert" }, icon("warning"), words.say(`lock.${state.unlock}`)) : null,
      h("div", { class: "pair" },
        h("button", { type: "submit", class: "primary", disabled: state.unlock === "checking" || state.locked === "locking" }, words.say(state.unlock === "checking" ? "lock.checking" : "lock.open")),
        h("button", { type: "button", on: { click: () => page.desk.askSignOut() } }, words.say("bar.sign_out")))));
}

/** Inside the dialog. @param {State} state @param {Page} page */
export function sheet(state, page) {
  if (state.question?.what === "sign_out") return signOutCard(page);
  if (state.sheet === "keys") return keyCard(page);
  return state.sheet === "palette" ? paletteCard(state, page) : [];
}

/** @param {Page} page */
function signOutCard({ words, desk, ask }) {
  return [h("h2", { key: "title", id: "sheet-title" }, icon("warning"), words.say("sign_out.question")), h("p", { key: "text" }, words.say("sign_out.consequence")),
    h("div", { class: "pair", key: "pair" },
      h("button", { type: "button", autofocus: true, on: { click: () => ask(null) } }, words.say("sign_out.no")),
      h("button", { type: "button", class: "danger", on: { click: () => desk.confirm() } }, words.say("sign_out.yes")))];
}

/** @param {Page} page */
function keyCard({ words, openSheet }) {
  return [h("h2", { key: "title", id: "sheet-title" }, icon("help"), words.say("keys.title")),
    h("dl", { class: "key-list", key: "keys" }, KEY_LIST.map(([keys, sentence]) => h("div", { key: sentence }, h("dt", {}, keys.map((key) => h("kbd", {}, key))), h("dd", {}, words.say(sentence))))),
    h("p", { class: "faint", key: "hint" }, words.say("keys.irreversible")),
    h("div", { class: "pair", key: "pair" }, h("button", { type: "button", class: "primary", autofocus: true, on: { click: () => openSheet(null) } }, words.say("keys.close")))];
}

/** @param {State} state @param {Page} page */
function paletteCard(state, page) {
  const { words, store } = page;
  const hits = found(commandsOf(state, page), state.search);
  const picked = Math.min(state.picked, Math.max(0, hits.length - 1));
  return [h("h2", { key: "title", id: "sheet-title", class: "hidden-text" }, words.say("palette.title")),
    h("label", { key: "label", for: "palette-search", class: "hidden-text" }, words.say("palette.label")),
    h("div", { class: "search", key: "search" }, icon("search"), h("input", { id: "palette-search", type: "text", role: "combobox", autofocus: true, autocomplete: "off", spellcheck: "false", placeholder: words.say("palette.label"), "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list", "aria-activedescendant": hits.length > 0 ? `command-${picked}` : null, value: state.search,
      on: { input: (event) => store.change({ type: "search", search: event.target.value }), keydown: (event) => page.paletteKey(event, hits, picked) } })),
    h("ul", { key: "list", id: "palette-list", role: "listbox", "aria-label": words.say("palette.title") },
      hits.map((hit, n) => h("li", { key: hit.id, id: `command-${n}`, role: "option", "aria-selected": n === picked ? "true" : "false", on: { click: () => page.runCommand(hit) } }, h("span", {}, hit.label), hit.hint === "" ? null : h("kbd", {}, hit.hint)))),
    hits.length === 0 ? h("p", { class: "faint", key: "none", role: "status" }, words.say("palette.none")) : null];
}
