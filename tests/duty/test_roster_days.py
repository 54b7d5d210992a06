import pytest

from duty.roster_checks import RosterRefused
from duty.roster_history import Action
from duty.roster_rows import ChangedMeanwhile
from duty.shifts import Plan, Shift
from storage.clock import ManualClock
from storage.engine import Store
from storage.ids import StaffId
from tests.duty.roster_office import LEAD, RosterOffice, who
from tests.duty.rosters import AINO, EERO, KAISA, day, helsinki, plan

TUESDAY, NEXT = day("2026-11-24"), day("2026-12-01")
WEEKS = (helsinki("2026-11-23 00:00"), helsinki("2026-12-05 00:00"))
EEROS = plan("2026-12-01 12:00", 3, who=EERO, languages="fi")


@pytest.fixture
async def office(store: Store, clock: ManualClock) -> RosterOffice:
    return await RosterOffice.opened(store, clock)


@pytest.fixture
async def weekly(office: RosterOffice) -> Shift:
    return await office.add(plan("2026-11-24 13:00", 2), "FREQ=WEEKLY")


async def do(office: RosterOffice, what: str, one: Shift, on: object = NEXT) -> Shift:
    work = getattr(office.days, what)
    done: Shift = await office.write(lambda conn: work(conn, one.id, one.version, on, by=LEAD))
    return done


async def change(office: RosterOffice, one: Shift, what: Plan, on: object = NEXT) -> Shift:
    return await office.write(lambda conn: office.days.change(conn, one.id, one.version, on, what, by=LEAD))  # type: ignore[arg-type]


async def test_a_day_may_have_another_person_and_time(office: RosterOffice, weekly: Shift) -> None:
    await change(office, weekly, EEROS)
    found = await office.shown(*WEEKS)
    assert who(found) == [(TUESDAY, AINO, False), (NEXT, EERO, False)]
    assert found[1].plan == EEROS


async def test_a_cancelled_day_is_shown_and_a_removed_one_is_not(office: RosterOffice, weekly: Shift) -> None:
    cancelled = await do(office, "cancel", weekly)
    assert who(await office.shown(*WEEKS)) == [(TUESDAY, AINO, False), (NEXT, AINO, True)]
    await do(office, "remove", cancelled)
    assert who(await office.shown(*WEEKS)) == [(TUESDAY, AINO, False)]


async def test_decisions_about_a_day_are_undone_one_by_one(office: RosterOffice, weekly: Shift) -> None:
    one = await do(office, "cancel", await change(office, weekly, EEROS))
    assert who(await office.shown(*WEEKS))[1:] == [(NEXT, EERO, True)]
    one = await do(office, "restore", one)
    assert who(await office.shown(*WEEKS))[1:] == [(NEXT, EERO, False)]
    one = await do(office, "restore", one)
    assert who(await office.shown(*WEEKS))[1:] == [(NEXT, AINO, False)]
    one = await do(office, "restore", await do(office, "cancel", one))
    one = await do(office, "restore", await do(office, "remove", one))
    assert who(await office.shown(*WEEKS))[1:] == [(NEXT, AINO, False)]
    assert one.changes == {}


async def test_a_day_that_is_none_is_refused(office: RosterOffice, weekly: Shift) -> None:
    with pytest.raises(RosterRefused, match="no_such_day"):
        await do(office, "cancel", weekly, day("2026-12-02"))
    with pytest.raises(RosterRefused, match="no_language"):
        await change(office, weekly, plan("2026-12-01 12:00", 3, languages=""))


async def test_the_second_of_two_decisions_about_a_shift_is_told(office: RosterOffice, weekly: Shift) -> None:
    await do(office, "cancel", weekly)
    with pytest.raises(ChangedMeanwhile):
        await do(office, "remove", weekly)
    assert who(await office.shown(*WEEKS))[1:] == [(NEXT, AINO, True)]


async def test_a_single_shift_is_changed_itself_and_can_be_cancelled(office: RosterOffice) -> None:
    single = await office.add(plan("2026-11-24 13:00", 2))
    moved = await change(office, single, EEROS, TUESDAY)
    assert (moved.plan, moved.changes) == (EEROS, {})
    cancelled = await do(office, "cancel", moved, NEXT)
    assert who(await office.shown(*WEEKS)) == [(NEXT, EERO, True)]
    await do(office, "restore", cancelled, NEXT)
    assert who(await office.shown(*WEEKS)) == [(NEXT, EERO, False)]


async def test_whoever_cannot_come_for_a_while_is_cancelled_for_that_while(office: RosterOffice, weekly: Shift) -> None:
    await change(office, weekly, EEROS, NEXT)
    await office.add(plan("2026-11-25 13:00", 2), "FREQ=DAILY;COUNT=4")
    await office.add(plan("2026-11-25 13:00", 2, who=KAISA, languages="ar"))
    until = helsinki("2026-11-27 00:00")
    cancelled = await office.write(lambda conn: office.days.absent(conn, AINO, WEEKS[0], until, by=LEAD))
    gone = [(TUESDAY, AINO), (day("2026-11-25"), AINO), (day("2026-11-26"), AINO)]
    assert [(one.day, one.staff_id) for one in cancelled] == gone
    assert [(one, person) for one, person, off in who(await office.shown(*WEEKS)) if off] == gone
    again = await office.write(lambda conn: office.days.absent(conn, AINO, WEEKS[0], until, by=LEAD))
    assert again == []


async def test_the_history_names_the_day(office: RosterOffice, weekly: Shift) -> None:
    one = await change(office, weekly, EEROS)
    await do(office, "cancel", one)
    _, changed, cancelled = await office.past()
    assert (changed.action, changed.day) == (Action.day_changed, NEXT)
    assert changed.before is not None
    assert changed.before.plan.staff_id == StaffId("aino")
    assert changed.after is not None
    assert changed.after.plan == EEROS
    assert (cancelled.action, cancelled.after) == (Action.day_cancelled, None)
