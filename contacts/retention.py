"""Destroys what has had its time, by itself: class by class, in small batches, keys first.

What is due is read from the log itself, so a run that was killed is made up for by the next one; nothing has to be
remembered. A day's runs leave their counts in `retention_days`; each class of each contact leaves a line in the audit log.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.contact import Klass
from contacts.erasure import Erasure
from contacts.inserting import inserted
from contacts.remains import remove
from contacts.retention_classes import CLASSES, Terms, due, husk
from contacts.tables_keeping import retention_counts, retention_days
from contacts.tables_keys import segment_keys, segments
from contacts.tables_log import contacts
from contacts.terms import months_after
from storage.clock import Clock, epoch_seconds
from storage.engine import Store
from storage.ids import ContactId

DAY: Final = 86_400
#: Contacts in one transaction: others who write wait for it.
BATCH: Final = 50
#: What is due for longer than this (seconds) turns health red.
OVERDUE: Final = DAY
#: How long the counts of a day are kept, in months.
COUNTS_KEPT: Final = 24


class Counted(StrEnum):
    """What else is counted beside the retention classes."""

    CONTACT = "contact"
    STRAY_KEY = "stray_key"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many contacts have something of a class whose time is up, and how many of them for more than a day."""

    due: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """The newest run: times in seconds since 1970; `counts` of all runs of its day."""

    day: str
    began_at: int
    ended_at: int | None
    settled: bool
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Aside:
    """Something else with an end. `forget(conn, now)` deletes what has had its time and says how many; again is harmless."""

    name: str
    forget: Callable[[AsyncConnection, int], Awaitable[int]]


class Retention:
    """`run()` at intervals, behind the lease. `aside`: other things that are kept for a time; each says how many went."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        erasure: Erasure,
        terms: Terms,
        aside: Sequence[Aside] = (),
        batch: int = BATCH,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._clock = clock
        self._erasure = erasure
        self.terms = terms
        self._aside = aside
        self._batch = batch
        self._pause = pause

    async def run(self) -> None:
        """Destroy everything that is due. When this returns no write-ahead log holds any of it."""
        day = await self._begin()
        for klass in CLASSES:
            while await self._erase_some(day, klass):
                await self._pause(0)  # others write in between
        while await self._remove_some(day):
            await self._pause(0)
        await self._sweep(day)
        await self._settle(day)

    async def waiting(self, conn: AsyncConnection) -> dict[str, Waiting]:
        """What is due, by class, and the contacts themselves."""
        now = self._now()
        found = {}
        for klass in CLASSES:
            here, late = due(klass, self.terms, now), due(klass, self.terms, now - OVERDUE)
            found[klass.value] = Waiting(await _count(conn, here), await _count(conn, late))
        found[Counted.CONTACT.value] = Waiting(
            await _count(conn, husk(self.terms, now)), await _count(conn, husk(self.terms, now - OVERDUE))
        )
        return found

    async def overdue(self, conn: AsyncConnection) -> bool:
        """Whether anything has been due for more than a day."""
        late = self._now() - OVERDUE
        for condition in (*(due(klass, self.terms, late) for klass in CLASSES), husk(self.terms, late)):
            if (await conn.execute(select(contacts.c.id).where(condition).limit(1))).first() is not None:
                return True
        return False

    async def last(self, conn: AsyncConnection) -> LastRun | None:
        """The newest run; None before the first."""
        query = select(retention_days).order_by(retention_days.c.day.desc()).limit(1)
        row = (await conn.execute(query)).one_or_none()
        if row is None:
            return None
        counts = select(retention_counts.c.what, retention_counts.c.count.label("count_")).where(
            retention_counts.c.day == row.day
        )
        return LastRun(
            day=row.day,
            began_at=row.began_at,
            ended_at=row.ended_at,
            settled=row.erased_at is None or (row.settled_at or 0) >= row.erased_at,
            counts={row.what: row.count_ for row in await conn.execute(counts)},
        )

    async def _begin(self) -> str:
        now = self._now()
        day = f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d}"
        async with self._store.write() as conn:
            if not await inserted(conn, retention_days, day=day, began_at=now):
                await conn.execute(
                    update(retention_days).where(retention_days.c.day == day).values(began_at=now, ended_at=None)
                )
        return day

    async def _erase_some(self, day: str, klass: Klass) -> bool:
        """One batch; whether there may be more."""
        async with self._store.write() as conn:
            found = await self._locked(conn, due(klass, self.terms, self._now()))
            for contact in found:
                await self._erasure.erase(conn, contact, klass)
            await self._count(conn, day, klass, len(found))
        return len(found) == self._batch

    async def _remove_some(self, day: str) -> bool:
        async with self._store.write() as conn:
            now = self._now()
            found = await self._locked(conn, husk(self.terms, now))
            for contact in found:
                await remove(conn, contact, now=now)
            await self._count(conn, day, Counted.CONTACT, len(found))
        return len(found) == self._batch

    async def _locked(self, conn: AsyncConnection, condition: ColumnElement[bool]) -> list[ContactId]:
        """Up to a batch of contacts, locked in the order of their ids, as the committer locks them."""
        oldest = select(contacts.c.id).where(condition).order_by(contacts.c.opened_at).limit(self._batch)
        ids = list((await conn.execute(oldest)).scalars())
        lock = select(contacts.c.id).where(contacts.c.id.in_(ids)).order_by(contacts.c.id).with_for_update()
        return list((await conn.execute(lock)).scalars()) if ids else []

    async def _sweep(self, day: str) -> None:
        """Keys whose contact is gone, counts that are old, and what the rest of the house keeps for a time."""
        now = self._now()
        async with self._store.write() as conn:
            strays = 0
            for table in (segment_keys, segments):
                stray = delete(table).where(table.c.contact.not_in(select(contacts.c.id)))
                strays = (await conn.execute(stray)).rowcount
            await self._count(conn, day, Counted.STRAY_KEY, strays)
            oldest = f"{datetime.fromtimestamp(months_after(now, -COUNTS_KEPT), UTC):%Y-%m-%d}"
            await conn.execute(delete(retention_days).where(retention_days.c.day < oldest))
        for one in self._aside:
            async with self._store.write() as conn:
                await self._count(conn, day, one.name, await one.forget(conn, now))

    async def _count(self, conn: AsyncConnection, day: str, what: str, count: int) -> None:
        if count == 0:
            return
        await inserted(conn, retention_counts, day=day, what=str(what))
        here = (retention_counts.c.day == day, retention_counts.c.what == str(what))
        await conn.execute(update(retention_counts).where(*here).values(count=retention_counts.c.count + count))
        await conn.execute(update(retention_days).where(retention_days.c.day == day).values(erased_at=self._now()))

    async def _settle(self, day: str) -> None:
        """Also for a run of another day that was killed before this."""
        unsettled = (
            retention_days.c.erased_at.is_not(None),
            func.coalesce(retention_days.c.settled_at, 0) < retention_days.c.erased_at,
        )
        async with self._store.read() as conn:
            wanted = (await conn.execute(select(retention_days.c.day).where(*unsettled).limit(1))).first() is not None
        if wanted:
            await self._erasure.settle()
        now = self._now()
        async with self._store.write() as conn:
            if wanted:
                await conn.execute(update(retention_days).where(*unsettled).values(settled_at=now))
            await conn.execute(update(retention_days).where(retention_days.c.day == day).values(ended_at=now))

    def _now(self) -> int:
        return epoch_seconds(self._clock.now())


async def _count(conn: AsyncConnection, condition: ColumnElement[bool]) -> int:
    return int((await conn.execute(select(func.count()).select_from(contacts).where(condition))).scalar_one())
