"""What a person wishes done with what they told holds on every way out: while they do not wish to share, nothing new leaves.

It withdraws nothing: what was agreed to waits, until they wish otherwise or its time is up. Emergencies do not ask.
"""

from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.contact import Wish
from contacts.tables_log import contacts
from storage.ids import ContactId

UNSHARED: Final = frozenset({Wish.CONFIDENTIAL, Wish.ANONYMOUS})


async def unshared(conn: AsyncConnection, contact: ContactId) -> bool:
    """Whether the person wishes that nothing is passed on."""
    return await conn.scalar(select(contacts.c.wish).where(contacts.c.id == contact)) in UNSHARED
