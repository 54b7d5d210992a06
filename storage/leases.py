"""Leases: one process at a time does a job, and the next takes over when it dies.

Time is the database's, so that two machines whose clocks differ cannot both hold one. A lease comes with a *fence*, a
number that grows with every change of holder: who writes under a lease asks `fenced` inside the writing transaction, so
that a holder that was asleep for too long cannot write after its successor has begun.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Table, cast, extract, func, literal_column, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.columns import choice, coarse_time, counter, random_id
from storage.engine import Store
from storage.metadata import metadata

leases = Table(
    "leases",
    metadata,
    choice("name", primary_key=True),
    random_id("holder", nullable=False),
    coarse_time("until", nullable=False),
    counter("fence", nullable=False, server_default=text("0")),
)


async def held(store: Store, *, name: str, holder: str, seconds: int) -> int | None:
    """Take or renew the lease `name` for `holder` for so many seconds. Its fence; None when somebody else holds it."""
    try:
        async with store.write() as conn:
            return await _take(conn, name, holder, seconds)
    except IntegrityError:  # somebody else made the very first row at the same moment
        return None


async def fenced(conn: AsyncConnection, *, name: str, fence: int) -> bool:
    """Whether nobody has taken over since the lease was held under this fence; nobody can until this transaction ends."""
    query = select(leases.c.fence).where(leases.c.name == name).with_for_update(read=True)
    return (await conn.execute(query)).scalar() == fence


async def one_at_a_time(conn: AsyncConnection, name: str) -> None:
    """Let no other transaction past this line until this one ends; SQLite has one writer anyway."""
    if conn.dialect.name == "postgresql":
        await conn.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))


async def _take(conn: AsyncConnection, name: str, holder: str, seconds: int) -> int | None:
    now = _now(conn)
    query = select(leases, now.label("now")).where(leases.c.name == name).with_for_update()
    row = (await conn.execute(query)).one_or_none()
    if row is None:
        await conn.execute(leases.insert().values(name=name, holder=holder, until=now + seconds, fence=1))
        return 1
    if row.holder != holder and row.until > row.now:
        return None
    fence: int = row.fence if row.holder == holder else row.fence + 1
    values: dict[str, Any] = {"holder": holder, "until": now + seconds, "fence": fence}
    await conn.execute(leases.update().where(leases.c.name == name).values(values))
    return fence


def _now(conn: AsyncConnection) -> ColumnElement[int]:
    """The database's seconds since 1970, at this statement rather than at the transaction's start."""
    if conn.dialect.name == "postgresql":
        return cast(func.floor(extract("epoch", func.clock_timestamp())), BigInteger)
    return cast(literal_column("unixepoch()"), BigInteger)
