"""Closing is a drain: who is in the line, who is being talked with, and who comes too late."""

import pytest

from chat.shown import StatusShown
from chat.talk import Talk
from chat.visitor_door import NotAdmitted
from contacts.contact import EndedBy, State
from contacts.session import Session
from duty.availability import State as Open
from tests.chat.desks import Desks
from tests.house import Worker, message_id

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desks(here: Worker) -> Desks:
    desks = Desks(here)
    await desks.opens_on_tuesday()
    return desks


@pytest.fixture
async def anna(desks: Desks) -> Session:
    return await desks.sits_down("anna")


async def refused(here: Worker) -> Open:
    with pytest.raises(NotAdmitted) as refusal:
        await here.token()
    return refusal.value.availability.state


async def comes(here: Worker) -> Talk:
    """Somebody starts, and their page stays connected."""
    talk = await here.visitor()
    here.house.visitor_door.presence.connected(talk)
    return talk


async def status(here: Worker, talk: Talk) -> StatusShown:
    described = await here.house.visitor_door.status.of(talk.contact, "en")
    return described.status


async def test_a_conversation_outranks_the_hours_and_a_free_operator_takes_somebody_until_the_end(
    desks: Desks, here: Worker, anna: Session
) -> None:
    await desks.at("14:40")
    token = await here.token()
    talk = await here.resumed(token)
    here.house.visitor_door.presence.connected(talk)
    await here.house.desk_door.accepted(anna, talk.contact)

    await desks.at("14:45")
    second = await comes(here)  # anna has room for one more
    await here.house.desk_door.accepted(anna, second.contact)
    here.house.duty.forget()
    assert await refused(here) is Open.full, "nobody new joins the line"

    await desks.at("14:58")
    await here.says(talk, 1)
    await desks.at("15:05")
    open_talk = await here.house.desk_door.opened(anna, talk.contact)
    await here.house.desk_door.say(open_talk, message_id(2), "vastaus")
    assert await refused(here) is Open.closed
    await desks.at("15:10")
    assert await here.house.visitor_door.known(token)
    again = await here.resumed(token)
    assert again.state == "active"
    assert [e.text.reveal() for e in await here.house.visitor_door.entries(again, 0) if e.text] == ["hei", "vastaus"]


async def test_at_closing_nobody_starts_to_the_second(desks: Desks, here: Worker, anna: Session) -> None:
    await desks.at("14:59:59")
    await here.token()
    await desks.at("15:00:00")
    assert await refused(here) is Open.closed


async def test_a_start_that_was_admitted_a_moment_ago_is_judged_again_when_it_is_written(
    desks: Desks, here: Worker, anna: Session
) -> None:
    await desks.at("14:59:59")
    assert (await here.house.visitor_door.admission("fi")).admits
    here.clock.advance(0.9)
    assert (await here.house.visitor_door.admission("fi")).admits
    here.clock.advance(0.1)
    assert await refused(here) is Open.closed


async def test_of_two_who_start_at_once_near_closing_only_one_gets_the_last_place(
    desks: Desks, here: Worker, anna: Session
) -> None:
    await here.conversation(anna)
    await desks.at("14:45")
    await comes(here)
    assert await refused(here) is Open.full


async def test_those_in_the_line_are_told_before_closing_and_settled_honestly_after_it(
    desks: Desks, here: Worker, anna: Session
) -> None:
    for _ in range(2):
        await here.conversation(anna)
    await desks.at("14:20")
    waits = await comes(here)
    assert "probably cannot" not in (await status(here, waits)).text
    await desks.at("14:51")
    assert "We probably cannot answer before the chat closes at 15:00." in (await status(here, waits)).text
    await desks.at("15:00")
    contact = await here.contact(waits.contact)
    assert (contact.state, contact.ended_by) == (State.ENDED, EndedBy.UNSERVED)
    assert (await here.codes(waits.contact))[-1] == "ended_unserved"
    assert not await here.house.visitor_door.known(waits.token)


async def test_an_offer_that_stands_at_closing_may_still_be_accepted(desks: Desks, here: Worker, anna: Session) -> None:
    await desks.at("14:59:30")
    waits = await comes(here)
    await here.house.assigner.assign()
    await desks.at("15:00:10")
    await here.house.desk_door.accepted(anna, waits.contact)
    assert (await here.contact(waits.contact)).state is State.ACTIVE


async def test_after_closing_nobody_new_is_offered(desks: Desks, here: Worker, anna: Session) -> None:
    await desks.at("14:59")
    await comes(here)
    here.clock.advance(60)
    here.house.duty.forget()
    assert await here.house.assigner.assign() == []


async def test_running_conversations_are_told_twice_may_get_more_time_and_are_never_cut(
    desks: Desks, here: Worker, anna: Session
) -> None:
    talk, _ = await here.conversation(anna)
    here.house.visitor_door.presence.connected(talk)
    lines = {"closing_15", "closing_5", "extended"}

    async def told() -> list[str]:
        return [code for code in await here.codes(talk.contact) if code in lines]

    await desks.at("14:59")
    await here.house.desk_door.extended(anna, talk.contact)
    await desks.at("15:14:59")
    assert await told() == []
    await desks.at("15:15")
    await desks.after(2)
    assert await told() == ["closing_15"]
    await desks.at("15:26")
    await desks.after(2)
    assert await told() == ["closing_15", "closing_5"]

    await here.house.desk_door.extended(anna, talk.contact)
    await here.house.desk_door.extended(anna, talk.contact)  # a double click
    assert (await here.contact(talk.contact)).grace_until == int(here.clock.now().timestamp()) - 1562 + 3600
    await desks.at("15:46")
    await desks.at("15:56")
    assert await told() == ["closing_15", "closing_5", "extended", "closing_15", "closing_5"]
    await desks.at("16:30")
    await desks.after(2)
    assert len(await told()) == 5
    assert (await here.contact(talk.contact)).state is State.ACTIVE, "nobody is ever cut off"
