"""Inserting where another worker may have been faster, without spoiling the transaction (PostgreSQL aborts it on a clash)."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


async def inserted(conn: AsyncConnection, table: Table, **values: Any) -> bool:
    """Insert a row unless one with the same key exists; whether it was ours. Waits for an undecided rival."""
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    result = await conn.execute(insert(table).values(**values).on_conflict_do_nothing())
    return result.rowcount == 1
