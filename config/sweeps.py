"""What one process does for all, at intervals: the list of jobs behind the lease."""

from datetime import timedelta

from chat.sweeper import EVERY_SECONDS, WATCH_SECONDS, Sweeper
from config.jobs import Job, sweep_while_held
from contacts.epochs import Epochs
from contacts.erasure import Erasure
from contacts.people import People
from contacts.sessions import Sessions
from contacts.statistics.keys import StatisticsKeys
from contacts.statistics.mover import Mover
from duty.presence import Presence
from duty.roster import Roster
from storage.bus import Bus
from storage.clock import Clock, epoch_seconds
from storage.engine import Store
from storage.ids import new_id
from storage.leases import held

PRESENCE_SECONDS = 10.0
#: How often it is asked whether facts may move (contacts/statistics/mover.py).
FACTS_SECONDS = 60.0
HOUR = 3600.0
DAY = 24 * HOUR
#: Shifts, swaps and the roster's history are about people who work here; they are kept so long.
ROSTER_KEPT = timedelta(days=365)
#: How often SQLite's write-ahead log, where deleted rows can still be read, is emptied.
EMPTY_SECONDS = 30.0
LEASE = "jobs"
LEASE_SECONDS = 15


class Sweeps:
    """`run()` in every process that may; the one that holds the lease sweeps."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        bus: Bus,
        presence_topic: str,
        sweeper: Sweeper,
        presence: Presence,
        epochs: Epochs,
        sessions: Sessions,
        erasure: Erasure,
        roster: Roster,
        statistics: StatisticsKeys,
        people: People,
        mover: Mover,
        more: tuple[Job, ...] = (),
    ) -> None:
        self._store = store
        self._clock = clock
        self._bus = bus
        self._presence_topic = presence_topic
        self._presence = presence
        self._epochs = epochs
        self._sessions = sessions
        self._erasure = erasure
        self._roster = roster
        self._statistics = statistics
        self._people = people
        self._me = new_id()
        self.jobs = (
            Job("settle", EVERY_SECONDS, sweeper.sweep),
            Job("watch", WATCH_SECONDS, sweeper.watch),
            Job("presence", PRESENCE_SECONDS, self.mark_the_silent),
            Job("epoch", HOUR, self.renew_epoch),
            Job("statistics_key", HOUR, self.have_statistics_key),
            Job("facts", FACTS_SECONDS, mover.move),
            Job("retire", HOUR, self.retire_epochs),
            Job("sessions", HOUR, self.forget_sessions),
            Job("roster", DAY, self.forget_shifts),
            Job("write_ahead_log", EMPTY_SECONDS, store.checkpoint),  # destroyed keys are gone only then
            *more,
        )

    async def run(self) -> None:
        """Sweep while this process holds the lease, until cancelled."""
        await sweep_while_held(self.jobs, self._hold, renew_seconds=LEASE_SECONDS / 3)

    async def mark_the_silent(self) -> None:
        """Whoever's desk fell silent is away, and whoever assigns hears of it."""
        async with self._store.write() as conn:
            gone = await self._presence.sweep(conn)
        if gone:
            await self._bus.publish(self._presence_topic, b"")

    async def renew_epoch(self) -> None:
        """A new epoch when a month has begun."""
        async with self._store.write() as conn:
            number = await self._epochs.renew(conn)
        if number is not None:
            self._epochs.saw(number)

    async def have_statistics_key(self) -> None:
        """A statistics key, also where staff enrolled before there were any."""
        async with self._store.write() as conn:
            await self._statistics.settle(conn, await self._people.everybody(conn, lock=True))

    async def retire_epochs(self) -> None:
        """Destroy the keys of epochs to which nothing is sealed any more."""
        async with self._store.write() as conn:
            retired = await self._erasure.retire_epochs(conn, epoch_seconds(self._clock.now()))
        if retired:
            await self._erasure.settle()

    async def forget_sessions(self) -> None:
        """Delete the rows of sessions that are long over."""
        async with self._store.write() as conn:
            await self._sessions.sweep(conn)

    async def forget_shifts(self) -> None:
        """Delete shifts that ended a year ago, with their history."""
        async with self._store.write() as conn:
            await self._roster.forget(conn, self._clock.now() - ROSTER_KEPT)

    async def _hold(self) -> bool:
        return await held(self._store, name=LEASE, holder=self._me, seconds=LEASE_SECONDS) is not None
