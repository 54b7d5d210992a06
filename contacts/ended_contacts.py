"""Contacts that have ended, as a list to find one in: times, language and door, and no word of what was said."""

from msgspec import Struct
from sqlalchemy import and_, or_, select

from contacts.contact import Contact, State
from contacts.heads import contact_of
from contacts.tables_log import contacts
from storage.engine import Store

PAGE = 50


class Ended(Struct, frozen=True):
    """One page of them, newest first. `more`: there are older ones; ask again below the last."""

    contacts: list[Contact]
    more: bool


class EndedContacts:
    """Reads the list."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    async def page(self, *, tag: str = "", below: tuple[int, str] | None = None, size: int = PAGE) -> Ended:
        """Up to `size` contacts that ended, with this tag if one is given; `below`: (ended_at, id) of one seen already."""
        query = select(contacts).where(contacts.c.ended_at.is_not(None), contacts.c.state == State.ENDED)
        query = query.where(contacts.c.erased_at.is_(None))
        if tag:
            query = query.where(contacts.c.tag == tag)
        if below is not None:
            at, last = below
            query = query.where(or_(contacts.c.ended_at < at, and_(contacts.c.ended_at == at, contacts.c.id < last)))
        query = query.order_by(contacts.c.ended_at.desc(), contacts.c.id.desc()).limit(size + 1)
        async with self._store.read() as conn:
            found = [contact_of(row._mapping) for row in await conn.execute(query)]
        return Ended(found[:size], len(found) > size)
