"""Two hundred accept at once: each visitor has one operator, nobody has more than there is room for."""

import asyncio
from collections import Counter
from functools import partial

import pytest

from chat import conversation
from chat.assigner import LEASE
from chat.waiting_line import Offer
from contacts.begin import begin
from contacts.committer import Committed, Committer, Unit
from contacts.contact import Contact, Refusal, Refused, State
from contacts.log import Log
from storage.clock import ManualClock
from storage.engine import Connection, Store
from storage.ids import ContactId, StaffId, new_id
from storage.leases import held, one_at_a_time
from tests.chat.desks import Desks
from tests.house import Worker

pytestmark = pytest.mark.anyio

VISITORS = [ContactId(f"{number:032x}") for number in range(20)]
OPERATORS = [StaffId(f"operator-{number}") for number in range(10)]
CAPACITY = 2


class _Nobody:
    def committed(self, batch: Committed) -> None:
        """Nobody listens."""


async def test_of_two_hundred_who_accept_at_two_workers_each_visitor_gets_one(
    store: Store, other_store: Store, clock: ManualClock
) -> None:
    log = Log(store=store)
    async with store.write() as conn:
        for visitor in VISITORS:
            await begin(conn, conversation.begun(contact=visitor, language="fi", tag="K7", now=1))

    async def has_room(staff: StaffId, conn: Connection, contact: ContactId) -> None:
        await one_at_a_time(conn, f"takes {staff}")
        if await log.count_active(conn, staff, besides=contact) >= CAPACITY:
            raise Refused(Refusal.AT_CAPACITY)

    workers = [Committer(store=each, clock=clock, effects={}, listener=_Nobody()) for each in (store, other_store)]
    running = [asyncio.create_task(worker.run()) for worker in workers]

    async def accept(number: int, visitor: ContactId, staff: StaffId) -> tuple[ContactId, StaffId] | Refusal:
        rule = partial(conversation.operator_accepted, staff=staff)
        unit = Unit(visitor, rule, guard=partial(has_room, staff))
        try:
            await workers[number % 2].submit(unit)
        except Refused as refused:
            return refused.code
        return visitor, staff

    attempts = [(visitor, staff) for visitor in VISITORS for staff in OPERATORS]
    results = await asyncio.gather(*(accept(number, *one) for number, one in enumerate(attempts)))
    won = [result for result in results if not isinstance(result, Refusal)]
    lost = Counter(result for result in results if isinstance(result, Refusal))
    assert len(attempts) == 200
    assert set(lost) <= {Refusal.ALREADY_TAKEN, Refusal.AT_CAPACITY}, "everybody else hears why"

    rows: list[Contact] = await log.active()
    assert sorted((one.id, str(one.operator)) for one in rows) == sorted(won)
    assert len({visitor for visitor, _ in won}) == len(won), "one winner each"
    assert max(Counter(staff for _, staff in won).values()) <= CAPACITY
    free = CAPACITY * len(OPERATORS) - len(won)
    assert free == 0 or len(won) == len(VISITORS)
    for worker in workers:
        worker.close()
    await asyncio.gather(*running)


async def test_an_assigner_that_slept_past_its_lease_offers_nobody(here: Worker) -> None:
    desks = Desks(here)
    anna = await desks.sits_down("anna")
    talk = await here.visitor()
    here.house.visitor_door.presence.connected(talk)
    store = here.house.resources.store
    old = await held(store, name=LEASE, holder=new_id(), seconds=0)
    assert old is not None
    newer = await held(store, name=LEASE, holder=new_id(), seconds=60)
    assert newer == old + 1
    offer = Offer(talk.contact, anna.staff_id, 1, same_language=True)
    assert not await here.house.assigner._make(offer, old, 0)
    assert (await here.contact(talk.contact)).state is State.WAITING
    assert await here.house.assigner._make(offer, newer, 0)
    assert await here.house.assigner.assign() == [], "the lease is somebody else's"
