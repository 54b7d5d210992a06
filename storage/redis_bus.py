"""The bus between processes, over Redis publish/subscribe.

redis-py facts behind this file (traps.md): a blocking read ends at the socket timeout, so reading has a client of its
own without one; a retried PUBLISH could be delivered twice, so nothing is retried; `listen()` ends when the server
goes away, so the loop here reconnects and reports a gap.
"""

import asyncio
import contextlib
import random

import redis.asyncio as redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from storage.bus import GapHandler, Handler, Subscriptions, Unsubscribe

_PREFIX = "ql:"
_GAP = "ql:~gap"
_LONGEST_PAUSE = 2.0
_PUBLISH_TIMEOUT = 2.0


class RedisBus:
    """Delivers what any worker publishes to all of them, itself included."""

    def __init__(self, *, url: str) -> None:
        self._subscriptions = Subscriptions()
        self._sender = redis.from_url(
            url,
            retry=Retry(NoBackoff(), 0),
            socket_timeout=_PUBLISH_TIMEOUT,
            socket_connect_timeout=_PUBLISH_TIMEOUT,
        )
        self._listener = redis.from_url(
            url,
            retry=Retry(NoBackoff(), 0),
            socket_timeout=None,
            socket_connect_timeout=_PUBLISH_TIMEOUT,
            health_check_interval=5,
        )
        self._task: asyncio.Task[None] | None = None
        self._listening = False
        self._gap_owed = False

    @property
    def connected(self) -> bool:
        return self._listening and not self._gap_owed

    async def start(self) -> None:
        """Begin to listen; answers at once, also when Redis is away."""
        ready = asyncio.Event()
        self._task = asyncio.create_task(self._listen(ready), name="redis-bus")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ready.wait(), _PUBLISH_TIMEOUT)

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        self._listening = False
        await self._sender.aclose()
        await self._listener.aclose()

    async def publish(self, topic: str, payload: bytes) -> None:
        try:
            if self._gap_owed:
                await self._sender.publish(_GAP, b"")
                self._gap_owed = False
            await self._sender.publish(_PREFIX + topic, payload)
        except (RedisError, OSError, TimeoutError):
            # This worker hears its own signal; the others are told of the gap as soon as anything gets through.
            self._gap_owed = True
            self._subscriptions.deliver(topic, payload)

    def subscribe(self, topic: str, handler: Handler) -> Unsubscribe:
        return self._subscriptions.add(topic, handler)

    def on_gap(self, handler: GapHandler) -> Unsubscribe:
        return self._subscriptions.add_gap(handler)

    async def _listen(self, ready: asyncio.Event) -> None:
        pause = 0.05
        while True:
            pubsub = self._listener.pubsub(ignore_subscribe_messages=True)
            try:
                await pubsub.psubscribe(_PREFIX + "*")
                await pubsub.ping()
                self._listening = True
                pause = 0.05
                if ready.is_set():
                    self._subscriptions.gap()
                ready.set()
                await self._deliver(pubsub)
            except (RedisError, OSError, TimeoutError):
                pass
            finally:
                self._listening = False
                with contextlib.suppress(RedisError, OSError):
                    await pubsub.aclose()  # type: ignore[no-untyped-call]
            self._subscriptions.gap()
            await asyncio.sleep(random.uniform(0, pause))  # noqa: S311 - jitter, not a secret
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _deliver(self, pubsub: PubSub) -> None:
        async for message in pubsub.listen():
            if message["type"] != "pmessage":
                continue
            if message["channel"] == _GAP.encode():
                self._subscriptions.gap()
            else:
                topic = message["channel"].decode()[len(_PREFIX) :]
                self._subscriptions.deliver(topic, message["data"])
