"""The first row of a contact, whichever door it came through."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.contact import Contact, Entry, Klass
from contacts.heads import contact_row, store_entries
from contacts.tables_log import contacts


async def begin(conn: AsyncConnection, contact: Contact, entries: Sequence[Entry] = ()) -> None:
    """Insert a new contact with the entries it comes with; its keys and what follows are the caller's business."""
    spoken = sum(entry.klass is Klass.TRANSCRIPT for entry in entries)
    await conn.execute(contacts.insert().values({**contact_row(contact), "transcript_seq": spoken}))
    await store_entries(conn, entries)
