"""Facts come about, are replaced while they wait, and corrected when they have moved."""

import pytest
from sqlalchemy import select, update

from contacts.contact import Door, EndedBy, Klass
from contacts.statistics.fact import SIZE, Unit
from contacts.statistics.tables import fact_handles, pending_facts, statistics_keys
from tests.contacts.statistics.counting_world import H2, NEXT, World, said

pytestmark = pytest.mark.anyio
_YEAR = 365 * 24 * 3600


@pytest.fixture
def few(world: World) -> World:
    """Where everything moves at once."""
    world.at_least = 1
    world.__post_init__()
    return world


@pytest.mark.parametrize("by", list(EndedBy))
async def test_a_contact_is_counted_once_however_it_ends(few: World, by: EndedBy) -> None:
    await few.ended(by=by)
    await few.mover.move()
    found = await few.everything()
    assert sorted(fact.unit for fact in found) == [Unit.CONTACT, Unit.SERVICE]
    assert said((one for one in found if one.unit is Unit.SERVICE), "outcome") == [(by.value,)]


async def test_told_of_an_ending_again_nothing_is_counted_twice(few: World) -> None:
    [contact] = await few.ended()
    await few.end(contact)
    await few.mover.move()
    assert len(await few.everything()) == 2


async def test_a_record_of_before_the_end_is_what_is_counted(few: World) -> None:
    contact = await few.begun()
    await few.saved(contact, None, {"who": ("self",)})
    assert await few.mover.move() == 0  # nobody is counted who is still there
    await few.end(contact)
    await few.mover.move()
    assert said(await few.of(Unit.CONTACT), "who") == [("self",)]


async def test_a_record_changed_while_pending_leaves_no_trace(few: World) -> None:
    [contact] = await few.ended()
    await few.saved(contact, None, {"who": ("self",)})
    await few.saved(contact, {"who": ("self",)}, {"who": ("peer_community",)})
    assert await few.mover.move() == 2
    assert said(await few.of(Unit.CONTACT), "who") == [("peer_community",)]


async def test_a_record_changed_after_moving_takes_back_the_old_codes(few: World) -> None:
    [contact] = await few.ended()
    await few.mover.move()
    await few.saved(contact, None, {"who": ("self",)})
    assert await few.mover.move() == 2  # -1 and +1
    await few.saved(contact, {"who": ("self",)}, {"who": ("public",), "repeat_contact": ("yes",)})
    await few.saved(
        contact, {"who": ("public",)}, {"who": ("employer",), "repeat_contact": ("yes",)}
    )  # pending: in place
    assert await few.mover.move() == 2
    [fact] = await few.of(Unit.CONTACT)
    assert (fact.codes["who"], fact.repeat, fact.weight) == (("employer",), True, 1)


async def test_all_facts_of_a_person_carry_one_handle_that_only_the_record_keeps(few: World) -> None:
    [contact] = await few.ended()
    await few.mover.move()
    [before] = await few.of(Unit.CONTACT)
    await few.saved(contact, None, {"who": ("self",)})
    opening = await few.opening(contact.id)
    async with few.here.store.write() as conn:
        await few.proposals.composed(conn, opening, "forwarding-1", {})
        await few.proposals.sent(conn, "forwarding-1")
    await few.mover.move()
    [after] = await few.of(Unit.CONTACT)
    assert before.handle == after.handle != ""
    async with few.here.store.read() as conn:
        [row] = (await conn.execute(select(fact_handles))).all()
    assert before.handle.encode() not in row.sealed


async def test_when_the_record_is_erased_nothing_says_whose_facts_they_were(few: World) -> None:
    [contact] = await few.ended()
    await few.mover.move()
    opening = await few.opening(contact.id)
    async with few.here.store.write() as conn:
        await few.here.erasure.erase(conn, contact.id, Klass.RECORD)
    async with few.here.store.read() as conn:
        handles = few.facts._handles
        assert await handles.of(conn, opening) is None


async def test_what_the_writer_could_not_read_is_not_taken_back(few: World) -> None:
    [contact] = await few.ended()
    await few.saved(contact, None, {"who": ("self",)})
    await few.mover.move()
    async with few.here.store.write() as conn:
        await few.facts.changed(conn, contact.id, None, {"who": ("public",)}, only_pending=True)
    assert await few.mover.move() == 0
    assert said(await few.of(Unit.CONTACT), "who") == [("self",)]


async def test_what_is_late_is_counted_in_the_next_half_year(few: World) -> None:
    [contact] = await few.ended()
    await few.mover.move()
    few.here.clock.advance(60 * 24 * 3600)  # late in January: the autumn has frozen
    await few.saved(contact, None, {"who": ("self",)})
    await few.mover.move()
    assert said([one for one in await few.everything(None, H2) if one.unit is Unit.CONTACT], "who") == [()]
    late = await few.everything(None, NEXT)
    assert sorted((one.weight, one.month, one.codes.get("who")) for one in late) == [
        (-1, "2026-11", None),
        (1, "2026-11", ("self",)),
    ]


async def test_an_ending_waits_for_no_key_and_is_counted_when_there_is_one(few: World) -> None:
    contact = await few.begun()
    async with few.here.store.write() as conn:
        good = (await conn.execute(select(statistics_keys.c.mac))).scalar_one()
        await conn.execute(update(statistics_keys).values(mac=b"forged"))
    await few.end(contact)
    assert few.here.alarms
    async with few.here.store.write() as conn:
        await conn.execute(update(statistics_keys).values(mac=good))
    assert await few.mover.move() == 2
    assert len(await few.everything()) == 2


async def test_pending_and_moved_facts_are_all_of_one_size(few: World) -> None:
    [quiet, told] = await few.ended(2)
    await few.saved(told, None, {"who": ("self",), "form": ("forced_labour",), "control": ("debt", "threats")})
    async with few.here.store.read() as conn:
        pending = (await conn.execute(select(pending_facts.c.sealed))).scalars().all()
    assert len({len(one) for one in pending}) == 1
    await few.mover.move()
    assert {len(sealed) for _, sealed in await few.moved()} == {SIZE + 49}
    assert quiet.id != told.id


async def test_the_fact_of_the_service_says_when_how_long_and_how(few: World) -> None:
    contact = await few.begun(Door.FORM, waited=63, accepted_at=1_795_521_600 + 30)
    few.here.clock.advance(20 * 60)
    await few.end(contact, by=EndedBy.ANSWERED)
    await few.mover.move()
    [fact] = await few.of(Unit.SERVICE)
    assert fact.codes["channel"] == ("form",)
    assert fact.codes["weekday"] == ("2",)
    assert fact.codes["band"] == ("12_to_16",)
    assert fact.codes["duration"] == ("15_to_30",)
    assert (fact.wait, fact.handle) == (60, "")
