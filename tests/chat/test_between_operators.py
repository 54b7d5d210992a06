"""From one operator to another: when a line breaks, when somebody hands over, and what the next one may read."""

import asyncio

import pytest

from chat.desk_talk import DeskTalk
from chat.talk import Talk
from contacts.assignments import explanations
from contacts.contact import Question, Refusal, Refused, State
from contacts.session import Session
from contacts.words import Words
from operator_ui.desk_conversation import DeskConversation
from storage.ids import ContactId, StaffId
from tests.chat.desks import Desks
from tests.eventually import eventually
from tests.house import Worker, message_id

pytestmark = pytest.mark.anyio


class Screen:
    """A conversation on a desk, as frames."""

    def __init__(self, worker: Worker, talk: DeskTalk) -> None:
        self.frames: list[str] = []
        self.conversation = DeskConversation(door=worker.house.desk_door, talk=talk, send=self.frames.append)

    def has(self, *texts: str) -> bool:
        return any(all(text in frame for text in texts) for frame in self.frames)


@pytest.fixture
async def desks(here: Worker) -> Desks:
    return Desks(here)


@pytest.fixture
async def anna(desks: Desks) -> Session:
    return await desks.sits_down("anna")


@pytest.fixture
async def bertil(desks: Desks) -> Session:
    return await desks.sits_down("bertil")


async def talking(here: Worker, anna: Session) -> Talk:
    talk, _ = await here.conversation(anna)
    here.house.visitor_door.presence.connected(talk)
    await here.says(talk, 1, "only for anna")
    return talk


async def screen(here: Worker, session: Session, contact: ContactId, after: int = 0) -> Screen:
    shown = Screen(here, await here.house.desk_door.opened(session, contact))
    await shown.conversation.start(after)
    return shown


async def answers(here: Worker, talk: Talk, question: str, *, yes: bool) -> None:
    await here.house.visitor_door.answered(talk, question, yes=yes)


# -- the line of an operator breaks


async def test_after_twenty_seconds_the_visitor_is_told_and_not_before(
    desks: Desks, here: Worker, anna: Session
) -> None:
    talk = await talking(here, anna)
    await desks.leaves("anna")
    await desks.after(19)
    assert "worker_lost" not in await here.codes(talk.contact)
    await desks.after(1)
    assert (await here.codes(talk.contact))[-1] == "worker_lost"


async def test_who_only_missed_an_offer_is_not_lost(desks: Desks, here: Worker, anna: Session) -> None:
    talk = await talking(here, anna)
    other = await here.visitor()
    here.house.visitor_door.presence.connected(other)
    await here.house.assigner.assign()
    await desks.after(61)
    await here.house.assigner.assign()  # anna is away from now on, but her desk is alive
    await desks.after(25)
    assert "worker_lost" not in await here.codes(talk.contact)


async def test_after_two_minutes_the_visitor_is_in_the_line_again_at_the_old_place(
    desks: Desks, here: Worker, anna: Session, bertil: Session
) -> None:
    talk = await talking(here, anna)
    await desks.after(60)
    await here.visitor()
    await desks.leaves("anna")
    await desks.after(25)
    await desks.after(94)
    assert (await here.contact(talk.contact)).state is State.ACTIVE
    await desks.after(1)
    contact = await here.contact(talk.contact)
    assert (contact.state, contact.operator, contact.former) == (State.WAITING, None, anna.staff_id)
    assert here.house.places.place(talk.contact) == 1
    (first, *_) = await here.house.assigner.assign()
    assert (first.contact, first.staff) == (talk.contact, bertil.staff_id)


async def lost_to_bertil(desks: Desks, here: Worker, anna: Session, bertil: Session) -> Talk:
    talk = await talking(here, anna)
    await desks.leaves("anna")
    await desks.after(25)
    await desks.after(120)
    await here.says(talk, 2, "before bertil came")
    await here.house.desk_door.accepted(bertil, talk.contact)
    return talk


async def test_the_next_one_writes_at_once_but_reads_only_what_is_new(
    desks: Desks, here: Worker, anna: Session, bertil: Session
) -> None:
    talk = await lost_to_bertil(desks, here, anna, bertil)
    shown = await screen(here, bertil, talk.contact)
    shown.conversation.say(message_id(3), "hei, olen bertil")
    await here.says(talk, 4, "new words")
    await eventually(lambda: shown.has("new words"))
    assert not shown.has("only for anna")
    assert not shown.has("before bertil came")
    assert shown.has('"t":"opened"', f'"from":{(await here.contact(talk.contact)).reads_from}')

    await answers(here, talk, "read", yes=True)
    await eventually(lambda: shown.has("only for anna") and shown.has("before bertil came"))
    assert shown.has('"t":"opened"', '"from":1')
    await shown.conversation.stop()


async def test_a_no_keeps_it_closed_also_when_the_desk_asks_for_everything(
    desks: Desks, here: Worker, anna: Session, bertil: Session
) -> None:
    talk = await lost_to_bertil(desks, here, anna, bertil)
    await answers(here, talk, "read", yes=False)
    await answers(here, talk, "read", yes=True)  # an old card, pressed late: nothing is asked any more
    shown = await screen(here, bertil, talk.contact)
    await here.says(talk, 4, "new words")
    await eventually(lambda: shown.has("new words"))
    assert not shown.has("only for anna")
    await shown.conversation.stop()

    await here.house.desk_door.asked(bertil, talk.contact, Question.READ)
    assert (await here.contact(talk.contact)).question is Question.READ
    assert (await here.codes(talk.contact))[-1] == "asked_read"


async def test_notes_of_the_colleague_stay_closed_as_long(
    desks: Desks, here: Worker, anna: Session, bertil: Session
) -> None:
    talk = await talking(here, anna)
    await here.house.desk_door.noted(anna, talk.contact, message_id(8), Words("anna noted this"))
    await desks.leaves("anna")
    await desks.after(25)
    await desks.after(120)
    await here.house.desk_door.accepted(bertil, talk.contact)
    await here.house.desk_door.noted(bertil, talk.contact, message_id(9), Words("mine"))

    async def notes() -> list[str]:
        found = await here.house.desk_door.notes(bertil, talk.contact)
        return [note.text.reveal() for note in found if note.text is not None]

    assert await notes() == ["mine"]
    await answers(here, talk, "read", yes=True)
    assert await notes() == ["anna noted this", "mine"]


async def test_who_comes_back_before_anybody_accepted_gets_the_conversation_back(
    desks: Desks, here: Worker, anna: Session, bertil: Session
) -> None:
    talk = await talking(here, anna)
    await desks.leaves("anna")
    await desks.after(25)
    await desks.after(120)
    (offer,) = await here.house.assigner.assign()
    assert offer.staff == bertil.staff_id
    await desks.comes_back("anna")
    contact = await here.contact(talk.contact)
    assert (contact.state, contact.operator, contact.reads_from) == (State.ACTIVE, anna.staff_id, 1)
    assert (await here.codes(talk.contact))[-2:] == ["worker_gone", "worker_back"]
    with pytest.raises(Refused) as refused:
        await here.house.desk_door.accepted(bertil, talk.contact)
    assert refused.value.code is Refusal.ALREADY_TAKEN


async def test_who_comes_back_too_late_reads_nothing_more(
    desks: Desks, here: Worker, anna: Session, bertil: Session
) -> None:
    talk = await talking(here, anna)
    shown = await screen(here, anna, talk.contact)
    await eventually(lambda: shown.has("only for anna"))
    await desks.leaves("anna")
    await desks.after(25)
    await desks.after(120)
    await here.house.desk_door.accepted(bertil, talk.contact)
    await here.says(talk, 5, "only for bertil")
    await eventually(lambda: shown.has('"t":"gone"', "worker_gone"))
    await desks.comes_back("anna")
    with pytest.raises(Refused):
        await here.house.desk_door.opened(anna, talk.contact)
    await asyncio.sleep(0.1)
    assert not shown.has("only for bertil")
    with pytest.raises(Refused):
        await here.house.desk_door.say(shown.conversation._talk, message_id(6), "still me")
    await shown.conversation.stop()


# -- handing over


async def test_on_yes_the_next_operator_may_read_and_the_former_reads_no_more(
    desks: Desks, here: Worker, anna: Session, bertil: Session
) -> None:
    talk = await talking(here, anna)
    hers = await screen(here, anna, talk.contact)
    await here.house.desk_door.asked(anna, talk.contact, Question.HAND_OVER)
    assert (await here.contact(talk.contact)).state is State.ACTIVE, "nothing moves before the visitor said yes"
    await answers(here, talk, "hand_over", yes=True)
    await eventually(lambda: hers.has('"t":"gone"', "handed_over"))
    (offer,) = await here.house.assigner.assign()
    assert offer.staff == bertil.staff_id, "never the one who has just handed over"
    await here.house.desk_door.accepted(bertil, talk.contact)
    his = await screen(here, bertil, talk.contact)
    await here.says(talk, 5, "for bertil")
    await eventually(lambda: his.has("only for anna") and his.has("for bertil"))
    assert not hers.has("for bertil")
    assert (await here.contact(talk.contact)).question is None
    for shown in (hers, his):
        await shown.conversation.stop()


async def test_on_no_it_stays(desks: Desks, here: Worker, anna: Session) -> None:
    talk = await talking(here, anna)
    await here.house.desk_door.asked(anna, talk.contact, Question.HAND_OVER)
    await answers(here, talk, "hand_over", yes=False)
    contact = await here.contact(talk.contact)
    assert (contact.state, contact.operator, contact.question) == (State.ACTIVE, anna.staff_id, None)


async def test_a_named_colleague_is_offered_first_and_one_who_is_not_there_is_refused(
    desks: Desks, here: Worker, anna: Session, bertil: Session
) -> None:
    await desks.sits_down("cecilia")
    talk = await talking(here, anna)
    with pytest.raises(Refused) as refused:
        await here.house.desk_door.asked(anna, talk.contact, Question.HAND_OVER, StaffId("f" * 32))
    assert refused.value.code is Refusal.NOT_THERE
    await here.house.desk_door.asked(anna, talk.contact, Question.HAND_OVER, bertil.staff_id)
    await answers(here, talk, "hand_over", yes=True)
    contact = await here.contact(talk.contact)
    assert (contact.state, contact.offered_to) == (State.OFFERED, bertil.staff_id)


async def test_only_the_operator_asks(here: Worker, anna: Session, bertil: Session) -> None:
    talk = await talking(here, anna)
    for act in (
        here.house.desk_door.asked(bertil, talk.contact, Question.HAND_OVER),
        here.house.desk_door.extended(bertil, talk.contact),
        here.house.desk_door.flagged(bertil, talk.contact, on=True),
    ):
        with pytest.raises(Refused) as refused:
            await act
        assert refused.value.code is Refusal.NOT_YOURS


# -- silence, danger


async def test_who_is_silent_for_ten_minutes_is_asked_again_and_again_and_never_ended(
    desks: Desks, here: Worker, anna: Session
) -> None:
    talk, desk = await here.conversation(anna)
    here.house.visitor_door.presence.connected(talk)
    await here.house.desk_door.say(desk, message_id(1), "oletko turvassa?")
    for minutes in range(1, 31):
        await desks.after(60)
        assert (await here.codes(talk.contact)).count("still_there") == minutes // 10
    assert (await here.contact(talk.contact)).state is State.ACTIVE
    await here.says(talk, 2)
    assert (await here.contact(talk.contact)).quiet_since is None


async def test_who_waits_for_the_workers_answer_is_not_asked(desks: Desks, here: Worker, anna: Session) -> None:
    talk = await talking(here, anna)
    for _ in range(12):
        await desks.after(60)
    assert "still_there" not in await here.codes(talk.contact)


async def test_a_flag_is_used_when_the_visitor_is_in_the_line_again(
    desks: Desks, here: Worker, anna: Session, bertil: Session
) -> None:
    await here.conversation(bertil)
    early = await here.visitor()
    here.house.visitor_door.presence.connected(early)
    await desks.after(30)
    talk = await talking(here, anna)
    await here.house.desk_door.flagged(anna, talk.contact, on=True)
    await desks.leaves("anna")
    await desks.after(25)
    await desks.after(120)
    first = (await here.house.assigner.assign())[0]
    assert first.contact == talk.contact
    assert (await here.contact(early.contact)).overtaken == 1


async def why(here: Worker, contact: ContactId) -> list[tuple[str, str, int, bool]]:
    async with here.house.resources.store.read() as conn:
        found = await explanations(conn, contact)
    return [(one.staff, one.why, one.eligible, one.same_language) for one in found]


async def test_every_assignment_is_explained_and_a_refused_one_is_not(
    here: Worker, anna: Session, bertil: Session
) -> None:
    offered = await here.visitor()
    here.house.visitor_door.presence.connected(offered)
    (offer,) = await here.house.assigner.assign()
    assert await why(here, offered.contact) == [(offer.staff, "language", 2, True)]
    who = {anna.staff_id: anna, bertil.staff_id: bertil}
    other = who[anna.staff_id if offer.staff == bertil.staff_id else bertil.staff_id]
    with pytest.raises(Refused):
        await here.house.desk_door.accepted(other, offered.contact)
    await here.house.desk_door.accepted(who[offer.staff], offered.contact)
    assert len(await why(here, offered.contact)) == 1

    taken = await here.visitor("sv")
    await here.house.places.refresh()
    await here.house.desk_door.accepted(bertil, taken.contact)
    assert await why(here, taken.contact) == [(bertil.staff_id, "taken", 1, False)]
