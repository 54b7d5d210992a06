"""Contacts that have ended: one's own, a colleague's with a reason, and never one that is under way (P13)."""

import pytest
from sqlalchemy import select

from chat.closed_reading import ClosedReading, ReadContact
from contacts.contact import Refusal, Refused
from contacts.openings import OpeningReason, TooManyOpenings
from contacts.people import Role
from contacts.session import Session
from contacts.tables_audit import audit
from contacts.tables_log import contacts
from contacts.words import Words
from storage.ids import ContactId
from tests.house import Worker, message_id

pytestmark = pytest.mark.anyio


async def over(here: Worker, session: Session, text: str = "kuultu sana") -> ContactId:
    """A conversation with a note that has ended."""
    talk, desk = await here.conversation(session)
    await here.says(talk, 1, text)
    await here.house.desk_door.noted(session, desk.contact, message_id(2), Words("muistiin pantu"))
    await here.house.desk_door.ended(session, desk.contact)
    return desk.contact


async def lines(here: Worker, contact: ContactId) -> list[tuple[str, str | None]]:
    async with here.house.resources.store.read() as conn:
        query = select(audit.c.action, audit.c.detail).where(audit.c.contact == contact).order_by(audit.c.number)
        return [(row.action, row.detail) for row in await conn.execute(query)]


def words(read: ReadContact) -> list[str]:
    return [one.text.reveal() for one in [*read.said, *read.notes] if one.text is not None]


def reading(here: Worker) -> ClosedReading:
    return here.house.keeping.reading


async def refused(here: Worker, session: Session, contact: ContactId, reason: OpeningReason | None = None) -> Refusal:
    with pytest.raises(Refused) as error:
        await reading(here).read(session, contact, reason)
    return error.value.code


async def test_ones_own_needs_no_reason(here: Worker, anna: Session) -> None:
    contact = await over(here, anna)
    assert words(await reading(here).read(anna, contact, None)) == ["kuultu sana", "muistiin pantu"]


async def test_p11_a_colleagues_needs_a_reason_that_is_recorded_first(here: Worker, anna: Session) -> None:
    otso = await here.signed_in("otso")
    contact = await over(here, anna)
    assert await refused(here, otso, contact) is Refusal.CANNOT_OPEN
    assert ("open_with_reason", "quality") not in await lines(here, contact)
    read = await reading(here).read(otso, contact, OpeningReason.QUALITY)
    assert words(read) == ["kuultu sana", "muistiin pantu"]
    assert (await lines(here, contact))[-1] == ("open_with_reason", "quality")


async def test_p13_what_is_under_way_is_nobody_elses_to_read(here: Worker, anna: Session) -> None:
    talk, desk = await here.conversation(anna)
    await here.says(talk, 1)
    lead = await here.signed_in("liisa", Role.LEAD)
    for session in (lead, anna):
        assert await refused(here, session, desk.contact, OpeningReason.SAFETY) is Refusal.NOT_YOURS
    assert "open_with_reason" not in {action for action, _ in await lines(here, desk.contact)}


async def test_p12_analyst_and_administrator_open_nothing(here: Worker, anna: Session) -> None:
    contact = await over(here, anna)
    for name, role in (("tiina", Role.ANALYST), ("ylla", Role.ADMIN)):
        session = await here.signed_in(name, role)
        assert await refused(here, session, contact, OpeningReason.SAFETY) is Refusal.NOT_YOURS


async def test_three_an_hour_and_no_more(here: Worker, anna: Session) -> None:
    found = [await over(here, anna) for _ in range(4)]
    lead = await here.signed_in("liisa", Role.LEAD)
    for contact in found[:3]:
        await reading(here).read(lead, contact, OpeningReason.COMPLAINT)
    with pytest.raises(TooManyOpenings):
        await reading(here).read(lead, found[3], OpeningReason.COMPLAINT)
    assert ("open_with_reason", "complaint") not in await lines(here, found[3])
    otso = await here.signed_in("otso")
    await reading(here).read(otso, found[3], OpeningReason.COMPLAINT)
    here.clock.advance(3601)
    lead = await here.signed_in("liisa")
    await reading(here).read(lead, found[3], OpeningReason.COMPLAINT)


async def test_what_was_said_before_me_stays_closed_unless_i_give_a_reason(here: Worker, anna: Session) -> None:
    contact = await over(here, anna)
    async with here.house.resources.store.write() as conn:
        await conn.execute(contacts.update().where(contacts.c.id == contact).values(reads_from=9))
    assert words(await reading(here).read(anna, contact, None)) == []
    assert words(await reading(here).read(anna, contact, OpeningReason.SAFETY)) == ["kuultu sana", "muistiin pantu"]


async def test_a_contact_that_is_not_there_looks_like_one_that_is_under_way(here: Worker, anna: Session) -> None:
    assert await refused(here, anna, ContactId("0" * 32), OpeningReason.SAFETY) is Refusal.NOT_YOURS


async def test_ended_contacts_are_listed_newest_first_a_page_at_a_time(here: Worker, anna: Session) -> None:
    found: list[ContactId] = []
    for _ in range(3):
        found.insert(0, await over(here, anna))
        here.clock.advance(5)
    await here.conversation(anna)
    ended = here.house.keeping.ended
    first = await ended.page(size=2)
    assert ([one.id for one in first.contacts], first.more) == (found[:2], True)
    last = first.contacts[-1]
    assert last.ended_at is not None
    rest = await ended.page(size=2, below=(last.ended_at, last.id))
    assert ([one.id for one in rest.contacts], rest.more) == (found[2:], False)
    assert [one.id for one in (await ended.page(tag=last.tag)).contacts].count(last.id) == 1
    assert (await ended.page(tag="ZZZZ")).contacts == []
