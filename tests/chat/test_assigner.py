"""Visitors are offered to operators: by one process at a time, and by the contact's row in the end."""

import asyncio

import pytest

from chat import conversation
from contacts.contact import State
from contacts.session import Session
from duty.availability import Status
from storage.clock import ManualClock
from storage.engine import Store
from storage.redis_bus import RedisBus
from tests.eventually import eventually
from tests.house import Worker, another_worker

pytestmark = pytest.mark.anyio


async def offers(worker: Worker) -> list[tuple[str, str]]:
    """The offers of one round."""
    return [(offer.contact, offer.staff) for offer in await worker.house.assigner.assign()]


async def beat(here: Worker, *sessions: Session) -> None:
    """These are at their desks now."""
    for session in sessions:
        await here.house.attendance.arrived(session)


async def status(here: Worker, session: Session) -> Status | None:
    async with here.house.resources.store.read() as conn:
        return await here.house.presence.status_of(conn, session.staff_id)


async def test_nobody_waiting_is_no_offer(here: Worker, anna: Session) -> None:
    assert await offers(here) == []


async def test_who_came_first_is_offered_first_up_to_the_room_there_is(
    here: Worker, anna: Session, clock: ManualClock
) -> None:
    line = []
    for _ in range(3):
        line.append((await here.visitor()).contact)
        clock.advance(1)
    assert await offers(here) == [(contact, anna.staff_id) for contact in line[:2]]
    contact = await here.contact(line[0])
    assert (contact.state, contact.offered_to) == (State.OFFERED, anna.staff_id)
    assert await offers(here) == [], "offers that stand take their room"
    await here.house.desk_door.accepted(anna, line[0])
    await here.house.desk_door.ended(anna, line[0])
    assert await offers(here) == [(line[2], anna.staff_id)]


async def test_who_is_on_a_break_or_not_there_is_offered_nobody(
    here: Worker, anna: Session, clock: ManualClock
) -> None:
    await here.visitor()
    await here.house.attendance.changed(anna, "break")
    assert await offers(here) == []
    await here.house.attendance.changed(anna, "available")
    clock.advance(31)  # her desk has not been heard of since
    assert await offers(here) == []


async def test_a_visitor_who_is_off_the_line_keeps_the_place_but_is_not_offered(here: Worker, anna: Session) -> None:
    talk = await here.visitor()
    door = here.house.visitor_door
    door.presence.lost_after = 0.01
    door.presence.connected(talk)
    door.presence.disconnected(talk)
    await eventually(lambda: not door.presence._losing)
    await here.says(talk, 1)
    assert await offers(here) == []
    door.presence.connected(talk)
    await here.says(talk, 2)
    assert await offers(here) == [(talk.contact, anna.staff_id)]


async def test_a_missed_offer_goes_to_somebody_else_and_who_missed_it_is_away(
    here: Worker, anna: Session, clock: ManualClock
) -> None:
    bertil = await here.signed_in("bertil")
    talk = await here.visitor()
    assert await offers(here) == [(talk.contact, anna.staff_id)]
    clock.advance(conversation.OFFER_TIME - 1)
    await beat(here, anna)
    assert await offers(here) == []
    clock.advance(1)
    await beat(here, bertil)
    await here.resumed(talk.token)  # bertil enrolled later: sealed to him too
    assert await offers(here) == [(talk.contact, bertil.staff_id)]
    assert await status(here, anna) is Status.away
    assert (await here.contact(talk.contact)).missed_by == anna.staff_id


async def test_of_two_processes_one_assigns(here: Worker, anna: Session, other_store: Store, redis_url: str) -> None:
    async with another_worker(here, other_store, RedisBus(url=redis_url)) as there:
        first, second = await here.visitor(), await here.visitor()
        rounds = await asyncio.gather(offers(here), offers(there))
        assert sorted(contact for made in rounds for contact, _ in made) == sorted([first.contact, second.contact])
        assert [] in rounds
        for talk in (first, second):
            await here.house.visitor_door.left(talk.token)
        third = await here.visitor()
        holder, other = (here, there) if rounds[0] else (there, here)
        assert await offers(other) == [], (
            "the lease is the other one's until it runs out (tests/storage/test_leases.py)"
        )
        assert await offers(holder) == [(third.contact, anna.staff_id)]


async def test_it_looks_by_itself_when_somebody_comes_or_becomes_free(here: Worker, anna: Session) -> None:
    running = asyncio.create_task(here.house.assigner.run())
    try:
        talk = await here.visitor()
        await eventually(lambda: [each.state for each in here.house.places.waiting] == [State.OFFERED], within=1.5)
        await here.house.attendance.changed(anna, "break")
        await here.house.desk_door.accepted(anna, talk.contact)
        await here.house.attendance.changed(anna, "available")
        other = await here.visitor()
        await eventually(
            lambda: [(each.id, each.state) for each in here.house.places.waiting] == [(other.contact, State.OFFERED)],
            within=1.5,
        )
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
