"""Records of the contacts that are mine: live or over, of every door. The guarded way in for an operator.

Somebody else's contact and one that is not there look the same.
"""

from collections.abc import Awaitable, Callable

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.contact import Contact, Door, Refusal, Refused, State
from contacts.heads import contact_of
from contacts.log import Log
from contacts.openings import Opening, OpeningDenied, Openings
from contacts.record import Codes
from contacts.records import Kept, Records
from contacts.session import Session
from contacts.staff_keys import Closed
from contacts.tables_log import contacts
from contacts.tables_records import records
from storage.engine import Store
from storage.ids import ContactId, StaffId, is_id

#: What came with a contact, in codes; nothing for most. May raise `Closed`.
Given = Callable[[AsyncConnection, Opening], Awaitable[Codes]]

#: Contacts on the list of what is left to finish.
LONGEST_LIST = 50


class Unfinished(Struct, frozen=True):
    """A contact of mine whose record is not finished. `begun`: something was recorded."""

    contact: Contact
    begun: bool


class RecordDoor:
    """The operator's use cases. All raise `Refused`: not_yours, cannot_open."""

    def __init__(
        self, *, store: Store, log: Log, openings: Openings, records: Records, given: Given | None = None
    ) -> None:
        self._store = store
        self._log = log
        self._openings = openings
        self._records = records
        self._given = given or _nothing

    async def current(self, session: Session, contact: ContactId) -> Kept:
        """The record of one of my contacts."""
        opening = await self.opening(session, contact)
        try:
            kept = await self._records.current(opening)
            if kept.revision:
                return kept
            async with self._store.read() as conn:
                return replace(kept, given=await self._given(conn, opening))
        except Closed:
            raise Refused(Refusal.NOT_YOURS) from None

    async def save(self, session: Session, contact: ContactId, *, based_on: int, codes: Codes, finished: bool) -> Kept:
        """Keep a revision. Raises also `contacts.records.Conflict` and `Faulty`."""
        opening = await self.opening(session, contact)
        try:
            return await self._records.save(opening, based_on=based_on, codes=codes, finished=finished)
        except Closed:
            raise Refused(Refusal.NOT_YOURS) from None

    async def unfinished(self, staff: StaffId) -> list[Unfinished]:
        """My contacts that are over and not finished, and calls under way; the newest first."""
        async with self._store.read() as conn:
            return await unfinished(conn, staff)

    async def opening(self, session: Session, contact: ContactId) -> Opening:
        """The audited right to read one of my contacts."""
        found = await self._log.contact(contact) if is_id(contact) else None
        if found is None or found.operator != session.staff_id:
            raise Refused(Refusal.NOT_YOURS)
        try:
            return await self._openings.opened(session, contact)
        except OpeningDenied:
            raise Refused(Refusal.CANNOT_OPEN) from None
        except Closed:
            raise Refused(Refusal.NOT_YOURS) from None


async def _nothing(_conn: AsyncConnection, _opening: Opening) -> Codes:
    return {}


async def unfinished(conn: AsyncConnection, staff: StaffId, limit: int = LONGEST_LIST) -> list[Unfinished]:
    """Up to `limit` of somebody's contacts without a finished record; what was erased is over."""
    query = (
        select(contacts, records.c.revision.label("record_revision"))
        .outerjoin(records, records.c.contact == contacts.c.id)
        .where(
            contacts.c.operator == staff,
            contacts.c.erased_at.is_(None),
            records.c.finished_at.is_(None),
            or_(
                contacts.c.state == State.ENDED,
                and_(contacts.c.state == State.ACTIVE, contacts.c.door == Door.PHONE),
            ),
        )
        .order_by(contacts.c.ended_at.desc().nulls_first(), contacts.c.id)
        .limit(limit)
    )
    rows = (await conn.execute(query)).mappings().all()
    return [Unfinished(contact_of(row), begun=row["record_revision"] is not None) for row in rows]
