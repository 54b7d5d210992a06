/**
 * The line to the server: opens it, greets, keeps it alive, comes back. It knows close codes and time, nothing of
 * conversations. Back-off, heartbeat and the meaning of close codes are those of the visitor's page.
 * @module
 */
import { backOff } from "../../../chat/page/js/back_off.js";
import { adviceOn } from "../../../chat/page/js/close_codes.js";
import { Heartbeat } from "../../../chat/page/js/heartbeat.js";
import { readFrame } from "./frames.js";

/**
 * @typedef {import("./frames.js").DeskIn} DeskIn
 * @typedef {import("./frames.js").DeskOut} DeskOut
 * @typedef {{send: (data: string) => void, close: (code?: number) => void, onopen: ((event: any) => void) | null,
 *   onmessage: ((event: any) => void) | null, onclose: ((event: any) => void) | null}} Socket
 *   the part of a WebSocket that is used
 * @typedef {"connecting" | "live" | "lost" | "replaced" | "signed_out" | "fault" | "closed"} LineState
 * @typedef {{attempt: number, drop: boolean}} Why `attempt`: failures in a row; `drop`: what was on its way was too big
 * @typedef {{
 *   open: () => Socket,
 *   now: () => number,
 *   after: (ms: number, task: () => void) => () => void,
 *   random: () => number,
 *   greeting: () => DeskOut,
 *   received: (frame: DeskIn) => void,
 *   became: (line: LineState, why: Why) => void}} Ports `now`: steady milliseconds; `after`: returns "never mind"
 */

const OPEN_WITHIN = 10_000;
const ANSWERED = new Set(["hello", "ping", "say", "open"]);
/** Codes after which this page gives up: what it then is. @type {Record<string, LineState>} */
const GIVEN_UP = { gone: "signed_out", ended: "signed_out", replaced: "replaced" };

export class Connection {
  /** @type {Ports} */ #ports;
  /** @type {Socket | null} */ #socket = null;
  #pulse = new Heartbeat(0);
  #openedAt = 0;
  #greeted = false;
  #failures = 0;
  #faults = 0;
  #wanted = false;
  /** @type {(() => void) | null} */ #neverMind = null;

  /** @param {Ports} ports */
  constructor(ports) {
    this.#ports = ports;
  }

  /** Opens the line, at once; also "try now" and "use it here". */
  start() {
    this.#wanted = true;
    this.#faults = 0;
    if (this.#socket === null) this.#connect();
  }

  /** Closes the line for good, politely. */
  stop() {
    this.#wanted = false;
    this.#forgetRetry();
    this.#letGo()?.close(1000);
    this.#ports.became("closed", { attempt: 0, drop: false });
  }

  /** The device says its network went away: do not wait for the silence to prove it. */
  networkLost() {
    if (this.#socket !== null) this.#broke(1006);
  }

  /**
   * @param {DeskOut} frame
   * @returns {boolean} false when there is no line; nothing is kept here
   */
  send(frame) {
    if (this.#socket === null || !this.#greeted) return false;
    this.#socket.send(JSON.stringify(frame));
    if (ANSWERED.has(frame.t)) this.#pulse.asked(this.#ports.now());
    return true;
  }

  /** Called every few seconds, by a clock the browser does not slow down in a hidden tab. */
  tick() {
    if (this.#socket === null) return;
    const now = this.#ports.now();
    if (!this.#greeted) {
      if (now - this.#openedAt >= OPEN_WITHIN) this.#broke(1006);
      return;
    }
    const what = this.#pulse.due(now);
    if (what === "ping") this.send({ t: "ping" });
    else if (what === "dead") this.#broke(4408);
  }

  #connect() {
    this.#forgetRetry();
    this.#greeted = false;
    this.#openedAt = this.#ports.now();
    this.#ports.became("connecting", { attempt: this.#failures, drop: false });
    const socket = this.#ports.open();
    this.#socket = socket;
    socket.onopen = () => {
      this.#greeted = true;
      this.#pulse = new Heartbeat(this.#ports.now());
      this.send(this.#ports.greeting());
    };
    socket.onmessage = (event) => this.#heard(event.data);
    socket.onclose = (event) => this.#broke(event.code);
  }

  /** @param {unknown} data */
  #heard(data) {
    this.#pulse.heard(this.#ports.now());
    const frame = readFrame(data);
    if (frame === null) return;
    if (frame.t === "welcome") {
      this.#failures = 0;
      this.#ports.became("live", { attempt: 0, drop: false });
    }
    this.#ports.received(frame);
    this.tick(); // a frame wakes a slowed-down tab: use it to send the ping that may be due
  }

  /** @param {number} code */
  #broke(code) {
    this.#letGo()?.close();
    if (!this.#wanted) return;
    const { again, show, drop = false } = adviceOn(code);
    if (again === "once") this.#faults += 1;
    if (again === "never" || this.#faults > 1) {
      this.#wanted = false;
      this.#ports.became(again === "never" ? (GIVEN_UP[show ?? ""] ?? "closed") : "fault", { attempt: 0, drop });
      return;
    }
    const wait = backOff(again === "soon" ? 0 : this.#failures, this.#ports.random);
    this.#failures += 1;
    this.#ports.became("lost", { attempt: this.#failures, drop });
    this.#neverMind = this.#ports.after(wait, () => this.#connect());
  }

  #letGo() {
    const socket = this.#socket;
    this.#socket = null;
    this.#greeted = false;
    if (socket !== null) socket.onopen = socket.onmessage = socket.onclose = null;
    return socket;
  }

  #forgetRetry() {
    this.#neverMind?.();
    this.#neverMind = null;
  }
}
