/**
 * The parts of the desk as light-DOM custom elements. Each one lays the description its view makes into itself.
 * @module
 */
import { reconcile } from "./reconcile.js";
import { ClockElement } from "./clock_element.js";
import { statusBar } from "./views/status_bar.js";
import { contactsPane } from "./views/contacts.js";
import { conversationPane } from "./views/conversation.js";
import { hostTab, recordPane } from "./record_pane.js";
import { tabs } from "./views/tabs.js";
import { callBar } from "./views/calls.js";
import { banners, fullCard, sheet } from "./views/cards.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./page.js").Page} Page
 */

/** True while the desk itself may stand on the page. @param {State} state */
function open(state) {
  return state.locked === "no" && (state.line === "connecting" || state.line === "live" || state.line === "lost");
}

export class PartElement extends HTMLElement {
  /** @param {State} _state @param {Page} _page */
  draw(_state, _page) {}
}

/**
 * @param {(state: State, page: Page) => any[]} view
 * @param {(element: HTMLElement, state: State, page: Page) => void} [dress] sets attributes of the part itself
 */
function part(view, dress) {
  return class extends PartElement {
    /** @override @param {State} state @param {Page} page */
    draw(state, page) {
      reconcile(this, open(state) ? view(state, page) : []);
      this.hidden = !open(state);
      dress?.(this, state, page);
    }
  };
}

/** @param {import("./state.js").Pane} name */
function pane(name) {
  return (/** @type {HTMLElement} */ element, /** @type {State} */ state, /** @type {Page} */ page) => {
    element.setAttribute("role", state.narrow ? "tabpanel" : "region");
    element.setAttribute("aria-label", page.words.say(`tab.${name}`));
    element.hidden ||= state.narrow && state.pane !== name;
  };
}

const dressRecord = pane("record");

/** @param {HTMLElement} element @param {State} state @param {Page} page */
function recordDress(element, state, page) {
  dressRecord(element, state, page);
  hostTab(element, state, page);
}

class FullElement extends PartElement {
  /** @override @param {State} state @param {Page} page */
  draw(state, page) {
    const views = fullCard(state, page);
    const appeared = views.length > 0 && this.firstChild === null;
    reconcile(this, views);
    this.hidden = views.length === 0;
    if (appeared) /** @type {HTMLElement | null} */ (this.querySelector("[data-first]"))?.focus();
  }
}

class SheetElement extends PartElement {
  /** @override @param {State} state @param {Page} page */
  draw(state, page) {
    const dialog = /** @type {HTMLDialogElement} */ (this.querySelector("dialog"));
    const views = sheet(state, page);
    dialog.className = state.question?.what === "sign_out" ? "small" : (state.sheet ?? "");
    reconcile(dialog, views);
    if (views.length > 0 && !dialog.open) dialog.showModal();
    else if (views.length === 0 && dialog.open) dialog.close();
    dialog.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }
}

/** Makes the elements known to the browser. */
export function defineElements() {
  customElements.define("desk-clock", ClockElement);
  customElements.define("desk-bar", part(statusBar));
  customElements.define("desk-banners", part(banners));
  customElements.define("desk-calls", part(callBar));
  customElements.define("desk-tabs", part(tabs));
  customElements.define("desk-contacts", part(contactsPane, pane("contacts")));
  customElements.define("desk-conversation", part(conversationPane, pane("conversation")));
  customElements.define("desk-record", part(recordPane, recordDress));
  customElements.define("desk-full", FullElement);
  customElements.define("desk-sheet", SheetElement);
}
