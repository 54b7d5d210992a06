"""The committer's five statements, each for a whole batch, in the words of each database.

Written out, not built from SQLAlchemy's expressions: a list is one parameter here, so that nothing is compiled, expanded
or bound by name for each row. That is half the cost of a commit of 200 entries (performance.md).
"""

from collections.abc import Sequence
from typing import Final, Protocol

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.tables_log import contacts, entries
from storage.direct import Row, fetched, repeated
from storage.engine import Dialect

_ELSEWHERE = {"id", "transcript_seq", "record_seq", "erased_at"}
HEAD_COLUMNS: Final = tuple(str(column.name) for column in contacts.c)
#: Everything of a contact that a rule may change, and that never does.
STATE_COLUMNS: Final = tuple(name for name in HEAD_COLUMNS if name not in _ELSEWHERE)
ENTRY_COLUMNS: Final = tuple(str(column.name) for column in entries.c)

_HEAD = ", ".join(HEAD_COLUMNS)
_ENTRY = ", ".join(f"entries.{name}" for name in ENTRY_COLUMNS)
_ARRAY_OF = {str: "text[]", int: "bigint[]", bytes: "bytea[]"}
_ENTRY_ARRAYS = ", ".join(
    f"${number}::{_ARRAY_OF[column.type.python_type]}" for number, column in enumerate(entries.c, start=1)
)
_MOVED = (*STATE_COLUMNS, "transcript_seq", "record_seq", "id")
_INTO_ENTRIES = f"INSERT INTO entries ({', '.join(ENTRY_COLUMNS)})"


class BatchSql(Protocol):
    """Statements, and how their parameters are handed over."""

    @property
    def lock(self) -> str:
        """`HEAD_COLUMNS` of the contacts of a list of ids, locked in the order of the ids. Parameters: `listed`."""

    @property
    def repeats(self) -> str:
        """`ENTRY_COLUMNS` of those of a list of (contact, class, client id) that are there. Parameters: `listed`."""

    @property
    def grow(self) -> str:
        """Set the numbers of a list of (contact, transcript, record). Parameters: `listed`."""

    @property
    def move(self) -> str:
        """Set everything of one contact. Parameters: `STATE_COLUMNS`, transcript, record, contact."""

    def listed(self, rows: Sequence[Row]) -> Row:
        """A list of rows as parameters."""

    async def append(self, conn: AsyncConnection, rows: Sequence[Row]) -> None:
        """Insert rows of `ENTRY_COLUMNS`."""


class SqliteBatch:
    """A list travels as one JSON text, but entries one by one: they hold bytes. `BEGIN IMMEDIATE` is the lock."""

    lock = f"SELECT {_HEAD} FROM contacts WHERE id IN (SELECT value ->> 0 FROM json_each(?)) ORDER BY id"  # noqa: S608 - names of our own
    repeats = (
        f"SELECT {_ENTRY} FROM json_each(?) AS sent JOIN entries ON entries.contact = sent.value ->> 0"  # noqa: S608
        " AND entries.klass = sent.value ->> 1 AND entries.client_id = sent.value ->> 2"
    )
    grow = (
        "UPDATE contacts SET transcript_seq = grown.value ->> 1, record_seq = grown.value ->> 2"
        " FROM json_each(?) AS grown WHERE contacts.id = grown.value ->> 0"
    )
    move = f"UPDATE contacts SET {', '.join(f'{name} = ?' for name in _MOVED[:-1])} WHERE id = ?"  # noqa: S608

    def listed(self, rows: Sequence[Row]) -> Row:
        return (msgspec.json.encode(rows).decode(),)

    async def append(self, conn: AsyncConnection, rows: Sequence[Row]) -> None:
        await repeated(conn, f"{_INTO_ENTRIES} VALUES ({', '.join('?' * len(ENTRY_COLUMNS))})", rows)


class PostgresqlBatch:
    """A list travels as one array for each column."""

    lock = f"SELECT {_HEAD} FROM contacts WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE"  # noqa: S608
    repeats = (
        f"SELECT {_ENTRY} FROM unnest($1::text[], $2::text[], $3::text[]) AS sent (contact, klass, client_id)"  # noqa: S608
        " JOIN entries USING (contact, klass, client_id)"
    )
    grow = (
        "UPDATE contacts SET transcript_seq = grown.transcript, record_seq = grown.record"
        " FROM unnest($1::text[], $2::integer[], $3::integer[]) AS grown (contact, transcript, record)"
        " WHERE contacts.id = grown.contact"
    )
    move = (
        f"UPDATE contacts SET {', '.join(f'{name} = ${number}' for number, name in enumerate(_MOVED[:-1], start=1))}"  # noqa: S608
        f" WHERE id = ${len(_MOVED)}"
    )

    def listed(self, rows: Sequence[Row]) -> Row:
        return tuple(list(column) for column in zip(*rows, strict=True))

    async def append(self, conn: AsyncConnection, rows: Sequence[Row]) -> None:
        await fetched(conn, f"{_INTO_ENTRIES} SELECT * FROM unnest({_ENTRY_ARRAYS})", self.listed(rows))  # noqa: S608


BATCH_SQL: Final[dict[Dialect, BatchSql]] = {"sqlite": SqliteBatch(), "postgresql": PostgresqlBatch()}
