/** On a narrow screen the three panes are tabs. @module */
import { isMyTurn } from "../talk.js";
import { h, icon } from "../view.js";

const PANES = /** @type {const} */ ([["contacts", "people"], ["conversation", "talk"], ["record", "file"]]);

/**
 * @param {import("../state.js").State} state
 * @param {import("../page.js").Page} page
 */
export function tabs(state, page) {
  if (!state.narrow) return [];
  const turns = state.mine.filter((row) => isMyTurn(row, state.talks[row.contact])).length;
  const counts = { contacts: state.waiting.length, conversation: turns, record: 0 };
  return [h("div", { class: "tablist", role: "tablist", key: "tabs", "aria-label": page.words.say("tabs.label"), on: { keydown: (event) => arrow(event, state, page) } },
    PANES.map(([pane, picture]) => h("button", { type: "button", key: pane, role: "tab", id: `tab-${pane}`, "aria-controls": `pane-${pane}`, "aria-selected": state.pane === pane ? "true" : "false", tabindex: state.pane === pane ? "0" : "-1", "data-focus": `tab-${pane}`, on: { click: () => page.store.change({ type: "pane", pane }) } },
      icon(picture), h("span", {}, page.words.say(`tab.${pane}`)), counts[pane] > 0 ? h("span", { class: "count" }, counts[pane]) : null)))];
}

/** @param {KeyboardEvent} event @param {import("../state.js").State} state @param {import("../page.js").Page} page */
function arrow(event, state, page) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const at = PANES.findIndex(([pane]) => pane === state.pane);
  const next = PANES[(at + step + PANES.length) % PANES.length];
  if (next !== undefined) page.focusAfter(() => page.store.change({ type: "pane", pane: next[0] }), `tab-${next[0]}`);
}
