"""The waiting line as it is, read once for everybody at this worker: visitors' places, operators' lists."""

import asyncio
from collections.abc import Callable, Iterable

from chat.live import Live
from contacts.contact import Contact
from contacts.log import Log
from storage.engine import OUTAGES
from storage.ids import ContactId

#: Changes closer together than this are told together.
SETTLE_SECONDS = 0.1
RETRY_SECONDS = 1.0

Handler = Callable[[], None]


class Places:
    """Who is where in the line: 1 is next. Refreshed after every change, announced or swept."""

    def __init__(self, *, log: Log, live: Live) -> None:
        self._log = log
        self._waiting: tuple[Contact, ...] = ()
        self._places: dict[ContactId, int] = {}
        self._handlers: list[Handler] = []
        self._changed = asyncio.Event()
        live.on_moved(self._moved)

    @property
    def waiting(self) -> tuple[Contact, ...]:
        """Everybody in the line, first come first."""
        return self._waiting

    def place(self, contact: ContactId) -> int:
        """The place; somebody who is not yet known stands last."""
        return self._places.get(contact, len(self._places) + 1)

    def on_change(self, handler: Handler) -> Callable[[], None]:
        """Call `handler` after each change of the line; the answer stops it."""
        self._handlers.append(handler)

        def stop() -> None:
            if handler in self._handlers:
                self._handlers.remove(handler)

        return stop

    async def run(self) -> None:
        """Refresh now and after every change, until cancelled."""
        self._changed.set()
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await self.refresh()
            except OUTAGES:  # the database is away: places stay as they were, and are read again
                self._changed.set()
                await asyncio.sleep(RETRY_SECONDS)
            await asyncio.sleep(SETTLE_SECONDS)

    async def refresh(self) -> None:
        """Read the line now, and tell if anything is different."""
        waiting = tuple(await self._log.waiting())
        if waiting != self._waiting:
            self._waiting = waiting
            self._places = {contact.id: place for place, contact in enumerate(waiting, start=1)}
            self.tell()

    def tell(self) -> None:
        """Those in the line may be told something else than before."""
        for handler in tuple(self._handlers):
            handler()

    def _moved(self, _moved: Iterable[ContactId]) -> None:
        self._changed.set()
