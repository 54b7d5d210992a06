/** The list on the left: offers, those who wait, those who are mine. @module */
import { h, icon } from "../view.js";
import { isFull, myRows } from "../rows.js";
import { isOpenRecord, toFinish } from "../record_desk.js";
import { missedSection } from "./calls.js";
import { formsSection } from "./forms.js";
import { endCode, isMyTurn, visitorWroteAt } from "../talk.js";

/**
 * @typedef {import("../state.js").State} State
 * @typedef {import("../frames.js").Row} Row
 * @typedef {import("../page.js").Page} Page
 */

/** @param {State} state @param {Page} page */
export function contactsPane(state, page) {
  const { words } = page;
  const mine = myRows(state);
  return [
    h("h2", { class: "pane-title", tabindex: "-1", "data-pane-start": true }, icon("people"), h("span", { class: "pane-name" }, words.say("contacts.title"))),
    h("div", { class: "pane-body", key: "body" },
      state.narrow ? null : offers(state, page),
      missedSection(state, page),
      section("waiting", words.say("contacts.waiting"), state, state.waiting.length === 0 ? words.say("contacts.nobody_waits") : null, state.waiting.map((row) => waitingRow(row, state, page)), page),
      section("mine", words.say("contacts.mine"), state, mine.length === 0 ? words.say("contacts.none_mine") : null, mine.map((row) => myRow(row, state, page)), page),
      finishSection(state, page),
      formsSection(state, page)),
  ];
}

/** @param {string} name @param {string} title @param {State} state @param {string | null} empty @param {any[]} rows @param {Page} page */
function section(name, title, state, empty, rows, { words }) {
  const loading = !state.heard;
  const full = name === "waiting" && rows.length > 0 && isFull(state);
  return h("section", { class: "rows", key: name, "aria-labelledby": `rows-${name}`, "aria-busy": loading ? "true" : null },
    h("h3", { id: `rows-${name}` }, title, state.heard ? h("span", { class: "count" }, rows.length) : null),
    loading ? h("p", { class: "faint" }, words.say("state.loading")) : empty === null ? h("ul", {}, rows) : h("p", { class: "faint" }, empty),
    full ? h("p", { class: "faint", key: "full" }, words.say("contacts.full")) : null);
}

/** Offers stand on top of the list, on a narrow screen above the tabs. @param {State} state @param {Page} page */
export function offers(state, page) {
  return state.offers.map((offer) => offerCard(offer, page));
}

/** @param {import("../frames.js").Offer} offer @param {Page} page */
function offerCard(offer, { words, desk }) {
  const spoken = words.language(offer.language);
  const title = `offer-${offer.contact}`;
  return h("section", { class: "card offer", key: `offer-${offer.contact}`, "aria-labelledby": title },
    h("h2", { id: title }, icon("bell"), words.say("offer.title")),
    h("p", {}, h("bdi", { class: "tag" }, offer.tag), h("span", {}, spoken)),
    h("p", { class: "countdown" }, words.say("offer.time"), h("desk-clock", { until: offer.until, full: 60, island: true })),
    h("div", { class: "pair" },
      h("button", { type: "button", class: "primary", "data-focus": `accept-${offer.contact}`, on: { click: () => desk.accept(offer.contact) } }, icon("check"), words.say("offer.accept")),
      h("button", { type: "button", "data-focus": `decline-${offer.contact}`, on: { click: () => desk.decline(offer.contact) } }, words.say("offer.decline"))));
}

/** @param {Row} row @param {State} state @param {Page} page */
function waitingRow(row, state, { words, desk }) {
  const offered = row.state === "offered";
  const forMe = state.offers.some((offer) => offer.contact === row.contact);
  const name = words.say("contacts.take_named", { tag: row.tag });
  return h("li", { class: "row", key: row.contact },
    h("div", { class: "row-face" }, face(row, words), h("span", { class: "row-state" },
      status(row.connected ? (offered ? "offered" : "wait") : "broken", words.say(row.connected ? (forMe ? "row.offered_to_me" : offered ? "row.offered" : "row.waiting") : "row.disconnected")),
      h("desk-clock", { since: row.since, island: true })),
      row.danger || row.earlier ? h("span", { class: "row-marks" }, marks(row, words)) : null),
    h("button", { type: "button", class: "take", disabled: offered || isFull(state) || state.line !== "live", "aria-label": name, "data-focus": `take-${row.contact}`, on: { click: () => desk.accept(row.contact) } }, words.say("contacts.take")));
}

/** @param {Row} row @param {State} state @param {Page} page */
function myRow(row, state, { words, desk }) {
  const talk = state.talks[row.contact];
  const chosen = state.current === row.contact;
  const turn = isMyTurn(row, talk);
  const unread = turn && row.seq > Math.max(row.shown, talk?.seen ?? 0);
  const draft = (state.drafts[row.contact] ?? "").trim() !== "";
  const seen = situation(row, talk);
  const { picture, sentence } = seen.picture === "done" && isOpenRecord(state, row.contact) ? { picture: "pencil", sentence: "row.ended_open" } : seen;
  return h("li", { class: `row mine${chosen ? " chosen" : ""}${turn ? " turn" : ""}`, key: row.contact },
    h("button", { type: "button", class: "row-face", "aria-current": chosen ? "true" : null, "data-focus": `row-${row.contact}`, on: { click: () => desk.choose(row.contact) } },
      face(row, words),
      h("span", { class: "row-state" }, status(picture, words.say(sentence)),
        turn ? h("desk-clock", { since: (talk && visitorWroteAt(talk)) ?? row.since, island: true }) : null),
      unread || draft || row.danger || row.asked ? h("span", { class: "row-marks" }, marks(row, words), unread ? h("span", { class: "mark new" }, words.say("row.unread")) : null, draft ? h("span", { class: "mark" }, icon("pencil"), words.say("row.draft")) : null) : null));
}

/** Contacts that left the list with their record still open; nothing stands here when there are none. @param {State} state @param {Page} page */
function finishSection(state, { words, desk }) {
  const rows = toFinish(state);
  if (rows.length === 0) return null;
  return h("section", { class: "rows", key: "finish", "aria-labelledby": "rows-finish" },
    h("h3", { id: "rows-finish" }, words.say("finish.title"), h("span", { class: "count" }, rows.length)),
    h("ul", {}, rows.map((one) => {
      const chosen = state.current === one.contact;
      return h("li", { class: `row mine${chosen ? " chosen" : ""}`, key: one.contact },
        h("button", { type: "button", class: "row-face", "aria-current": chosen ? "true" : null, "data-focus": `row-${one.contact}`, on: { click: () => desk.choose(one.contact) } },
          h("bdi", { class: "tag" }, one.tag), h("span", { class: "row-language" }, words.language(one.language)),
          h("span", { class: "row-state" }, status(one.ended_at === null ? "talk" : "pencil", words.say(one.ended_at === null ? "row.call" : "row.ended_open")),
            h("span", { class: "age" }, `${words.say(`record.door_${one.door}`)} · ${words.moment(one.since)}`))));
    })));
}

/** @param {Row} row @param {import("../talk.js").Talk | undefined} talk */
export function situation(row, talk) {
  const ended = talk === undefined ? null : endCode(talk);
  if (ended === "left_quickly") return { picture: "stop", sentence: "row.left_quickly" };
  if (row.door === "phone" && row.state === "active") return { picture: "talk", sentence: "row.call" };
  if (row.state === "ended" || ended !== null) return { picture: "done", sentence: "row.ended" };
  if (!row.connected) return { picture: "broken", sentence: "row.disconnected" };
  return isMyTurn(row, talk) ? { picture: "turn", sentence: "row.your_turn" } : { picture: "wait", sentence: "row.their_turn" };
}

/** @param {Row} row @param {import("../words.js").WordBook} words */
function marks(row, words) {
  return [
    row.danger ? h("span", { class: "mark urgent", key: "danger" }, icon("warning"), words.say("row.danger")) : null,
    row.earlier && row.state !== "active" ? h("span", { class: "mark", key: "earlier" }, words.say("row.earlier")) : null,
    row.asked ? h("span", { class: "mark", key: "asked" }, words.say("row.asked")) : null,
  ];
}

/** @param {Row} row @param {import("../words.js").WordBook} words */
function face(row, words) {
  return [h("bdi", { class: "tag" }, row.tag), h("span", { class: "row-language" }, words.language(row.language))];
}

/** @param {string} picture @param {string} sentence */
function status(picture, sentence) {
  return h("span", { class: `status ${picture}` }, icon(picture), h("span", {}, sentence));
}
