"""A database writer without the app key keeps nothing from the audit log unnoticed."""

import pytest
from sqlalchemy import delete, insert, select

from contacts.audit import Action
from contacts.distrust import Distrusted
from contacts.openings import OpeningDenied
from contacts.session import Session
from contacts.tables_audit import audit, audit_head
from contacts.tables_staff import openings
from storage.ids import ContactId, new_id
from tests.contacts.audit_vandals import without_triggers
from tests.contacts.conftest import database_url, here, kept_database, lead, store
from tests.contacts.installation import Installation
from tests.stores import clock, other_store, told

__all__ = ["clock", "database_url", "here", "kept_database", "lead", "other_store", "store", "told"]

pytestmark = pytest.mark.anyio


async def test_a_row_put_into_openings_does_not_keep_an_opening_from_the_record(
    here: Installation, lead: Session
) -> None:
    contact = ContactId(new_id())
    async with here.store.write() as conn:  # around Quietline: the table carries no authenticity code
        await conn.execute(insert(openings).values(session=lead.id, contact=contact, at=1))
    await here.openings.opened(lead, contact)
    async with here.store.read() as conn:
        found = (await conn.execute(select(audit.c.number).where(audit.c.contact == contact))).all()
    assert len(found) == 1


async def test_an_emptied_audit_log_is_noticed(here: Installation, lead: Session) -> None:
    """A database owner without the app key: drops the triggers, empties both tables. It used to begin anew, silently."""
    await without_triggers(here.store)
    async with here.store.write() as conn:
        await conn.execute(delete(audit))
        await conn.execute(delete(audit_head))
    async with here.store.read() as conn:
        assert await here.audit_check.verify(conn) is not None
    with pytest.raises(OpeningDenied):
        await here.openings.opened(lead, ContactId(new_id()))
    with pytest.raises(Distrusted):
        async with here.store.write() as conn:
            await here.audit.append(conn, Action.SIGN_OUT)
