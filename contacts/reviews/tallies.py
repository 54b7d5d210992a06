"""Tallies of frozen half-years: opened fact by fact once, in the session of an analyst or a lead, then kept sealed.

So that the review of a year does not open a million facts again. Sealed to the statistics key; the row carries an HMAC
under the app key, because whoever writes into the database could seal numbers of their own.
"""

import asyncio
from collections.abc import Callable
from typing import Final

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.app_key import AppKey
from contacts.distrust import Alarm, Forged
from contacts.envelopes import Unopenable, sealed_to
from contacts.forwarding.apart import Apart
from contacts.framing import Deployment
from contacts.inserting import inserted
from contacts.release.catalogue import VERSION
from contacts.release.tally import Tally, Tallying
from contacts.reviews.tables import tallies
from contacts.reviews.tallying_program import Part, tallied
from contacts.session import Session
from contacts.statistics.fact_book import FactBook, KeysMissing
from contacts.statistics.keys import KeyNumber, StatisticsKeys
from contacts.statistics.periods import Period
from storage.clock import Clock, epoch_seconds
from storage.engine import Store
from storage.together import together

#: Facts are opened so many at a time, two processes at once.
PART: Final = 20_000
AT_ONCE: Final = 2
#: So few are opened here.
FEW: Final = 1_000
_SECONDS: Final = 600.0

#: Told how many facts have been counted.
Counted = Callable[[int], None]


class Tallies:
    """`of` gives a half-year's tally; it must be frozen and settled."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        app_key: AppKey,
        deployment: Deployment,
        alarm: Alarm,
        keys: StatisticsKeys,
        book: FactBook,
        part: int = PART,
    ) -> None:
        self._store = store
        self._clock = clock
        self._app_key = app_key
        self._deployment = deployment
        self._alarm = alarm
        self._keys = keys
        self._book = book
        self._part = part
        self._apart = Apart(module="contacts.reviews.tallying_program", seconds=_SECONDS, at_once=AT_ONCE)

    async def of(self, session: Session, period: Period, counted: Counted) -> Tally:
        """The tally, counted now if it was not kept. Record the opening first (`FactBook.recorded`).

        Raises `KeysMissing`, `Closed`, `Forged`, `Unopenable`, and `Failed` when counting took too long.
        """
        kept = await self._kept(session, period)
        if kept is not None:
            return kept
        made = await self._counted(session, period, counted)
        async with self._store.write() as conn:
            await self._keep(conn, made)
        return made

    async def forget(self, conn: AsyncConnection, period: Period) -> None:
        """Facts came into this half-year from another system: it is counted anew."""
        await conn.execute(delete(tallies).where(tallies.c.period == period))

    async def _counted(self, session: Session, period: Period, counted: Counted) -> Tally:
        counting, done = Tallying(period), 0
        under_way: set[asyncio.Task[tuple[Tally, int]]] = set()
        try:
            async for task in self._book.parts(session, period, self._part):
                under_way.add(asyncio.create_task(self._tallied(Part(period, task))))
                if len(under_way) <= AT_ONCE:
                    continue
                ready, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                for each in ready:
                    counting.merge(each.result()[0])
                    done += each.result()[1]
                counted(done)
            for tally, number in await together(*under_way):
                counting.merge(tally)
                done += number
            counted(done)
        finally:
            for each in under_way:
                each.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)
        return counting.tally()

    async def _tallied(self, part: Part) -> tuple[Tally, int]:
        number = len(part.task.facts)
        if number <= FEW:
            return tallied(part), number
        answer = await self._apart.run(msgspec.msgpack.encode(part))
        return msgspec.msgpack.decode(answer, type=Tally), number

    async def _kept(self, session: Session, period: Period) -> Tally | None:
        async with self._store.read() as conn:
            query = select(tallies).where(tallies.c.period == period, tallies.c.catalogue == VERSION)
            row = (await conn.execute(query)).one_or_none()
            if row is None:
                return None
            try:
                self._app_key.verify(row.mac, "tally", self._deployment, period, row.catalogue, row.number, row.sealed)
            except Forged:
                self._alarm(Forged.fault)
                raise
            pair = await self._keys.open(conn, session.keys, KeyNumber(row.number))
        if pair is None:
            raise KeysMissing
        return msgspec.msgpack.decode(pair.open(row.sealed, *self._place(period, row.catalogue)), type=Tally)

    async def _keep(self, conn: AsyncConnection, tally: Tally) -> None:
        period, key = tally.period, await self._keys.current(conn)
        sealed = sealed_to(key.public, msgspec.msgpack.encode(tally), *self._place(period, tally.catalogue))
        mac = self._app_key.mac("tally", self._deployment, period, tally.catalogue, int(key.number), sealed)
        await conn.execute(delete(tallies).where(tallies.c.period == period, tallies.c.catalogue != VERSION))
        made_at = epoch_seconds(self._clock.now())
        await inserted(
            conn,
            tallies,
            period=period,
            catalogue=tally.catalogue,
            number=key.number,
            made_at=made_at,
            sealed=sealed,
            mac=mac,
        )

    def _place(self, period: str, catalogue: int) -> tuple[str | int, ...]:
        return ("ql1/tally", self._deployment, period, catalogue)


__all__ = ["Tallies", "Unopenable"]
