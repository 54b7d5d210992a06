"""The availability of the chat, read from the store: what every door asks."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from duty.availability import UNKNOWN, Availability, Crew, availability
from duty.hours import Published
from duty.presence import Presence
from duty.schedule import CHAT, Schedule
from storage.clock import Clock
from storage.engine import Store
from storage.ids import StaffId

FRESH_SECONDS = 1.0
ANSWER_WITHIN = 3.0


#: How many conversations each operator has, by person; people without one may be left out. The chat's tables know.
Loads = Callable[[AsyncConnection], Awaitable[Mapping[StaffId, int]]]

#: Where a failure to answer is told (only its type may be kept, never its text).
Report = Callable[[BaseException], None]


async def no_loads(_conn: AsyncConnection) -> Mapping[StaffId, int]:
    """Nobody is in a conversation."""
    return {}


@dataclass(frozen=True, slots=True)
class _Snapshot:
    taken_at: float
    published: Published | None
    crew: Crew


class Duty:
    """Asks the store at most once a second, and says `unknown` for every fault."""

    def __init__(
        self,
        *,
        store: Store,
        schedule: Schedule,
        presence: Presence,
        clock: Clock,
        loads: Loads = no_loads,
        report: Report | None = None,
    ) -> None:
        self._store = store
        self._schedule = schedule
        self._presence = presence
        self._clock = clock
        self._loads = loads
        self._report = report
        self._snapshot: _Snapshot | None = None
        self._reading = asyncio.Lock()

    async def availability(self, language: str) -> Availability:
        """The state for somebody who writes `language`; never raises, never guesses "open"."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                snapshot = await self._fresh()
            return availability(snapshot.published, snapshot.crew, language, self._clock.now())
        except Exception as error:  # noqa: BLE001 - every fault has the same honest answer
            if self._report is not None:
                self._report(error)
            return UNKNOWN

    def forget(self) -> None:
        """Somebody arrived, left or paused: read again at the next question."""
        self._snapshot = None

    async def _fresh(self) -> _Snapshot:
        async with self._reading:
            kept = self._snapshot
            if kept is not None and self._clock.monotonic() - kept.taken_at < FRESH_SECONDS:
                return kept
            taken_at = self._clock.monotonic()
            now = self._clock.now()
            async with self._store.read() as conn:
                published = await self._schedule.current(conn, CHAT, now)
                crew = Crew(
                    present=tuple(await self._presence.present(conn, now)),
                    loads=await self._loads(conn),
                    last_available=await self._presence.last_available(conn),
                )
            snapshot = _Snapshot(taken_at=taken_at, published=published, crew=crew)
            self._snapshot = snapshot
            return snapshot
