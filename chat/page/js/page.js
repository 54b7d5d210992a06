/** The visitor's page: which part of the document is shown, and who tells whom. Everything here also works without it. */

import { Announcer } from "./announcer.js";
import { Composer } from "./composer.js";
import { Cursor } from "./cursor.js";
import { byId, sentence } from "./dom.js";
import { Line } from "./line.js";
import { Log } from "./log.js";
import { newId } from "./message_id.js";
import { openPoll } from "./poll_line.js";
import { dressSite } from "./site.js";
import { openSocket } from "./socket_line.js";

/** @typedef {import("./socket_line.js").Frame} Frame */

const LOOK_AGAIN = 60000;
const WRITING_FOR = 6000;
const ENDINGS = ["ended_by_visitor", "ended_by_worker", "ended_silent", "left_quickly"];

const lang = document.documentElement.lang;
const announcer = new Announcer(byId("announcer"), (n) => sentence("talk.several", n));
let forget = () => {};

/** @param {string} view */
const show = (view) => {
  const within = document.activeElement && document.activeElement.closest("[data-view]");
  document.querySelectorAll("[data-view]").forEach((part) => {
    const here = part instanceof HTMLElement && part.dataset.view === view;
    part.toggleAttribute("hidden", !here);
    // Focus never moves by itself, unless what had it is gone.
    const heading = here && part.querySelector("h2");
    if (heading && within && within !== part) heading.focus();
  });
  document.body.dataset.now = view;
};

/** @param {string} path @returns {Promise<Response>} */
const post = (path) => fetch("/" + lang + path, { method: "POST", headers: { accept: "application/json" }, keepalive: true });

const talk = () => {
  const status = byId("status");
  const net = byId("net");
  const writing = byId("writing");
  let worker = "";
  /** The house has answered since Start. */
  let met = false;
  const clock = new Intl.DateTimeFormat(lang + "-u-nu-latn-hc-h23", {
    hour: "numeric",
    minute: "2-digit",
    timeZone: document.body.dataset.zone,
  });
  const log = new Log(byId("log"), byId("dock"), clock);
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

  forget = () => {
    line.stop();
    log.empty();
    composer.empty();
    announcer.empty();
    status.textContent = net.textContent = "";
  };

  /** @param {string} why */
  const over = (why) => {
    if (why === "replaced") {
      byId("replaced").hidden = false;
      return tell(net, sentence("net.replaced"));
    }
    if (document.body.dataset.now === why) return;
    if (why === "gone" && !met && document.getElementById("start")) return notStarted(sentence("net.start_failed"));
    forget();
    show(why);
    announcer.say("over", sentence(why === "ended" ? "line.ended" : "gone.heading"));
    // Deletes the cookie, which no script can.
    post("/end").catch(() => {});
  };

  /** @param {Frame} frame */
  const entry = (frame) => {
    if (!cursor.take(frame.seq)) return;
    if (frame.kind === "line") {
      if (ENDINGS.includes(frame.code)) return over("ended");
      frame.text = sentence("line." + frame.code);
      if (!frame.text) return;
    }
    const mine = frame.by === "visitor";
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
      if (frame.state === "ended") over("ended");
    },
    status: (frame) => {
      worker = frame.worker || "";
      if (worker) log.named(worker);
      byId("status-card").dataset.state = frame.state;
      tell(status, frame.text);
      if (frame.state === "ended") over("ended");
    },
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
    tell(byId("availability"), why);
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
};

/** Before Start: whether one may start now. @param {string} state */
const setState = (state) => {
  const admitted = String(document.body.dataset.admits).split(" ").includes(state);
  byId("start").hidden = !admitted;
  byId("call").hidden = admitted;
  byId("start-card").dataset.state = state;
};

const lookAgain = async () => {
  if (document.hidden || document.body.dataset.now !== "start") return;
  try {
    const answer = await (await fetch("/status.json?lang=" + lang)).json();
    byId("availability").textContent = answer.text;
    setState(answer.state);
  } catch {
    // The sentence on the page stays; the next look may succeed.
  }
};

if (document.getElementById("log")) {
  talk();
  // Only now: a script that failed on the way leaves the frames that work without it.
  document.documentElement.classList.add("js");
  document.querySelector(".not-js")?.remove();
  setInterval(lookAgain, LOOK_AGAIN);
}
dressSite(() => forget(), announcer);
