import asyncio

import pytest
from sqlalchemy import Row, func, select, text

from contacts.audit import Action
from contacts.distrust import Fault
from contacts.openings import OpeningDenied, OpeningReason
from contacts.people import Role
from contacts.session import Ended, Session
from contacts.staff_keys import Closed
from contacts.tables_audit import audit
from storage.ids import ContactId, new_id
from tests.contacts.installation import Installation

pytestmark = pytest.mark.anyio


async def recorded(here: Installation) -> list[Row[tuple[object, ...]]]:
    opens = audit.c.action.in_([Action.OPEN, Action.OPEN_WITH_REASON])
    async with here.store.read() as conn:
        return list(await conn.execute(select(audit).where(opens).order_by(audit.c.number)))


async def test_opening_is_recorded_before_anything_is_shown(here: Installation, lead: Session) -> None:
    contact = ContactId(new_id())
    opening = await here.openings.opened(lead, contact)
    assert [(row.actor, row.contact, row.detail) for row in await recorded(here)] == [(lead.staff_id, contact, None)]
    assert (opening.session, opening.contact) == (lead, contact)


async def test_one_contact_in_one_session_is_one_row(here: Installation, lead: Session) -> None:
    contact = ContactId(new_id())
    await asyncio.gather(*(here.openings.opened(lead, contact) for _ in range(3)))
    lead.opened.clear()  # another worker, which does not remember
    await here.openings.opened(lead, contact)
    assert len(await recorded(here)) == 1


async def test_a_new_session_is_a_new_row(here: Installation, lead: Session) -> None:
    contact = ContactId(new_id())
    otso = await here.joined(lead, "otso")
    for _ in range(2):
        await here.openings.opened(await here.signed_in(otso), contact)
    assert len(await recorded(here)) == 2


async def test_a_reason_is_recorded_each_time(here: Installation, lead: Session) -> None:
    contact = ContactId(new_id())
    await here.openings.opened(lead, contact)
    await here.openings.opened(lead, contact, OpeningReason.COMPLAINT)
    await here.openings.opened(lead, contact, OpeningReason.SAFETY)
    assert [(row.action, row.detail) for row in await recorded(here)] == [
        ("open", None),
        ("open_with_reason", "complaint"),
        ("open_with_reason", "safety"),
    ]


async def test_what_cannot_be_recorded_is_denied(here: Installation, lead: Session) -> None:
    async with here.store.write() as conn:
        await conn.execute(text("ALTER TABLE audit RENAME TO elsewhere"))
    contact = ContactId(new_id())
    with pytest.raises(OpeningDenied):
        await here.openings.opened(lead, contact)
    assert contact not in lead.opened
    assert here.alarms == [Fault.AUDIT_UNWRITABLE]


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMIN])
async def test_roles_without_keys_open_nothing(here: Installation, lead: Session, role: Role) -> None:
    other = await here.signed_in(await here.joined(lead, "other", role))
    with pytest.raises(OpeningDenied):
        await here.openings.opened(other, ContactId(new_id()))
    assert await recorded(here) == []


async def test_a_session_that_ended_opens_nothing(here: Installation, lead: Session) -> None:
    lead.end(Ended.REVOKED)
    with pytest.raises(Closed):
        await here.openings.opened(lead, ContactId(new_id()))


async def test_no_row_holds_words_or_names(here: Installation, lead: Session) -> None:
    await here.read(lead, await here.sealed("salaisuus"))
    async with here.store.read() as conn:
        values = [value for row in await conn.execute(select(audit)) for value in row]
        assert (await conn.execute(select(func.count()).select_from(audit))).scalar_one() > 0
    for word in ("salaisuus", "leena", "Leena"):
        assert word not in values
