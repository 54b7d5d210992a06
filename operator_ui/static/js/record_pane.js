/**
 * The right-hand pane: who is on the screen, four tabs, and the module that fills the chosen one. A tab's module exports
 * `mount`; it is mounted when a contact and a tab are chosen, and unmounted when either changes, the desk locks, or the
 * contact leaves the screen.
 * @module
 */
import { keepingFocus } from "./focus_keeper.js";
import { reconcile } from "./reconcile.js";
import { rowOf } from "./rows.js";
import { h, icon } from "./view.js";
import * as basics from "./basics_pane.js";
import * as indicators from "./indicators_pane.js";
import * as consent from "./consent_pane.js";
import * as notes from "./notes_pane.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Tab} Tab
 * @typedef {import("./page.js").Page} Page
 * @typedef {(address: string, body?: unknown) => Promise<any>} Ask GET, or with a body POST of JSON; the answer's JSON.
 *   Throws `RequestFailed` (requests.js): its message is the error code, `told` all the server said
 * @typedef {{
 *   page: Page, words: import("./words.js").WordBook, locale: string, ask: Ask, state: () => State,
 *   follow: (tell: (state: State) => void) => () => void,
 *   settle: (root: Element, views: any[]) => void}} TabContext
 *   `follow`: hear of every change of the desk's state; returns how to stop. `settle`: lay a description (view.js) into an
 *   element without losing the focus. `state().records[contact]` is the coded record as this desk knows it (record_state.js)
 * @typedef {(root: HTMLElement, contact: string, context: TabContext) => () => void} Mount fills the root; returns unmount
 * @typedef {{contact: string, tag: string, row: import("./frames.js").Row | null}} Subject whose record is on the screen
 */

/** @type {Record<Tab, {mount: Mount}>} */
const MODULES = { basics, indicators, consent, notes };
/** @type {Tab[]} */
export const TABS = ["basics", "indicators", "consent", "notes"];

/** @type {WeakMap<Element, {root: Element, unmount: () => void}>} */
const mounted = new WeakMap();

/**
 * Whose record: the form message that is read, or the contact that is chosen.
 * @param {State} state
 * @returns {Subject | null}
 */
export function subjectOf(state) {
  const message = state.forms.reading?.message ?? null;
  if (state.forms.reading !== null) return message === null ? null : { contact: message.contact, tag: message.tag, row: null };
  const row = rowOf(state, state.current);
  return row === null ? null : { contact: row.contact, tag: row.tag, row };
}

/** @param {State} state @param {Page} page */
export function recordPane(state, page) {
  const { words } = page;
  const subject = subjectOf(state);
  const title = h("h2", { class: "pane-title", key: "title", tabindex: "-1", "data-pane-start": true }, icon("file"), h("span", { class: "pane-name" }, words.say("record.title")), subject === null ? null : h("bdi", { class: "tag" }, subject.tag));
  if (subject === null) return [title, h("div", { class: "empty", key: "empty" }, h("p", { class: "faint" }, words.say("record.empty")))];
  return [
    title,
    h("div", { class: "tablist record-tabs", role: "tablist", key: "tabs", "aria-label": words.say("record.tabs"), on: { keydown: (event) => arrow(event, state, page) } },
      TABS.map((tab) => h("button", { type: "button", key: tab, role: "tab", id: `record-tab-${tab}`, "aria-controls": "record-panel", "aria-selected": state.tab === tab ? "true" : "false", tabindex: state.tab === tab ? "0" : "-1", "data-focus": `record-tab-${tab}`, on: { click: () => page.store.change({ type: "tab", tab }) } },
        h("span", {}, words.say(`record.tab_${tab}`))))),
    h("div", { class: "record-panel", id: "record-panel", role: "tabpanel", "aria-labelledby": `record-tab-${state.tab}`, key: `panel-${state.tab}-${subject.contact}`, "data-tab": state.tab, "data-contact": subject.contact, island: true }),
  ];
}

/** After each drawing: the module of the tab that stands there now, and no other. @param {HTMLElement} element @param {State} _state @param {Page} page */
export function hostTab(element, _state, page) {
  const root = /** @type {HTMLElement | null} */ (element.querySelector("[data-tab]"));
  const before = mounted.get(element);
  if (before?.root === root) return;
  mounted.delete(element);
  before?.unmount();
  if (root === null) return;
  const tab = /** @type {Tab} */ (root.dataset["tab"]);
  const unmount = MODULES[tab].mount(root, root.dataset["contact"] ?? "", contextOf(page));
  mounted.set(element, { root, unmount });
}

/** @param {Page} page @returns {TabContext} */
function contextOf(page) {
  return {
    page,
    words: page.words,
    locale: page.locale,
    ask: page.request,
    state: () => page.store.state,
    follow: (tell) => page.store.follow(tell),
    settle: (root, views) => keepingFocus(root.ownerDocument, () => reconcile(root, views)),
  };
}

/** @param {KeyboardEvent} event @param {State} state @param {Page} page */
function arrow(event, state, page) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const next = TABS[(TABS.indexOf(state.tab) + step + TABS.length) % TABS.length];
  if (next !== undefined) page.focusAfter(() => page.store.change({ type: "tab", tab: next }), `record-tab-${next}`);
}
