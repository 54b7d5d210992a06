"""The bus between processes, over Redis publish/subscribe.

redis-py facts behind this file (traps.md): a blocking read ends at the socket timeout, so reading has a client of its
own without one; a retried PUBLISH could be delivered twice, so nothing is retried; `listen()` ends when the server
goes away, so the loop here reconnects and reports a gap.
"""

import asyncio
import contextlib
import hmac
import random
from collections import deque

import redis.asyncio as redis
import structlog
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from storage.bus import GapHandler, Handler, Subscriptions, Unsubscribe

_PREFIX = "ql:"
_GAP = _PREFIX + "~gap"
_CODE_SIZE = 32
_FIRST_PAUSE = 0.05
_LONGEST_QUEUE = 10_000


class RedisBus:
    """Delivers what any worker publishes to all of them, the publisher included.

    `key`: what carries no code under it was not sent by us and is only a reason to look at the database.
    `patience`: seconds until Redis is given up, and the longest pause before it is tried again.
    """

    reaches_others = True

    def __init__(self, *, url: str, key: bytes = b"", patience: float = 2.0) -> None:
        self._key = key
        self._patience = patience
        self._subscriptions = Subscriptions()
        never_again = Retry(NoBackoff(), 0)
        self._sender = redis.from_url(url, retry=never_again, socket_timeout=patience, socket_connect_timeout=patience)
        self._listener = redis.from_url(
            url, retry=never_again, socket_timeout=None, socket_connect_timeout=patience, health_check_interval=5
        )
        self._queue: deque[tuple[str, bytes]] = deque()
        self._queued = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._listening = False
        self._gap_owed = False
        self._closing = False

    @property
    def connected(self) -> bool:
        return self._listening and not self._gap_owed

    async def start(self) -> None:
        """Begin to listen; answers within `patience`, also when Redis is away."""
        ready = asyncio.Event()
        self._tasks = [
            asyncio.create_task(self._listen(ready), name="redis-bus-listen"),
            asyncio.create_task(self._send(), name="redis-bus-send"),
        ]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                await ready.wait()

    async def close(self) -> None:
        self._closing = True
        pending = set(self._tasks)
        while pending:  # redis-py can swallow a cancellation that meets it at the wrong moment
            for task in pending:
                task.cancel()
            _, pending = await asyncio.wait(pending, timeout=0.2)
        self._tasks = []
        self._listening = False
        await self._sender.aclose()
        await self._listener.aclose()

    async def publish(self, topic: str, payload: bytes) -> None:
        if len(self._queue) >= _LONGEST_QUEUE:
            self._queue.clear()
            self._gap_owed = True
        channel = _PREFIX + topic
        self._queue.append((channel, self._code(channel, payload) + payload))
        self._queued.set()

    def subscribe(self, topic: str, handler: Handler) -> Unsubscribe:
        return self._subscriptions.add(topic, handler)

    def on_gap(self, handler: GapHandler) -> Unsubscribe:
        return self._subscriptions.add_gap(handler)

    async def _send(self) -> None:
        while not self._closing:
            await self._queued.wait()
            self._queued.clear()
            while self._queue:
                try:
                    if self._gap_owed:
                        await self._sender.publish(_GAP, b"")
                        self._gap_owed = False
                    channel, payload = self._queue.popleft()
                    await self._sender.publish(channel, payload)
                except (RedisError, OSError, TimeoutError):
                    # What waits here is old by the time Redis is back; the database has it all.
                    self._gap_owed = True
                    self._queue.clear()
            if self._gap_owed:
                await self._tell_gap()

    async def _tell_gap(self) -> None:
        """Let everybody know that something was lost here; tried again until it can be told."""
        try:
            await self._sender.publish(_GAP, b"")
            self._gap_owed = False
        except (RedisError, OSError, TimeoutError):
            asyncio.get_running_loop().call_later(self._patience, self._queued.set)

    async def _listen(self, ready: asyncio.Event) -> None:
        pause = _FIRST_PAUSE
        missed = False
        while not self._closing:
            pubsub = self._listener.pubsub()
            try:
                await pubsub.psubscribe(_PREFIX + "*")
                async for message in pubsub.listen():
                    if message["type"] == "psubscribe":  # from here on nothing is missed
                        self._listening = True
                        pause = _FIRST_PAUSE
                        ready.set()
                        if missed:
                            self._subscriptions.gap()
                    elif message["type"] == "pmessage":
                        self._deliver(message["channel"].decode(), message["data"])
            except (RedisError, OSError, TimeoutError):
                pass
            except Exception as error:  # noqa: BLE001 - whatever a stranger sent or a handler did, the bus goes on
                structlog.get_logger().error("bus_failed", exc_info=error)
            finally:
                self._listening = False
                with contextlib.suppress(RedisError, OSError, TimeoutError):
                    await pubsub.aclose()  # type: ignore[no-untyped-call]
            missed = True
            self._subscriptions.gap()
            await asyncio.sleep(random.uniform(0, pause))  # noqa: S311 - jitter, not a secret
            pause = min(pause * 2, self._patience)

    def _deliver(self, channel: str, payload: bytes) -> None:
        code, payload = payload[:_CODE_SIZE], payload[_CODE_SIZE:]
        if channel == _GAP or not hmac.compare_digest(code, self._code(channel, payload)):
            self._subscriptions.gap()
        else:
            self._subscriptions.deliver(channel.removeprefix(_PREFIX), payload)

    def _code(self, channel: str, payload: bytes) -> bytes:
        return hmac.digest(self._key, channel.encode() + b"\0" + payload, "sha256")
