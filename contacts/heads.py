"""Locking, reading and storing what the committer changes: the rows behind `Contact` and `Entry`."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import RowMapping, bindparam, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.contact import Author, Contact, Door, EndedBy, Entry, Kind, Klass, Line, State
from contacts.tables_log import contacts, entries
from storage.ids import ContactId

_STATE_COLUMNS = [column.name for column in contacts.c if column.name not in {"id", "transcript_seq", "record_seq"}]
_GROW = (
    contacts.update()
    .where(contacts.c.id == bindparam("this"))
    .values(transcript_seq=bindparam("t"), record_seq=bindparam("r"))
)
_MOVE = (
    contacts.update()
    .where(contacts.c.id == bindparam("this"))
    .values(
        transcript_seq=bindparam("t"),
        record_seq=bindparam("r"),
        **{name: bindparam(f"new_{name}") for name in _STATE_COLUMNS},
    )
)


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
    query = select(contacts).where(contacts.c.id.in_(ids)).order_by(contacts.c.id).with_for_update()
    found = (await conn.execute(query)).all()
    return {row.id: Head(contact_of(row._mapping), _numbers(row)) for row in found}


async def find_repeats(
    conn: AsyncConnection, sent: Sequence[tuple[ContactId, Klass, str]]
) -> dict[tuple[str, str, str], Entry]:
    """Which of these (contact, class, client id) are in the log already."""
    if not sent:
        return {}
    key = tuple_(entries.c.contact, entries.c.klass, entries.c.client_id)
    found = await conn.execute(select(entries).where(key.in_(sent)))
    return {(row.contact, row.klass, row.client_id): entry_of(row._mapping) for row in found}


async def store_entries(conn: AsyncConnection, new: Sequence[Entry]) -> None:
    """Append; the primary key is the judge of the numbers."""
    if new:
        await conn.execute(entries.insert(), [_entry_row(entry) for entry in new])


async def store_heads(conn: AsyncConnection, heads: Iterable[Head]) -> None:
    """Write back what moved or grew."""
    grown: list[dict[str, object]] = []
    moved: list[dict[str, object]] = []
    for head in heads:
        row: dict[str, object] = {
            "this": head.contact.id,
            "t": head.last[Klass.TRANSCRIPT],
            "r": head.last[Klass.RECORD],
        }
        if head.moved:
            moved.append(row | {f"new_{name}": getattr(head.contact, name) for name in _STATE_COLUMNS})
        elif head.grown:
            grown.append(row)
    if grown:
        await conn.execute(_GROW, grown)
    if moved:
        await conn.execute(_MOVE, moved)


def contact_of(row: RowMapping) -> Contact:
    """A row of `contacts` as a value."""
    return Contact(
        id=row["id"],
        door=Door(row["door"]),
        language=row["language"],
        tag=row["tag"],
        state=State(row["state"]),
        opened_at=row["opened_at"],
        accepted_at=row["accepted_at"],
        ended_at=row["ended_at"],
        ended_by=EndedBy(row["ended_by"]) if row["ended_by"] else None,
        operator=row["operator"],
        offered_to=row["offered_to"],
        offer_until=row["offer_until"],
        missed_by=row["missed_by"],
        visitor_away_since=row["visitor_away_since"],
        operator_away_since=row["operator_away_since"],
        shown_seq=row["shown_seq"],
    )


def contact_row(contact: Contact) -> dict[str, Any]:
    """A new contact as a row, before its first entry."""
    return {name: getattr(contact, name) for name in ["id", *_STATE_COLUMNS]}


def entry_of(row: RowMapping) -> Entry:
    """A row of `entries` as a value."""
    return Entry(
        contact=row["contact"],
        klass=Klass(row["klass"]),
        seq=row["seq"],
        segment=row["segment"],
        kind=Kind(row["kind"]),
        author=Author(row["author"]),
        at=row["at"],
        staff=row["staff"],
        client_id=row["client_id"],
        code=Line(row["code"]) if row["code"] else None,
        sealed=row["sealed"],
        revision=row["revision"],
    )


def _entry_row(entry: Entry) -> dict[str, object]:
    return {
        "contact": entry.contact,
        "klass": entry.klass,
        "seq": entry.seq,
        "segment": entry.segment,
        "revision": entry.revision,
        "kind": entry.kind,
        "author": entry.author,
        "staff": entry.staff,
        "client_id": entry.client_id,
        "at": entry.at,
        "code": entry.code,
        "sealed": entry.sealed,
    }


def _numbers(row: Any) -> dict[Klass, int]:
    return {Klass.TRANSCRIPT: row.transcript_seq, Klass.RECORD: row.record_seq}
