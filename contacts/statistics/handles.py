"""The handle of a contact: the random name its facts carry inside. Once they have moved, only the record knows it.

Sealed under a key of the record's class, so that it is destroyed with the record: from then on nothing anywhere says
which of the moved facts were this contact's.
"""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.contact import Author, Klass
from contacts.envelopes import Unopenable
from contacts.inserting import inserted
from contacts.keyring import Keyring, NoKey
from contacts.openings import Opening
from contacts.sealing import EntryName
from contacts.statistics.tables import fact_handles
from contacts.tables_log import contacts
from contacts.words import Words
from storage.ids import ContactId


class Handles:
    """Keeps and opens handles. Works in the caller's transaction."""

    def __init__(self, *, keyring: Keyring) -> None:
        self._keyring = keyring

    async def keep(self, conn: AsyncConnection, contact: ContactId, handle: str) -> None:
        """Seal it, once; needs no private key. Nothing is kept of a contact that was erased. Raises `NoEpoch`, `Distrusted`."""
        there = select(fact_handles.c.segment).where(fact_handles.c.contact == contact)
        alive = select(contacts.c.id).where(contacts.c.id == contact, contacts.c.erased_at.is_(None))
        if (await conn.execute(there)).first() is not None or (await conn.execute(alive)).first() is None:
            return
        key = await self._keyring.new_segment(conn, contact, Klass.RECORD)
        sealed = key.seal(_name(contact, key.segment), Words(handle))
        await inserted(conn, fact_handles, contact=contact, segment=key.segment, sealed=sealed)

    async def of(self, conn: AsyncConnection, opening: Opening) -> str | None:
        """The handle, for somebody who has opened the contact; None when there is none, or its key is destroyed."""
        query = select(fact_handles).where(fact_handles.c.contact == opening.contact)
        row = (await conn.execute(query)).one_or_none()
        if row is None:
            return None
        try:
            key = await self._keyring.open_segment(conn, opening, Klass.RECORD, row.segment)
            return key.open(_name(opening.contact, row.segment), row.sealed).reveal()
        except (NoKey, Unopenable):
            return None


def _name(contact: ContactId, segment: int) -> EntryName:
    return EntryName(contact, Klass.RECORD, segment, 0, 0, "handle", Author.HOUSE, table="fact_handles")
