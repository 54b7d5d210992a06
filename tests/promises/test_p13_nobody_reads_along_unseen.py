"""P13: no supervisor reads a live conversation invisibly: opening it commits a line the visitor sees."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from chat.live_reading import LiveReading
from chat.shown import StatusShown
from chat.talk import Talk
from config.watching import watching
from contacts.contact import Refusal, Refused
from contacts.openings import OpeningReason, TooManyOpenings
from contacts.people import Role
from contacts.session import Session
from contacts.tables_audit import audit
from contacts.tables_log import contacts
from contacts.words import Words
from storage.clock import ManualClock
from storage.engine import Store
from tests.chat.test_visitor_door import Page
from tests.contacts.conftest import database_url, kept_database, store
from tests.eventually import eventually
from tests.house import Worker, message_id, opened_house
from tests.stores import told

__all__ = ["database_url", "kept_database", "store", "told"]

pytestmark = pytest.mark.anyio
SAID, NOTED, LATER = "kerroin kaiken", "pelkää kotiin menoa", "vielä yksi asia"


@pytest.fixture
async def here(store: Store) -> AsyncIterator[Worker]:
    async with opened_house(store, ManualClock(datetime(2026, 11, 24, 12, 0, tzinfo=UTC))) as worker:
        yield worker


def live(here: Worker) -> LiveReading:
    return watching(here.house).live


async def talking(here: Worker, anna: Session) -> Talk:
    talk, desk = await here.conversation(anna)
    await here.says(talk, 1, SAID)
    await here.house.desk_door.noted(anna, desk.contact, message_id(2), Words(NOTED))
    return talk


async def refused(here: Worker, session: Session, talk: Talk) -> Refusal:
    with pytest.raises(Refused) as error:
        await live(here).read(session, talk.contact)
    return error.value.code


async def read(here: Worker, session: Session, talk: Talk) -> list[str]:
    found = await live(here).read(session, talk.contact)
    return [one.text.reveal() for one in [*found.said, *found.notes] if one.text is not None]


async def lines(here: Worker, talk: Talk) -> list[tuple[str, str | None]]:
    async with here.house.resources.store.read() as conn:
        query = select(audit.c.action, audit.c.detail).where(audit.c.contact == talk.contact).order_by(audit.c.number)
        return [(row.action, row.detail) for row in await conn.execute(query)]


async def test_p13_a_lead_joins_before_both_eyes_and_only_then_reads(here: Worker) -> None:
    anna, lead = await here.on_duty("anna"), await here.signed_in("kaisa", Role.LEAD)
    talk, page = await talking(here, anna), Page()
    feed = here.house.visitor_door.feed(talk, page.items.append)
    feed.start(0)
    assert await refused(here, lead, talk) is Refusal.NOT_YOURS, "nothing before the line"
    assert [one.id for one in await live(here).under_way(lead)] == [talk.contact]

    await live(here).join(lead, talk.contact, OpeningReason.HELP)
    await live(here).join(lead, talk.contact, OpeningReason.HELP)
    assert (await here.codes(talk.contact)).count("lead_joined") == 1
    assert ("open_with_reason", "help") in await lines(here, talk)
    assert await read(here, lead, talk) == [SAID, NOTED]
    await eventually(lambda: "lead_joined" in [entry.code for entry in page.entries], what="the visitor sees it")
    sentence = here.house.sentences.helped("fi", "Anna", "Kaisa")
    await eventually(lambda: sentence in [one.text for one in page.items if isinstance(one, StatusShown)])
    assert here.house.sentences.line("fi", "lead_joined")

    await here.says(talk, 3, LATER)
    assert await read(here, lead, talk) == [SAID, LATER, NOTED]
    await live(here).leave(lead, talk.contact)
    assert await refused(here, lead, talk) is Refusal.NOT_YOURS
    await eventually(lambda: [one for one in page.items if isinstance(one, StatusShown)][-1].text != sentence)
    feed.stop()


async def test_p13_without_the_line_or_the_audit_row_nothing_is_shown(here: Worker) -> None:
    anna, lead = await here.on_duty("anna"), await here.signed_in("kaisa", Role.LEAD)
    talk = await talking(here, anna)
    store = here.house.resources.store
    async with store.write() as conn:  # the audit log cannot be written
        await conn.execute(text("ALTER TABLE audit RENAME TO audit_away"))
    with pytest.raises(Refused) as error:
        await live(here).join(lead, talk.contact, OpeningReason.SAFETY)
    assert error.value.code is Refusal.CANNOT_OPEN
    async with store.write() as conn:
        await conn.execute(text("ALTER TABLE audit_away RENAME TO audit"))
    assert "lead_joined" not in await here.codes(talk.contact)
    assert await refused(here, lead, talk) is Refusal.NOT_YOURS


async def test_p13_only_leads_only_what_the_worker_may_read_and_only_while_it_lasts(here: Worker) -> None:
    anna, lead = await here.on_duty("anna"), await here.signed_in("kaisa", Role.LEAD)
    talk = await talking(here, anna)
    for name, role in (("otso", Role.OPERATOR), ("tiina", Role.ANALYST), ("ylla", Role.ADMIN)):
        session = await here.signed_in(name, role)
        with pytest.raises(Refused):
            await live(here).join(session, talk.contact, OpeningReason.HELP)
        assert await refused(here, session, talk) is Refusal.NOT_YOURS
    await live(here).join(lead, talk.contact, OpeningReason.HELP)
    async with here.house.resources.store.write() as conn:  # as when the visitor does not let a successor read on
        await conn.execute(contacts.update().where(contacts.c.id == talk.contact).values(reads_from=99))
    assert await read(here, lead, talk) == []
    second = await here.signed_in("liisa", Role.LEAD)
    with pytest.raises(Refused) as error:
        await live(here).join(second, talk.contact, OpeningReason.QUALITY)
    assert error.value.code is Refusal.ALREADY_TAKEN
    await here.house.desk_door.ended(anna, talk.contact)
    assert await refused(here, lead, talk) is Refusal.NOT_YOURS, "now it is a closed one, with its own reason"


async def test_p13_a_name_written_into_the_database_opens_nothing(here: Worker) -> None:
    anna, lead = await here.on_duty("anna"), await here.signed_in("kaisa", Role.LEAD)
    talk = await talking(here, anna)
    await here.house.openings.opened(lead, talk.contact, OpeningReason.SAFETY)
    async with here.house.resources.store.write() as conn:
        await conn.execute(contacts.update().where(contacts.c.id == talk.contact).values(helper=lead.staff_id))
    assert await refused(here, lead, talk) is Refusal.NOT_YOURS


async def test_p13_openings_with_a_reason_are_capped_and_every_one_is_in_the_log(here: Worker) -> None:
    anna, lead = await here.on_duty("anna"), await here.signed_in("kaisa", Role.LEAD)
    talk = await talking(here, anna)
    for _ in range(3):
        await live(here).join(lead, talk.contact, OpeningReason.HELP)
        await live(here).leave(lead, talk.contact)
    with pytest.raises(TooManyOpenings):
        await live(here).join(lead, talk.contact, OpeningReason.HELP)
    assert await refused(here, lead, talk) is Refusal.NOT_YOURS
    assert (await lines(here, talk)).count(("open_with_reason", "help")) == 3
