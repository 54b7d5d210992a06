"""What an operator can do with chats, and what nobody can do with the chats of others."""

import asyncio
from collections.abc import Awaitable
from functools import partial

import pytest
from sqlalchemy import select
from structlog.types import EventDict

from chat import absence, conversation
from chat.desk_door import WRAP_UP_SECONDS
from contacts.audit import Action
from contacts.committer import Unit
from contacts.contact import Klass, Refusal, Refused, State
from contacts.people import Role
from contacts.session import Ended, Session
from contacts.tables_audit import audit
from contacts.words import Words
from storage.clock import ManualClock
from storage.engine import Store
from storage.ids import ContactId, StaffId, new_id
from storage.redis_bus import RedisBus
from tests.eventually import eventually
from tests.house import Worker, another_worker, message_id

pytestmark = pytest.mark.anyio


@pytest.fixture
async def bertil(here: Worker, anna: Session) -> Session:
    return await here.on_duty("bertil")


async def refusal(done: Awaitable[object]) -> Refusal:
    with pytest.raises(Refused) as refused:
        await done
    return refused.value.code


async def openings(here: Worker, contact: ContactId) -> list[StaffId]:
    """Who opened this contact, by the audit log."""
    query = select(audit.c.actor).where(audit.c.action == Action.OPEN, audit.c.contact == contact)
    async with here.house.resources.store.read() as conn:
        return [StaffId(actor) for actor in (await conn.execute(query)).scalars()]


# -- taking


async def test_who_accepts_reads_what_was_written_before_and_after(here: Worker, anna: Session) -> None:
    talk = await here.visitor()
    await here.says(talk, 1, "is anybody there?")
    desk = await here.house.desk_door.accepted(anna, talk.contact)
    await here.says(talk, 2, "hello?")
    found = await here.entries(talk.contact)
    assert [entry.seq for entry in found] == [1, 2, 3]
    assert desk.keys.keys() == {1}
    contact = await here.contact(talk.contact)
    assert (contact.state, contact.operator) == (State.ACTIVE, anna.staff_id)


async def test_an_opening_is_on_the_audit_record_once_for_each_session(here: Worker, anna: Session) -> None:
    talk = await here.visitor()
    assert await openings(here, talk.contact) == []
    await here.house.desk_door.accepted(anna, talk.contact)
    await here.house.desk_door.opened(anna, talk.contact)
    await here.house.desk_door.noted(anna, talk.contact, message_id(1), Words("a note"))
    assert await openings(here, talk.contact) == [anna.staff_id]


async def test_of_two_who_accept_at_once_one_wins(here: Worker, anna: Session, bertil: Session) -> None:
    talk, door = await here.visitor(), here.house.desk_door
    answers = await asyncio.gather(
        door.accepted(anna, talk.contact), door.accepted(bertil, talk.contact), return_exceptions=True
    )
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert [each.code for each in refused] == [Refusal.ALREADY_TAKEN]
    assert await here.codes(talk.contact) == ["worker_joined"]
    winner = anna if answers[1] is refused[0] else bertil
    assert await openings(here, talk.contact) == [winner.staff_id], "who lost has opened nothing"


async def test_of_two_who_accept_at_two_workers_one_wins(
    here: Worker, anna: Session, bertil: Session, other_store: Store, redis_url: str
) -> None:
    async with another_worker(here, other_store, RedisBus(url=redis_url)) as there:
        for _ in range(5):
            talk = await here.visitor()
            answers = await asyncio.gather(
                here.house.desk_door.accepted(anna, talk.contact),
                there.house.desk_door.accepted(bertil, talk.contact),
                return_exceptions=True,
            )
            refused = [answer for answer in answers if isinstance(answer, Refused)]
            assert [each.code for each in refused] == [Refusal.ALREADY_TAKEN]
            contact = await here.contact(talk.contact)
            await here.house.visitor_door.ended(talk)
            assert contact.operator == (anna if answers[1] is refused[0] else bertil).staff_id


async def test_accepting_twice_is_accepting_once(here: Worker, anna: Session) -> None:
    talk = await here.visitor()
    for _ in range(2):
        await here.house.desk_door.accepted(anna, talk.contact)
    assert await here.codes(talk.contact) == ["worker_joined"]


async def test_more_than_the_room_there_is_cannot_be_taken(here: Worker, anna: Session) -> None:
    talks = [await here.visitor() for _ in range(3)]
    door = here.house.desk_door
    answers = await asyncio.gather(*(door.accepted(anna, talk.contact) for talk in talks), return_exceptions=True)
    refused = [answer.code for answer in answers if isinstance(answer, Refused)]
    assert refused == [Refusal.AT_CAPACITY], "also when all three are decided in one commit"
    await door.accepted(anna, talks[0].contact)  # a repeat needs no more room
    await door.ended(anna, talks[0].contact)
    await door.accepted(anna, talks[2].contact)


async def test_one_operator_at_two_workers_gets_no_more_than_there_is_room_for(
    here: Worker, anna: Session, other_store: Store, redis_url: str
) -> None:
    async with another_worker(here, other_store, RedisBus(url=redis_url)) as there:
        for _ in range(3):
            talks = [await here.visitor() for _ in range(4)]
            doors = [here.house.desk_door, there.house.desk_door] * 2
            accepts = [door.accepted(anna, talk.contact) for door, talk in zip(doors, talks, strict=True)]
            answers = await asyncio.gather(*accepts, return_exceptions=True)
            codes = [answer.code for answer in answers if isinstance(answer, Refused)]
            for talk in talks:
                await here.house.visitor_door.ended(talk)
            assert codes == [Refusal.AT_CAPACITY] * 2


async def test_nobody_leaves_the_line_for_a_colleague_who_has_no_key(here: Worker, anna: Session) -> None:
    talk = await here.visitor()
    newcomer = await here.on_duty("bertil")  # enrolled after the visitor came
    assert await refusal(here.house.desk_door.accepted(newcomer, talk.contact)) is Refusal.CANNOT_OPEN
    assert (await here.contact(talk.contact)).state is State.WAITING
    assert await here.codes(talk.contact) == []
    await here.house.desk_door.accepted(anna, talk.contact)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMIN])
async def test_who_holds_no_keys_accepts_and_opens_nothing(here: Worker, anna: Session, role: Role) -> None:
    talk, _ = await here.conversation(anna)
    waiting = await here.visitor()
    other = await here.signed_in("oona", role)
    door = here.house.desk_door
    assert await refusal(door.accepted(other, waiting.contact)) is Refusal.NOT_YOURS
    assert await refusal(door.opened(other, talk.contact)) is Refusal.NOT_YOURS
    assert await refusal(door.notes(other, talk.contact)) is Refusal.NOT_YOURS
    assert (await here.contact(waiting.contact)).state is State.WAITING
    assert await openings(here, talk.contact) == [anna.staff_id]


async def test_what_is_over_is_not_accepted(here: Worker, anna: Session) -> None:
    talk = await here.visitor()
    await here.house.visitor_door.left(talk.token)
    assert await refusal(here.house.desk_door.accepted(anna, talk.contact)) is Refusal.ENDED


async def test_a_declined_offer_goes_back_to_the_line(here: Worker, anna: Session) -> None:
    talk = await here.visitor()
    await here.house.committer.submit(Unit(talk.contact, partial(conversation.offered, staff=anna.staff_id)))
    await eventually(lambda: here.house.places.waiting and here.house.places.waiting[0].offered_to)
    assert (await here.house.desk_door.desktop(anna.staff_id)).offers.keys() == {talk.contact}
    assert await here.house.desk_door.whereabouts(talk.contact, anna.staff_id) == "missed"
    await here.house.desk_door.declined(anna, talk.contact)
    contact = await here.contact(talk.contact)
    assert (contact.state, contact.missed_by) == (State.WAITING, anna.staff_id)


async def test_why_an_offer_is_gone(here: Worker, anna: Session, bertil: Session) -> None:
    talk, door = await here.visitor(), here.house.desk_door
    await door.accepted(bertil, talk.contact)
    assert await door.whereabouts(talk.contact, anna.staff_id) == "taken"
    await here.house.visitor_door.ended(talk)
    assert await door.whereabouts(talk.contact, anna.staff_id) == "left"
    assert await door.whereabouts(ContactId(new_id()), anna.staff_id) == "left"


# -- what is not mine


async def test_the_contact_of_a_colleague_and_one_that_is_not_there_look_the_same(
    here: Worker, anna: Session, bertil: Session
) -> None:
    talk, desk = await here.conversation(anna)
    door = here.house.desk_door
    for contact in (talk.contact, ContactId(new_id())):
        assert await refusal(door.opened(bertil, contact)) is Refusal.NOT_YOURS
        assert await refusal(door.notes(bertil, contact)) is Refusal.NOT_YOURS
        assert await refusal(door.noted(bertil, contact, message_id(1), Words("x"))) is Refusal.NOT_YOURS
        assert await refusal(door.ended(bertil, contact)) is Refusal.NOT_YOURS
    assert (await here.contact(desk.contact)).state is State.ACTIVE
    assert await openings(here, talk.contact) == [anna.staff_id]


async def test_a_session_that_ended_opens_and_writes_nothing_more(here: Worker, anna: Session) -> None:
    talk, _ = await here.conversation(anna)
    anna.end(Ended.REVOKED)
    assert await refusal(here.house.desk_door.opened(anna, talk.contact)) is Refusal.NOT_YOURS
    assert await refusal(here.house.desk_door.notes(anna, talk.contact)) is Refusal.NOT_YOURS


# -- writing


async def test_messages_are_checked_and_repeats_answered(here: Worker, anna: Session) -> None:
    talk, desk = await here.conversation(anna)
    door = here.house.desk_door
    for text, code in ((" \n", Refusal.BLANK), ("x" * 2001, Refusal.TOO_LONG)):
        with pytest.raises(Refused) as refused:
            door.say(desk, message_id(1), text)
        assert refused.value.code is code
        assert await refusal(door.noted(anna, talk.contact, message_id(1), Words(text))) is code
    first = await door.say(desk, message_id(1), "terve")
    again = await door.say(desk, message_id(1), "terve")
    assert first.receipt is not None
    assert again.receipt is not None
    assert (first.receipt.seq, again.receipt.seq, again.receipt.repeated) == (2, 2, True)
    await door.ended(anna, talk.contact)
    assert await refusal(door.say(desk, message_id(2), "late")) is Refusal.ENDED


async def test_notes_are_kept_apart_from_the_transcript_and_from_the_visitor(here: Worker, anna: Session) -> None:
    talk, _ = await here.conversation(anna)
    door = here.house.desk_door
    first = await door.noted(anna, talk.contact, message_id(1), Words("seems to be watched"))
    await here.says(talk, 2, "hei")
    await door.ended(anna, talk.contact)
    second = await door.noted(anna, talk.contact, message_id(2), Words("after the end"))
    again = await door.noted(anna, talk.contact, message_id(1), Words("seems to be watched"))
    assert (first.seq, second.seq, again.seq, again.repeated) == (1, 2, 1, True)
    notes = await door.notes(anna, talk.contact)
    assert [note.text for note in notes] == [Words("seems to be watched"), Words("after the end")]
    assert [entry.klass for entry in await here.entries(talk.contact)] == [Klass.TRANSCRIPT] * 3
    sealed = [entry.sealed or b"" for entry in await here.entries(talk.contact, Klass.RECORD)]
    assert not any(b"watched" in each for each in sealed)


async def test_what_a_visitors_cookie_unlocks_opens_no_note(here: Worker, anna: Session) -> None:
    talk, _ = await here.conversation(anna)
    await here.house.desk_door.noted(anna, talk.contact, message_id(1), Words("a note"))
    async with here.house.resources.store.read() as conn:
        unlocked = await here.staff.visitor_keys.unlock(conn, talk.token)
    assert unlocked is not None
    assert {key.klass for key in unlocked.keys} == {Klass.TRANSCRIPT}
    shown = await here.house.visitor_door.entries(talk, 0)
    assert [entry.code for entry in shown] == ["worker_joined"]


# -- the list


async def test_the_list_says_whose_turn_it_is_and_how_far_the_screen_is(
    here: Worker, anna: Session, clock: ManualClock
) -> None:
    talk, desk = await here.conversation(anna)
    clock.advance(1)
    other = await here.visitor("sv")
    await eventually(lambda: [each.id for each in here.house.places.waiting] == [other.contact])
    door = here.house.desk_door
    await here.says(talk, 1, "hei")
    listed = await door.desktop(anna.staff_id)
    (mine,), (waiting,) = listed.mine, listed.waiting
    assert (mine.contact, mine.state, mine.seq, mine.turn) == (talk.contact, "active", 2, "yours")
    assert (waiting.contact, waiting.state, waiting.language) == (other.contact, "waiting", "sv")
    await door.say(desk, message_id(2), "terve")
    await door.showed(desk, 2)
    await here.house.committer.submit(Unit(talk.contact, absence.visitor_lost))
    (mine,) = (await door.desktop(anna.staff_id)).mine
    assert (mine.seq, mine.shown, mine.turn, mine.connected) == (4, 2, "theirs", False)


async def test_an_ended_conversation_stays_on_the_list_for_its_record(
    here: Worker, anna: Session, clock: ManualClock
) -> None:
    talk, _ = await here.conversation(anna)
    await here.house.visitor_door.ended(talk)
    clock.advance(WRAP_UP_SECONDS - 1)
    assert [row.state for row in (await here.house.desk_door.desktop(anna.staff_id)).mine] == ["ended"]
    clock.advance(1)
    assert (await here.house.desk_door.desktop(anna.staff_id)).mine == []


async def test_who_comes_back_is_told_to_every_visitor_who_was_told_of_the_loss(here: Worker, anna: Session) -> None:
    lost, _ = await here.conversation(anna)
    unaware, _ = await here.conversation(anna)
    await here.house.committer.submit(Unit(lost.contact, partial(absence.operator_lost, staff=anna.staff_id)))
    await here.house.desk_door.returned(anna)
    await here.house.desk_door.returned(anna)
    assert await here.codes(lost.contact) == ["worker_joined", "worker_lost", "worker_back"]
    assert await here.codes(unaware.contact) == ["worker_joined"]


async def test_nothing_of_all_this_is_told_to_the_log(here: Worker, anna: Session, told: list[EventDict]) -> None:
    talk, desk = await here.conversation(anna)
    await here.says(talk, 1, "hei")
    await here.house.desk_door.say(desk, message_id(2), "terve")
    assert told == []
