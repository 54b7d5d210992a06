"""Reading facts: in the session of an analyst or a lead, on the audit record before one is opened."""

from collections.abc import AsyncIterator, Collection, Iterator
from typing import Final

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.audit import Action, Audit
from contacts.distrust import Alarm, Fault
from contacts.envelopes import KeyPair
from contacts.forwarding.apart import Apart
from contacts.framing import Deployment
from contacts.openings import OpeningDenied
from contacts.session import Session
from contacts.staff_keys import Closed
from contacts.statistics.fact import Fact, decoded
from contacts.statistics.folding import folded
from contacts.statistics.keys import HOLDERS, KeyNumber, StatisticsKeys
from contacts.statistics.opening_program import Sealed, Task, opened
from contacts.statistics.periods import Period
from contacts.statistics.tables import facts, pending_facts
from storage.engine import Store

#: More than this are opened in a process of their own.
IN_A_PROCESS: Final = 1_000
_PROGRAM: Final = "contacts.statistics.opening_program"
_SECONDS: Final = 3_600.0
_BATCH: Final = 5_000


class KeysMissing(Exception):
    """Some of these facts are sealed to a key this person was not given: a lead gives it (`StatisticsKeys.grant`)."""


class FactBook:
    """Opens facts. `opened` is what the statistics of issue 6 stand on."""

    def __init__(
        self,
        *,
        store: Store,
        audit: Audit,
        alarm: Alarm,
        deployment: Deployment,
        keys: StatisticsKeys,
        in_a_process: int = IN_A_PROCESS,
    ) -> None:
        self._store = store
        self._audit = audit
        self._alarm = alarm
        self._deployment = deployment
        self._keys = keys
        self._in_a_process = in_a_process
        self._apart = Apart(module=_PROGRAM, seconds=_SECONDS)

    async def opened(self, session: Session, periods: Collection[Period]) -> Iterator[Fact]:
        """The facts counted in these half-years, corrections folded in (`contacts.statistics.folding`).

        Raises `OpeningDenied` for other roles and when the audit log cannot be written, `KeysMissing`, `Closed`; `Unopenable`
        when a fact was altered: nothing is counted from a book with a broken page.
        """
        await self.recorded(session)
        async with self._store.read() as conn:
            query = select(facts.c.number, facts.c.sealed).where(facts.c.period.in_(periods))
            rows = [Sealed(row.number, row.sealed) for row in await conn.execute(query)]
            pairs = await self._pairs(conn, session, {row.number for row in rows})
        return folded(await self._facts(pairs, rows))

    async def settled(self, conn: AsyncConnection, period: Period) -> bool:
        """Whether nothing counted in this half-year is pending any more: only then may it be frozen."""
        query = select(func.count()).select_from(pending_facts).where(pending_facts.c.period == period)
        return (await conn.execute(query)).scalar_one() == 0

    async def periods(self, conn: AsyncConnection) -> list[Period]:
        """Every half-year in which something was counted."""
        query = select(facts.c.period).distinct().order_by(facts.c.period)
        return [Period(period) for period in (await conn.execute(query)).scalars()]

    async def count(self, conn: AsyncConnection, period: Period) -> int:
        """How many facts lie in a half-year."""
        query = select(func.count()).select_from(facts).where(facts.c.period == period)
        return int((await conn.execute(query)).scalar_one())

    async def parts(self, session: Session, period: Period, size: int) -> AsyncIterator[Task]:
        """The facts of a half-year, still sealed, with the keys that open them: so many at a time, for a program.

        Call `recorded` first. Raises `KeysMissing`.
        """
        last = ""
        while True:
            query = select(facts).where(facts.c.period == period, facts.c.id > last).order_by(facts.c.id).limit(size)
            async with self._store.read() as conn:
                rows = (await conn.execute(query)).all()
                pairs = await self._pairs(conn, session, {row.number for row in rows})
            if not rows:
                return
            last = rows[-1].id
            keys = {int(number): pair.private_bytes() for number, pair in pairs.items()}
            yield Task(self._deployment, keys, [Sealed(row.number, row.sealed) for row in rows])

    async def recorded(self, session: Session) -> None:
        """On the audit log that this person opens facts. Raises `OpeningDenied`, `Closed`: then nothing may be opened."""
        if session.ended is not None:
            raise Closed
        if session.role not in HOLDERS:
            raise OpeningDenied
        try:
            async with self._store.write() as conn:
                await self._audit.append(conn, Action.FACTS_OPENED, actor=session.staff_id)
        except Exception as error:  # whatever the reason: what is not recorded is not opened
            self._alarm(Fault.AUDIT_UNWRITABLE)
            raise OpeningDenied from error

    async def _pairs(self, conn: AsyncConnection, session: Session, numbers: set[int]) -> dict[KeyNumber, KeyPair]:
        pairs: dict[KeyNumber, KeyPair] = {}
        for number in map(KeyNumber, sorted(numbers)):
            pair = await self._keys.open(conn, session.keys, number)
            if pair is None:
                raise KeysMissing
            pairs[number] = pair
        return pairs

    async def _facts(self, pairs: dict[KeyNumber, KeyPair], rows: list[Sealed]) -> list[Fact]:
        if len(rows) <= self._in_a_process:
            return [decoded(block) for block in opened(self._deployment, pairs, rows)]
        keys = {int(number): pair.private_bytes() for number, pair in pairs.items()}
        found: list[Fact] = []
        for start in range(0, len(rows), _BATCH):
            task = Task(self._deployment, keys, rows[start : start + _BATCH])
            answer = await self._apart.run(msgspec.msgpack.encode(task))
            found += msgspec.msgpack.decode(answer, type=list[Fact])
        return found
