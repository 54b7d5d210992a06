/** Messages of the contact form: their list, and one of them in words. @module */
import { h, icon } from "../view.js";
import { OUTCOMES } from "../forms.js";

/**
 * @typedef {import("../state.js").State} State
 * @typedef {import("../frames.js").FormRow} FormRow
 * @typedef {import("../forms.js").Reading} Reading
 * @typedef {import("../forms.js").FormMessage} FormMessage
 * @typedef {import("../page.js").Page} Page
 */

/** Below the conversations. @param {State} state @param {Page} page */
export function formsSection(state, page) {
  const { words } = page;
  const { heard, rows, count } = state.forms;
  return h("section", { class: "rows", key: "forms", "aria-labelledby": "rows-forms" },
    h("h3", { id: "rows-forms" }, words.say("forms.title"), heard ? h("span", { class: "count" }, count) : null),
    rows.length === 0 ? h("p", { class: "faint" }, words.say(heard ? "forms.none" : "state.loading")) : h("ul", {}, rows.map((row) => formRow(row, state, page))),
    count > rows.length ? h("p", { class: "faint", key: "more" }, words.count("forms.more", count - rows.length)) : null);
}

/** @param {FormRow} row @param {State} state @param {Page} page */
function formRow(row, state, { words, forms }) {
  const chosen = state.forms.reading?.contact === row.contact;
  const mine = row.state === "mine";
  const inside = [
    h("bdi", { class: "tag" }, row.tag), h("span", { class: "row-language" }, words.language(row.language)),
    h("span", { class: "row-state" }, standing(row, words), h("span", { class: "age" }, words.moment(row.since))),
    row.urgency === "urgent" ? h("span", { class: "row-marks" }, h("span", { class: "mark urgent" }, icon("warning"), words.say("forms.urgent"))) : null,
    row.proposal ? h("span", { class: "row-marks" }, h("span", { class: "mark" }, icon("file"), words.say("forms.proposal"))) : null,
  ];
  if (mine) {
    return h("li", { class: `row mine${chosen ? " chosen" : ""}`, key: row.contact },
      h("button", { type: "button", class: "row-face", "aria-current": chosen ? "true" : null, "data-focus": `form-${row.contact}`, on: { click: () => void forms.open(row.contact) } }, inside));
  }
  return h("li", { class: `row${chosen ? " chosen" : ""}`, key: row.contact },
    h("div", { class: "row-face" }, inside),
    row.state === "taken" ? null
      : h("button", { type: "button", class: "take", "aria-label": words.say("forms.read_named", { tag: row.tag }), "data-focus": `form-${row.contact}`, disabled: state.line !== "live", on: { click: () => void forms.open(row.contact) } }, words.say("forms.read")));
}

/** @param {FormRow} row @param {import("../words.js").WordBook} words */
function standing(row, words) {
  const by = row.by ?? words.say("notes.by_staff");
  const [picture, sentence] = row.state === "mine" ? ["file", words.say("forms.mine")]
    : row.state === "taken" ? ["person", words.say("forms.taken", { text: by })]
      : row.state === "left" ? ["broken", words.say("forms.left", { text: by })] : ["wait", words.say("row.waiting")];
  return h("span", { class: `status ${row.state === "waiting" ? "wait" : ""}` }, icon(picture), h("span", {}, sentence));
}

/** In the middle, instead of a conversation. @param {Reading} reading @param {State} state @param {Page} page */
export function formPane(reading, state, page) {
  const { words } = page;
  const { message } = reading;
  const title = h("h2", { class: "pane-title", tabindex: "-1", "data-pane-start": true, "data-focus": "form-title" }, icon("file"), h("span", { class: "pane-name" }, words.say("forms.one")),
    message === null ? null : [h("bdi", { class: "tag" }, message.tag), h("span", { class: "row-language" }, words.language(message.language))]);
  if (message === null) return [title, unopened(reading, page)];
  return [
    title,
    h("div", { class: "form-message", key: `form-${message.contact}`, tabindex: "0", role: "group", "aria-label": words.say("forms.message_of", { tag: message.tag }), "data-focus": "form-message" },
      message.urgency === "urgent" ? h("p", { class: "strong-warning", key: "urgent" }, icon("warning"), words.say("forms.urgent_said")) : null,
      h("div", { class: "entry visitor", key: "text" },
        h("p", { class: "who" }, words.say("talk.visitor", { tag: message.tag }), h("time", { datetime: new Date(message.since * 1000).toISOString() }, words.moment(message.since))),
        h("p", { class: "text", dir: "auto" }, message.text ?? words.say("talk.unreadable"))),
      answering(message, page)),
    foot(reading, message, state, page),
  ];
}

/** @param {Reading} reading @param {Page} page */
function unopened(reading, { words, forms }) {
  if (reading.phase !== "failed") return h("div", { class: "empty", key: "opening" }, icon("wait"), h("p", { role: "status" }, words.say("forms.opening")));
  return h("div", { class: "empty", key: "failed" }, icon("warning"), h("p", { role: "alert" }, words.say(errorKey(reading.why, words))),
    h("button", { type: "button", "data-focus": "form-close", on: { click: () => forms.close(reading.contact) } }, words.say("notice.close")));
}

/** How the writer may be answered, and how not. @param {FormMessage} message @param {Page} page */
function answering(message, { words }) {
  const back = message.call_back;
  const said = message.answer === "unsaid" ? "forms.answer_unsaid" : message.answer === "unwanted" ? "forms.answer_unwanted" : back?.how === "email" ? "forms.answer_email" : "forms.answer_telephone";
  /** @param {string} key @param {any} value */
  const fact = (key, value) => h("div", { key }, h("dt", {}, words.say(key)), h("dd", {}, value));
  return h("section", { class: "facts", key: "answering", "aria-labelledby": "answering-title" },
    h("h3", { id: "answering-title" }, words.say("forms.answering")),
    h("p", { class: message.answer === "unwanted" ? "strong-warning" : "strong" }, message.answer === "unwanted" ? icon("stop") : null, words.say(said)),
    message.answer === "wanted" && back === null ? h("p", { class: "bad" }, words.say("forms.erased")) : null,
    back === null ? null : h("dl", {},
      back.address === "" ? null : fact(back.how === "email" ? "forms.email" : "forms.telephone", h("bdi", { dir: "auto" }, back.address)),
      back.times === "" ? null : fact("forms.times", h("span", { dir: "auto" }, back.times)),
      message.answer === "unwanted" ? null : fact("forms.voice", words.say(`forms.voice_${back.voice === "" ? "unsaid" : back.voice}`))));
}

/** @param {Reading} reading @param {FormMessage} message @param {State} state @param {Page} page */
function foot(reading, message, state, { words, forms }) {
  const busy = reading.phase === "busy";
  const contact = message.contact;
  return h("form", { class: "foot form-foot", key: `form-foot-${contact}`, on: { submit: (event) => (event.preventDefault(), void forms.dealtWith(contact)) } },
    reading.why === null ? null : h("p", { class: "bad", key: "why", role: "alert" }, icon("warning"), words.say(errorKey(reading.why, words))),
    h("fieldset", { key: "outcome", disabled: busy }, h("legend", {}, words.say("forms.outcome")),
      OUTCOMES.map((outcome) => h("label", { key: outcome, class: "choice" },
        h("input", { type: "radio", name: "outcome", value: outcome, checked: reading.outcome === outcome, "data-focus": `outcome-${outcome}`, on: { change: () => forms.choose(contact, outcome) } }),
        h("span", {}, words.say(`forms.outcome_${outcome}`))))),
    h("div", { class: "composer-foot", key: "buttons" },
      h("span", { class: "faint" }, words.say("forms.leaves_list")),
      h("button", { type: "button", class: "quiet", "data-focus": "form-back", disabled: busy || state.line !== "live", on: { click: () => void forms.putBack(contact) } }, words.say("forms.put_back")),
      h("button", { type: "submit", class: "primary", "data-focus": "form-done", disabled: busy || reading.outcome === null || state.line !== "live" }, icon("check"), words.say("forms.dealt_with"))));
}

/** @param {string | null} why @param {import("../words.js").WordBook} words */
function errorKey(why, words) {
  return words.has(`error.${why}`) ? `error.${why}` : "error.unavailable";
}
