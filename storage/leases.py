"""Leases: one process at a time does a job, and the next takes over when it dies."""

from sqlalchemy import Table, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.columns import choice, coarse_time, random_id
from storage.engine import Store
from storage.metadata import metadata

leases = Table(
    "leases",
    metadata,
    choice("name", primary_key=True),
    random_id("holder", nullable=False),
    coarse_time("until", nullable=False),
)


async def held(store: Store, *, name: str, holder: str, now: int, seconds: int) -> bool:
    """Take or renew the lease `name` for `holder` until `now + seconds`. False when somebody else holds it."""
    try:
        async with store.write() as conn:
            return await _take(conn, name, holder, now, seconds)
    except IntegrityError:  # somebody else made the very first row at the same moment
        return False


async def _take(conn: AsyncConnection, name: str, holder: str, now: int, seconds: int) -> bool:
    row = (await conn.execute(select(leases).where(leases.c.name == name).with_for_update())).one_or_none()
    if row is None:
        await conn.execute(leases.insert().values(name=name, holder=holder, until=now + seconds))
        return True
    if row.holder != holder and row.until > now:
        return False
    await conn.execute(leases.update().where(leases.c.name == name).values(holder=holder, until=now + seconds))
    return True
