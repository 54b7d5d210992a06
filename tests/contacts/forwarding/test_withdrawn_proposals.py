"""A proposal that waited and will never be sent was not made: however it is stopped, nothing of it is counted."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select

from contacts.forwarding.consent import ConsentId, ForwardingId, Withdrawer
from contacts.organisations.organisation import Channel
from contacts.statistics.tables import pending_facts, proposals
from storage.engine import Store
from tests.contacts.conftest import database_url, kept_database, store
from tests.contacts.forwarding.scene import Scene, scene
from tests.stores import told

__all__ = ["database_url", "kept_database", "store", "told"]

pytestmark = pytest.mark.anyio
Stop = Callable[[Scene, ConsentId, ForwardingId], Awaitable[None]]


async def _withdrawn(here: Scene, consent: ConsentId, _forwarding: ForwardingId) -> None:
    async with here.store.write() as conn:
        await here.worker.house.gate.consents.withdraw(conn, consent, by=Withdrawer.OPERATOR, staff=here.otso.staff_id)


async def _taken_back(here: Scene, _consent: ConsentId, forwarding: ForwardingId) -> None:
    async with here.store.write() as conn:
        assert await here.worker.house.gate.forwardings.take_back(conn, forwarding, by=here.otso)


async def _lapsed(here: Scene, _consent: ConsentId, _forwarding: ForwardingId) -> None:
    here.worker.clock.advance(15 * 86_400)
    async with here.store.write() as conn:
        assert await here.worker.house.gate.forwardings.lapse(conn) == 1


async def _erased(here: Scene, _consent: ConsentId, _forwarding: ForwardingId) -> None:
    """Something else was handed over, so the contact's bare row stays."""
    consent = await here.consent()
    async with here.store.write() as conn:
        await here.worker.house.gate.forwardings.spoken(conn, consent, by=here.otso)
    await here.worker.house.desk_door.ended(here.otso, here.contact)
    assert (await here.worker.house.keeping.asked.erase(here.otso, here.contact)).handed_over == 1


@pytest.mark.parametrize("stop", [_withdrawn, _taken_back, _lapsed, _erased])
async def test_a_proposal_that_is_stopped_before_it_is_sent_was_never_made(store: Store, stop: Stop) -> None:
    async with scene(store) as here:
        house = here.worker.house
        consent = await here.consent()
        opening = await house.recording.door.opening(here.otso, here.contact)
        async with store.write() as conn:
            forwarding = await house.gate.forwardings.queue(conn, consent, channel=Channel.EMAIL, by=here.otso)
            await house.counting.proposals.composed(conn, opening, forwarding, {})
        await stop(here, consent, forwarding)
        async with store.read() as conn:
            assert (await conn.execute(select(proposals.c.step))).all() == []
            slots = (await conn.execute(select(pending_facts.c.slot))).scalars().all()
        assert [slot for slot in slots if slot.startswith("proposal:")] == []
