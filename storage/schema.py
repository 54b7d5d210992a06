"""Which revision of the schema a database has."""

from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import Store

#: Alembic's own table; written by migrations only.
VERSION_TABLE = "alembic_version"


async def revision_of(store: Store) -> str | None:
    """The revision a database was migrated to; None when it is empty or was never migrated."""
    async with store.read() as conn:
        return await found_revision(conn)


async def found_revision(conn: AsyncConnection) -> str | None:
    """As `revision_of`, on a connection of the caller's."""
    if not await conn.run_sync(lambda sync: inspect(sync).has_table(VERSION_TABLE)):
        return None
    found: str | None = (await conn.execute(text(f"SELECT version_num FROM {VERSION_TABLE}"))).scalar()  # noqa: S608
    return found
