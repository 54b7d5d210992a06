"""One store, two databases: SQLite with a single writer, or PostgreSQL.

`read()` hands out a connection that cannot write (SQLite `query_only`, PostgreSQL `READ ONLY`); `write()` one whose
transaction commits when the block ends and rolls back when it raises. On SQLite every write starts with
`BEGIN IMMEDIATE`, so that two writers queue instead of failing half-way.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Literal, cast

import asyncpg
from sqlalchemy import event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from storage.direct import begun_on_sqlite
from storage.metadata import metadata

Dialect = Literal["sqlite", "postgresql"]
#: A connection inside a transaction, as the doors hand it on without speaking SQL themselves.
Connection = AsyncConnection

#: What every SQLite connection must answer; asserted, because a pragma that is not understood fails silently.
SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: an acknowledged message is on disk
    "foreign_keys": 1,
    "recursive_triggers": 1,  # REPLACE fires delete triggers
    "trusted_schema": 0,
    "secure_delete": 1,
    # Busy pages of the write-ahead log are written again and again: the longer it grows, the fewer reach the database
    # twice. 32 MB; the sweep "write_ahead_log" empties it.
    "wal_autocheckpoint": 8192,
    # 8 MB: two pages of each conversation change with every message; SQLite's own 2 MB forget them in between.
    "cache_size": -8192,
}
BUSY_TIMEOUT_MS = 10_000
#: As long as the slowest statement may wait for its turn.
LAST_BLOCKS_SECONDS = 10.0
#: So many writes in a row that failed for want of the database, and nothing may be promised any more.
WRITES_FAILED = 2
_NO_TRANSACTION = "quietline_no_transaction"  # a checkpoint cannot run inside one
#: PostgreSQL's default shows every statement another state; SQLite's readers see one as they are.
_ONE_STATE: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


class Store:
    """Connections to the contact log's database.

    `url` is `sqlite+aiosqlite:///path` or `postgresql+asyncpg://…`. Bound values never appear in errors or logs
    (`hide_parameters`).
    """

    def __init__(self, *, url: str, readers: int = 4, writers: int = 4) -> None:
        parsed = make_url(url)
        self.dialect: Dialect = _dialect(parsed)
        if self.dialect == "sqlite":
            self._writer = _sqlite_engine(parsed, size=1, query_only=False)
            self._reader = _sqlite_engine(parsed, size=readers, query_only=True)
        else:
            self._writer = _postgresql_engine(parsed, size=writers)
            self._reader = self._writer
        self._failed = 0
        self._open = True
        self._in_use = 0
        self._unused = asyncio.Event()

    @property
    def failing(self) -> bool:
        """Nothing can be written at present: the disk is full, or the database is away. The next write that succeeds ends it."""
        return self._failed >= WRITES_FAILED

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one consistent state and cannot change it."""
        async with self._using(), self._reader.connect() as conn:
            yield await conn.execution_options(**_ONE_STATE) if self.dialect == "postgresql" else conn

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction: all of the block, or nothing of it."""
        try:
            async with self._using(), self._writer.begin() as conn:
                yield conn
        except Exception as error:
            if is_outage(error):
                self._failed += 1
            raise
        self._failed = 0

    async def create_all(self) -> None:
        """Make the schema directly, for tests; deployments run the migrations."""
        async with self._writer.begin() as conn:
            await conn.run_sync(metadata.create_all)

    async def checkpoint(self) -> bool:
        """Move the SQLite write-ahead log into the database and empty it. True when no reader stood in the way.

        Deleted text stays readable in the log until this has succeeded. PostgreSQL: always True (traps.md: its own
        log is out of our reach; what we delete there is ciphertext whose key is gone).
        """
        if self.dialect == "postgresql":
            return True
        async with self._using(), self._writer.connect() as conn:
            plain = await conn.execution_options(**{_NO_TRANSACTION: True})
            await plain.execute(text("PRAGMA busy_timeout=200"))  # writers wait while we do
            try:
                row = (await plain.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))).one()
            finally:
                await plain.execute(text(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}"))
            return int(row[0]) == 0

    async def close(self) -> None:
        """Give every connection back. Blocks under way may end first; nobody gets a connection any more.

        A connection that comes back too late, or is made too late, is closed by nobody, and its thread stays.
        """
        self._open = False
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_BLOCKS_SECONDS):
                while self._in_use:
                    self._unused.clear()
                    await self._unused.wait()
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()

    @asynccontextmanager
    async def _using(self) -> AsyncIterator[None]:
        if not self._open:
            raise StoreClosed
        self._in_use += 1
        try:
            yield
        finally:
            self._in_use -= 1
            self._unused.set()


class StoreClosed(OSError):
    """The process ends: the database is away for whoever still asks."""


#: What reading or writing raises while the database is away. For those who simply try again later.
OUTAGES: tuple[type[Exception], ...] = (
    SQLAlchemyError,
    asyncpg.PostgresError,  # not wrapped when it refuses the connection itself
    asyncpg.InterfaceError,
    OSError,
    TimeoutError,
)


def is_outage(error: BaseException) -> bool:
    """Whether an error says "the database is away or busy", as against "this write is wrong"."""
    if isinstance(error, OSError | TimeoutError | PoolTimeout | asyncpg.PostgresError | asyncpg.InterfaceError):
        return True
    return isinstance(error, DBAPIError) and (
        error.connection_invalidated or type(error).__name__ in {"OperationalError", "InterfaceError", "InternalError"}
    )


def _dialect(url: URL) -> Dialect:
    names = {"sqlite+aiosqlite": "sqlite", "postgresql+asyncpg": "postgresql"}
    try:
        return cast(Dialect, names[url.drivername])
    except KeyError:
        raise ValueError("the database address must start with sqlite+aiosqlite: or postgresql+asyncpg:") from None


def _sqlite_engine(url: URL, *, size: int, query_only: bool) -> AsyncEngine:
    engine = create_async_engine(
        url,
        hide_parameters=True,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=size,
        max_overflow=0,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000},
    )

    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for name, wanted in SQLITE_PRAGMAS.items():
            cursor.execute(f"PRAGMA {name}={wanted}")
            cursor.execute(f"PRAGMA {name}")
            if cursor.fetchone()[0] != wanted:
                raise RuntimeError(f"SQLite does not accept {name}={wanted}")
        if query_only:
            cursor.execute("PRAGMA query_only=1")
        cursor.close()

    def begin(connection: Any) -> None:
        if not connection.get_execution_options().get(_NO_TRANSACTION):
            begun_on_sqlite(connection, "BEGIN" if query_only else "BEGIN IMMEDIATE")

    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", begin)
    return engine


def _postgresql_engine(url: URL, *, size: int) -> AsyncEngine:
    return create_async_engine(
        url,
        hide_parameters=True,
        pool_size=size,
        max_overflow=size,
        pool_pre_ping=False,
        pool_timeout=10,
        connect_args={
            "timeout": 5,
            "command_timeout": 10,
            "server_settings": {"synchronous_commit": "on", "application_name": "quietline"},
        },
    )
