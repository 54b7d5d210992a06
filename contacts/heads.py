"""Locking, reading and storing what the committer changes: the rows behind `Contact` and `Entry`."""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, cast

import msgspec
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.batch_sql import BATCH_SQL, ENTRY_COLUMNS, HEAD_COLUMNS, STATE_COLUMNS, BatchSql
from contacts.contact import Contact, Entry, Klass
from storage.direct import Row, fetched, repeated
from storage.engine import Dialect
from storage.ids import ContactId

_CONTACT = Contact.__struct_fields__
_STATE = attrgetter(*STATE_COLUMNS)


class Head:
    """A locked contact while a transaction changes it: its state and its last number in each class."""

    __slots__ = ("contact", "grown", "last", "moved")

    def __init__(self, contact: Contact, last: dict[Klass, int]) -> None:
        self.contact = contact
        self.last = last
        self.grown = False
        self.moved = False


async def lock_heads(conn: AsyncConnection, ids: Sequence[ContactId]) -> dict[ContactId, Head]:
    """Lock these contacts in the order of their ids (so that two workers never wait for each other in a ring)."""
    sql = _sql(conn)
    found = await fetched(conn, sql.lock, sql.listed([(contact,) for contact in ids]))
    heads: dict[ContactId, Head] = {}
    for row in found:
        named = dict(zip(HEAD_COLUMNS, row, strict=True))
        last = {Klass.TRANSCRIPT: named["transcript_seq"], Klass.RECORD: named["record_seq"]}
        heads[named["id"]] = Head(_contact(named), last)
    return heads


async def find_repeats(
    conn: AsyncConnection, sent: Sequence[tuple[ContactId, Klass, str]]
) -> dict[tuple[str, str, str], Entry]:
    """Which of these (contact, class, client id) are in the log already."""
    if not sent:
        return {}
    sql = _sql(conn)
    found = await fetched(conn, sql.repeats, sql.listed(sent))
    rows = [dict(zip(ENTRY_COLUMNS, row, strict=True)) for row in found]
    return {(row["contact"], row["klass"], row["client_id"]): entry_of(row) for row in rows}


async def store_entries(conn: AsyncConnection, new: Sequence[Entry]) -> None:
    """Append; the primary key is the judge of the numbers."""
    if new:
        await _sql(conn).append(conn, [_entry_row(entry) for entry in new])


async def store_heads(conn: AsyncConnection, heads: Iterable[Head]) -> None:
    """Write back what moved or grew since it was last written."""
    grown: list[tuple[str, int, int]] = []
    moved: list[tuple[object, ...]] = []
    for head in heads:
        this, transcript, record = head.contact.id, head.last[Klass.TRANSCRIPT], head.last[Klass.RECORD]
        if head.moved:
            moved.append((*_STATE(head.contact), transcript, record, this))
        elif head.grown:
            grown.append((this, transcript, record))
        head.moved = head.grown = False
    if grown:
        sql = _sql(conn)
        await fetched(conn, sql.grow, sql.listed(grown))
    if moved:
        await repeated(conn, _sql(conn).move, moved)


def contact_of(row: Mapping[str, Any] | RowMapping) -> Contact:
    """A row of `contacts` as a value; other columns may stand beside it."""
    return _contact({name: row[name] for name in _CONTACT})


def contact_row(contact: Contact) -> dict[str, Any]:
    """A new contact as a row, before its first entry."""
    return {name: getattr(contact, name) for name in ["id", *STATE_COLUMNS]}


def entry_of(row: Mapping[str, Any] | RowMapping) -> Entry:
    """A row of `entries` as a value."""
    return msgspec.convert({name: row[name] for name in ENTRY_COLUMNS}, Entry)


def _contact(row: dict[str, Any]) -> Contact:
    return msgspec.convert(row, Contact, strict=False)  # not strict: yes is 1 at rest


def _entry_row(entry: Entry) -> Row:
    """In the order of the columns. Plain words: a driver asks every member of an enumeration what it is."""
    return (
        entry.contact,
        entry.klass.value,
        entry.seq,
        entry.segment,
        entry.revision,
        entry.kind.value,
        entry.author.value,
        entry.staff,
        entry.client_id,
        entry.at,
        entry.code.value if entry.code is not None else None,
        entry.sealed,
    )


def _sql(conn: AsyncConnection) -> BatchSql:
    return BATCH_SQL[cast(Dialect, conn.dialect.name)]
