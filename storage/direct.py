"""Statements written for one database, run with as few steps as its driver allows.

Through SQLAlchemy a statement on SQLite visits the connection's thread four times (cursor, execute, fetch, close), which
costs more than the statement. What fails raises SQLAlchemy's errors all the same.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import aiosqlite
from sqlalchemy import AdaptedConnection, Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

Row = Sequence[Any]


async def fetched(conn: AsyncConnection, statement: str, parameters: Row) -> list[Row]:
    """Run it once; its rows, if it has any."""
    driver = _sqlite(conn)
    if driver is None:
        result = await conn.exec_driver_sql(statement, tuple(parameters))
        return list(result.all()) if result.returns_rows else []
    with _as_sqlalchemy(conn, statement):
        return cast(list[Row], await driver.execute_fetchall(statement, parameters))


async def repeated(conn: AsyncConnection, statement: str, rows: Sequence[Row]) -> None:
    """Run it once for each row."""
    driver = _sqlite(conn)
    if driver is None:
        await conn.exec_driver_sql(statement, [tuple(row) for row in rows])
        return
    with _as_sqlalchemy(conn, statement):
        cursor = await driver.executemany(statement, rows)
        await cursor.close()


def begun_on_sqlite(connection: Connection, statement: str) -> None:
    """Begin a transaction, inside SQLAlchemy's `begin` event."""
    adapted = cast(AdaptedConnection, connection.connection.dbapi_connection)
    with _as_sqlalchemy(connection, statement):
        adapted.run_async(lambda driver: cast(aiosqlite.Connection, driver).execute_fetchall(statement))


def _sqlite(conn: AsyncConnection) -> aiosqlite.Connection | None:
    """The driver's own connection, in the transaction that `Store.write` began; None on PostgreSQL."""
    if conn.dialect.name != "sqlite" or conn.sync_connection is None:
        return None
    return cast(aiosqlite.Connection, conn.sync_connection.connection.driver_connection)


@contextmanager
def _as_sqlalchemy(conn: AsyncConnection | Connection, statement: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise DBAPIError.instance(
            statement, None, error, sqlite3.Error, hide_parameters=True, dialect=conn.dialect
        ) from error
