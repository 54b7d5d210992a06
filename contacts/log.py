"""Reading the contact log: always sealed, always in order. Opening is the keyring's business, and audited there."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.contact import Author, Contact, Door, Entry, Kind, Klass, State
from contacts.heads import contact_of, entry_of
from contacts.tables_log import contacts, entries
from storage.engine import Store
from storage.ids import ContactId, StaffId

_NUMBERS = {Klass.TRANSCRIPT: contacts.c.transcript_seq, Klass.RECORD: contacts.c.record_seq}
_PAGE = 500

_SPEAKER = (
    select(entries.c.author)
    .where(entries.c.contact == contacts.c.id, entries.c.klass == Klass.TRANSCRIPT, entries.c.kind == Kind.MESSAGE)
    .order_by(entries.c.seq.desc())
    .limit(1)
    .scalar_subquery()
    .label("speaker")
)
# Every desk asks these two again and again: made once, because making them takes longer than running them.
_LISTED = select(contacts, _SPEAKER).where(contacts.c.id.in_(bindparam("ids", expanding=True)))
_DESK = (
    select(contacts, _SPEAKER)
    .where(
        contacts.c.operator == bindparam("operator"),
        or_(
            contacts.c.state == State.ACTIVE,
            and_(contacts.c.state == State.ENDED, contacts.c.ended_at > bindparam("ended_after")),
        ),
    )
    .order_by(contacts.c.ended_at.nulls_first(), contacts.c.accepted_at, contacts.c.id)
)


class Listed(Struct, frozen=True):
    """A contact on somebody's list, with its newest number and who wrote its newest message (None: nobody yet)."""

    contact: Contact
    seq: int
    speaker: Author | None


class Log:
    """Queries on contacts and entries."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    async def contact(self, contact: ContactId) -> Contact | None:
        """One contact, or None."""
        async with self._store.read() as conn:
            row = (await conn.execute(select(contacts).where(contacts.c.id == contact))).one_or_none()
        return contact_of(row._mapping) if row else None

    async def entries_after(self, contact: ContactId, klass: Klass, after: int, limit: int = _PAGE) -> list[Entry]:
        """Up to `limit` entries numbered above `after`, in order."""
        query = (
            select(entries)
            .where(entries.c.contact == contact, entries.c.klass == klass, entries.c.seq > after)
            .order_by(entries.c.seq)
            .limit(limit)
        )
        async with self._store.read() as conn:
            return [entry_of(row._mapping) for row in await conn.execute(query)]

    async def last_numbers(self, ids: Sequence[ContactId], klass: Klass = Klass.TRANSCRIPT) -> dict[ContactId, int]:
        """The newest number of each of these contacts."""
        query = select(contacts.c.id, _NUMBERS[klass]).where(contacts.c.id.in_(ids))
        async with self._store.read() as conn:
            return {row[0]: row[1] for row in await conn.execute(query)}

    async def waiting(self) -> list[Contact]:
        """Everybody in the line of the chat, first come first."""
        query = (
            select(contacts)
            .where(contacts.c.door == Door.CHAT, contacts.c.state.in_([State.WAITING, State.OFFERED]))
            .order_by(contacts.c.opened_at, contacts.c.id)
        )
        async with self._store.read() as conn:
            return [contact_of(row._mapping) for row in await conn.execute(query)]

    async def active(self, operator: StaffId | None = None) -> list[Contact]:
        """Conversations under way, of one operator or of all."""
        query = select(contacts).where(contacts.c.state == State.ACTIVE).order_by(contacts.c.accepted_at, contacts.c.id)
        if operator is not None:
            query = query.where(contacts.c.operator == operator)
        async with self._store.read() as conn:
            return [contact_of(row._mapping) for row in await conn.execute(query)]

    async def desk(self, operator: StaffId, ended_after: int) -> list[Listed]:
        """This operator's conversations under way, then those that ended after that instant: their records wait."""
        async with self._store.read() as conn:
            rows = await conn.execute(_DESK, {"operator": operator, "ended_after": ended_after})
            return [_listed(row._mapping) for row in rows]

    async def listed(self, ids: Sequence[ContactId]) -> dict[ContactId, Listed]:
        """These contacts as they are now; those that are not there are left out."""
        if not ids:
            return {}
        async with self._store.read() as conn:
            return {row.id: _listed(row._mapping) for row in await conn.execute(_LISTED, {"ids": ids})}

    async def away(self, ids: Sequence[ContactId]) -> list[ContactId]:
        """Those of these whose visitor is noted as off the line, though the contact lives."""
        query = select(contacts.c.id).where(
            contacts.c.id.in_(ids), contacts.c.visitor_away_since.is_not(None), contacts.c.state != State.ENDED
        )
        async with self._store.read() as conn:
            return list((await conn.execute(query)).scalars())

    async def count_active(self, conn: AsyncConnection, operator: StaffId, *, besides: ContactId) -> int:
        """How many conversations an operator has under way, inside the caller's transaction."""
        query = (
            select(func.count())
            .select_from(contacts)
            .where(contacts.c.operator == operator, contacts.c.state == State.ACTIVE, contacts.c.id != besides)
        )
        return int((await conn.execute(query)).scalar_one())


def _listed(row: Mapping[Any, Any]) -> Listed:
    speaker = Author(row["speaker"]) if row["speaker"] else None
    return Listed(contact_of(row), row["transcript_seq"], speaker)
