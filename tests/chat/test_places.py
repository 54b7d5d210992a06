"""The line as every page at this worker sees it."""

import asyncio
from functools import partial

import pytest

from chat import conversation
from chat.live import Live
from chat.places import Places
from contacts.begin import begin
from contacts.committer import Unit
from contacts.contact import State
from contacts.log import Log
from contacts.session import Session
from storage.bus import MemoryBus
from storage.clock import ManualClock
from storage.engine import Store
from storage.ids import ContactId, new_id
from tests.eventually import eventually
from tests.house import Worker

pytestmark = pytest.mark.anyio


async def test_the_first_is_next_and_everybody_moves_up(here: Worker, anna: Session, clock: ManualClock) -> None:
    places = here.house.places
    line = []
    for _ in range(3):
        line.append((await here.visitor()).contact)
        clock.advance(1)
    await eventually(lambda: [places.place(contact) for contact in line] == [1, 2, 3])
    await here.house.desk_door.accepted(anna, line[0])
    await eventually(lambda: [places.place(contact) for contact in line[1:]] == [1, 2])


async def test_an_offer_does_not_cost_the_place(here: Worker, anna: Session) -> None:
    contact = (await here.visitor()).contact
    await here.house.committer.submit(Unit(contact, partial(conversation.offered, staff=anna.staff_id)))
    await eventually(lambda: [each.state for each in here.house.places.waiting] == [State.OFFERED])
    assert here.house.places.place(contact) == 1


async def test_who_is_not_known_yet_stands_last(here: Worker, anna: Session) -> None:
    assert here.house.places.place(ContactId(new_id())) == 1
    await here.visitor()
    await eventually(lambda: len(here.house.places.waiting) == 1)
    assert here.house.places.place(ContactId(new_id())) == 2


async def test_listeners_are_told_of_changes_only_and_until_they_stop(here: Worker, anna: Session) -> None:
    places, told = here.house.places, list[int]()
    stop = places.on_change(lambda: told.append(len(places.waiting)))
    await here.visitor()
    await eventually(lambda: told == [1])
    await places.refresh()
    assert told == [1]
    stop()
    stop()
    await here.visitor()
    await eventually(lambda: len(places.waiting) == 2)
    assert told == [1]


async def test_many_changes_at_once_are_read_together(here: Worker, anna: Session) -> None:
    places, told = here.house.places, list[int]()
    places.on_change(lambda: told.append(len(places.waiting)))
    line = [
        conversation.begun(contact=ContactId(new_id()), language="fi", tag="K7", now=number) for number in range(20)
    ]
    async with here.house.resources.store.write() as conn:
        for contact in line:
            await begin(conn, contact)
    for contact in line:
        here.house.live.announce(contact.id)
    await eventually(lambda: told)
    assert told == [20]


async def test_a_worker_that_starts_knows_the_line_before_anything_moves(
    here: Worker, anna: Session, other_store: Store, clock: ManualClock
) -> None:
    await here.visitor()
    log = Log(store=other_store)
    places = Places(log=log, live=Live(bus=MemoryBus(), log=log, clock=clock))
    running = asyncio.create_task(places.run())
    await eventually(lambda: len(places.waiting) == 1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
