"""Whether a visitor's page is there: several may be, at several workers, and a reload is no loss."""

import asyncio

from chat import absence
from chat.live import Live
from chat.talk import Talk
from contacts.committer import Committer, Unit
from contacts.log import Log
from contacts.visitor_keys import VisitorKeys
from storage.clock import Clock, epoch_seconds
from storage.engine import Connection, Store
from storage.ids import ContactId

#: A reload takes a moment; only a longer silence is worth telling the worker.
LOST_AFTER_SECONDS = 5.0
#: Signal: a page of this visitor came on the line, at some worker.
HERE = "here"


class VisitorPresence:
    """The pages at this worker. `lost_after`: seconds without a page until the visitor's worker is told."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        log: Log,
        committer: Committer,
        live: Live,
        visitor_keys: VisitorKeys,
        lost_after: float = LOST_AFTER_SECONDS,
    ) -> None:
        self.lost_after = lost_after
        self._store = store
        self._clock = clock
        self._log = log
        self._committer = committer
        self._live = live
        self._visitor_keys = visitor_keys
        self._connected: dict[ContactId, int] = {}
        self._losing: dict[ContactId, asyncio.Task[None]] = {}

    def connected(self, talk: Talk) -> None:
        """A page of this visitor is on the line."""
        contact = talk.contact
        self._connected[contact] = self._connected.get(contact, 0) + 1
        losing = self._losing.pop(contact, None)
        if losing is not None:
            losing.cancel()
        self._committer.submit(Unit(contact, absence.visitor_returned, guard=self._touch))
        self._live.signal(contact, HERE)

    def disconnected(self, talk: Talk, *, elsewhere: bool = False) -> None:
        """A page of this visitor is off the line; if it was the last, the worker hears of it shortly.

        `elsewhere`: it was closed because another page took over, maybe at another worker: nobody is lost.
        """
        contact = talk.contact
        left = self._connected.get(contact, 0) - 1
        if left > 0:
            self._connected[contact] = left
            return
        self._connected.pop(contact, None)
        if elsewhere:
            return
        self._losing[contact] = asyncio.create_task(self._lose(contact), name="visitor-lost")

    async def touch(self) -> None:
        """Note that everybody connected here is still there (a job, every 20 s)."""
        connected = list(self._connected)
        if not connected:
            return
        async with self._store.write() as conn:
            await self._touch(conn, *connected)
        for away in await self._log.away(connected):  # reported lost by a worker that did not hear they came here
            self._committer.submit(Unit(away, absence.visitor_returned))

    async def _touch(self, conn: Connection, *contacts: ContactId) -> None:
        await self._visitor_keys.touch(conn, contacts, epoch_seconds(self._clock.now()))

    async def _lose(self, contact: ContactId) -> None:
        came_elsewhere = asyncio.Event()
        stop = self._live.on_signal(contact, lambda name: came_elsewhere.set() if name == HERE else None)
        try:
            async with asyncio.timeout(self.lost_after):
                await came_elsewhere.wait()
        except TimeoutError:
            self._committer.submit(Unit(contact, absence.visitor_lost))
        finally:
            stop()
            if self._losing.get(contact) is asyncio.current_task():
                del self._losing[contact]
