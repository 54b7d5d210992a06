"""The circle: staff, their sessions, their epoch keys and the statistics key, changed together or not at all."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.epochs import Epochs
from contacts.people import People, Person
from contacts.second_factor import SecondFactors
from contacts.sessions import Sessions
from contacts.statistics.keys import StatisticsKeys
from storage.engine import Store
from storage.ids import StaffId


class Change:
    """One change in progress: its transaction holds the lock on staff and epochs."""

    def __init__(
        self,
        *,
        conn: AsyncConnection,
        everybody: Mapping[StaffId, Person],
        people: People,
        epochs: Epochs,
        sessions: Sessions,
        second_factors: SecondFactors,
    ) -> None:
        self.conn = conn
        self.everybody = everybody
        self.revision: int | None = None
        self.revoked: list[str] = []
        self._people = people
        self._epochs = epochs
        self._sessions = sessions
        self._second_factors = second_factors

    async def save(self, person: Person) -> None:
        """Write one account."""
        self.revision = await self._people.save(self.conn, person)

    async def keep_recovery(self, public: bytes) -> None:
        """Make this the recovery key."""
        self.revision = await self._people.keep_recovery(self.conn, public)

    async def sign_out(self, staff: StaffId) -> None:
        """End this person's sessions."""
        self.revoked += await self._sessions.revoke(self.conn, staff)

    async def take_keys(self, staff: StaffId) -> None:
        """Delete what was wrapped to this person."""
        await self._epochs.take_from(self.conn, staff)

    async def forget_second_factor(self, staff: StaffId) -> None:
        """Delete this person's second factor."""
        await self._second_factors.forget(self.conn, staff)


class Circle:
    """Opens changes."""

    def __init__(
        self,
        *,
        store: Store,
        people: People,
        epochs: Epochs,
        sessions: Sessions,
        second_factors: SecondFactors,
        statistics: StatisticsKeys,
    ) -> None:
        self._store = store
        self._people = people
        self._epochs = epochs
        self._sessions = sessions
        self._second_factors = second_factors
        self._statistics = statistics

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[Change]:
        """A transaction that makes new keys at its end if those who hold epochs or the statistics key changed.

        Raises `Distrusted` when the list of staff is not the one we wrote: nothing is changed then.
        """
        async with self._store.write() as conn:
            change = Change(
                conn=conn,
                everybody=await self._people.everybody(conn, lock=True),
                people=self._people,
                epochs=self._epochs,
                sessions=self._sessions,
                second_factors=self._second_factors,
            )
            yield change
            await self._statistics.settle(conn, await self._people.everybody(conn, lock=True))
            epoch = await self._epochs.renew(conn)
        if change.revision is not None:
            self._people.saw(change.revision)
        if epoch is not None:
            self._epochs.saw(epoch)
        await self._sessions.announce(change.revoked)
