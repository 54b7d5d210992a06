"""A proposal that is composed from a contact: counted when it is sent, with what the record says."""

import pytest

from contacts.forwarding.consent import ForwardingId
from contacts.openings import Opening
from contacts.statistics.composed import ComposedProposals
from contacts.statistics.fact import Codes, Unit
from contacts.statistics.proposals import Step
from storage.ids import ContactId
from tests.contacts.statistics.counting_world import World, said

pytestmark = pytest.mark.anyio


async def _codes(_opening: Opening) -> Codes:
    return {"form": ("begging",)}


@pytest.fixture
def few(world: World) -> World:
    world.at_least = 1
    world.__post_init__()
    return world


async def test_it_is_held_until_it_is_sent_and_then_counted_once(few: World) -> None:
    [contact] = await few.ended()
    opening = await few.opening(contact.id)
    async with few.here.store.write() as conn:
        await few.proposals.composed(conn, opening, "f1", await _codes(opening))
        await few.proposals.composed(conn, opening, "f1", {})
        assert await few.proposals.listed(conn, Step.WAITING, 10) == ([], 0)
    await few.mover.move()
    assert await few.of(Unit.PROPOSAL) == []
    for _ in range(2):
        async with few.here.store.write() as conn:
            await few.proposals.sent(conn, "f1")
    await few.mover.move()
    assert said(await few.of(Unit.PROPOSAL), "form") == [("begging",)]
    async with few.here.store.read() as conn:
        found, count = await few.proposals.listed(conn, Step.WAITING, 10)
    assert (count, found[0].contact) == (1, contact.id)


async def test_what_is_never_sent_is_never_counted(few: World) -> None:
    [contact] = await few.ended()
    opening = await few.opening(contact.id)
    async with few.here.store.write() as conn:
        await few.proposals.composed(conn, opening, "f1", {})
        await few.proposals.dropped(conn, "f1")
        await few.proposals.sent(conn, "f1")
    await few.mover.move()
    assert await few.of(Unit.PROPOSAL) == []


async def test_a_forwarding_nobody_composed_here_is_not_counted(few: World) -> None:
    async with few.here.store.write() as conn:
        port = ComposedProposals(proposals=few.proposals, codes=_codes)
        await port.sent(conn, ContactId("c"), ForwardingId("unknown"))
        assert (await few.proposals.listed(conn, Step.WAITING, 10))[1] == 0
