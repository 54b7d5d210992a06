"""Signals between workers. Never the truth: whoever misses one reads the database.

What travels is ciphertext, numbers and opaque ids; a bus that is stolen or recorded tells nothing that was said.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

_T = TypeVar("_T")

Handler = Callable[[bytes], None]
GapHandler = Callable[[], None]
Unsubscribe = Callable[[], None]


class Bus(Protocol):
    """Publish to a topic; every subscriber in every worker gets it, at most once, in the publisher's order."""

    @property
    def reaches_others(self) -> bool:
        """False when this process is the only one: nothing needs to be packed for anybody."""

    @property
    def connected(self) -> bool:
        """False while signals from other workers may be missed: read the database at intervals instead."""

    async def start(self) -> None:
        """Begin to deliver."""

    async def close(self) -> None:
        """Stop; nothing is delivered afterwards."""

    async def publish(self, topic: str, payload: bytes) -> None:
        """Hand over; never raises and never waits long, since a lost signal is healed from the database."""

    def subscribe(self, topic: str, handler: Handler) -> Unsubscribe:
        """Call `handler` in the event loop for each payload; it must not block or raise."""

    def on_gap(self, handler: GapHandler) -> Unsubscribe:
        """Call `handler` whenever signals may have been missed."""


class Subscriptions:
    """Who listens to what; shared by both versions of the bus."""

    def __init__(self) -> None:
        self._handlers: dict[str, list[Handler]] = {}
        self._gap_handlers: list[GapHandler] = []

    @property
    def topics(self) -> list[str]:
        """Topics that anybody ever listened to."""
        return list(self._handlers)

    def add(self, topic: str, handler: Handler) -> Unsubscribe:
        """Listen; the answer stops it and may be called twice."""
        self._handlers.setdefault(topic, []).append(handler)
        return lambda: self._remove(self._handlers[topic], handler)

    def add_gap(self, handler: GapHandler) -> Unsubscribe:
        """Listen for gaps."""
        self._gap_handlers.append(handler)
        return lambda: self._remove(self._gap_handlers, handler)

    def deliver(self, topic: str, payload: bytes) -> None:
        """Call everybody who listens to this topic."""
        for handler in tuple(self._handlers.get(topic, ())):
            handler(payload)

    def gap(self) -> None:
        """Tell everybody that something may be missing."""
        for handler in tuple(self._gap_handlers):
            handler()

    @staticmethod
    def _remove(listeners: list[_T], handler: _T) -> None:
        if handler in listeners:
            listeners.remove(handler)


class MemoryBus:
    """The bus of a single process: the embedded default, and the model the Redis version is held against."""

    reaches_others = False

    def __init__(self) -> None:
        self._subscriptions = Subscriptions()
        self._open = False

    @property
    def connected(self) -> bool:
        return self._open

    async def start(self) -> None:
        self._open = True

    async def close(self) -> None:
        self._open = False

    async def publish(self, topic: str, payload: bytes) -> None:
        if self._open:
            self._subscriptions.deliver(topic, payload)

    def subscribe(self, topic: str, handler: Handler) -> Unsubscribe:
        return self._subscriptions.add(topic, handler)

    def on_gap(self, handler: GapHandler) -> Unsubscribe:
        return self._subscriptions.add_gap(handler)
