"""The mover: pending facts go where nothing leads back to a contact. Exactly once: one transaction, or nothing.

When facts of 20 contacts wait, or a half-year freezes, all of them are shuffled, given new random ids, written among the
others and deleted beside their contacts, with their covers; each contact's handle is sealed into its record. Shuffled,
because a database tells the order in which rows came (PostgreSQL by where they lie; SQLite's table has no row number and
lies in the order of the ids). One batch is one transaction, so no fact of it can be told from its neighbours by that.
"""

import secrets
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.statistics.facts import Facts
from contacts.statistics.handles import Handles
from contacts.statistics.pending import SERVICE, PendingFacts
from contacts.statistics.periods import frozen
from contacts.statistics.tables import facts
from storage.clock import Clock
from storage.engine import Store
from storage.ids import ContactId, new_id
from storage.leases import one_at_a_time

AT_LEAST: Final = 20
#: More contacts than this are moved in several transactions, the last of which may have to wait for company.
AT_MOST: Final = 400
_LOCK: Final = "facts"


class Mover:
    """`move()` at intervals, behind the lease; at any time, from any process, as often as one likes."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        zone: ZoneInfo,
        facts: Facts,
        pending: PendingFacts,
        handles: Handles,
        at_least: int = AT_LEAST,
        at_most: int = AT_MOST,
    ) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._facts = facts
        self._pending = pending
        self._handles = handles
        self._at_least = at_least
        self._at_most = at_most
        self._chance = secrets.SystemRandom()

    async def move(self) -> int:
        """Move what may move; how many facts."""
        total = 0
        while moved := await self._batch():
            total += moved
        return total

    async def _batch(self) -> int:
        async with self._store.write() as conn:
            await one_at_a_time(conn, _LOCK)
            await self._facts.settle(conn)
            chosen = await self._chosen(conn, self._clock.now())
            leaving = await self._pending.leaving(conn, chosen)
            handles = {one.contact: one.handle for one in leaving if one.slot != SERVICE}
            for contact in sorted(handles):
                await self._handles.keep(conn, contact, handles[contact])
            self._chance.shuffle(leaving)
            if leaving:
                await conn.execute(
                    insert(facts),
                    [
                        {"id": new_id(), "period": one.period, "number": one.number, "sealed": one.sealed}
                        for one in leaving
                    ],
                )
                await self._pending.left(conn, leaving)
        return len(leaving)

    async def _chosen(self, conn: AsyncConnection, now: datetime) -> list[ContactId]:
        """Whose facts move now: enough that nobody stands alone, or everybody's, because a half-year takes no more."""
        waiting = await self._pending.waiting(conn)
        due = any(frozen(period, now, self._zone) for period in waiting.values())
        if not due and len(waiting) < self._at_least:
            return []
        everybody = list(waiting)
        return self._chance.sample(everybody, min(len(everybody), self._at_most))
