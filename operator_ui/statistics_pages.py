"""The statistics key: how old it is, who holds it, a new one, and giving it to somebody. For leads; no JavaScript."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.responses import Response

from contacts.staff_keys import StaffKeys
from contacts.statistics.keys import NoStatisticsKey, StatisticsKey
from operator_ui.lead_room import LeadRoom, Visit
from operator_ui.lead_words import LeadWords
from storage.clock import Clock, epoch_seconds
from storage.engine import Connection, Store
from storage.ids import StaffId

PATH = "/desk/lead/statistics"
_YEAR = 365 * 24 * 3600


class KeyBook(Protocol):
    """What is needed of `contacts.statistics.keys.StatisticsKeys`."""

    async def current(self, conn: Connection) -> StatisticsKey: ...

    async def lacking(self, conn: Connection) -> dict[StaffId, int]: ...

    async def renew(self, conn: Connection, by: StaffId) -> object: ...

    async def grant(self, conn: Connection, keys: StaffKeys, staff: StaffId) -> int: ...


Names = Callable[[Connection], Awaitable[dict[StaffId, str]]]


class StatisticsPages:
    """GET and POST /desk/lead/statistics."""

    def __init__(
        self, *, room: LeadRoom, keys: KeyBook, store: Store, clock: Clock, zone: ZoneInfo, colleagues: Names
    ) -> None:
        self._room = room
        self._keys = keys
        self._store = store
        self._clock = clock
        self._zone = zone
        self._colleagues = colleagues

    async def show(self, visit: Visit) -> Response:
        """The key as it stands."""
        async with self._store.read() as conn:
            try:
                key = await self._keys.current(conn)
            except NoStatisticsKey:
                raise HTTPException(404) from None
            lacking = await self._keys.lacking(conn)
            names = await self._colleagues(conn)
        words = LeadWords(wording=self._room.rendering.wording, language=visit.language, zone=self._zone, names={})
        made = datetime.fromtimestamp(key.made_at, UTC).astimezone(self._zone).date()
        return self._room.page(
            visit,
            "lead_statistics.html",
            here="statistics",
            made=words.day(made),
            old=epoch_seconds(self._clock.now()) - key.made_at > _YEAR,
            lacking=[(staff, names.get(staff, ""), count) for staff, count in sorted(lacking.items())],
        )

    async def submit(self, visit: Visit) -> Response:
        """A new key, or the keys for somebody."""
        session, sent = visit.session, visit.posted
        async with self._store.write() as conn:
            if sent.one("do") == "new":
                await self._keys.renew(conn, session.staff_id)
                return self._room.rendering.redirect(f"{PATH}?told=statistics_new")
            try:
                await self._keys.grant(conn, session.keys, StaffId(sent.one("staff")))
            except LookupError:
                raise HTTPException(404) from None
        return self._room.rendering.redirect(f"{PATH}?told=statistics_given")
