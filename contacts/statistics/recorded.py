"""What a change of the record changes in what is counted: the port `contacts.record_facts.Facts`."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.contact import Contact
from contacts.openings import Opening
from contacts.record import Record
from contacts.statistics.facts import Facts
from contacts.statistics.proposals import Proposals
from contacts.tables_records import records


class RecordedFacts:
    """Told of each save of a record, in its transaction."""

    def __init__(self, *, facts: Facts, proposals: Proposals) -> None:
        self._facts = facts
        self._proposals = proposals

    async def changed(
        self,
        conn: AsyncConnection,
        contact: Contact,
        before: Record | None,
        after: Record,
        *,
        opening: Opening,
    ) -> None:
        """Correct what was counted. A record that its writer could not read cannot be taken back: it stays counted."""
        unread = before is None and await self._exists(conn, contact)
        was = None if before is None else before.codes
        await self._facts.changed(conn, contact.id, was, after.codes, opening=opening, only_pending=unread)
        await self._proposals.recoded(conn, opening, after.codes)

    async def _exists(self, conn: AsyncConnection, contact: Contact) -> bool:
        query = select(records.c.revision).where(records.c.contact == contact.id)
        return (await conn.execute(query)).first() is not None
