"""Closed months of the audit log as they are signed, read and believed."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.audit_chain import Head
from contacts.distrust import Forged
from contacts.signing import HouseSigner
from contacts.tables_keeping import audit_segments


class ForgedMonth(Forged):
    """A closed month is not as we signed it. `first_row`: where it should begin."""

    def __init__(self, first_row: int) -> None:
        super().__init__("audit-month")
        self.first_row = first_row


@dataclass(frozen=True, slots=True)
class Month:
    """One closed month: its name (`2026-11`), its rows, and the last of them. Times are seconds since 1970."""

    number: int
    name: str
    first_row: int
    head: Head
    closed_at: int
    dropped_at: int | None = None

    @property
    def last_row(self) -> int:
        """The number of its last row."""
        return self.head.number


def closing(signer: HouseSigner, month: Month) -> bytes:
    """The signature under a month's closing head."""
    return signer.sign("audit-month", *_fields(month))


def dropping(signer: HouseSigner, month: Month, at: int) -> bytes:
    """The signature that says: we dropped it, then."""
    return signer.sign("audit-dropped", *_fields(month), at)


async def read_months(conn: AsyncConnection, signer: HouseSigner) -> list[Month]:
    """Every closed month, oldest first; those that were dropped are the oldest. Raises `ForgedMonth`."""
    months: list[Month] = []
    for row in await conn.execute(select(audit_segments).order_by(audit_segments.c.number)):
        expected = months[-1].last_row + 1 if months else 1
        month = Month(row.number, row.month, row.first_row, Head(row.last_row, row.hash), row.closed_at, row.dropped_at)
        if (month.number, month.first_row) != (len(months) + 1, expected) or month.last_row < expected:
            raise ForgedMonth(expected)
        if month.dropped_at is not None and months and months[-1].dropped_at is None:
            raise ForgedMonth(expected)
        try:
            signer.verify(row.signature, "audit-month", *_fields(month))
            if month.dropped_at is not None:
                signer.verify(row.dropped_signature or b"", "audit-dropped", *_fields(month), month.dropped_at)
        except Forged:
            raise ForgedMonth(expected) from None
        months.append(month)
    return months


def _fields(month: Month) -> tuple[str | int | bytes, ...]:
    return (month.number, month.name, month.first_row, month.last_row, month.head.hash, month.closed_at)
