"""Bringing a backup back into an empty deployment: all of it in one transaction, or nothing.

The guards of the tables stand aside while rows are put back as they were (a forwarding that was sent, the head of the
audit log at its number), and stand again before anybody else can write. What waits to be sent is held back.
"""

import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from sqlalchemy import LargeBinary, Table, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.audit import Action, Audit
from contacts.backup.files import Reader, Unreadable
from contacts.backup.parts import LEFT_OUT, Part, tables_of
from contacts.holds import Held, hold
from storage.clock import Clock, epoch_seconds
from storage.engine import Store
from storage.metadata import metadata
from storage.schema import found_revision

_AT_ONCE: Final = 500


class NotEmpty(Exception):
    """There is something in this database already."""


async def restore(store: Store, content: Reader, keyring: Reader, *, audit: Audit, clock: Clock) -> None:
    """Put both files back. Raises `Unreadable`, `NotEmpty`.

    They need not be of the same moment: with a newer keyring, what was destroyed meanwhile stays unreadable.
    """
    if (content.header.part, keyring.header.part) != (Part.CONTENT, Part.KEYRING):
        raise Unreadable("One file holds content and one the keyring; these are not those.")
    if content.header.deployment != keyring.header.deployment:
        raise Unreadable("The files belong to two services.")
    async with store.write() as conn:
        revision = await found_revision(conn) or ""
        if {content.header.revision, keyring.header.revision} != {revision}:
            raise Unreadable(
                "The backup was made by another version of this program: restore it with that version, then migrate."
            )
        await _check_empty(conn)
        async with _guards_aside(conn):
            for part, file in ((Part.KEYRING, keyring), (Part.CONTENT, content)):
                await _put_back(conn, part, file)
        await _numbers_go_on(conn)
        await hold(conn, Held.SENDING, now=epoch_seconds(clock.now()))
        await audit.append(conn, Action.RESTORED)


async def _check_empty(conn: AsyncConnection) -> None:
    for table in metadata.sorted_tables:
        if table.name not in LEFT_OUT and (await conn.execute(select(table).limit(1))).first() is not None:
            raise NotEmpty


async def _put_back(conn: AsyncConnection, part: Part, file: Reader) -> None:
    known = {table.name: table for table in tables_of(part)}
    for name, columns, rows in file.tables():
        table = known.get(name)
        if table is None or columns != [column.name for column in table.c]:
            raise Unreadable("The backup holds tables that this version does not know.")
        batch: list[dict[str, Any]] = []
        for row in rows:
            batch.append(_values(table, row))
            if len(batch) == _AT_ONCE:
                await conn.execute(insert(table), batch)
                batch = []
        if batch:
            await conn.execute(insert(table), batch)


def _values(table: Table, row: Sequence[Any]) -> dict[str, Any]:
    return {
        column.name: base64.b64decode(value) if isinstance(column.type, LargeBinary) and value is not None else value
        for column, value in zip(table.c, row, strict=True)
    }


@asynccontextmanager
async def _guards_aside(conn: AsyncConnection) -> AsyncIterator[None]:
    """Take the triggers away and put them back, inside the caller's transaction."""
    if conn.dialect.name == "postgresql":
        names = [table.name for table in metadata.sorted_tables]
        for name in names:
            await conn.execute(text(f'ALTER TABLE "{name}" DISABLE TRIGGER USER'))
        yield
        for name in names:
            await conn.execute(text(f'ALTER TABLE "{name}" ENABLE TRIGGER USER'))
        return
    found = await conn.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    triggers = [(row.name, row.sql) for row in found]
    for name, _ in triggers:
        await conn.execute(text(f'DROP TRIGGER "{name}"'))
    yield
    for _, statement in triggers:
        await conn.exec_driver_sql(statement)


async def _numbers_go_on(conn: AsyncConnection) -> None:
    """PostgreSQL counts numbers it gives out apart from the table."""
    if conn.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None:
            continue
        sequence = (await conn.execute(select(func.pg_get_serial_sequence(table.name, column.name)))).scalar()
        newest = (await conn.execute(select(func.max(column)))).scalar()
        if sequence is not None and newest is not None:
            await conn.execute(select(func.setval(sequence, newest)))
