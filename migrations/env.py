"""Runs migrations in one transaction of the store's own writer: on SQLite under BEGIN IMMEDIATE, on PostgreSQL alone."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from config.schema import metadata
from storage.engine import Store

#: Two releases at once: the second waits, and finds nothing left to do.
_LOCK = 0x71_6C_01


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        compare_server_default=True,
        render_as_batch=False,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _alone(conn: AsyncConnection, dialect: str) -> None:
    if dialect == "postgresql":
        await conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


async def _online() -> None:
    url = context.config.attributes.get("store_url")
    if url is None:  # a person at work on a migration
        from config.settings import Mode, read_settings  # noqa: PLC0415 - deployments hand the address in

        url = read_settings(mode=Mode.DEVELOPMENT).store_url
    store = Store(url=url)
    try:
        async with store.write() as conn:
            await _alone(conn, store.dialect)
            await conn.run_sync(_migrate)
    finally:
        await store.close()


asyncio.run(_online())
