"""The availability of the chat, read from the store: what every door asks."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from duty.availability import UNKNOWN, Availability, Crew, InForce, availability
from duty.closing import Closing, closing
from duty.line import NOBODY_WAITS, Line
from duty.presence import Presence
from duty.preview import turns
from duty.schedule import CHAT, Schedule
from storage.clock import Clock
from storage.engine import Store
from storage.ids import StaffId

FRESH_SECONDS = 1.0
ANSWER_WITHIN = 3.0
_LOOKED_AHEAD = timedelta(days=14)

_Said = TypeVar("_Said")

#: How many conversations each operator has, by person; people without one may be left out. The chat's tables know.
Loads = Callable[[AsyncConnection], Awaitable[Mapping[StaffId, int]]]

#: The waiting line now. The chat's tables know.
Lines = Callable[[AsyncConnection], Awaitable[Line]]

#: Whether something of ours is broken so that nobody could be served: hours then count as paused.
Faulty = Callable[[], bool]

#: Where a failure to answer is told (only its type may be kept, never its text).
Report = Callable[[BaseException], None]


async def no_loads(_conn: AsyncConnection) -> Mapping[StaffId, int]:
    """Nobody is in a conversation."""
    return {}


async def no_line(_conn: AsyncConnection) -> Line:
    """Nobody waits."""
    return NOBODY_WAITS


def no_fault() -> bool:
    """All is well."""
    return False


@dataclass(frozen=True, slots=True)
class _Snapshot:
    taken_at: float
    in_force: InForce | None
    crew: Crew
    line: Line


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
        line: Lines = no_line,
        faulty: Faulty = no_fault,
        report: Report | None = None,
    ) -> None:
        self._store = store
        self._schedule = schedule
        self._presence = presence
        self._clock = clock
        self._loads = loads
        self._line = line
        self._faulty = faulty
        self._report = report
        self._snapshot: _Snapshot | None = None
        self._reading = asyncio.Lock()

    async def availability(self, language: str) -> Availability:
        """The state for somebody who writes `language`; never raises, never guesses "open"."""
        return await self._answer(self._fresh, lambda snapshot: self._judge(snapshot, language), UNKNOWN)

    async def judged(self, conn: AsyncConnection, language: str) -> Availability:
        """The same, read anew inside the caller's unit of work: for the moment somebody starts. Never raises."""
        return await self._answer(lambda: self._read(conn), lambda snapshot: self._judge(snapshot, language), UNKNOWN)

    async def phases(self) -> Closing | None:
        """The closing that comes, or whose grace runs; None when there is none, or for any fault."""

        def phase(snapshot: _Snapshot) -> Closing | None:
            in_force = snapshot.in_force
            return closing(in_force.timeline, self._clock.now()) if in_force is not None else None

        return await self._answer(self._fresh, phase, None)

    async def next_turn(self) -> datetime | None:
        """The next instant within 14 days at which time alone may change the answer: tell open pages then."""

        def turn(snapshot: _Snapshot) -> datetime | None:
            if snapshot.in_force is None:
                return None
            now = self._clock.now()
            return next((at for at in turns(snapshot.in_force.timeline, now, now + _LOOKED_AHEAD) if at > now), None)

        return await self._answer(self._fresh, turn, None)

    def forget(self) -> None:
        """Somebody arrived, left, paused or published: read again at the next question."""
        self._snapshot = None

    async def _answer(
        self, read: Callable[[], Awaitable[_Snapshot]], say: Callable[[_Snapshot], _Said], otherwise: _Said
    ) -> _Said:
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                snapshot = await read()
            return say(snapshot)
        except Exception as error:  # noqa: BLE001 - every fault has the same honest answer
            if self._report is not None:
                self._report(error)
            return otherwise

    def _judge(self, snapshot: _Snapshot, language: str) -> Availability:
        in_force = snapshot.in_force
        if in_force is not None and self._faulty():
            in_force = replace(in_force, fault=True)
        return availability(in_force, snapshot.crew, language, self._clock.now(), snapshot.line)

    async def _fresh(self) -> _Snapshot:
        async with self._reading:
            kept = self._snapshot
            if kept is not None and self._clock.monotonic() - kept.taken_at < FRESH_SECONDS:
                return kept
            async with self._store.read() as conn:
                snapshot = await self._read(conn)
            self._snapshot = snapshot
            return snapshot

    async def _read(self, conn: AsyncConnection) -> _Snapshot:
        taken_at = self._clock.monotonic()
        now = self._clock.now()
        return _Snapshot(
            taken_at=taken_at,
            in_force=await self._schedule.current(conn, CHAT, now),
            crew=Crew(
                present=tuple(await self._presence.present(conn, now)),
                loads=await self._loads(conn),
                last_available=await self._presence.last_available(conn),
            ),
            line=await self._line(conn),
        )
