import assert from "node:assert/strict";
import test from "node:test";

import { Connection } from "../../operator_ui/static/js/connection.js";
import { welcome } from "./desk_scenes.js";

/** @typedef {import("../../operator_ui/static/js/connection.js").Socket} Socket */

const setUp = () => {
  const clock = { now: 0 };
  /** @type {(Socket & {sent: any[], closed: (number | undefined)[]})[]} */
  const sockets = [];
  /** @type {{ms: number, task: () => void, off: boolean}[]} */
  const timers = [];
  /** @type {string[]} */
  const became = [];
  /** @type {any[]} */
  const received = [];
  /** @type {boolean[]} */
  const drops = [];
  const line = new Connection({
    open: () => {
      const socket = {
        sent: /** @type {any[]} */ ([]), closed: /** @type {(number | undefined)[]} */ ([]), onopen: null, onmessage: null, onclose: null,
        send: (/** @type {string} */ data) => void socket.sent.push(JSON.parse(data)),
        close: (/** @type {number | undefined} */ code) => void socket.closed.push(code),
      };
      sockets.push(socket);
      return socket;
    },
    now: () => clock.now,
    after: (ms, task) => {
      const timer = { ms, task, off: false };
      timers.push(timer);
      return () => void (timer.off = true);
    },
    random: () => 0.5,
    greeting: () => ({ t: "hello", open: [] }),
    received: (frame) => void received.push(frame),
    became: (state, why) => {
      became.push(state);
      drops.push(why.drop);
    },
  });
  const newest = () => /** @type {Socket & {sent: any[], closed: (number | undefined)[]}} */ (sockets[sockets.length - 1]);
  const live = () => {
    newest().onopen?.({});
    newest().onmessage?.({ data: JSON.stringify(welcome) });
  };
  return { clock, sockets, timers, became, received, drops, line, newest, live };
};

test("it greets first, and nothing is sent before", () => {
  const { line, newest, live } = setUp();
  assert.equal(line.send({ t: "ping" }), false);
  line.start();
  assert.equal(line.send({ t: "ping" }), false);
  live();
  assert.deepEqual(newest().sent, [{ t: "hello", open: [] }]);
  assert.equal(line.send({ t: "writing", contact: "a" }), true);
});

test("it comes back with full jitter that grows, and starts small again once welcomed", () => {
  const { line, newest, timers, became, live } = setUp();
  line.start();
  for (let n = 0; n < 8; n += 1) {
    newest().onclose?.({ code: 1006 });
    timers[timers.length - 1]?.task();
  }
  assert.deepEqual(timers.map(({ ms }) => ms), [250, 500, 1000, 2000, 4000, 8000, 15000, 15000]);
  live();
  newest().onclose?.({ code: 1006 });
  assert.equal(timers[timers.length - 1]?.ms, 250);
  assert.equal(became[became.length - 1], "lost");
});

for (const [code, state] of /** @type {const} */ ([[4401, "signed_out"], [4410, "signed_out"], [4409, "replaced"], [1000, "closed"]])) {
  test(`after ${code} it does not come back by itself`, () => {
    const { line, newest, timers, became, live, sockets } = setUp();
    line.start();
    live();
    newest().onclose?.({ code });
    assert.equal(became[became.length - 1], state);
    assert.equal(timers.length, 0);
    line.start();
    assert.equal(sockets.length, 2);
  });
}

test("a fault of the program is tried once more, then no more", () => {
  const { line, newest, timers, became } = setUp();
  line.start();
  newest().onclose?.({ code: 4400 });
  assert.equal(timers.length, 1);
  timers[0]?.task();
  newest().onclose?.({ code: 4400 });
  assert.equal(timers.length, 1);
  assert.equal(became[became.length - 1], "fault");
});

test("a restarting server is met soon, however many failures came before", () => {
  const { line, newest, timers } = setUp();
  line.start();
  for (const code of [1006, 1006, 1006, 1012]) {
    newest().onclose?.({ code });
    timers[timers.length - 1]?.task();
  }
  assert.equal(timers[timers.length - 1]?.ms, 250);
});

test("what was too big is told to be dropped", () => {
  const { line, newest, drops, live } = setUp();
  line.start();
  live();
  newest().onclose?.({ code: 1009 });
  assert.equal(drops[drops.length - 1], true);
});

test("silence is answered with a ping, and no answer with giving up", () => {
  const { line, newest, clock, became, live } = setUp();
  line.start();
  live();
  clock.now = 14_000;
  line.tick();
  assert.equal(newest().sent.length, 1);
  clock.now = 15_000;
  line.tick();
  assert.deepEqual(newest().sent[1], { t: "ping" });
  clock.now = 31_000;
  line.tick();
  assert.equal(became[became.length - 1], "lost");
  assert.equal(newest().closed.length, 1);
});

test("a frame wakes a slowed-down tab to send the ping that is due", () => {
  const { line, newest, clock, live } = setUp();
  line.start();
  live();
  clock.now = 20_000;
  newest().onmessage?.({ data: '{"t":"pong"}' });
  assert.deepEqual(newest().sent[1], { t: "ping" });
});

test("an address that does not answer is given up after ten seconds", () => {
  const { line, clock, became } = setUp();
  line.tick();
  line.start();
  clock.now = 9_999;
  line.tick();
  assert.deepEqual(became, ["connecting"]);
  clock.now = 10_000;
  line.tick();
  assert.deepEqual(became, ["connecting", "lost"]);
});

test("trying now forgets the wait, starting twice opens one socket", () => {
  const { line, newest, timers, sockets } = setUp();
  line.start();
  line.start();
  assert.equal(sockets.length, 1);
  newest().onclose?.({ code: 1006 });
  line.start();
  assert.equal(sockets.length, 2);
  assert.equal(timers[0]?.off, true);
});

test("a stopped line says goodbye and stays away, whatever the old socket still says", () => {
  const { line, newest, timers, became, live, received } = setUp();
  line.start();
  live();
  line.stop();
  assert.deepEqual(newest().closed, [1000]);
  assert.equal(newest().onmessage, null);
  line.networkLost();
  assert.deepEqual([timers.length, became[became.length - 1], received.length], [0, "closed", 1]);
});

test("when the device's network goes the line is known to be lost at once", () => {
  const { line, became, live } = setUp();
  line.start();
  live();
  line.networkLost();
  assert.equal(became[became.length - 1], "lost");
});

test("noise on the line is not a frame but is a sign of life", () => {
  const { line, newest, clock, received, became, live } = setUp();
  line.start();
  live();
  clock.now = 40_000;
  newest().onmessage?.({ data: "?" });
  assert.equal(received.length, 1);
  assert.equal(became.includes("lost"), false);
});
