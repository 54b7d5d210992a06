/** Calls: the fixed bar while one rings or is mine, the list of missed ones, and one of those in the middle. @module */
import { callOf, missed, onThePhone, outcomesOf, ringing, wrappingUp } from "../calls.js";
import { h, icon } from "../view.js";

/**
 * @typedef {import("../state.js").State} State
 * @typedef {import("../frames.js").CallRow} CallRow
 * @typedef {import("../page.js").Page} Page
 */

/** Under the banners; it never takes the focus. @param {State} state @param {Page} page */
export function callBar(state, page) {
  const { calls } = state;
  return [
    ...onThePhone(calls).map((row) => (row.state === "talking" ? talkCard(row, state, page) : backCard(row, state, page))),
    ...ringing(calls).slice(0, 3).map((row) => ringCard(row, state, page)),
    ...wrappingUp(calls).slice(0, 1).map((row) => overCard(row, page)),
  ];
}

/** @param {CallRow} row @param {Page} page @param {string} sentence @param {string} picture @param {any} clock */
function head(row, { words }, sentence, picture, clock) {
  return h("p", { class: "call-head" }, h("span", { class: "call-what", id: `call-${row.contact}` }, icon(picture), words.say(sentence)),
    h("bdi", { class: "tag" }, row.tag), h("span", { class: "row-language" }, words.language(row.language)), clock,
    row.danger ? h("span", { class: "mark urgent" }, icon("warning"), words.say("row.danger")) : null);
}

/** @param {CallRow} row @param {string} kind @param {any[]} parts */
function card(row, kind, ...parts) {
  return h("section", { class: `call ${kind}`, key: `call-${row.contact}`, "aria-labelledby": `call-${row.contact}` }, parts);
}

/** @param {CallRow} row @param {State} state @param {Page} page */
function ringCard(row, state, page) {
  const { words, calls } = page;
  const waits = h("span", { class: "call-clock" }, words.say("calls.waits"), h("desk-clock", { since: row.since, island: true }));
  return card(row, row.you === null ? "ringing" : "mine", head(row, page, row.you === null ? "calls.ringing" : `calls.you_${row.you}`, "bell", waits),
    row.you === null ? h("div", { class: "pair" }, h("button", { type: "button", class: "primary", "data-focus": `answer-${row.contact}`, disabled: state.line !== "live" || state.calls.busy !== null, "aria-label": words.say("calls.answer_named", { tag: row.tag }), on: { click: () => void calls.answer(row.contact) } }, icon("check"), words.say("calls.answer"))) : null);
}

/** @param {CallRow} row @param {State} state @param {Page} page */
function talkCard(row, state, page) {
  const { words, calls, store } = page;
  const { adding, ending } = state.calls;
  return card(row, "mine", head(row, page, "calls.talking", "talk", h("span", { class: "call-clock" }, h("desk-clock", { since: row.at ?? row.since, island: true }))),
    row.parties.length === 0 ? null : h("ul", { class: "parties", key: "parties" }, row.parties.map((party, n) => h("li", { key: `${n}` }, icon(party.state === "joined" ? "person" : "wait"), words.say(`calls.party_${party.state}`, { text: party.name })))),
    adding === row.contact ? joinForm(row, state, page)
      : ending === row.contact ? h("div", { class: "pair", key: "ending" }, h("span", {}, words.say("calls.end_sure")), h("button", { type: "button", class: "danger", "data-focus": `end-yes-${row.contact}`, on: { click: () => void calls.end(row.contact) } }, words.say("calls.end_yes")), h("button", { type: "button", "data-focus": `end-no-${row.contact}`, on: { click: () => store.change({ type: "call_ending", contact: null }) } }, words.say("calls.end_no")))
        : h("div", { class: "pair", key: "acts" },
          state.current === row.contact ? null : h("button", { type: "button", key: "show", "data-focus": `show-${row.contact}`, on: { click: () => calls.show(row.contact) } }, icon("file"), words.say("calls.record")),
          h("button", { type: "button", key: "add", "data-focus": `add-${row.contact}`, on: { click: () => void calls.choosing(row.contact) } }, icon("people"), words.say("calls.add")),
          h("button", { type: "button", key: "end", "data-focus": `end-${row.contact}`, on: { click: () => store.change({ type: "call_ending", contact: row.contact }) } }, icon("stop"), words.say("calls.end"))));
}

/** @param {CallRow} row @param {State} state @param {Page} page */
function joinForm(row, state, { words, calls, store }) {
  const { asked, whom } = state.calls;
  const cancel = h("button", { type: "button", key: "no", "data-focus": `add-no-${row.contact}`, on: { click: () => store.change({ type: "call_adding", contact: null }) } }, words.say("calls.add_no"));
  if (asked === null) return h("div", { class: "pair", key: "adding" }, h("span", {}, words.say("state.loading")), cancel);
  if (asked.length === 0) return h("div", { class: "pair", key: "adding" }, h("span", {}, words.say("calls.add_nobody")), cancel);
  return h("form", { class: "pair", key: "adding", on: { submit: (event) => (event.preventDefault(), void calls.add(row.contact)) } },
    h("label", { for: "call-whom" }, words.say("calls.add_whom")),
    h("select", { id: "call-whom", "data-focus": "call-whom", required: true, value: whom, on: { change: (event) => store.change({ type: "call_whom", whom: event.target.value }) } },
      h("option", { value: "", key: "none", selected: whom === "" }, words.say("calls.add_choose")),
      asked.map((one) => h("option", { value: one.id, key: one.id, selected: one.id === whom }, one.kind === "interpreter" ? words.say("calls.add_interpreter", { text: one.name, spoken: words.language(one.language ?? "") }) : words.say("calls.add_colleague", { text: one.name })))),
    h("button", { type: "submit", class: "primary", key: "yes", disabled: whom === "" }, words.say("calls.add_yes")), cancel);
}

/** @param {CallRow} row @param {State} state @param {Page} page */
function backCard(row, state, page) {
  const { words, calls } = page;
  return card(row, "mine", head(row, page, `calls.back_${row.returning}`, "talk", null),
    h("div", { class: "pair" }, h("button", { type: "button", "data-focus": `end-${row.contact}`, disabled: state.calls.busy !== null, on: { click: () => void calls.end(row.contact) } }, icon("stop"), words.say("calls.back_end"))));
}

/** @param {CallRow} row @param {Page} page */
function overCard(row, page) {
  const { words, calls, store } = page;
  return card(row, "over", head(row, page, "calls.over", "pencil", null),
    h("div", { class: "pair" },
      h("button", { type: "button", "data-focus": `show-${row.contact}`, on: { click: () => calls.show(row.contact) } }, icon("file"), words.say("calls.record")),
      h("button", { type: "button", class: "quiet", "data-focus": `aside-${row.contact}`, on: { click: () => store.change({ type: "call_aside", contact: row.contact }) } }, icon("cross"), words.say("notice.close"))));
}

/** Below those who wait; nothing stands here while none are missed. @param {State} state @param {Page} page */
export function missedSection(state, page) {
  const rows = missed(state.calls);
  if (rows.length === 0) return null;
  return h("section", { class: "rows", key: "missed", "aria-labelledby": "rows-missed" },
    h("h3", { id: "rows-missed" }, page.words.say("calls.missed"), h("span", { class: "count" }, rows.length)),
    h("ul", {}, rows.map((row) => missedRow(row, state, page))));
}

/** @param {CallRow} row @param {State} state @param {Page} page */
function missedRow(row, state, { words, calls, desk }) {
  const chosen = state.current === row.contact;
  const mine = row.you === "taken";
  const standing = mine ? words.say("calls.taken_mine") : row.by !== null ? words.say("forms.taken", { text: row.by }) : words.say(row.back ? "calls.wants_back" : row.message !== null ? "calls.left_message" : "calls.no_number");
  const inside = [
    h("bdi", { class: "tag" }, row.tag), h("span", { class: "row-language" }, words.language(row.language)),
    h("span", { class: "row-state" }, h("span", { class: `status ${mine ? "" : "wait"}` }, icon(mine ? "person" : row.back || row.message !== null ? "bell" : "wait"), h("span", {}, standing)), h("span", { class: "age" }, words.moment(row.since))),
    row.danger ? h("span", { class: "row-marks" }, h("span", { class: "mark urgent" }, icon("warning"), words.say("row.danger"))) : null,
  ];
  if (mine) {
    return h("li", { class: `row mine${chosen ? " chosen" : ""}`, key: row.contact },
      h("button", { type: "button", class: "row-face", "aria-current": chosen ? "true" : null, "data-focus": `missed-${row.contact}`, on: { click: () => desk.choose(row.contact) } }, inside));
  }
  return h("li", { class: "row", key: row.contact }, h("div", { class: "row-face" }, inside),
    row.by !== null ? null : h("button", { type: "button", class: "take", "aria-label": words.say("calls.take_named", { tag: row.tag }), "data-focus": `missed-${row.contact}`, disabled: state.line !== "live" || state.calls.busy !== null, on: { click: () => void calls.take(row.contact) } }, words.say("calls.take")));
}

/** In the middle, instead of a conversation. @param {string} contact @param {State} state @param {Page} page */
export function callPane(contact, state, page) {
  const { words } = page;
  const row = callOf(state.calls, contact);
  if (row === null || row.you !== "taken") return [h("div", { class: "empty", key: "wordless" }, icon("file"), h("p", {}, words.say(row?.state === "talking" ? "calls.wordless" : "finish.phone")))];
  return [h("div", { class: "form-message missed-call", key: `missed-${contact}`, tabindex: "0", role: "group", "aria-label": words.say("calls.of", { tag: row.tag }), "data-focus": "missed-call" },
    row.back ? h("div", { class: "call-back", key: "back" }, h("h3", {}, words.say("calls.back_title")), asking(row, words), numberOf(row, state, page)) : null,
    row.message !== null ? messageOf(row, page) : null,
    row.back || row.message !== null ? null : h("p", { key: "none" }, words.say("calls.nothing_left"))),
  outcomes(row, state, page)];
}

/** What the caller said after the tone. It is asked for when somebody presses Play, and that is on record. @param {CallRow} row @param {Page} page */
function messageOf(row, { words, calls }) {
  const title = h("h3", { id: `message-${row.contact}` }, words.say("calls.message_title"));
  if (row.message !== "here") return h("div", { class: "call-message", key: `message-${row.message}` }, title, h("p", {}, words.say(`calls.message_${row.message}`)));
  return h("div", { class: "call-message", key: `message-${row.contact}` }, title,
    h("audio", { key: "sound", controls: true, preload: "none", controlslist: "nodownload noremoteplayback", src: `/desk/calls/${row.contact}/message`, "aria-label": words.say("calls.message_of", { tag: row.tag }), "data-focus": "call-message", on: { error: () => calls.unheard() } }),
    h("p", { class: "faint", key: "hint" }, words.say("calls.message_hint")));
}

/** What the caller said about being called. @param {CallRow} row @param {import("../words.js").WordBook} words */
function asking(row, words) {
  return h("ul", { class: "call-said", key: "said" },
    h("li", { key: "when" }, icon("clock"), words.say(`calls.when_${row.when ?? "unsaid"}`)),
    h("li", { key: "named", class: row.named ? "" : "strong" }, icon(row.named ? "check" : "warning"), words.say(row.named ? "calls.named_yes" : "calls.named_no")));
}

/** @param {CallRow} row @param {State} state @param {Page} page */
function numberOf(row, state, { words, calls }) {
  const { number, busy } = state.calls;
  const shown = number?.contact === row.contact ? number : null;
  return [
    shown === null ? null : h("p", { class: "call-number", key: "number" }, h("span", { class: "hidden-text" }, words.say("calls.number")), h("bdi", { dir: "ltr" }, shown.number)),
    h("p", { class: "faint", key: "hint" }, words.say("calls.back_hint")),
    h("div", { class: "pair", key: "acts" },
      h("button", { type: "button", class: "primary", key: "back", "data-focus": "call-back", disabled: busy !== null || row.returning !== null || state.line !== "live", on: { click: () => void calls.callBack(row.contact) } }, icon("talk"), words.say("calls.call_back")),
      shown === null ? h("button", { type: "button", key: "show", "data-focus": "call-number", disabled: busy !== null, on: { click: () => void calls.showNumber(row.contact) } }, words.say("calls.show_number")) : null),
  ];
}

/** @param {CallRow} row @param {State} state @param {Page} page */
function outcomes(row, state, { words, calls, store }) {
  const { outcome, busy } = state.calls;
  return h("form", { class: "foot form-foot", key: `outcome-${row.contact}`, on: { submit: (event) => (event.preventDefault(), void calls.dealtWith(row.contact)) } },
    h("fieldset", { disabled: busy !== null }, h("legend", {}, words.say("calls.what_came")),
      outcomesOf(row).map((one) => h("label", { key: one, class: "choice" }, h("input", { type: "radio", name: "call-outcome", value: one, checked: outcome === one, "data-focus": `outcome-${one}`, on: { change: () => store.change({ type: "call_outcome", outcome: one }) } }), h("span", {}, words.say(`calls.outcome_${one}`))))),
    h("div", { class: "composer-foot", key: "buttons" },
      h("span", { class: "faint" }, words.say(row.message === null ? "calls.done_hint" : "calls.done_hint_message")),
      h("button", { type: "button", class: "quiet", "data-focus": "call-put-back", disabled: busy !== null, on: { click: () => void calls.putBack(row.contact) } }, words.say("forms.put_back")),
      h("button", { type: "submit", class: "primary", "data-focus": "call-done", disabled: outcome === null || busy !== null }, icon("check"), words.say("forms.dealt_with"))));
}
