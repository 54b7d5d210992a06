"""The audit log by months: each is closed with its last hash signed, kept for its time, and then dropped as a whole.

What is dropped leaves its signed last hash behind: the chain of the rows that stay begins there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.audit import Action, Audit
from contacts.audit_chain import Head
from contacts.audit_signatures import Month, closing, dropping, read_months
from contacts.segments_only import SHORTEST
from contacts.signing import HouseSigner
from contacts.tables_audit import audit
from contacts.tables_keeping import audit_segments
from contacts.terms import month_begins
from storage.clock import Clock, epoch_seconds

KEEP_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Kept:
    """What a round did: how many months it closed, how many it dropped."""

    closed: int
    dropped: int


class AuditMonths:
    """Closes months that are over and drops those whose time is up. `keep`: in months, after the month's end."""

    def __init__(self, *, audit: Audit, signer: HouseSigner, clock: Clock, keep: int = KEEP_MONTHS) -> None:
        self._audit = audit
        self._signer = signer
        self._clock = clock
        self.keep = keep

    async def turn(self, conn: AsyncConnection) -> Kept:
        """Everything that is due, in the caller's transaction. Raises `Forged` when a closed month is not ours."""
        await self._audit.lock(conn)
        months = list(await read_months(conn, self._signer))
        closed = 0
        while (month := await self._next(conn, months)) is not None:
            await self._close(conn, month)
            months.append(month)
            closed += 1
        dropped = [month for month in months if self._over(month)]
        for month in dropped:
            await self._drop(conn, month)
        return Kept(closed, len(dropped))

    async def overdue(self, conn: AsyncConnection, since: int) -> int:
        """How many months should have been dropped before `since` (seconds since 1970) and were not."""
        return sum(self._over(month, since) for month in await read_months(conn, self._signer))

    async def _next(self, conn: AsyncConnection, months: Sequence[Month]) -> Month | None:
        """The oldest month that is over and not closed yet."""
        last = months[-1].last_row if months else 0
        oldest = select(audit.c.at).where(audit.c.number > last).order_by(audit.c.number).limit(1)
        begins: int | None = (await conn.execute(oldest)).scalar()
        now = epoch_seconds(self._clock.now())
        if begins is None or (end := month_begins(begins, 1)) > now:
            return None
        newest = select(func.max(audit.c.number)).where(audit.c.number > last, audit.c.at < end)
        query = select(audit.c.number, audit.c.hash).where(audit.c.number == newest.scalar_subquery())
        row = (await conn.execute(query)).one()
        name = f"{datetime.fromtimestamp(begins, UTC):%Y-%m}"
        return Month(len(months) + 1, name, last + 1, Head(row.number, row.hash), now)

    async def _close(self, conn: AsyncConnection, month: Month) -> None:
        await conn.execute(
            insert(audit_segments).values(
                number=month.number,
                month=month.name,
                first_row=month.first_row,
                last_row=month.last_row,
                hash=month.head.hash,
                closed_at=month.closed_at,
                signature=closing(self._signer, month),
            )
        )
        await self._audit.append(conn, Action.AUDIT_CLOSED)

    async def _drop(self, conn: AsyncConnection, month: Month) -> None:
        now = epoch_seconds(self._clock.now())
        await conn.execute(
            update(audit_segments)
            .where(audit_segments.c.number == month.number)
            .values(dropped_at=now, dropped_signature=dropping(self._signer, month, now))
        )
        await conn.execute(delete(audit).where(audit.c.number.between(month.first_row, month.last_row)))
        await self._audit.append(conn, Action.AUDIT_DROPPED)

    def _over(self, month: Month, at: int | None = None) -> bool:
        now = epoch_seconds(self._clock.now()) if at is None else at
        begins = int(datetime.strptime(month.name, "%Y-%m").replace(tzinfo=UTC).timestamp())
        return (
            month.dropped_at is None
            and month_begins(begins, 1 + self.keep) <= now
            and month.closed_at + SHORTEST <= now
        )
