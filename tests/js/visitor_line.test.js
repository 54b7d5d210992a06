import assert from "node:assert/strict";
import test from "node:test";

import { Line } from "../../chat/page/js/line.js";

/** @typedef {import("../../chat/page/js/socket_line.js").Frame} Frame */
/** @typedef {import("../../chat/page/js/socket_line.js").Ends} Ends */

/** @param {import("node:test").TestContext} t */
const setUp = (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {{ kind: string, ends: Ends, sent: Frame[], closed: boolean }[]} */
  const carriers = [];
  /** @type {string[]} */
  const told = [];
  const cursor = { after: 0, gap: false };
  /** @param {string} kind */
  const opener = (kind) => (/** @type {Ends} */ ends) => {
    const made = { kind, ends, sent: /** @type {Frame[]} */ ([]), closed: false };
    carriers.push(made);
    return {
      send: (/** @type {Frame} */ frame) => void made.sent.push(frame),
      close: () => {
        made.closed = true;
      },
    };
  };
  const line = new Line({
    lang: "fi",
    random: () => 1,
    socket: opener("socket"),
    poll: opener("poll"),
    page: {
      heard: (frame) => void told.push(frame.t),
      connected: (yes) => void told.push(yes ? "up" : "down"),
      over: (why) => void told.push("over:" + why),
      dropped: (id) => void told.push("dropped:" + id),
      after: () => cursor.after,
      gap: () => cursor.gap,
    },
  });
  const last = () => {
    const carrier = carriers.at(-1);
    assert.ok(carrier);
    return carrier;
  };
  const welcome = () => last().ends.heard({ t: "welcome", state: "waiting", seq: 0 });
  /** @param {number} ms */
  const wait = (ms) => t.mock.timers.tick(ms);
  return { line, carriers, told, cursor, last, welcome, wait };
};

const say = { t: "say", id: "a", text: "1" };

test("what is written before the welcome goes out after it, one at a time", (t) => {
  const { line, last, welcome } = setUp(t);
  line.start();
  line.say("a", "1");
  line.say("b", "2");
  assert.deepEqual(last().sent, []);
  welcome();
  assert.deepEqual(last().sent, [say]);
  last().ends.heard({ t: "ack", id: "a", seq: 1, at: 0 });
  assert.equal(last().sent.length, 2);
});

test("an unacknowledged message goes out again, first, on the next line", (t) => {
  const { line, last, welcome, wait, carriers } = setUp(t);
  line.start();
  welcome();
  line.say("a", "1");
  line.say("b", "2");
  last().ends.closed(1006);
  wait(500);
  assert.equal(carriers.length, 2);
  welcome();
  assert.deepEqual(last().sent, [say]);
});

test("an own entry in the replay is as good as an acknowledgement", (t) => {
  const { line, last, welcome, wait } = setUp(t);
  line.start();
  welcome();
  line.say("a", "1");
  last().ends.closed(1012);
  wait(1000);
  last().ends.heard({ t: "entry", id: "a", seq: 1 });
  welcome();
  assert.deepEqual(last().sent, []);
});

test("the line says when words travel and when they do not", (t) => {
  const { line, last, welcome, told } = setUp(t);
  line.start();
  welcome();
  last().ends.closed(4503);
  assert.deepEqual(told, ["up", "welcome", "down"]);
});

test("a code that says so ends it for good", (t) => {
  const { line, last, welcome, wait, carriers, told } = setUp(t);
  line.start();
  welcome();
  last().ends.closed(4410);
  wait(60000);
  assert.equal(carriers.length, 1);
  assert.equal(told.at(-1), "over:ended");
});

test("a fault of the program is tried once more and no oftener", (t) => {
  const { line, last, welcome, wait, carriers, told } = setUp(t);
  line.start();
  welcome();
  last().ends.closed(4400);
  wait(500);
  welcome();
  last().ends.closed(4400);
  wait(60000);
  assert.equal(carriers.length, 2);
  assert.equal(told.at(-1), "over:gone");
});

test("a message too big for the house is given back and not sent again", (t) => {
  const { line, last, welcome, wait, told } = setUp(t);
  line.start();
  welcome();
  line.say("a", "1");
  last().ends.closed(1009);
  assert.ok(told.includes("dropped:a"));
  wait(500);
  welcome();
  assert.deepEqual(last().sent, []);
});

test("three silent sockets bring the long poll, and later a socket again", (t) => {
  const { line, last, wait, welcome, carriers } = setUp(t);
  line.start();
  for (let tries = 0; tries < 3; tries += 1) {
    last().ends.closed(1006);
    wait(30000);
  }
  assert.deepEqual(
    carriers.map((carrier) => carrier.kind),
    ["socket", "socket", "socket", "poll"],
  );
  welcome();
  wait(120000);
  assert.equal(last().kind, "socket");
  assert.equal(carriers[3]?.closed, true);
});

test("what could not be stored is sent again later", (t) => {
  const { line, last, welcome, wait } = setUp(t);
  line.start();
  welcome();
  line.say("a", "1");
  last().ends.heard({ t: "error", code: "unavailable", id: "a" });
  assert.equal(last().sent.length, 1);
  wait(3000);
  assert.deepEqual(last().sent, [say, say]);
});

test("what was refused frees the line for the next", (t) => {
  const { line, last, welcome } = setUp(t);
  line.start();
  welcome();
  line.say("a", "1");
  line.say("b", "2");
  last().ends.heard({ t: "error", code: "too_long", id: "a" });
  assert.equal(last().sent.at(-1)?.id, "b");
});

test("an id that is taken is changed and the message sent again", (t) => {
  const { line, last, welcome } = setUp(t);
  line.start();
  welcome();
  line.say("a", "1");
  last().ends.heard({ t: "error", code: "id_taken", id: "a" });
  line.rename("a", "c");
  assert.equal(last().sent.at(-1)?.id, "c");
});

test("a gap that stays is asked for with a new hello", (t) => {
  const { line, last, welcome, wait, cursor, carriers } = setUp(t);
  line.start();
  welcome();
  cursor.gap = true;
  last().ends.heard({ t: "entry", seq: 3 });
  wait(5000);
  assert.equal(carriers.length, 2);
});

test("a gap that closes by itself changes nothing", (t) => {
  const { line, last, welcome, wait, cursor, carriers } = setUp(t);
  line.start();
  welcome();
  cursor.gap = true;
  last().ends.heard({ t: "entry", seq: 3 });
  cursor.gap = false;
  last().ends.heard({ t: "entry", seq: 2 });
  wait(60000);
  assert.equal(carriers.length, 1);
});

test("no network breaks the line at once, and the network brings it back at once", (t) => {
  const { line, last, welcome, told, carriers } = setUp(t);
  line.network(true);
  assert.equal(carriers.length, 0);
  line.start();
  welcome();
  line.network(false);
  assert.equal(told.at(-1), "down");
  assert.equal(last().closed, true);
  line.network(true);
  assert.equal(carriers.length, 2);
});

test("a line that was stopped stays silent", (t) => {
  const { line, last, welcome, wait, told, carriers } = setUp(t);
  line.start();
  welcome();
  const carrier = last();
  line.stop();
  carrier.ends.closed(1006);
  line.network(true);
  wait(60000);
  assert.deepEqual(told, ["up", "welcome"]);
  assert.equal(carriers.length, 1);
});

test("an answer given without a line is said when it is there again, until nothing is asked", (t) => {
  const { line, last, welcome, wait } = setUp(t);
  line.start();
  welcome();
  last().ends.closed(1012);
  line.answer("read", true);
  wait(60000);
  welcome();
  const answer = { t: "answer", question: "read", yes: true };
  assert.deepEqual(last().sent.at(-1), answer);
  last().ends.heard({ t: "ask", question: null, text: "" });
  last().ends.closed(1012);
  wait(60000);
  welcome();
  assert.deepEqual(last().sent, []);
});
