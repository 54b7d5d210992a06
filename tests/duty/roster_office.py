"""The roster's services on one store, with people who work, left, or were never to answer."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from duty import tables_roster
from duty.colleagues import Colleague, Colleagues
from duty.repetition import read_rule
from duty.roster import Roster
from duty.roster_checks import Draft
from duty.roster_days import RosterDays
from duty.roster_history import Event, RosterHistory
from duty.shifts import Occurrence, Plan, Shift
from duty.swaps import Swaps
from storage.clock import Clock
from storage.engine import Store
from storage.ids import StaffId
from tests.duty.rosters import AINO, EERO, HELSINKI, KAISA

LEAD = StaffId("lead")
Answer = TypeVar("Answer")


class RosterOffice:
    """Each call is a unit of work of its own."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.people: dict[StaffId, Colleague] = {
            AINO: Colleague("Aino", frozenset({"fi", "sv"})),
            EERO: Colleague("Eero", frozenset({"fi", "en"})),
            KAISA: Colleague("Kaisa", frozenset({"ar"})),
        }
        self.history = RosterHistory(clock=clock)
        self.roster = Roster(clock=clock, colleagues=self.ask, history=self.history)
        self.days = RosterDays(clock=clock, colleagues=self.ask, history=self.history)
        self.swaps = Swaps(clock=clock, colleagues=self.ask, days=self.days, history=self.history)

    @classmethod
    async def opened(cls, store: Store, clock: Clock) -> "RosterOffice":
        """Makes the tables."""
        async with store.write() as conn:
            for table in ("shifts", "shift_days", "shift_offers", "roster_history"):
                await conn.run_sync(getattr(tables_roster, table).create, checkfirst=True)
        return cls(store, clock)

    async def ask(self, _conn: AsyncConnection) -> Colleagues:
        return self.people

    async def write(self, work: Callable[[AsyncConnection], Awaitable[Answer]]) -> Answer:
        async with self.store.write() as conn:
            return await work(conn)

    async def read(self, work: Callable[[AsyncConnection], Awaitable[Answer]]) -> Answer:
        async with self.store.read() as conn:
            return await work(conn)

    async def add(self, what: Plan, rule: str | None = None) -> Shift:
        return await self.write(lambda conn: self.roster.add(conn, draft(what, rule), by=LEAD))

    async def shown(self, start: datetime, end: datetime) -> list[Occurrence]:
        return await self.read(lambda conn: self.roster.occurrences(conn, start, end))

    async def past(self) -> Sequence[Event]:
        """The history, oldest first."""
        return (await self.read(self.history.newest))[::-1]


def draft(what: Plan, rule: str | None = None) -> Draft:
    return Draft(plan=what, zone=HELSINKI, rule=None if rule is None else read_rule(rule))


def who(found: Sequence[Occurrence]) -> list[tuple[date, StaffId, bool]]:
    return [(one.day, one.staff_id, one.cancelled) for one in found]
