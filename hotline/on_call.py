"""Who can be rung: on the telephone's roster at this moment, with a number. Asked for every rung of the ladder.

`refresh` keeps a copy in memory, with the shifts of the next two days, for the hours in which the database is away.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from contacts.calls import Calls
from contacts.staff_numbers import StaffNumbers
from duty.roster import Roster
from duty.shifts import Channel, Occurrence, on_duty, tiers
from hotline.ladder import Candidate
from storage.clock import Clock
from storage.engine import Connection, Store
from storage.ids import StaffId

AHEAD = timedelta(days=2)
REFRESH_SECONDS = 20.0

#: Conversations and offers of each operator (contacts.log.Log.loads).
AskLoads = Callable[[Connection], Awaitable[Mapping[StaffId, int]]]


class OnCall:
    """Asks roster, numbers and loads. `looked`: what is remembered was read at least once."""

    def __init__(
        self, *, store: Store, clock: Clock, roster: Roster, numbers: StaffNumbers, loads: AskLoads, calls: Calls
    ) -> None:
        self._store = store
        self._clock = clock
        self._roster = roster
        self._numbers = numbers
        self._loads = loads
        self._calls = calls
        self._shifts: tuple[Occurrence, ...] = ()
        self._known: Mapping[StaffId, str] = {}
        self.looked = False

    async def candidates(self, conn: Connection) -> tuple[Candidate, ...]:
        """Everybody who may be rung now."""
        people = await self._roster.on_duty(conn, self._clock.now(), Channel.phone)
        if not people:
            return ()
        numbers = await self._numbers.everybody(conn)
        busy = {staff for staff, load in (await self._loads(conn)).items() if load} | set(
            await self._calls.on_the_phone(conn)
        )
        return tuple(
            Candidate(staff=one.staff_id, tier=one.tier, languages=one.languages, busy=one.staff_id in busy)
            for one in people
            if one.staff_id in numbers
        )

    async def number(self, conn: Connection, staff: StaffId) -> str | None:
        """In E.164 form; None: this person cannot be rung any more. Raises `Unopenable`."""
        found = await self._numbers.number(conn, staff)
        return None if found is None else found.reveal()

    async def refresh(self) -> None:
        """Look at the database, so that what is remembered is no older than a moment when it goes away."""
        now = self._clock.now()
        async with self._store.read() as conn:
            shifts = await self._roster.covering(conn, now - timedelta(seconds=1), now + AHEAD)
            numbers = await self._numbers.everybody(conn)
        self._shifts = tuple(shifts)
        self._known = {staff: number.reveal() for staff, number in numbers.items()}
        self.looked = True

    def remembered(self, now: datetime) -> tuple[tuple[StaffId, ...], ...]:
        """Whom to ring, tier after tier, as far as is remembered."""
        people = [one for one in on_duty(self._shifts, now, Channel.phone) if one.staff_id in self._known]
        return tiers(people)

    @property
    def numbers(self) -> Mapping[str, str]:
        """Remembered numbers in E.164 form, by staff."""
        return {str(staff): number for staff, number in self._known.items()}
