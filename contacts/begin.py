"""The first row of a contact, whichever door it came through."""

from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.contact import Contact
from contacts.heads import contact_row
from contacts.tables_log import contacts


async def begin(conn: AsyncConnection, contact: Contact) -> None:
    """Insert a new contact; its key and its entries follow in the same transaction or in later ones."""
    await conn.execute(contacts.insert().values(contact_row(contact)))
