/** The bar on top: who I am, whether I take contacts, how many wait, time on shift, lock, sign out. @module */
import { h, icon } from "../view.js";

/**
 * @param {import("../state.js").State} state
 * @param {import("../page.js").Page} page
 */
export function statusBar(state, page) {
  const { words, desk } = page;
  return [
    h("span", { class: "brand", key: "brand" }, h("span", { class: "brand-name" }, page.name)),
    state.me === null ? null : presence(state, page),
    state.heard
      ? h("span", { class: state.waiting.length > 0 ? "figure busy" : "figure", key: "waiting" }, icon("people"), h("span", {}, words.count("bar.waiting", state.waiting.length)))
      : null,
    h("span", { class: "figure shift", key: "shift" }, icon("clock"), h("span", { class: "label" }, words.say("bar.shift")), h("desk-clock", { since: page.since, coarse: true, island: true })),
    h("span", { class: "gap", key: "gap" }),
    h("span", { class: "links", key: "links" }, page.links.map(({ address, label }) => h("a", { href: address, target: "_blank", rel: "noopener", key: address, "data-focus": `bar-${address}` }, label))),
    state.me === null ? null : h("span", { class: "who", key: "who" }, icon("person"), h("bdi", {}, state.me.alias)),
    h("span", { class: "buttons", key: "buttons" },
      button("palette", "search", words.say("bar.commands"), () => page.openSheet("palette"), "Control+K"),
      button("keys", "help", words.say("bar.help"), () => page.openSheet("keys"), "?"),
      button("lock", "lock", words.say("bar.lock"), () => void page.lock.lock()),
      button("sign_out", "exit", words.say("bar.sign_out"), () => desk.askSignOut())),
  ];
}

/**
 * @param {import("../state.js").State} state
 * @param {import("../page.js").Page} page
 */
function presence(state, { words, desk }) {
  const options = /** @type {const} */ (["available", "break"]);
  return h("span", { class: `presence ${state.presence}`, key: "presence" },
    icon(state.presence === "available" ? "dot" : "pause"),
    h("label", { for: "presence", class: "hidden-text" }, words.say("bar.presence")),
    h("select", { id: "presence", "data-focus": "presence", value: state.presence, on: { change: (event) => desk.setPresence(event.target.value) } },
      options.map((value) => h("option", { key: value, value, selected: value === state.presence }, words.say(`presence.${value}`)))));
}

/**
 * @param {string} name
 * @param {string} picture
 * @param {string} label
 * @param {() => void} press
 * @param {string} [keys]
 */
function button(name, picture, label, press, keys) {
  return h("button", { type: "button", class: "quiet", key: name, "data-focus": `bar-${name}`, title: label, "aria-keyshortcuts": keys, on: { click: press } }, icon(picture), h("span", { class: "label" }, label));
}
