"""Locking, reading and storing what the committer changes: the rows behind `Contact` and `Entry`."""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import RowMapping, bindparam
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.batch_sql import BATCH_SQL, ENTRY_COLUMNS, HEAD_COLUMNS, BatchSql
from contacts.contact import Author, Contact, Door, EndedBy, Entry, Kind, Klass, Line, Question, State, Wish
from contacts.tables_log import contacts
from storage.direct import fetched
from storage.engine import Dialect
from storage.ids import ContactId

_ELSEWHERE = {"id", "transcript_seq", "record_seq", "erased_at"}
_STATE_COLUMNS = [column.name for column in contacts.c if column.name not in _ELSEWHERE]
_ENTRY_ROW = attrgetter(*ENTRY_COLUMNS)
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
    sql = _sql(conn)
    found = await fetched(conn, sql.lock, sql.listed([(contact,) for contact in ids]))
    heads: dict[ContactId, Head] = {}
    for row in found:
        named = dict(zip(HEAD_COLUMNS, row, strict=True))
        last = {Klass.TRANSCRIPT: named["transcript_seq"], Klass.RECORD: named["record_seq"]}
        heads[named["id"]] = Head(contact_of(named), last)
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
        await _sql(conn).append(conn, [_ENTRY_ROW(entry) for entry in new])


async def store_heads(conn: AsyncConnection, heads: Iterable[Head]) -> None:
    """Write back what moved or grew since it was last written."""
    grown: list[tuple[str, int, int]] = []
    moved: list[dict[str, object]] = []
    for head in heads:
        this, transcript, record = head.contact.id, head.last[Klass.TRANSCRIPT], head.last[Klass.RECORD]
        if head.moved:
            state = {f"new_{name}": getattr(head.contact, name) for name in _STATE_COLUMNS}
            moved.append({"this": this, "t": transcript, "r": record, **state})
        elif head.grown:
            grown.append((this, transcript, record))
        head.moved = head.grown = False
    if grown:
        sql = _sql(conn)
        await fetched(conn, sql.grow, sql.listed(grown))
    if moved:
        await conn.execute(_MOVE, moved)


def contact_of(row: Mapping[str, Any] | RowMapping) -> Contact:
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
        place=row["place"],
        waited=row["waited"],
        danger=bool(row["danger"]),
        overtaken=row["overtaken"],
        missed_at=row["missed_at"],
        former=row["former"],
        next_reads=bool(row["next_reads"]),
        reads_from=row["reads_from"],
        question=Question(row["question"]) if row["question"] else None,
        question_to=row["question_to"],
        grace_until=row["grace_until"],
        told_at=row["told_at"],
        quiet_since=row["quiet_since"],
        card=row["card"],
        wish=Wish(row["wish"]) if row["wish"] else None,
        helper=row["helper"],
    )


def contact_row(contact: Contact) -> dict[str, Any]:
    """A new contact as a row, before its first entry."""
    return {name: getattr(contact, name) for name in ["id", *_STATE_COLUMNS]}


def entry_of(row: Mapping[str, Any] | RowMapping) -> Entry:
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


def _sql(conn: AsyncConnection) -> BatchSql:
    return BATCH_SQL[cast(Dialect, conn.dialect.name)]
