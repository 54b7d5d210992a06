/** Composing a question, and reading it as the person will. @module */
import { LONGEST_SUMMARY, canShowCard, missing, withOrganisation, withTick, wordingOf } from "../consent_draft.js";
import { h, icon } from "../view.js";

/**
 * @typedef {import("../consent_draft.js").Draft} Draft
 * @typedef {import("../consent_draft.js").Tab} Tab
 * @typedef {import("../consent_pane.js").ConsentTab} ConsentTab
 */

/** @param {Draft} draft @param {Tab} tab @param {ConsentTab} pane */
export function askForm(draft, tab, pane) {
  const { words } = pane;
  const problems = pane.tried ? missing(draft, tab) : [];
  const chosen = tab.organisations.find((one) => one.id === draft.organisation);
  const wording = wordingOf(draft, tab);
  return h("form", { class: "consent-form", key: "ask-form", novalidate: true, "aria-labelledby": "ask-title", on: { submit: (event) => (event.preventDefault(), void pane.read()) } },
    h("h3", { id: "ask-title", tabindex: "-1", "data-focus": "consent-form" }, words.say("consent.new")),
    problems.length === 0 ? null : h("div", { class: "bad", key: "missing", role: "alert", tabindex: "-1", "data-focus": "consent-missing" }, h("ul", {}, problems.map((key) => h("li", { key }, words.say(key))))),
    h("label", { for: "consent-to" }, words.say("consent.to")),
    h("select", { id: "consent-to", "data-focus": "consent-to", value: draft.organisation, on: { change: (event) => pane.change(withOrganisation(draft, tab, event.target.value)) } },
      h("option", { key: "none", value: "", selected: draft.organisation === "" }, words.say("consent.choose")),
      tab.organisations.map((one) => h("option", { key: one.id, value: one.id, selected: one.id === draft.organisation }, one.name))),
    tab.organisations.length === 0 ? h("p", { class: "faint" }, words.say("consent.no_organisations")) : null,
    chosen === undefined || chosen.takes.length < 2 ? null : radios(pane, "consent.scope", "scope", chosen.takes, draft.scope, (scope) => pane.change({ scope }), "consent.scope_"),
    h("fieldset", { key: "fields" },
      h("legend", {}, words.say("consent.fields")),
      h("p", { class: "faint" }, words.say("consent.unticked")),
      tab.fields.map((field) => fieldView(field, tab.document, draft, pane))),
    h("label", { for: "consent-summary" }, words.say("consent.summary")),
    h("textarea", { id: "consent-summary", rows: 4, dir: "auto", autocomplete: "off", "data-focus": "consent-summary", value: draft.summary, "aria-describedby": "consent-summary-hint", on: { input: (event) => pane.change({ summary: event.target.value }) } }),
    h("p", { id: "consent-summary-hint", class: "faint" }, words.say("consent.summary_hint", { n: LONGEST_SUMMARY })),
    h("label", { for: "consent-until" }, words.say("consent.until")),
    h("input", { id: "consent-until", type: "date", min: tab.days.first, max: tab.days.last, "data-focus": "consent-until", value: draft.until, on: { change: (event) => pane.change({ until: event.target.value }) } }),
    radios(pane, "consent.minor", "minor", ["no", "yes", "unknown"], draft.minor, (minor) => pane.change({ minor }), "consent.minor_"),
    draft.minor === "yes" ? h("p", { class: "standing", key: "lead" }, icon("people"), h("span", {}, words.say("consent.minor_lead"))) : null,
    radios(pane, "consent.how", "how", canShowCard(tab) ? ["card", "spoken"] : ["spoken"], draft.how, (how) => pane.change({ how: how === "card" ? "card" : "spoken" }), "consent.how_"),
    wording === null || wording.language === tab.language ? null : h("p", { class: "standing", key: "language" }, icon("warning"), h("span", {}, words.say("consent.other_language", { wanted: words.language(tab.language), used: words.language(wording.language) }))),
    h("div", { class: "pair" },
      h("button", { type: "submit", class: "primary", "data-focus": "consent-read", disabled: pane.busy }, words.say("consent.read")),
      h("button", { type: "button", "data-focus": "consent-stop", on: { click: () => pane.stopAsking() } }, words.say("consent.stop"))));
}

/** @param {import("../consent_draft.js").Field} field @param {string} lang of its name @param {Draft} draft @param {ConsentTab} pane */
function fieldView(field, lang, draft, pane) {
  const on = draft.ticked.includes(field.name);
  const id = `consent-field-${field.name}`;
  return h("div", { class: "tick", key: field.name },
    h("input", { type: "checkbox", id, checked: on, "data-focus": id, on: { change: (event) => pane.change(withTick(draft, field.name, event.target.checked)) } }),
    h("label", { for: id, lang }, h("span", { class: "tick-name", id: `${id}-name` }, field.label), field.written ? null : h("strong", { dir: "auto" }, field.shown)),
    field.written && on ? h("input", { type: "text", id: `${id}-value`, maxlength: 400, dir: "auto", autocomplete: "off", "aria-labelledby": `${id}-name`, "data-focus": `${id}-value`, value: draft.written[field.name] ?? "", on: { input: (event) => pane.change({ written: { ...draft.written, [field.name]: event.target.value } }) } }) : null);
}

/**
 * @param {ConsentTab} pane @param {string} legend @param {string} name @param {readonly string[]} values @param {string} chosen
 * @param {(value: string) => void} choose @param {string} key
 */
export function radios({ words }, legend, name, values, chosen, choose, key) {
  return h("fieldset", { key: `radios-${name}`, class: "radios" },
    h("legend", {}, words.say(legend)),
    values.map((value) => h("label", { key: value, class: "tick" },
      h("input", { type: "radio", name, value, checked: value === chosen, "data-focus": `${name}-${value}`, on: { change: () => choose(value) } }),
      h("span", {}, words.say(key + value)))));
}

/** The question as it will be put. @param {import("../consent_pane.js").Reading} reading @param {Draft} draft @param {ConsentTab} pane */
export function draftCard(reading, draft, pane) {
  const { words } = pane;
  const spoken = draft.how === "spoken";
  return h("section", { class: "consent-read", key: "reading", "aria-labelledby": "reading-title" },
    h("h3", { id: "reading-title" }, words.say(spoken ? "consent.will_read" : "consent.will_show")),
    cardView(reading, spoken, pane),
    h("div", { class: "pair" },
      h("button", { type: "button", class: "primary", "data-focus": "consent-ask", disabled: pane.busy, on: { click: () => pane.ask() } }, words.say(spoken ? "consent.ask_spoken" : "consent.ask_card")),
      h("button", { type: "button", "data-focus": "consent-back", on: { click: () => pane.backToDraft() } }, words.say("consent.back"))));
}

/** Everything the person is told; large, to be read out. @param {import("../consent_pane.js").Reading} reading @param {boolean} large @param {ConsentTab} pane */
export function cardView(reading, large, { words }) {
  const { card } = reading;
  return h("div", { class: large ? "reading large" : "reading", key: "card" },
    h("p", { class: "wording", lang: card.lang, dir: "auto" }, reading.told),
    h("dl", {},
      h("div", {}, h("dt", {}, words.say("consent.to")), h("dd", { dir: "auto" }, card.to)),
      card.items.map((item) => h("div", { key: item.label, lang: card.lang }, h("dt", { dir: "auto" }, item.label), h("dd", { dir: "auto" }, item.value))),
      card.summary === "" ? null : h("div", { key: "summary" }, h("dt", {}, words.say("consent.summary")), h("dd", { class: "text", dir: "auto" }, card.summary)),
      h("div", {}, h("dt", {}, words.say("consent.until")), h("dd", {}, words.date(card.until)))));
}
