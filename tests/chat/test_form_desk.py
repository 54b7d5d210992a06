"""Messages of the form at the desk, on both databases."""

import pytest
from sqlalchemy import func, select, update

from chat.contact_form import CallBack, How, Voice
from chat.form_desk import FormDesk
from chat.form_list import FormList
from contacts.audit import Action
from contacts.contact import EndedBy, Klass, Refusal, Refused, State
from contacts.people import Role
from contacts.session import Session
from contacts.tables_audit import audit
from contacts.tables_log import entries
from contacts.words import Words
from storage.bus import MemoryBus
from storage.engine import Store
from storage.ids import ContactId
from tests.chat.forms import message, with_answer
from tests.house import Worker, another_worker, message_id

pytestmark = pytest.mark.anyio


def desk(here: Worker) -> FormDesk:
    return here.house.forms.desk


async def waiting(here: Worker) -> FormList:
    """The list, as it is now."""
    await here.house.forms.waiting.refresh()
    return here.house.forms.waiting


async def arrived(here: Worker, text: str = "apua") -> ContactId:
    """Somebody sent this, and wants to be called."""
    before = {row.contact for row in (await waiting(here)).rows}
    await here.house.forms.door.sent(with_answer(text))
    (new,) = {row.contact for row in (await waiting(here)).rows} - before
    return new


async def refusal(doing: object) -> Refusal:
    with pytest.raises(Refused) as refused:
        await doing  # type: ignore[misc]
    return refused.value.code


async def openings(store: Store, contact: ContactId) -> int:
    """How often the audit record says it was opened."""
    query = select(func.count()).select_from(audit).where(audit.c.action == Action.OPEN, audit.c.contact == contact)
    async with store.read() as conn:
        return int((await conn.execute(query)).scalar_one())


async def test_taking_is_on_the_audit_record_and_gives_the_words(here: Worker, anna: Session, store: Store) -> None:
    contact = await arrived(here)
    assert await openings(store, contact) == 0
    read = await desk(here).taken(anna, contact)
    assert await openings(store, contact) == 1
    assert read.text == Words("apua")
    assert read.call_back == CallBack(how=How.TELEPHONE, address="+358 40 123", times="ma 10-12", voice=Voice.NO)
    assert (await here.contact(contact)).operator == anna.staff_id


async def test_a_message_takes_no_capacity_and_no_place_among_conversations(here: Worker, anna: Session) -> None:
    for _ in range(3):
        await desk(here).taken(anna, await arrived(here))
    await here.conversation(anna)
    await here.conversation(anna)
    await here.house.places.refresh()
    desktop = await here.house.desk_door.desktop(anna.staff_id)
    assert (len(desktop.mine), len(desktop.waiting)) == (2, 0)


async def test_no_sweep_touches_a_message(here: Worker, anna: Session) -> None:
    first, second = await arrived(here), await arrived(here)
    await desk(here).taken(anna, first)
    here.clock.advance(3 * 24 * 3600)
    await here.house.sweeps.jobs[0].run()
    here.clock.advance(3 * 24 * 3600)
    await here.house.sweeps.jobs[0].run()
    assert (await here.contact(first)).state is State.ACTIVE
    assert (await here.contact(second)).state is State.WAITING
    assert (await waiting(here)).count == 2


async def test_a_message_cannot_be_accepted_answered_or_opened_as_a_conversation(here: Worker, anna: Session) -> None:
    contact = await arrived(here)
    assert await refusal(here.house.desk_door.accepted(anna, contact)) is Refusal.NOT_YOURS
    await desk(here).taken(anna, contact)
    assert await refusal(here.house.desk_door.ended(anna, contact)) is Refusal.NOT_YOURS
    assert await refusal(here.house.desk_door.opened(anna, contact)) is Refusal.NOT_YOURS


async def test_two_take_and_one_has_it(here: Worker, anna: Session) -> None:
    bert = await here.on_duty("bert")
    contact = await arrived(here)  # after both enrolled: both have a key for it
    await desk(here).taken(anna, contact)
    assert await refusal(desk(here).taken(bert, contact)) is Refusal.ALREADY_TAKEN
    assert await refusal(desk(here).opened(bert, contact)) is Refusal.NOT_YOURS
    assert await refusal(desk(here).put_back(bert, contact)) is Refusal.NOT_YOURS
    (row,) = (await waiting(here)).rows
    assert (row.operator, row.by, row.away) == (anna.staff_id, "Anna", False)


async def test_what_somebody_left_lying_may_be_taken_by_whoever_is_there(here: Worker, anna: Session) -> None:
    bert = await here.on_duty("bert")
    contact = await arrived(here)  # after both enrolled: both have a key for it
    await desk(here).taken(anna, contact)
    async with here.house.resources.store.write() as conn:
        here.clock.advance(60)  # Anna's desk fell silent
        await here.house.presence.arrived(conn, bert.staff_id, capacity=2, languages=("fi",))
    (row,) = (await waiting(here)).rows
    assert row.away
    assert (await desk(here).taken(bert, contact)).text == Words("apua")
    assert await refusal(desk(here).opened(anna, contact)) is Refusal.NOT_YOURS


async def test_put_back_it_waits_for_anybody(here: Worker, anna: Session) -> None:
    bert = await here.on_duty("bert")
    contact = await arrived(here)  # after both enrolled: both have a key for it
    await desk(here).taken(anna, contact)
    await desk(here).put_back(anna, contact)
    assert (await desk(here).taken(bert, contact)).text == Words("apua")


@pytest.mark.parametrize("outcome", [EndedBy.ANSWERED, EndedBy.NOT_POSSIBLE])
async def test_dealt_with_it_leaves_the_list_and_is_closed(here: Worker, anna: Session, outcome: EndedBy) -> None:
    contact = await arrived(here)
    await desk(here).taken(anna, contact)
    await desk(here).dealt_with(anna, contact, outcome)
    await desk(here).dealt_with(anna, contact, outcome)
    assert (await waiting(here)).count == 0
    found = await here.contact(contact)
    assert (found.state, found.ended_by) == (State.ENDED, outcome)
    assert await refusal(desk(here).opened(anna, contact)) is Refusal.NOT_YOURS
    assert await refusal(desk(here).taken(anna, contact)) is Refusal.ENDED


async def test_notes_are_written_on_a_message_as_on_a_conversation(here: Worker, anna: Session) -> None:
    contact = await arrived(here)
    await desk(here).taken(anna, contact)
    await here.house.desk_door.noted(anna, contact, message_id(1), Words("soitettu"))
    (note,) = await here.house.desk_door.notes(anna, contact)
    assert note.text == Words("soitettu")


async def test_whoever_came_later_has_no_key_and_the_message_goes_back(here: Worker, anna: Session) -> None:
    contact = await arrived(here)
    later = await here.on_duty("cecilia")
    assert await refusal(desk(here).taken(later, contact)) is Refusal.CANNOT_OPEN
    assert (await here.contact(contact)).state is State.WAITING
    assert (await desk(here).taken(anna, contact)).text == Words("apua")


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMIN])
async def test_p12_neither_analyst_nor_administrator_takes_a_message(here: Worker, anna: Session, role: Role) -> None:
    other = await here.signed_in("other", role)
    contact = await arrived(here)
    assert await refusal(desk(here).taken(other, contact)) is Refusal.NOT_YOURS
    assert (await here.contact(contact)).state is State.WAITING


async def test_how_to_answer_is_erased_alone_and_the_message_stays(here: Worker, anna: Session, store: Store) -> None:
    contact = await arrived(here)
    erasure = here.staff.erasure
    async with store.write() as conn:
        assert await erasure.erase(conn, contact, Klass.CALLBACK) == 1
    read = await desk(here).taken(anna, contact)
    assert (read.text, read.call_back) == (Words("apua"), None)


async def test_without_its_key_how_to_answer_is_gone_though_its_row_is_there(
    here: Worker, anna: Session, store: Store
) -> None:
    contact = await arrived(here)
    async with store.write() as conn:
        await here.staff.keyring.destroy(conn, contact, Klass.CALLBACK)
    assert (await desk(here).taken(anna, contact)).call_back is None


async def test_words_altered_at_rest_are_shown_as_unreadable_so_that_somebody_can_settle_them(
    here: Worker, anna: Session, store: Store
) -> None:
    contact = await arrived(here)
    async with store.write() as conn:
        await conn.execute(update(entries).where(entries.c.contact == contact).values(sealed=b"\1" + bytes(300)))
    read = await desk(here).taken(anna, contact)
    assert (read.text, read.call_back) == (None, None)


async def test_with_the_session_over_nothing_is_read(here: Worker, anna: Session) -> None:
    contact = await arrived(here)
    await desk(here).taken(anna, contact)
    await here.house.office.sessions.sign_out(anna)
    assert await refusal(desk(here).opened(anna, contact)) is Refusal.NOT_YOURS


async def test_while_the_audit_record_cannot_be_written_nothing_is_read(
    here: Worker, anna: Session, store: Store
) -> None:
    contact = await arrived(here)
    async with store.write() as conn:
        await conn.run_sync(lambda sync: sync.exec_driver_sql("ALTER TABLE openings RENAME TO openings_away"))
    assert await refusal(desk(here).taken(anna, contact)) is Refusal.CANNOT_OPEN
    async with store.write() as conn:
        await conn.run_sync(lambda sync: sync.exec_driver_sql("ALTER TABLE openings_away RENAME TO openings"))
    assert (await desk(here).taken(anna, contact)).text == Words("apua")


async def test_another_worker_sees_what_was_taken_here(here: Worker, anna: Session, other_store: Store) -> None:
    contact = await arrived(here)
    async with another_worker(here, other_store, MemoryBus()) as there:
        assert (await waiting(there)).rows[0].operator is None
        await desk(here).taken(anna, contact)
        assert (await waiting(there)).rows[0].operator == anna.staff_id


async def test_absent_messages_are_not_mine(here: Worker, anna: Session) -> None:
    absent = ContactId("0" * 32)
    assert await refusal(desk(here).opened(anna, absent)) is Refusal.NOT_YOURS
    assert await refusal(desk(here).taken(anna, absent)) is Refusal.NOT_YOURS
    talk = await here.visitor()
    assert await refusal(desk(here).taken(anna, talk.contact)) is Refusal.NOT_YOURS
    await here.house.forms.door.sent(message())
