/** What the person wishes, what was asked, what was said, what left. @module */
import { obstacle } from "../consent_draft.js";
import { h, icon } from "../view.js";
import { cardView, radios } from "./consent_form.js";

/**
 * @typedef {import("../consent_draft.js").Tab} Tab
 * @typedef {import("../consent_draft.js").Ask} Ask
 * @typedef {import("../consent_draft.js").Consent} Consent
 * @typedef {import("../consent_pane.js").ConsentTab} ConsentTab
 */

const REPORTED = ["acknowledged", "accepted", "declined"];
const REPRESENTATIVES = ["parent", "guardian", "child_welfare", "relative", "trustee", "other"];

/** @param {Tab} tab @param {ConsentTab} pane */
export function consentView(tab, pane) {
  const { words } = pane;
  const asks = tab.asks.filter((ask) => ask.consent === null).reverse();
  return [
    h("section", { key: "wish", class: "wish" },
      radios(pane, "consent.wish", "wish", ["", "share", "confidential", "anonymous"], tab.wish ?? "", (wish) => pane.wish(wish), "consent.wish_"),
      tab.asking ? null : h("p", { class: "standing", key: "not", role: "status" }, icon("lock"), h("span", {}, words.say("consent.not_asking")))),
    h("section", { key: "asks", "aria-labelledby": "asks-title" },
      h("h3", { id: "asks-title" }, words.say("consent.asks")),
      h("p", { class: "faint" }, words.say("consent.general")),
      h("button", { type: "button", class: "primary", "data-focus": "consent-new", disabled: !tab.asking || pane.busy, on: { click: () => pane.begin() } }, icon("check"), words.say("consent.new")),
      h("ol", { class: "consent-list" }, asks.map((ask) => askView(ask, tab, pane)))),
    h("section", { key: "consents", "aria-labelledby": "consents-title" },
      h("h3", { id: "consents-title" }, words.say("consent.given")),
      tab.consents.length === 0 ? h("p", { class: "faint" }, words.say("consent.none")) : null,
      h("ol", { class: "consent-list" }, [...tab.consents].reverse().map((consent) => givenView(consent, tab, pane)))),
    h("section", { key: "emergency", class: "emergency", "aria-labelledby": "emergency-title" },
      h("h3", { id: "emergency-title" }, words.say("consent.emergency")),
      h("p", {}, words.say("consent.emergency_when")),
      tab.emergencies.map((one) => h("p", { class: "standing", key: one.id }, icon("warning"), h("span", {}, words.say(`consent.emergency_${one.verdict ?? "waiting"}`, { at: words.moment(one.acted_at), by: words.moment(one.confirm_by) })))),
      h("p", {}, h("a", { href: `${pane.here}/emergency`, target: "_blank", rel: "noopener", "data-focus": "emergency" }, words.say("consent.emergency_open")))),
  ];
}

/** @param {Ask} ask @param {Tab} tab @param {ConsentTab} pane */
function askView(ask, tab, pane) {
  const { words } = pane;
  const state = ask.cancelled ? "cancelled" : (ask.answer ?? (ask.open ? `waiting_${ask.how}` : "gone"));
  return h("li", { class: `consent-item ${state}`, key: ask.id },
    head(ask, pane),
    h("p", { class: "consent-state" }, icon(ask.answer === "yes" && !ask.cancelled ? "check" : ask.open ? "wait" : "file"), h("strong", {}, words.say(`consent.ask_${state}`))),
    ask.open && ask.how === "card" ? h("button", { type: "button", "data-focus": `cancel-${ask.id}`, disabled: pane.busy, on: { click: () => void pane.act(`/asks/${ask.id}/cancel`, {}) } }, words.say("consent.cancel")) : null,
    ask.open && ask.how === "spoken" ? spoken(ask, pane) : null,
    ask.answer === "change" && !ask.cancelled && tab.asking && ask === tab.asks.at(-1) ? h("button", { type: "button", key: "anew", "data-focus": `anew-${ask.id}`, disabled: pane.busy, on: { click: () => pane.begin(ask) } }, icon("pencil"), words.say("consent.anew")) : null,
    ask.answer === "yes" && !ask.cancelled ? (pane.setting === ask.id ? setting(ask, pane) : yes(ask, pane)) : null);
}

/** @param {Ask | Consent} one @param {ConsentTab} pane */
function head(one, { words }) {
  return h("p", { class: "consent-head" }, h("strong", { dir: "auto" }, one.to ?? words.say("consent.unknown_to")), h("span", { class: "faint" }, `${words.say(`consent.scope_${one.scope}`)} · ${words.say("consent.until_day", { day: words.date(one.until) })}`));
}

/** The wording to read out, large, and what was said. @param {Ask} ask @param {ConsentTab} pane */
function spoken(ask, pane) {
  const { words } = pane;
  const said = (/** @type {string} */ answer) => void pane.act(`/asks/${ask.id}/answer`, { said: answer });
  return h("div", { key: "spoken" },
    ask.reading === null ? h("p", { class: "bad" }, words.say("consent.unreadable")) : cardView(ask.reading, true, pane),
    h("div", { class: "trio", role: "group", "aria-label": words.say("consent.they_said") },
      h("button", { type: "button", class: "primary", "data-focus": `yes-${ask.id}`, disabled: pane.busy, on: { click: () => said("yes") } }, words.say("consent.said_yes")),
      h("button", { type: "button", "data-focus": `no-${ask.id}`, disabled: pane.busy, on: { click: () => said("no") } }, words.say("consent.said_no")),
      h("button", { type: "button", "data-focus": `unsure-${ask.id}`, disabled: pane.busy, on: { click: () => said("change") } }, words.say("consent.said_unsure")),
      h("button", { type: "button", class: "quiet", "data-focus": `cancel-${ask.id}`, disabled: pane.busy, on: { click: () => void pane.act(`/asks/${ask.id}/cancel`, {}) } }, words.say("consent.cancel"))));
}

/** @param {Ask} ask @param {ConsentTab} pane */
function yes(ask, pane) {
  return h("div", { key: "yes" },
    h("p", { class: "faint" }, pane.words.say("consent.nothing_yet")),
    h("button", { type: "button", class: "primary", "data-focus": `set-${ask.id}`, disabled: pane.busy, on: { click: () => pane.openSetting(ask.id) } }, pane.words.say("consent.set_open")));
}

/** Who said yes; the one deliberate act. @param {Ask} ask @param {ConsentTab} pane */
function setting(ask, pane) {
  const { words, giving } = pane;
  const problem = obstacle(giving, ask);
  const warned = problem === "consent.suspected_cannot" || problem === "consent.needs_lead";
  return h("form", { class: "consent-form", key: "setting", "aria-label": words.say("consent.set_open"), on: { submit: (event) => (event.preventDefault(), pane.set(ask)) } },
    h("div", { tabindex: "-1", "data-focus": "giver" }, radios(pane, "consent.giver", "giver", ["self", "representative", "professional"], giving.giver, (giver) => pane.give({ giver }), "consent.giver_")),
    giving.giver !== "representative" ? null : h("div", { key: "representative" },
      h("label", { for: "consent-representative" }, words.say("consent.representative")),
      h("select", { id: "consent-representative", "data-focus": "consent-representative", value: giving.representative, on: { change: (event) => pane.give({ representative: event.target.value }) } },
        h("option", { key: "none", value: "", selected: giving.representative === "" }, words.say("consent.choose")),
        REPRESENTATIVES.map((one) => h("option", { key: one, value: one, selected: one === giving.representative }, words.say(`consent.representative_${one}`)))),
      radios(pane, "consent.suspected", "suspected", ["no", "yes", "unknown"], giving.suspected, (suspected) => pane.give({ suspected }), "consent.suspected_"),
      radios(pane, "consent.heard", "heard", ask.minor === "yes" ? ["heard", "too_young"] : ["heard", "too_young", "no_child"], giving.child_heard, (child_heard) => pane.give({ child_heard }), "consent.heard_")),
    radios(pane, "consent.interpreter", "interpreter", ["no", "yes"], giving.interpreter, (interpreter) => pane.give({ interpreter }), "consent.interpreter_"),
    problem !== null && (pane.tried || warned) ? h("p", { class: "bad", key: "obstacle", role: "alert", tabindex: "-1", "data-focus": "consent-obstacle" }, icon("warning"), h("span", {}, words.say(problem))) : null,
    h("div", { class: "pair" },
      h("button", { type: "submit", class: "primary", "data-focus": "consent-set", disabled: pane.busy }, words.say("consent.set")),
      h("button", { type: "button", "data-focus": "consent-set-stop", on: { click: () => { pane.setting = null; pane.draw(); pane.focus(`set-${ask.id}`); } } }, words.say("consent.stop"))));
}

/** @param {Consent} consent @param {Tab} tab @param {ConsentTab} pane */
function givenView(consent, tab, pane) {
  const { words } = pane;
  const state = consent.withdrawn_at !== null ? "withdrawn" : consent.live ? "live" : "lapsed";
  return h("li", { class: `consent-item ${state}`, key: consent.id },
    head(consent, pane),
    h("p", { class: "consent-state" }, icon(state === "live" ? "check" : "file"), h("strong", {}, words.say(`consent.is_${state}`, { at: words.moment(consent.withdrawn_at ?? consent.given_at) })), h("span", { class: "faint" }, words.say(consent.giver === null ? "consent.veiled" : `consent.giver_${consent.giver}`))),
    h("ol", { class: "sent-list" }, consent.forwardings.map((one) => forwardingView(one, pane))),
    state !== "live" || pane.passphrase?.consent !== consent.id ? null : h("div", { class: "passphrase", key: "passphrase", role: "status" }, h("p", {}, words.say("consent.passphrase")), h("p", {}, h("strong", {}, h("bdi", {}, pane.passphrase.words)))),
    state !== "live" || !tab.asking || consent.veiled ? null : pane.telling === consent.id ? telling(consent, pane)
      : pane.preview?.consent === consent.id ? sending(consent, pane)
        : h("button", { type: "button", key: "look", class: consent.forwardings.length === 0 ? "primary" : null, "data-focus": `look-${consent.id}`, disabled: pane.busy, on: { click: () => void pane.look(consent.id) } }, icon("file"), words.say("consent.look")),
    state !== "live" ? null : h("button", { type: "button", key: "withdraw-now", class: "quiet", "data-focus": `withdraw-${consent.id}`, disabled: pane.busy, on: { click: () => void pane.act(`/consents/${consent.id}/withdraw`, {}) } }, words.say("consent.withdraw")));
}

/** What the receiver will get, and the ways out. @param {Consent} consent @param {ConsentTab} pane */
function sending(consent, pane) {
  const { words, preview } = pane;
  const send = (/** @type {string} */ channel, /** @type {boolean} */ passphrase) => void pane.forward("", { permission: consent.id, channel, seen: preview?.seen ?? "", passphrase }, (sent) => {
    pane.preview = null; // what was sent is not sent again by a second press
    pane.passphrase = sent.passphrase === null ? null : { consent: consent.id, words: sent.passphrase };
  });
  const tell = () => { pane.telling = consent.id; pane.toldTo = ""; pane.draw(); pane.focus("told-to"); };
  return h("div", { key: "sending", class: "consent-preview" },
    h("h4", { tabindex: "-1", "data-focus": "preview" }, words.say("consent.preview", { reference: preview?.reference ?? "" })),
    dataView(preview?.data ?? null, pane),
    h("p", { class: "consent-links" },
      h("a", { href: `${pane.here}/forwardings/preview/${consent.id}/pdf`, target: "_blank", rel: "noopener", "data-focus": "preview-pdf" }, icon("file"), words.say("consent.preview_pdf"))),
    h("details", { class: "raw" }, h("summary", { "data-focus": "preview-json" }, words.say("consent.preview_json")), h("pre", { tabindex: "0", dir: "auto" }, preview?.json ?? "")),
    consent.channels.length === 0 ? h("p", { class: "bad" }, words.say("consent.no_channel")) : null,
    consent.channels.includes("download") && !consent.keyed ? h("p", { class: "faint", key: "no-key" }, words.say("consent.not_keyed")) : null,
    h("div", { class: "trio", role: "group", "aria-label": words.say("consent.send") },
      !consent.channels.includes("email") ? null : h("button", { type: "button", class: "primary", "data-focus": "send-email", disabled: pane.busy, on: { click: () => send("email", false) } }, words.say("consent.send_email")),
      !consent.channels.includes("download") ? null : [
        consent.keyed ? h("button", { type: "button", key: "d", "data-focus": "send-download", disabled: pane.busy, on: { click: () => send("download", false) } }, words.say("consent.send_download")) : null,
        h("button", { type: "button", key: "p", "data-focus": "send-passphrase", disabled: pane.busy, on: { click: () => send("download", true) } }, words.say("consent.send_passphrase"))],
      !consent.channels.includes("spoken") ? null : h("button", { type: "button", "data-focus": "send-spoken", disabled: pane.busy, on: { click: tell } }, words.say("consent.send_spoken"))));
}

/** @param {import("../consent_pane.js").Preview["data"] | null} data @param {ConsentTab} pane */
function dataView(data, { words }) {
  if (data === null) return null;
  return h("dl", { class: "reading" },
    data.items.map((item) => h("div", { key: item.label, lang: data.language }, h("dt", {}, item.label), h("dd", { dir: "auto" }, item.shown))),
    data.summary === "" ? null : h("div", { key: "summary" }, h("dt", {}, words.say("consent.summary")), h("dd", { class: "text", dir: "auto" }, data.summary)));
}

/** Told on the telephone: to whom. @param {Consent} consent @param {ConsentTab} pane */
function telling(consent, pane) {
  const { words } = pane;
  const send = () => void pane.forward("/spoken", { permission: consent.id, told_to: pane.toldTo.trim() }, () => (pane.telling = pane.preview = null));
  return h("form", { class: "consent-form", key: "telling", on: { submit: (event) => (event.preventDefault(), pane.toldTo.trim() === "" ? undefined : send()) } },
    h("p", {}, words.say("consent.tell_what")),
    dataView(pane.preview?.data ?? null, pane),
    h("label", { for: "told-to" }, words.say("consent.told_to")),
    h("input", { id: "told-to", type: "text", maxlength: 200, autocomplete: "off", "data-focus": "told-to", value: pane.toldTo, on: { input: (event) => { pane.toldTo = event.target.value; pane.draw(); } } }),
    h("div", { class: "pair" },
      h("button", { type: "submit", class: "primary", "data-focus": "told", disabled: pane.busy || pane.toldTo.trim() === "" }, words.say("consent.told")),
      h("button", { type: "button", "data-focus": "telling-stop", on: { click: () => { pane.telling = null; pane.draw(); } } }, words.say("consent.stop"))));
}

/** @param {import("../consent_draft.js").Forwarding} one @param {ConsentTab} pane */
function forwardingView(one, pane) {
  const { words } = pane;
  const say = (/** @type {string} */ word) =>
    REPORTED.includes(word) ? void pane.forward(`/${one.id}/reported`, { state: word, outcome: word === "declined" ? "cannot_help" : null }) : void pane.forward(`/${one.id}/${word.replaceAll("_", "-")}`, {});
  const state = one.unconfirmed ? "unconfirmed" : one.state;
  return h("li", { class: `sent ${one.state}`, key: one.id },
    h("p", {}, icon(one.state === "failed" || one.unconfirmed ? "warning" : one.state === "queued" ? "wait" : one.state === "withdrawn" ? "file" : "check"), h("strong", {}, words.say(`consent.moved_${state}`)), h("span", { class: "faint" }, `${words.say(`consent.by_${one.channel}`)} · ${words.moment(one.at ?? one.queued_at)} · ${one.reference}`)),
    one.outcome === null || !words.has(`consent.outcome_${one.outcome}`) ? null : h("p", { class: one.state === "failed" ? "bad" : "faint" }, words.say(`consent.outcome_${one.outcome}`)),
    one.notice === null ? null : h("p", { class: one.notice === "sent" ? "faint" : "bad" }, words.say(`consent.notice_${one.notice}`)),
    one.channel === "download" && one.state === "queued" && !one.veiled ? h("button", { type: "button", key: "file", "data-focus": `file-${one.id}`, disabled: pane.busy, on: { click: () => void pane.download(one.id) } }, words.say("consent.file")) : null,
    one.next.length === 0 ? null : h("div", { class: "trio", key: "next" }, one.next.map((word) => h("button", { type: "button", key: word, class: "quiet", "data-focus": `${word}-${one.id}`, disabled: pane.busy, on: { click: () => say(word) } }, words.say(`consent.they_${word}`)))));
}
