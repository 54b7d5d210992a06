"""The statistics key: who holds it, who does not, and what it opens."""

import pytest
from sqlalchemy import select, update

from contacts.audit import Action
from contacts.distrust import Fault, Forged
from contacts.envelopes import Unopenable
from contacts.keyring import NoKey
from contacts.openings import Opening, OpeningDenied
from contacts.people import Role
from contacts.statistics.fact_book import KeysMissing
from contacts.statistics.tables import facts, statistics_keys, statistics_wraps
from contacts.tables_audit import audit
from tests.contacts.installation import Installation
from tests.contacts.statistics.counting_world import H2, World

pytestmark = pytest.mark.anyio


async def _counted(world: World) -> None:
    world.at_least = 1
    world.__post_init__()
    await world.ended()
    await world.mover.move()


async def test_the_first_key_is_made_with_the_first_lead(here: Installation) -> None:
    async with here.store.read() as conn:
        assert (await conn.execute(select(statistics_keys))).all() == []
    await here.first_lead()
    async with here.store.read() as conn:
        key = await here.statistics.current(conn)
        holders = set((await conn.execute(select(statistics_wraps.c.holder))).scalars())
    assert (key.number, "recovery" in holders, len(holders)) == (1, True, 2)


async def test_a_new_analyst_opens_facts_once_a_lead_has_given_the_key(world: World) -> None:
    await _counted(world)
    analyst = await world.analyst()
    with pytest.raises(KeysMissing):
        await world.book.opened(analyst, [H2])
    async with world.here.store.write() as conn:
        assert await world.here.statistics.lacking(conn) == {analyst.staff_id: 1}
        assert await world.here.statistics.grant(conn, world.lead.keys, analyst.staff_id) == 1
        assert await world.here.statistics.grant(conn, world.lead.keys, analyst.staff_id) == 0
        assert await world.here.statistics.lacking(conn) == {}
    assert len(await world.everything(analyst)) == 2


async def test_the_analyst_is_given_no_key_that_opens_a_contact(world: World) -> None:
    """P12."""
    analyst = await world.analyst()
    async with world.here.store.write() as conn:
        await world.here.statistics.grant(conn, world.lead.keys, analyst.staff_id)
    entry = await world.here.sealed("geheim")
    with pytest.raises(OpeningDenied):
        await world.here.openings.opened(analyst, entry.name.contact)
    async with world.here.store.read() as conn:
        assert await world.here.epochs.numbers(conn, analyst.staff_id) == []
        forged = Opening(analyst, entry.name.contact)  # not even with a proof that nobody may make for them
        with pytest.raises(NoKey):
            await world.here.keyring.open_segment(conn, forged, entry.name.klass, entry.name.segment)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ADMIN])
async def test_operators_and_administrators_open_no_facts(world: World, role: Role) -> None:
    await _counted(world)
    other = await world.here.signed_in(await world.here.joined(world.lead, "olli", role))
    with pytest.raises(OpeningDenied):
        await world.book.opened(other, [H2])
    async with world.here.store.write() as conn:
        with pytest.raises(LookupError):
            await world.here.statistics.grant(conn, world.lead.keys, other.staff_id)


async def test_opening_facts_is_on_the_audit_record(world: World) -> None:
    await _counted(world)
    await world.everything()
    async with world.here.store.read() as conn:
        rows = (await conn.execute(select(audit.c.actor).where(audit.c.action == Action.FACTS_OPENED))).scalars().all()
    assert rows == [world.lead.staff_id]


async def test_who_leaves_loses_the_key_and_takes_no_later_one_along(world: World) -> None:
    await _counted(world)
    analyst = await world.analyst()
    async with world.here.store.write() as conn:
        await world.here.statistics.grant(conn, world.lead.keys, analyst.staff_id)
    await world.here.staff.leave(analyst.staff_id, by=world.lead)
    async with world.here.store.read() as conn:
        assert await world.here.statistics.numbers(conn, analyst.staff_id) == []
        assert (await world.here.statistics.current(conn)).number == 2
    await world.ended()
    await world.mover.move()
    assert len(await world.everything()) == 4  # the lead holds both keys


async def test_another_role_takes_the_key_away(world: World) -> None:
    analyst = await world.analyst()
    async with world.here.store.write() as conn:
        await world.here.statistics.grant(conn, world.lead.keys, analyst.staff_id)
    await world.here.staff.change_role(analyst.staff_id, Role.OPERATOR, by=world.lead)
    async with world.here.store.read() as conn:
        assert await world.here.statistics.numbers(conn, analyst.staff_id) == []


async def test_a_lead_makes_a_new_key_and_old_facts_stay_readable(world: World) -> None:
    await _counted(world)
    async with world.here.store.write() as conn:
        assert await world.here.statistics.renew(conn, world.lead.staff_id) == 2
    await world.ended()
    await world.mover.move()
    async with world.here.store.read() as conn:
        assert set((await conn.execute(select(facts.c.number))).scalars()) == {1, 2}
    assert len(await world.everything()) == 4


async def test_after_recovery_the_lead_reads_facts_again(world: World) -> None:
    await _counted(world)
    here = world.here
    words = here.set_up.recovery
    code = await here.recovery.reset_lead(words, world.lead.staff_id)
    invitation = here.set_up.invitation
    colleague = await here.enrolled(type(invitation)(world.lead.staff_id, invitation.login, code, invitation.until))
    again = await here.signed_in(colleague)
    with pytest.raises(KeysMissing):
        await world.everything(again)
    await here.recovery.grant(words, world.lead.staff_id)
    assert len(await world.everything(again)) == 2


async def test_a_key_that_somebody_put_there_is_refused_with_an_alarm(world: World) -> None:
    async with world.here.store.write() as conn:
        await conn.execute(update(statistics_keys).values(public=b"x" * 32))
    async with world.here.store.read() as conn:
        with pytest.raises(Forged):
            await world.here.statistics.current(conn)
    assert world.here.alarms == [Fault.FORGED]


async def test_many_facts_are_opened_in_a_process_of_their_own(world: World) -> None:
    world.at_least = 1
    world.__post_init__()
    await world.ended(3)
    await world.mover.move()
    here = await world.everything()
    world.book._in_a_process = 2
    assert await world.everything() == here


async def test_a_fact_that_was_altered_spoils_the_whole_book(world: World) -> None:
    await _counted(world)
    async with world.here.store.write() as conn:
        row = (await conn.execute(select(facts).limit(1))).one()
        spoilt = row.sealed[:-1] + bytes([row.sealed[-1] ^ 1])
        await conn.execute(update(facts).where(facts.c.id == row.id).values(sealed=spoilt))
    with pytest.raises(Unopenable):
        await world.everything()
