"""A list on many screens: read once for all of them, and again whenever something changed."""

import asyncio
import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from storage.bus import Bus
from storage.engine import OUTAGES

#: Changes closer together than this are told together, in seconds.
SETTLE_SECONDS = 0.1
#: Without any signal the list is read this often, in seconds: what was missed cannot stay missed.
REFRESH_SECONDS = 15.0

Handler = Callable[[], None]
Row = TypeVar("Row")


class SharedList(ABC, Generic[Row]):
    """`rows` of what is shown, `count` of all. `topics`: signals after which it is read again."""

    def __init__(self, *, bus: Bus, topics: Iterable[str]) -> None:
        self._changed = asyncio.Event()
        self._handlers: list[Handler] = []
        self.rows: tuple[Row, ...] = ()
        self.count = 0
        for topic in topics:
            bus.subscribe(topic, lambda _payload: self._changed.set())
        bus.on_gap(self._changed.set)

    @abstractmethod
    async def read(self) -> tuple[tuple[Row, ...], int]:
        """What is shown now, and how many there are."""

    def on_change(self, handler: Handler) -> Callable[[], None]:
        """Call `handler` after each change of the list; the answer stops it."""
        self._handlers.append(handler)
        return lambda: self._handlers.remove(handler) if handler in self._handlers else None

    async def run(self) -> None:
        """Read now, after each change and at intervals, until cancelled."""
        while True:
            self._changed.clear()
            with contextlib.suppress(*OUTAGES):  # the database is away: what is on screen stays
                await self.refresh()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(REFRESH_SECONDS):
                    await self._changed.wait()
            await asyncio.sleep(SETTLE_SECONDS)

    async def refresh(self) -> None:
        """Read the list now, and tell if anything is different."""
        found = await self.read()
        if found != (self.rows, self.count):
            self.rows, self.count = found
            for handler in tuple(self._handlers):
                handler()
