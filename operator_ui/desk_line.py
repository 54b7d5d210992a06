"""The list on one desk, sent again whenever it changed, and the offers that come and go with it.

At a locked desk it says only what the lock may say: that somebody waits, and that a conversation of mine goes on. No tag,
no language, nobody else's line, no colleague.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable

from msgspec import Struct
from msgspec.structs import replace

from chat.desk_door import DeskDoor
from chat.desktop import Desktop, Row
from chat.live import Live
from chat.places import Places
from chat.strict_json import written
from contacts.session import Session
from operator_ui.desk_frames import Line, Offer, OfferGone
from storage.engine import OUTAGES
from storage.ids import ContactId

RETRY_SECONDS = 1.0
#: Without any signal the list is still read this often, give or take a fifth, so that desks that were opened together
#: do not all ask together: what was missed cannot stay missed. Entries change nothing here that a desk does not see by
#: itself (talk.js says whose turn it is).
REFRESH_SECONDS = 15.0


class DeskLine:
    """Keeps one desk's list true. `send` takes a frame as text."""

    def __init__(
        self, *, door: DeskDoor, live: Live, places: Places, session: Session, send: Callable[[str], None]
    ) -> None:
        self._door = door
        self._session = session
        self._staff = session.staff_id
        self._send = send
        self._dirty = asyncio.Event()
        self._mine: frozenset[ContactId] = frozenset()
        self._offers: dict[ContactId, int] = {}
        self._sent: Struct | None = None
        self._anew = False
        self._stops = [live.on_moved(self._moved), places.on_change(self._dirty.set)]

    def stop(self) -> None:
        """Follow nothing more."""
        for stop in self._stops:
            stop()

    def anew(self) -> None:
        """The desk was locked or unlocked: all is sent again, as it may be said now."""
        self._anew = True
        self._dirty.set()

    async def run(self) -> None:
        """Send the list now and after each change, until cancelled."""
        while True:
            self._dirty.clear()
            try:
                await self._refresh()
            except OUTAGES:  # the database is away: what is on screen stays, and is read again
                await asyncio.sleep(RETRY_SECONDS)
                self._dirty.set()
            apart = random.uniform(0.8, 1.2)  # noqa: S311 - jitter, not a secret
            await _within(REFRESH_SECONDS * apart, self._dirty.wait())

    async def _refresh(self) -> None:
        desktop = await self._door.desktop(self._staff)
        if self._session.locked:
            desktop = _veiled(desktop)
        self._mine = frozenset(row.contact for row in desktop.mine)
        frame = Line(desktop.waiting, desktop.mine, desktop.colleagues)
        if frame != self._sent:
            self._sent = frame
            self._send(written(frame))
        await self._tell_offers(desktop)

    async def _tell_offers(self, desktop: Desktop) -> None:
        rows = {row.contact: row for row in desktop.waiting}
        before, self._offers = self._offers, desktop.offers
        anew, self._anew = self._anew, False
        for contact, until in desktop.offers.items():
            if anew or before.get(contact) != until:
                row = rows.get(contact)
                tag, language = ("", "") if row is None else (row.tag, row.language)
                self._send(written(Offer(contact, tag, language, until)))
        for contact in before.keys() - desktop.offers.keys():
            if contact not in self._mine:
                why = await self._door.whereabouts(contact, self._staff)
                self._send(written(OfferGone(contact, why)))

    def _moved(self, moved: Iterable[ContactId]) -> None:
        if not self._mine.isdisjoint(moved) or not self._offers.keys().isdisjoint(moved):
            self._dirty.set()


def _veiled(desktop: Desktop) -> Desktop:
    return replace(desktop, waiting=[], mine=[_bare(row) for row in desktop.mine], colleagues=[])


def _bare(row: Row) -> Row:
    return replace(row, tag="", language="", since=0, danger=False, earlier=False, asked=None, until=None)


async def _within(seconds: float, waiting: Awaitable[object]) -> None:
    try:
        async with asyncio.timeout(seconds):
            await waiting
    except TimeoutError:
        return
