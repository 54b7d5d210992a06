"""Sending with the contact form, on both databases."""

import asyncio

import pytest
from sqlalchemy import func, select

from chat.contact_form import How
from contacts.contact import Answer, Door, Klass, Refusal, Refused, State, Urgency
from contacts.session import Session
from contacts.tables_forms import form_messages
from contacts.tables_keys import segments
from contacts.tables_log import contacts, entries
from contacts.words import Words
from storage.bus import MemoryBus
from storage.clock import ManualClock
from storage.engine import Store
from tests.chat.forms import message, with_answer
from tests.contacts.installation import founded
from tests.house import Worker, running

pytestmark = pytest.mark.anyio


async def rows(store: Store) -> dict[str, int]:
    """How many rows each table has."""
    async with store.read() as conn:
        tables = (contacts, entries, segments, form_messages)
        return {
            table.name: (await conn.execute(select(func.count()).select_from(table))).scalar_one() for table in tables
        }


async def test_a_message_is_a_contact_of_its_own_with_its_words_sealed(
    here: Worker, anna: Session, store: Store
) -> None:
    await here.house.forms.door.sent(with_answer("apua", urgent=True))
    assert await rows(store) == {"contacts": 1, "entries": 2, "segments": 2, "form_messages": 1}
    await here.house.forms.waiting.refresh()
    (row,) = here.house.forms.waiting.rows
    assert (row.urgency, row.answer, row.operator, row.away) == (Urgency.URGENT, Answer.WANTED, None, False)
    contact = await here.contact(row.contact)
    assert (contact.door, contact.state, contact.language) == (Door.FORM, State.WAITING, "fi")
    (said,), (how,) = await here.entries(contact.id), await here.entries(contact.id, Klass.CALLBACK)
    assert (said.seq, how.seq) == (1, 1)
    assert said.sealed is not None
    assert how.sealed is not None
    assert b"apua" not in said.sealed
    assert b"+358" not in how.sealed


async def test_the_same_message_of_the_same_page_is_kept_once(here: Worker, anna: Session, store: Store) -> None:
    sent = with_answer()
    await here.house.forms.door.sent(sent)
    await here.house.forms.door.sent(sent)
    assert await rows(store) == {"contacts": 1, "entries": 2, "segments": 2, "form_messages": 1}


async def test_sent_twice_at_once_it_is_kept_once(here: Worker, anna: Session, store: Store) -> None:
    sent = with_answer()
    await asyncio.gather(*(here.house.forms.door.sent(sent) for _ in range(8)))
    assert await rows(store) == {"contacts": 1, "entries": 2, "segments": 2, "form_messages": 1}


@pytest.mark.parametrize("changed", [{"urgent": True}, {"language": "sv"}, {"how": How.NOT_AT_ALL}])
async def test_whoever_goes_back_and_changes_something_sends_another_message(
    here: Worker, anna: Session, store: Store, changed: dict[str, object]
) -> None:
    first = message("hei")
    again = message("hei", page=first.page, **changed)
    await here.house.forms.door.sent(first)
    await here.house.forms.door.sent(again)
    await here.house.forms.door.sent(message("hei!", page=first.page))
    assert (await rows(store))["contacts"] == 3


async def test_a_message_without_anything_about_an_answer_seals_nothing_about_one(
    here: Worker, anna: Session, store: Store
) -> None:
    await here.house.forms.door.sent(message("hei", how=How.NOT_AT_ALL, address=Words("+358 40 1234567")))
    assert (await rows(store))["entries"] == 1
    await here.house.forms.waiting.refresh()
    assert here.house.forms.waiting.rows[0].answer is Answer.UNWANTED


async def test_the_longest_message_fits(here: Worker, anna: Session) -> None:
    text = "\N{GRINNING FACE}" * 4000
    await here.house.forms.door.sent(message(text))
    await here.house.forms.waiting.refresh()
    read = await here.house.forms.desk.taken(anna, here.house.forms.waiting.rows[0].contact)
    assert read.text == Words(text)


async def test_with_nobody_to_seal_it_for_a_message_is_not_taken_in(store: Store, clock: ManualClock) -> None:
    staff = await founded(store, clock)
    async with running(staff, store, MemoryBus()) as worker:
        with pytest.raises(Refused) as refused:
            await worker.house.forms.door.sent(message())
    assert refused.value.code is Refusal.UNAVAILABLE
    assert set((await rows(store)).values()) == {0}


async def test_while_the_database_is_away_a_message_is_not_taken_in(here: Worker, anna: Session) -> None:
    async with here.house.resources.store.write() as conn:
        await conn.run_sync(form_messages.drop)
    with pytest.raises(Refused) as refused:
        await here.house.forms.door.sent(message())
    assert refused.value.code is Refusal.UNAVAILABLE
    async with here.house.resources.store.write() as conn:
        await conn.run_sync(form_messages.create)
