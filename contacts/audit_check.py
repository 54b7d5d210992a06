"""Checking the audit log: every row against the one before it, closed months against their signatures, heads a witness holds."""

from collections.abc import Iterable

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.audit import Audit
from contacts.audit_chain import Broken, Head, broken_link, genesis
from contacts.audit_signatures import ForgedMonth, Month, read_months
from contacts.distrust import Forged
from contacts.framing import Deployment
from contacts.signing import HouseSigner
from contacts.tables_audit import audit


class AuditCheck:
    """Names the first row that is not as we wrote it."""

    def __init__(self, *, audit: Audit, signer: HouseSigner, deployment: Deployment) -> None:
        self._audit = audit
        self._signer = signer
        self._deployment = deployment

    async def verify(
        self, conn: AsyncConnection, *, witnessed: Iterable[Head] = (), at_once: int = 1_000
    ) -> Broken | None:
        """The first bad row; None when every row is as we wrote it.

        `witnessed`: heads kept outside. A log that was cut and ends below one of them, or tells another story there, is
        broken. Rows of a month that was dropped are gone, with our signature. `at_once`: rows in memory at a time.
        """
        try:
            head = await self._audit.head(conn)
        except Forged:
            head = None
        try:
            months = await read_months(conn, self._signer)
        except ForgedMonth as forged:
            return Broken(forged.first_row, "the closed month it begins is not as we signed it")
        walk = _Walk(genesis(self._deployment), months, witnessed)
        while rows := (
            (
                await conn.execute(
                    select(audit).where(audit.c.number > walk.number).order_by(audit.c.number).limit(at_once)
                )
            )
            .mappings()
            .all()
        ):
            for row in rows:
                if (broken := broken_link(row, walk.number + 1, walk.previous) or walk.past(row)) is not None:
                    return broken
        return walk.ended(head)


class _Walk:
    """Where we are in the log, and what else must hold there."""

    def __init__(self, previous: bytes, months: list[Month], witnessed: Iterable[Head]) -> None:
        self.number = 0
        self.previous = previous
        for month in months:
            if month.dropped_at is not None:
                self.number, self.previous = month.last_row, month.head.hash
        self._expected = {
            month.last_row: (month.head.hash, "not the row its month was closed with") for month in months
        }
        self._expected |= {one.number: (one.hash, "not the row that was witnessed") for one in witnessed if one.number}
        self._newest = max(self._expected, default=0)

    def past(self, row: RowMapping) -> Broken | None:
        """Step over a row that follows; what else is wrong with it."""
        self.number, self.previous = row["number"], row["hash"]
        expected = self._expected.get(self.number)
        return None if expected is None or expected[0] == self.previous else Broken(self.number, expected[1])

    def ended(self, head: Head | None) -> Broken | None:
        """After the last row."""
        if head is None:
            return Broken(self.number, "the head is not ours")
        if head != Head(self.number, self.previous):
            return Broken(min(head.number, self.number) + 1, "the log does not end where its head says")
        if self._newest > self.number:
            return Broken(self.number + 1, "the log was cut below a witnessed head")
        return None
