"""Reading the contact log: always sealed, always in order. Opening is the keyring's business, and audited there."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.call_loads import on_the_phone
from contacts.contact import Author, Contact, Door, Entry, Kind, Klass, State
from contacts.heads import contact_of, entry_of
from contacts.tables_log import contacts, entries
from storage.engine import Store
from storage.ids import ContactId, StaffId

_NUMBERS = {Klass.TRANSCRIPT: contacts.c.transcript_seq, Klass.RECORD: contacts.c.record_seq}
_PAGE = 500
#: What a call adds to the load of whoever is on it: no capacity is as large.
A_CALL = 1000

#: What a person said, in words or by pressing a button.
_SAID = (Kind.MESSAGE, Kind.CARD, Kind.ANSWER)
_SPEAKER = (
    select(entries.c.author)
    .where(entries.c.contact == contacts.c.id, entries.c.klass == Klass.TRANSCRIPT, entries.c.kind.in_(_SAID))
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
        contacts.c.door == Door.CHAT,
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


class Wait(Struct, frozen=True):
    """How long somebody waited: `place` in the line when they came (1 was next), `seconds` until somebody answered."""

    language: str
    place: int
    seconds: int


class Spoken(Struct, frozen=True):
    """The newest message of a conversation: who wrote it, when (seconds since 1970)."""

    by: Author
    at: int


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
        under_way = (contacts.c.door == Door.CHAT, contacts.c.state == State.ACTIVE)
        query = select(contacts).where(*under_way).order_by(contacts.c.accepted_at, contacts.c.id)
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

    async def loads(self, conn: AsyncConnection) -> dict[StaffId, int]:
        """Running conversations, and offers that stand, by operator; a call counts as more than anybody can have."""
        busy = func.coalesce(contacts.c.operator, contacts.c.offered_to).label("staff")
        taken = (contacts.c.door == Door.CHAT, contacts.c.state.in_([State.ACTIVE, State.OFFERED]))
        query = select(busy, func.count()).where(*taken).group_by(busy)
        found = {StaffId(row[0]): int(row[1]) for row in await conn.execute(query) if row[0] is not None}
        for staff in await on_the_phone(conn):
            found[StaffId(staff)] = found.get(StaffId(staff), 0) + A_CALL
        return found

    async def minutes(self, conn: AsyncConnection, since: int, now: int) -> dict[StaffId, int]:
        """How long each operator was in conversations between two instants, in minutes."""
        query = select(contacts.c.operator, contacts.c.accepted_at, contacts.c.ended_at).where(
            contacts.c.state.in_([State.ACTIVE, State.ENDED]),
            contacts.c.door == Door.CHAT,
            contacts.c.opened_at > since - 4 * 3600,  # for the index; longer conversations count no more
            contacts.c.operator.is_not(None),
            contacts.c.accepted_at.is_not(None),
            or_(contacts.c.ended_at.is_(None), contacts.c.ended_at > since),
        )
        seconds: dict[StaffId, int] = {}
        for operator, accepted_at, ended_at in await conn.execute(query):
            seconds[operator] = seconds.get(operator, 0) + max((ended_at or now) - max(accepted_at, since), 0)
        return {operator: spent // 60 for operator, spent in seconds.items()}

    async def count_waiting(self, conn: AsyncConnection) -> int:
        """How many are in the line of the chat, and on their line, without a worker and without an offer."""
        query = (
            select(func.count())
            .select_from(contacts)
            .where(
                contacts.c.door == Door.CHAT,
                contacts.c.state == State.WAITING,
                contacts.c.visitor_away_since.is_(None),
            )
        )
        return int((await conn.execute(query)).scalar_one())

    async def waits(self, conn: AsyncConnection, since: int) -> list[Wait]:
        """The waits of everybody who came to the chat after `since` and was answered."""
        query = select(contacts.c.language, contacts.c.place, contacts.c.waited).where(
            contacts.c.state.in_([State.ACTIVE, State.ENDED]),
            contacts.c.opened_at > since,
            contacts.c.door == Door.CHAT,
            contacts.c.waited.is_not(None),
        )
        return [Wait(*row) for row in await conn.execute(query)]

    async def handed_back(self, former: StaffId) -> list[ContactId]:
        """Contacts in the line whose worker this was until the line broke."""
        query = select(contacts.c.id).where(
            contacts.c.state.in_([State.WAITING, State.OFFERED]),
            contacts.c.former == former,
            contacts.c.next_reads == 0,
        )
        async with self._store.read() as conn:
            return list((await conn.execute(query)).scalars())

    async def newest_messages(self, ids: Sequence[ContactId]) -> dict[ContactId, Spoken]:
        """The newest message of each of these; contacts without one are left out."""
        newest = (
            select(entries.c.contact, func.max(entries.c.seq).label("seq"))
            .where(entries.c.contact.in_(ids), entries.c.klass == Klass.TRANSCRIPT, entries.c.kind.in_(_SAID))
            .group_by(entries.c.contact)
            .subquery()
        )
        same = and_(
            entries.c.contact == newest.c.contact, entries.c.seq == newest.c.seq, entries.c.klass == Klass.TRANSCRIPT
        )
        async with self._store.read() as conn:
            rows = await conn.execute(select(entries.c.contact, entries.c.author, entries.c.at).join(newest, same))
            return {row.contact: Spoken(Author(row.author), row.at) for row in rows}

    async def count_active(self, conn: AsyncConnection, operator: StaffId, *, besides: ContactId) -> int:
        """How many conversations an operator has under way, inside the caller's transaction."""
        query = (
            select(func.count())
            .select_from(contacts)
            .where(
                contacts.c.door == Door.CHAT,
                contacts.c.operator == operator,
                contacts.c.state == State.ACTIVE,
                contacts.c.id != besides,
            )
        )
        return int((await conn.execute(query)).scalar_one())


def _listed(row: Mapping[Any, Any]) -> Listed:
    speaker = Author(row["speaker"]) if row["speaker"] else None
    return Listed(contact_of(row), row["transcript_seq"], speaker)
