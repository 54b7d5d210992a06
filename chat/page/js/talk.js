/** The conversation on the page: who tells whom. */

import { askStatus, complain, setState } from "./availability.js";
import { Cards } from "./cards.js";
import { Composer } from "./composer.js";
import { Cursor } from "./cursor.js";
import { byId, sentence } from "./dom.js";
import { announcer, lang, post } from "./here.js";
import { Line } from "./line.js";
import { Log } from "./log.js";
import { newId } from "./message_id.js";
import { openPoll } from "./poll_line.js";
import { openSocket } from "./socket_line.js";
import { show } from "./views.js";

/** @typedef {import("./socket_line.js").Frame} Frame */

const WRITING_FOR = 6000;
const ENDINGS = ["ended_by_visitor", "ended_by_worker", "ended_silent", "ended_unserved", "left_quickly"];
const OVER = ["ended", "unserved"];

/** @returns {() => void} takes every word off the page */
export const talk = () => {
  const status = byId("status");
  const net = byId("net");
  const writing = byId("writing");
  let worker = "";
  /** The house has answered since Start. */
  let met = false;
  const clock = new Intl.DateTimeFormat((lang === "sv" ? "sv-FI" : lang) + "-u-nu-latn-hc-h23", {
    hour: "numeric",
    minute: "2-digit",
    timeZone: document.body.dataset.zone,
  });
  const log = new Log(byId("log"), byId("dock"), clock);
  const cards = new Cards(lang, (card, answer) => line.press(card, answer));
  const cursor = new Cursor();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let writingTimer;

  /** @param {HTMLElement} place @param {string} text */
  const tell = (place, text) => {
    if (place.textContent === text) return;
    place.textContent = text;
    if (text) announcer.say(place.id, text);
  };
  const notWriting = () => (writing.hidden = true);

  const forget = () => {
    line.stop();
    log.empty();
    cards.empty();
    composer.empty();
    announcer.empty();
    status.textContent = net.textContent = "";
    asks("", "");
  };

  /** The question on the card; nothing: the card goes. @param {string} question @param {string} text */
  const asks = (question, text) => {
    const card = byId("ask");
    const within = card.contains(document.activeElement);
    card.dataset.question = question;
    card.hidden = !question;
    tell(byId("question"), text);
    if (within && !question) composer.field.focus();
  };

  /** The conversation is over, but a yes may still be taken back. @param {string} card */
  const takeBack = async (card) => {
    const answer = await post("/consent", new URLSearchParams({ card, answer: "withdraw" })).then((response) => response.json()).catch(() => "");
    tell(byId("taken"), answer.text || sentence("line.not_heard"));
  };

  /** @param {string} why */
  const over = (why) => {
    if (why === "replaced") {
      byId("replaced").hidden = false;
      return tell(net, sentence("net.replaced"));
    }
    if (document.body.dataset.now === why) return;
    if (why === "gone" && !met && document.getElementById("start")) return notStarted(sentence("net.start_failed"));
    // Presses that may take back a yes, and of which no entry has told.
    const unheard = [...line.presses.values()].filter((press) => press.answer !== "yes");
    line.presses.clear();
    forget();
    show(why);
    announcer.say("over", sentence(why === "ended" ? "line.ended" : why === "unserved" ? "unserved.text" : "gone.heading"));
    if (why === "unserved") askStatus().then((answer) => (byId("next").textContent = answer.text), () => {});
    // Deletes the cookie, which no script can.
    Promise.all(unheard.map((press) => takeBack(press.card))).then(() => post("/end")).catch(() => {});
  };

  /** @param {Frame} frame */
  const entry = (frame) => {
    if (!cursor.take(frame.seq)) return;
    if (frame.kind === "card" && frame.text) {
      log.place(cards.card(frame), frame);
      notWriting();
      return announcer.message((worker || sentence("talk.worker")) + ": " + sentence("card.heading"));
    }
    // The card says it where it was pressed; once is enough.
    if (frame.kind === "answer" && cards.answered(frame.id.slice(0, 32), frame.code) && frame.by === "visitor") {
      return announcer.say("line", sentence("line." + frame.code));
    }
    if (frame.kind === "line" || frame.kind === "answer") {
      if (ENDINGS.includes(frame.code)) return over(frame.code === "ended_unserved" ? "unserved" : "ended");
      frame.kind = "line";
      frame.text = sentence("line." + frame.code);
      if (!frame.text) return;
    }
    const mine = frame.by === "visitor" && frame.kind !== "line";
    if (mine && frame.id && log.own.has(frame.id)) return log.received(frame.id, frame.seq, frame.at);
    log.entry(frame, worker);
    if (mine) return;
    notWriting();
    if (frame.kind === "line") announcer.say("line", frame.text);
    else announcer.message((worker || sentence("talk.worker")) + ": " + frame.text);
  };

  /** @type {Record<string, (frame: Frame) => unknown>} */
  const hear = {
    welcome: (frame) => {
      met = true;
      asks("", "");
      if (OVER.includes(frame.state)) over(frame.state);
    },
    status: (frame) => {
      worker = frame.worker || "";
      if (worker) log.named(worker);
      byId("status-card").dataset.state = frame.state;
      tell(status, frame.text);
      if (OVER.includes(frame.state)) over(frame.state);
    },
    ask: (frame) => asks(frame.question || "", frame.text),
    entry,
    ack: (frame) => {
      cursor.take(frame.seq);
      log.received(frame.id, frame.seq, frame.at);
    },
    shown: (frame) => log.shown(frame.seq),
    writing: () => {
      writing.hidden = false;
      clearTimeout(writingTimer);
      writingTimer = setTimeout(notWriting, WRITING_FOR);
    },
    error: (frame) => {
      if (frame.code === "ended") return over("ended");
      if (!frame.id || frame.code === "unavailable") return;
      if (cards.all.has(frame.id)) return cards.answered(frame.id, "card_taken_back");
      if (frame.code === "id_taken") {
        const other = newId(crypto);
        log.rename(frame.id, other);
        return line.rename(frame.id, other);
      }
      refuse(frame.id, frame.code === "too_long" ? sentence("composer.too_long") : "");
    },
  };
  /** @param {string} id @param {string} why */
  const refuse = (id, why) => {
    composer.giveBack(log.failed(id));
    if (why) composer.say(why);
  };

  const line = new Line({
    lang,
    random: Math.random,
    socket: (ends) =>
      openSocket(ends, {
        open: (path) => new WebSocket(location.origin.replace("http", "ws") + path),
        now: Date.now,
      }),
    poll: (ends) => openPoll(ends, { fetch: (input, init) => fetch(input, init) }),
    page: {
      heard: (frame) => hear[frame.t]?.(frame),
      connected: (yes) => {
        if (yes && net.textContent) announcer.say("net", sentence("net.back"));
        if (yes) net.textContent = "";
        else tell(net, sentence("net.lost"));
        notWriting();
        byId("replaced").hidden = true;
      },
      over,
      dropped: (id) => refuse(id, sentence("composer.too_long")),
      after: () => cursor.after,
      gap: () => cursor.gap,
    },
  });
  const composer = new Composer((text) => {
    const id = newId(crypto);
    log.sending(id, text);
    line.say(id, text);
  });

  addEventListener("online", () => line.network(true));
  addEventListener("offline", () => line.network(false));
  byId("here").addEventListener("click", () => line.start());
  for (const yes of [true, false]) {
    byId(yes ? "ask-yes" : "ask-no").addEventListener("click", () => line.answer(byId("ask").dataset.question || "", yes));
  }

  /** @param {string} id @param {() => void} act */
  const onSubmit = (id, act) => {
    const form = document.getElementById(id);
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      act();
    });
  };
  /** @param {string} why */
  const notStarted = (why) => {
    show("start");
    complain(why);
  };
  const enter = () => {
    show("talk");
    tell(status, sentence("talk.connecting"));
    composer.field.focus();
  };
  onSubmit("start", async () => {
    enter();
    const answer = await post("/start").then((response) => response.json(), () => null);
    if (answer && answer.ok) return line.start();
    notStarted((answer && answer.text) || sentence("net.start_failed"));
    if (answer && answer.state) setState(answer.state);
  });
  onSubmit("continue", () => {
    enter();
    line.start();
  });
  onSubmit("end", () => over("ended"));
  onSubmit("no", () => over("ended"));
  if (document.body.dataset.now === "talk") line.start();
  return forget;
};
