/** The middle: what was said, and where the answer is written. @module */
import { h, icon } from "../view.js";
import { LONGEST_TEXT, lengthOf } from "../frames.js";
import { rowOf } from "../rows.js";
import { endCode } from "../talk.js";
import { callPane } from "./calls.js";
import { situation } from "./contacts.js";
import { formPane } from "./forms.js";

/**
 * @typedef {import("../state.js").State} State
 * @typedef {import("../talk.js").Talk} Talk
 * @typedef {import("../frames.js").Row} Row
 * @typedef {import("../page.js").Page} Page
 */

/** @param {State} state @param {Page} page */
export function conversationPane(state, page) {
  const { words } = page;
  if (state.forms.reading !== null) return formPane(state.forms.reading, state, page);
  const row = rowOf(state, state.current);
  const talk = row === null ? undefined : state.talks[row.contact];
  if (row !== null && (row.door ?? "chat") !== "chat") return [title(row, words), ...(row.door === "phone" ? callPane(row.contact, state, page) : [h("div", { class: "empty", key: "wordless" }, icon("file"), h("p", {}, words.say(`finish.${row.door}`)))])];
  if (row === null || talk === undefined) {
    return [h("h2", { class: "pane-title", tabindex: "-1", "data-pane-start": true }, icon("talk"), h("span", { class: "pane-name" }, words.say("talk.title"))), nothing(state, page)];
  }
  return [
    h("h2", { class: "pane-title", tabindex: "-1", "data-pane-start": true }, icon("talk"), h("span", { class: "pane-name" }, words.say("talk.title")), h("bdi", { class: "tag" }, row.tag), h("span", { class: "row-language" }, words.language(row.language)),
      h("span", { class: "title-state" }, words.say(situation(row, talk).sentence))),
    h("div", { class: "log-frame", key: `frame-${row.contact}` }, log(talk, row, page)),
    foot(talk, row, state, page),
  ];
}

/** @param {Row} row @param {import("../words.js").WordBook} words */
function title(row, words) {
  return h("h2", { class: "pane-title", tabindex: "-1", "data-pane-start": true }, icon("talk"), h("span", { class: "pane-name" }, words.say("talk.title")), h("bdi", { class: "tag" }, row.tag), h("span", { class: "row-language" }, words.language(row.language)));
}

/** @param {State} state @param {Page} page */
function nothing(state, { words }) {
  const key = !state.heard ? "state.loading" : state.mine.length > 0 ? "talk.choose" : state.presence === "break" ? "talk.on_break" : "talk.quiet";
  return h("div", { class: "empty", key: "empty" }, icon(state.heard ? "cup" : "wait"), h("p", {}, words.say(key)), state.heard ? h("p", { class: "faint" }, words.say("talk.hint")) : null);
}

/** @param {Talk} talk @param {Row} row @param {Page} page */
function log(talk, row, page) {
  const { words } = page;
  const newest = talk.entries.filter((entry) => entry.kind === "message" && entry.by === "worker").at(-1)?.seq;
  return h("div", { class: "log", role: "log", "aria-live": "off", "aria-label": words.say("talk.log", { tag: row.tag }), tabindex: "0", "data-focus": "log", "data-log": row.contact, key: row.contact, on: { scroll: () => page.looked() } },
    talk.phase === "opening" && talk.entries.length === 0 ? h("p", { class: "faint centre", key: "loading" }, words.say("talk.loading")) : null,
    h("ol", { key: "entries" }, talk.entries.map((entry) => entryView(entry, entry.seq === newest && talk.out.length === 0, row, page)), talk.out.map((item) => outView(item, talk, page))));
}

/** @param {import("../frames.js").Entry} entry @param {boolean} newest my last one @param {Row} row @param {Page} page */
function entryView(entry, newest, row, page) {
  const { words } = page;
  const time = h("time", { datetime: new Date(entry.at * 1000).toISOString() }, words.clock(entry.at));
  if (entry.kind === "line") return h("li", { class: "entry line", key: `${entry.seq}` }, h("p", {}, h("span", {}, words.say(`code.${entry.code}`)), time));
  if (entry.kind === "answer") return h("li", { class: "entry line", key: `${entry.seq}` }, h("p", {}, icon("check"), h("strong", {}, words.say(`code.${entry.code}`)), time));
  if (entry.kind === "card") return cardView(entry, page);
  const mine = entry.by === "worker";
  return h("li", { class: `entry ${mine ? "worker" : "visitor"}`, key: `${entry.seq}` },
    h("p", { class: "who" }, mine ? words.say("talk.you") : words.say("talk.visitor", { tag: row.tag }), time),
    h("p", { class: "text", dir: "auto" }, entry.text ?? words.say("talk.unreadable")),
    mine ? h("p", { class: newest ? "delivery" : "delivery hidden-text" }, icon("check"), words.say("talk.received")) : null);
}

/** What the visitor was asked for: to whom, and everything that would be sent. @param {import("../frames.js").Entry} entry @param {Page} page */
function cardView(entry, { words }) {
  const card = entry.text === null ? null : JSON.parse(entry.text);
  return h("li", { class: "entry worker", key: `${entry.seq}` },
    h("p", { class: "who" }, words.say("consent.card"), h("time", { datetime: new Date(entry.at * 1000).toISOString() }, words.clock(entry.at))),
    card === null ? h("p", { class: "text" }, words.say("talk.unreadable")) : h("div", { class: "text" },
      h("p", {}, h("strong", { dir: "auto" }, card.to)),
      h("ul", { class: "card-items" }, card.items.map((/** @type {{label: string, value: string}} */ one) => h("li", { lang: card.lang, dir: "auto" }, `${one.label}: ${one.value}`))),
      card.summary === "" ? null : h("p", { dir: "auto" }, card.summary)));
}

/** @param {import("../outbox.js").OutItem} item @param {Talk} talk @param {Page} page */
function outView(item, talk, { words, desk }) {
  const failed = item.state === "failed";
  const why = words.has(`error.${item.why}`) ? `error.${item.why}` : "error.unavailable";
  return h("li", { class: `entry worker ${failed ? "failed" : "pending"}`, key: `out-${item.id}` },
    h("p", { class: "who" }, words.say("talk.you")),
    h("p", { class: "text", dir: "auto" }, item.text),
    failed
      ? h("div", { class: "delivery" }, icon("warning"), h("span", {}, words.say("talk.not_sent"), " ", words.say(why)),
        talk.phase === "over" ? null : h("button", { type: "button", "data-focus": `back-${item.id}`, on: { click: () => desk.takeBack(talk.contact, item.id) } }, words.say("talk.take_back")),
        h("button", { type: "button", "data-focus": `drop-${item.id}`, on: { click: () => desk.discard(talk.contact, item.id) } }, words.say("talk.discard")))
      : h("p", { class: "delivery" }, icon("wait"), words.say("talk.sending")));
}

/** @param {Talk} talk @param {Row} row @param {State} state @param {Page} page */
function foot(talk, row, state, page) {
  if (talk.phase === "over") return ended(talk, row, state, page);
  const asking = state.question !== null && "contact" in state.question && state.question.contact === talk.contact ? state.question : null;
  return h("div", { class: "foot", key: `foot-${talk.contact}` }, page.below ? jump(page) : null, standing(talk, row, page),
    asking?.what === "end" ? confirmEnd(row, page) : asking?.what === "hand_over" ? confirmHandOver(row, asking.to, state, page) : null, composer(talk, row, state, page));
}

/** @param {Page} page */
function jump(page) {
  return h("button", { type: "button", class: "jump", key: "jump", "data-focus": "jump", on: { click: () => page.toNewest() } }, icon("down"), page.words.say("talk.newest"));
}

/** What is the matter with this conversation now, and what can be done. @param {Talk} talk @param {Row} row @param {Page} page */
function standing(talk, row, { words, desk }) {
  const veiled = talk.from > 1;
  return [
    veiled ? h("div", { class: "standing", key: "veiled" }, icon("lock"), h("p", {}, words.say(row.asked === "read" ? "read.veiled" : "read.closed")),
      row.asked === "read" ? null : h("button", { type: "button", "data-focus": "ask-read", on: { click: () => desk.askToRead(talk.contact) } }, words.say("read.ask"))) : null,
    row.asked === "hand_over" ? h("div", { class: "standing", key: "asked" }, icon("wait"), h("p", {}, words.say("code.asked_hand_over"))) : null,
    row.until ? h("div", { class: "standing", key: "until" }, icon("clock"), h("p", {}, words.say("grace.until", { text: words.clock(row.until) })),
      h("button", { type: "button", "data-focus": "extend", on: { click: () => desk.extend(talk.contact) } }, words.say("grace.extend"))) : null,
  ];
}

/** @param {Row} row @param {string} to @param {State} state @param {Page} page */
function confirmHandOver(row, to, state, { words, desk, ask }) {
  const there = state.colleagues.some((one) => one.staff === to) ? to : "";
  return h("div", { class: "card confirm plain", key: "hand-over", role: "group", "aria-labelledby": "hand-over-title" },
    h("p", { id: "hand-over-title" }, icon("people"), words.say("hand.question", { tag: row.tag })),
    h("p", { class: "faint" }, words.say("hand.consequence")),
    h("label", { for: "hand-over-to" }, words.say("hand.to")),
    h("select", { id: "hand-over-to", "data-focus": "hand-over-to", "data-first": "confirm", value: there, on: { change: (event) => desk.askHandOver(row.contact, event.target.value) } },
      h("option", { key: "anybody", value: "", selected: there === "" }, words.say("hand.anybody")),
      state.colleagues.map((one) => h("option", { key: one.staff, value: one.staff, selected: one.staff === there }, [one.alias, one.languages.map(words.language).join(", ")].filter(Boolean).join(" · ")))),
    h("div", { class: "pair" },
      h("button", { type: "button", "data-focus": "keep-it", on: { click: () => ask(null) } }, words.say("hand.no")),
      h("button", { type: "button", class: "primary", "data-focus": "hand-over-yes", on: { click: () => desk.confirm() } }, words.say("hand.yes"))));
}

/** @param {Row} row @param {Page} page */
function confirmEnd(row, { words, desk, ask }) {
  return h("div", { class: "card confirm", key: "confirm", role: "group", "aria-labelledby": "confirm-title" },
    h("p", { id: "confirm-title" }, icon("warning"), words.say("end.question", { tag: row.tag })),
    h("p", { class: "faint" }, words.say("end.consequence")),
    h("div", { class: "pair" },
      h("button", { type: "button", "data-focus": "keep-talking", "data-first": "confirm", on: { click: () => ask(null) } }, words.say("end.no")),
      h("button", { type: "button", class: "danger", "data-focus": "end-it", on: { click: () => desk.confirm() } }, words.say("end.yes"))));
}

/** @param {Talk} talk @param {Row} row @param {State} state @param {Page} page */
function composer(talk, row, state, page) {
  const { words, desk } = page;
  const text = state.drafts[talk.contact] ?? "";
  const over = lengthOf(text) - LONGEST_TEXT;
  const send = () => desk.say(talk.contact) && page.toNewest();
  return h("form", { class: "composer", key: "composer", on: { submit: (event) => (event.preventDefault(), send()) } },
    h("label", { for: "message" }, icon("talk"), words.say("talk.to_visitor", { tag: row.tag })),
    h("textarea", { id: "message", key: `message-${talk.contact}`, rows: 3, dir: "auto", autocomplete: "off", "data-focus": "message", "data-place": "text", value: text, "aria-describedby": "message-hint", "aria-invalid": over > 0 ? "true" : null, enterkeyhint: "send",
      on: { input: (event) => desk.draft(talk.contact, event.target.value), keydown: (event) => page.sendKey(event, send) } }),
    h("div", { class: "composer-foot" },
      h("span", { id: "message-hint", class: over > 0 ? "bad" : "faint" }, over > -200 ? words.count(over > 0 ? "talk.too_long" : "talk.room", Math.abs(over)) : page.fine ? words.say("talk.enter_sends") : ""),
      h("button", { type: "button", class: "quiet", "data-focus": "danger", "aria-pressed": row.danger ? "true" : "false", on: { click: () => desk.flag(talk.contact, !row.danger) } }, icon("warning"), words.say(row.danger ? "danger.off" : "danger.on")),
      h("button", { type: "button", class: "quiet", "data-focus": "hand-over", disabled: row.asked === "hand_over", on: { click: () => desk.askHandOver(talk.contact, "") } }, icon("people"), words.say("hand.button")),
      h("button", { type: "button", class: "quiet", "data-focus": "end", on: { click: () => desk.askEnd(talk.contact) } }, icon("stop"), words.say("end.button")),
      h("button", { type: "submit", class: "primary", "data-focus": "send", disabled: text.trim() === "" || over > 0 }, icon("send"), words.say("talk.send"))));
}

/** @param {Talk} talk @param {Row} row @param {State} state @param {Page} page */
function ended(talk, row, state, { words, desk }) {
  const code = endCode(talk);
  const draft = (state.drafts[talk.contact] ?? "").trim();
  return h("div", { class: "foot over", key: `foot-${talk.contact}` },
    h("p", { class: code === "left_quickly" ? "strong" : null }, icon(code === "left_quickly" ? "warning" : "done"), words.say(code === null ? "talk.over" : `over.${code}`)),
    draft === "" ? null : h("p", { class: "faint" }, words.say("talk.draft_kept")),
    draft === "" ? null : h("blockquote", { dir: "auto" }, draft),
    h("p", { class: "faint" }, words.say("talk.over_hint")),
    h("button", { type: "button", "data-focus": "set-aside", on: { click: () => desk.setAside(row.contact) } }, words.say("talk.set_aside")));
}
