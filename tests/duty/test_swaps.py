import asyncio
from datetime import timedelta

import pytest

from duty.colleagues import Colleague, Standing
from duty.roster_checks import RosterRefused
from duty.roster_history import Action
from duty.roster_offers import Offer, OfferState
from duty.shifts import Shift
from duty.swaps import NoLongerOffered
from storage.clock import ManualClock
from storage.engine import Store
from storage.ids import StaffId
from tests.duty.roster_office import LEAD, RosterOffice, draft, who
from tests.duty.rosters import AINO, EERO, KAISA, day, helsinki, plan

NEXT = day("2026-12-01")
WEEKS = (helsinki("2026-11-23 00:00"), helsinki("2026-12-05 00:00"))
LAURI = StaffId("lauri")


@pytest.fixture
async def office(store: Store, clock: ManualClock) -> RosterOffice:
    office = await RosterOffice.opened(store, clock)
    office.people[LAURI] = Colleague("Lauri", frozenset({"sv", "fi"}))
    return office


@pytest.fixture
async def weekly(office: RosterOffice) -> Shift:
    return await office.add(plan("2026-11-24 13:00", 2), "FREQ=WEEKLY")


async def offer(office: RosterOffice, one: Shift, to: StaffId | None = None, by: StaffId = AINO) -> Offer:
    return await office.write(lambda conn: office.swaps.offer(conn, one.id, NEXT, by=by, to=to))


async def take(office: RosterOffice, offered: Offer, by: StaffId = EERO) -> Shift:
    return await office.write(lambda conn: office.swaps.take(conn, offered.id, by=by))


async def on_offer(office: RosterOffice, to: StaffId | None = None) -> list[Offer]:
    return await office.read(lambda conn: office.swaps.on_offer(conn, to=to))


async def states(office: RosterOffice) -> list[OfferState]:
    since = helsinki("2026-01-01 00:00")
    return [one.state for one in await office.read(lambda conn: office.swaps.settled(conn, since))]


async def test_a_shift_offered_to_anybody_is_taken_in_the_languages_both_speak(
    office: RosterOffice, weekly: Shift
) -> None:
    offered = await offer(office, weekly)
    assert await on_offer(office) == await on_offer(office, EERO) == [offered]
    assert await on_offer(office, AINO) == []
    await take(office, offered)
    found = await office.shown(*WEEKS)
    assert who(found) == [(day("2026-11-24"), AINO, False), (NEXT, EERO, False)]
    assert found[1].plan.languages == {"fi"}
    assert await on_offer(office) == []


async def test_a_lead_sees_who_offered_and_who_took(office: RosterOffice, weekly: Shift, clock: ManualClock) -> None:
    await take(office, await offer(office, weekly, EERO))
    _, offered, taken = await office.past()
    assert (offered.action, offered.actor, offered.day) == (Action.offered, AINO, NEXT)
    assert (taken.action, taken.actor) == (Action.taken, EERO)
    (settled,) = await office.read(lambda conn: office.swaps.settled(conn, clock.now()))
    assert (settled.state, settled.settled_by, settled.settled_at) == (OfferState.taken, EERO, clock.now())
    assert (settled.offered_by, settled.offered_to) == (AINO, EERO)


async def test_of_many_who_take_at_once_one_gets_the_shift(office: RosterOffice, weekly: Shift) -> None:
    offered = await offer(office, weekly)
    outcomes = await asyncio.gather(
        *(take(office, offered, by) for by in (EERO, LAURI, EERO, LAURI)), return_exceptions=True
    )
    assert sum(isinstance(one, Shift) for one in outcomes) == 1
    assert sum(isinstance(one, NoLongerOffered) for one in outcomes) == 3
    assert [event.action for event in await office.past()].count(Action.taken) == 1


async def test_a_shift_offered_to_somebody_is_for_nobody_else(office: RosterOffice, weekly: Shift) -> None:
    offered = await offer(office, weekly, LAURI)
    assert await on_offer(office, EERO) == []
    with pytest.raises(RosterRefused, match="offered_to_another"):
        await take(office, offered)
    with pytest.raises(RosterRefused, match="offered_to_another"):
        await office.write(lambda conn: office.swaps.decline(conn, offered.id, by=EERO))
    await take(office, offered, LAURI)


async def test_an_offer_can_be_declined_and_made_again(office: RosterOffice, weekly: Shift) -> None:
    offered = await offer(office, weekly, EERO)
    with pytest.raises(RosterRefused, match="already_offered"):
        await offer(office, weekly, LAURI)
    await office.write(lambda conn: office.swaps.decline(conn, offered.id, by=EERO))
    with pytest.raises(NoLongerOffered):
        await take(office, offered)
    await take(office, await offer(office, weekly, LAURI), LAURI)
    assert sorted(await states(office)) == [OfferState.declined, OfferState.taken]


async def test_only_its_owner_offers_or_withdraws_a_shift(office: RosterOffice, weekly: Shift) -> None:
    with pytest.raises(RosterRefused, match="not_yours"):
        await offer(office, weekly, by=EERO)
    offered = await offer(office, weekly)
    with pytest.raises(RosterRefused, match="not_yours"):
        await office.write(lambda conn: office.swaps.withdraw(conn, offered.id, by=EERO))
    await office.write(lambda conn: office.swaps.withdraw(conn, offered.id, by=AINO))
    with pytest.raises(NoLongerOffered):
        await take(office, offered)


async def test_nobody_takes_their_own_shift(office: RosterOffice, weekly: Shift) -> None:
    with pytest.raises(RosterRefused, match="to_oneself"):
        await offer(office, weekly, AINO)
    offered = await offer(office, weekly)
    with pytest.raises(RosterRefused, match="to_oneself"):
        await take(office, offered, AINO)


async def test_whoever_shares_no_language_or_left_cannot_take_a_shift(office: RosterOffice, weekly: Shift) -> None:
    with pytest.raises(RosterRefused, match="no_common_language"):
        await offer(office, weekly, KAISA)
    with pytest.raises(RosterRefused, match="person_unknown"):
        await offer(office, weekly, StaffId("nobody"))
    offered = await offer(office, weekly, EERO)
    office.people[EERO] = Colleague("Eero", frozenset({"fi"}), Standing.left)
    with pytest.raises(RosterRefused, match="person_left"):
        await take(office, offered)
    assert await on_offer(office, EERO) == [offered]


async def test_what_is_over_cancelled_or_no_shift_cannot_be_offered(
    office: RosterOffice, weekly: Shift, clock: ManualClock
) -> None:
    with pytest.raises(RosterRefused, match="no_such_day"):
        await office.write(lambda conn: office.swaps.offer(conn, weekly.id, day("2026-12-02"), by=AINO))
    await office.write(lambda conn: office.days.cancel(conn, weekly.id, 1, NEXT, by=LEAD))
    with pytest.raises(RosterRefused, match="cancelled"):
        await offer(office, weekly)
    await office.write(lambda conn: office.days.restore(conn, weekly.id, 2, NEXT, by=LEAD))
    offered = await offer(office, weekly)
    clock.advance(timedelta(days=8).total_seconds())
    assert await on_offer(office) == []
    with pytest.raises(RosterRefused, match="already_over"):
        await take(office, offered)
    await office.write(lambda conn: office.swaps.withdraw(conn, offered.id, by=AINO))
    with pytest.raises(RosterRefused, match="already_over"):
        await offer(office, weekly)


async def test_an_offer_ends_when_a_lead_changes_cancels_or_removes_the_shift(
    office: RosterOffice, weekly: Shift
) -> None:
    offered = await offer(office, weekly)
    one = await office.write(lambda conn: office.days.cancel(conn, weekly.id, 1, NEXT, by=LEAD))
    with pytest.raises(NoLongerOffered):
        await take(office, offered)
    one = await office.write(lambda conn: office.days.restore(conn, one.id, one.version, NEXT, by=LEAD))
    await offer(office, one)
    later = draft(plan("2026-11-24 14:00", 2), "FREQ=WEEKLY")
    one = await office.write(lambda conn: office.roster.change(conn, one.id, one.version, later, by=LEAD))
    assert await on_offer(office) == []
    assert await states(office) == [OfferState.withdrawn] * 2
    offered = await offer(office, one)
    await office.write(lambda conn: office.roster.remove(conn, one.id, one.version, by=LEAD))
    with pytest.raises(NoLongerOffered):
        await take(office, offered)


async def test_an_offer_survives_a_change_that_is_none_to_it(office: RosterOffice, weekly: Shift) -> None:
    offered = await offer(office, weekly)
    same = draft(plan("2026-12-01 13:00", 2, tier=2), "FREQ=WEEKLY")
    await office.write(lambda conn: office.roster.change_from(conn, weekly.id, 1, NEXT, same, by=LEAD))
    (moved,) = await on_offer(office)
    assert (moved.id, moved.day) == (offered.id, NEXT)
    assert moved.shift_id != weekly.id
    await take(office, moved)
    found = await office.shown(*WEEKS)
    assert who(found)[1:] == [(NEXT, EERO, False)]
    assert found[1].plan.tier == 2


async def test_a_single_shift_changes_hands_itself(office: RosterOffice) -> None:
    single = await office.add(plan("2026-12-01 13:00", 2))
    taken = await take(office, await offer(office, single))
    assert (taken.plan.staff_id, taken.changes, taken.version) == (EERO, {}, 2)
