import assert from "node:assert/strict";
import test from "node:test";

import { openPoll } from "../../chat/page/js/poll_line.js";
import { openSocket } from "../../chat/page/js/socket_line.js";

/** @typedef {import("../../chat/page/js/socket_line.js").Frame} Frame */

const listener = () => {
  const heard = /** @type {Frame[]} */ ([]);
  const closed = /** @type {number[]} */ ([]);
  return {
    heard,
    closed,
    ends: {
      lang: "fi",
      after: () => 7,
      heard: (/** @type {Frame} */ frame) => void heard.push(frame),
      closed: (/** @type {number} */ code) => void closed.push(code),
    },
  };
};

/** @param {import("node:test").TestContext} t */
const socketSetUp = (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const clock = { now: 0 };
  const socket = {
    readyState: 1,
    sent: /** @type {Frame[]} */ ([]),
    closes: 0,
    /** @type {any} */ onopen: null,
    /** @type {any} */ onmessage: null,
    /** @type {any} */ onclose: null,
    send: (/** @type {string} */ text) => void socket.sent.push(JSON.parse(text)),
    close: () => {
      socket.closes += 1;
    },
  };
  const listens = listener();
  const carrier = openSocket(listens.ends, {
    open: () => /** @type {WebSocket} */ (/** @type {unknown} */ (socket)),
    now: () => clock.now,
  });
  /** @param {number} seconds */
  const pass = (seconds) => {
    for (let second = 0; second < seconds; second += 1) {
      clock.now += 1000;
      t.mock.timers.tick(1000);
    }
  };
  return { socket, carrier, pass, ...listens };
};

test("a socket says hello with the last number shown", (t) => {
  const { socket } = socketSetUp(t);
  socket.onopen();
  assert.deepEqual(socket.sent, [{ t: "hello", after: 7, lang: "fi" }]);
});

test("an open socket through which nothing comes is given up, whatever the browser says", (t) => {
  const { socket, pass, closed } = socketSetUp(t);
  socket.onopen();
  socket.onmessage({ data: '{"t":"welcome"}' });
  pass(16);
  assert.equal(socket.sent.at(-1)?.t, "ping");
  pass(16);
  assert.deepEqual(closed, [1006]);
  socket.onclose({ code: 1000 });
  assert.deepEqual(closed, [1006]);
});

test("a closed socket tells its code and nothing after it", (t) => {
  const { socket, pass, heard, closed } = socketSetUp(t);
  socket.onclose({ code: 4410 });
  socket.onmessage({ data: '{"t":"entry"}' });
  pass(60);
  assert.deepEqual([heard, closed], [[], [4410]]);
});

test("a socket we closed ourselves tells nothing", (t) => {
  const { socket, carrier, pass, closed } = socketSetUp(t);
  carrier.close();
  socket.onclose({ code: 1000 });
  pass(60);
  assert.deepEqual(closed, []);
});

/** @param {(path: string, how: RequestInit) => Promise<Response> | Response} reply */
const pollSetUp = (reply) => {
  const listens = listener();
  const paths = /** @type {string[]} */ ([]);
  const carrier = openPoll(listens.ends, {
    fetch: async (input, how) => {
      paths.push(String(input));
      return reply(String(input), how || {});
    },
  });
  return { carrier, paths, ...listens };
};
const never = () => /** @type {Promise<Response>} */ (new Promise(() => {}));
const settle = () => new Promise((done) => setImmediate(done));

test("the first answer of the long poll is the welcome, and the next question knows the state", async () => {
  let asked = 0;
  const { paths, heard } = pollSetUp(() => {
    asked += 1;
    return asked > 1 ? never() : Response.json([{ t: "status", state: "active" }, { t: "entry", seq: 8 }]);
  });
  await settle();
  assert.deepEqual(
    heard.map((frame) => frame.t),
    ["welcome", "status", "entry"],
  );
  assert.deepEqual(paths, ["/fi/new?after=7&state=&ask=", "/fi/new?after=7&state=active&ask="]);
});

test("a message over the long poll is a post, and its answer a frame", async () => {
  /** @type {string[]} */
  const bodies = [];
  const { carrier, heard } = pollSetUp((path, how) => {
    if (path !== "/fi/say") return never();
    bodies.push(String(how.body));
    return Response.json({ t: "ack", id: "a", seq: 8, at: 1 });
  });
  carrier.send({ t: "say", id: "a", text: "å & b" });
  carrier.send({ t: "ping" });
  await settle();
  assert.deepEqual(bodies, ["id=a&text=%C3%A5+%26+b"]);
  assert.deepEqual(heard, [{ t: "ack", id: "a", seq: 8, at: 1 }]);
});

test("statuses of the long poll mean what the close codes mean", async () => {
  for (const [status, code] of [
    [401, 4401],
    [503, 4503],
    [500, 1006],
  ]) {
    const { closed } = pollSetUp(() => new Response("", { status: Number(status) }));
    await settle();
    assert.deepEqual(closed, [code]);
  }
});

test("a refusal comes as a frame and keeps the line", async () => {
  const { carrier, heard, closed } = pollSetUp((path) =>
    path === "/fi/say" ? Response.json({ t: "error", code: "too_long", id: "a" }, { status: 409 }) : never(),
  );
  carrier.send({ t: "say", id: "a", text: "x" });
  await settle();
  assert.deepEqual([heard[0]?.code, closed], ["too_long", []]);
});

test("a long poll that was closed asks and tells nothing more", async () => {
  const { carrier, paths, heard, closed } = pollSetUp(() => Response.json([{ t: "entry", seq: 8 }]));
  carrier.close();
  await settle();
  assert.equal(paths.length, 1);
  assert.deepEqual([heard, closed], [[], []]);
});

test("no network breaks the long poll like a broken socket", async () => {
  const { closed } = pollSetUp(() => Promise.reject(new TypeError()));
  await settle();
  assert.deepEqual(closed, [1006]);
});
