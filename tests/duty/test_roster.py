import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from duty.colleagues import Colleague, Standing
from duty.coverage import needs
from duty.repetition import read_rule
from duty.roster_checks import ProblemCode, RosterRefused
from duty.roster_history import Action
from duty.roster_rows import ChangedMeanwhile
from duty.roster_warnings import Circumstances, Code
from duty.shifts import Channel, Shift, ShiftId
from storage.clock import ManualClock
from storage.engine import Store
from tests.duty.roster_office import LEAD, RosterOffice, draft, who
from tests.duty.rosters import AINO, EERO, HELSINKI, KAISA, day, helsinki, plan

WEEKLY = "FREQ=WEEKLY;BYDAY=TU,TH"
YEAR = (datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 11, 1, tzinfo=UTC))


@pytest.fixture
async def office(store: Store, clock: ManualClock) -> RosterOffice:
    return await RosterOffice.opened(store, clock)


async def kept(office: RosterOffice, shift_id: ShiftId) -> Shift | None:
    return await office.read(lambda conn: office.roster.shift(conn, shift_id))


async def change(office: RosterOffice, one: Shift, *args: object, **more: object) -> Shift:
    return await office.write(lambda conn: office.roster.change(conn, one.id, one.version, draft(*args), by=LEAD))  # type: ignore[arg-type]


async def test_what_was_added_is_read_back_as_it_was(office: RosterOffice) -> None:
    made = await office.write(
        lambda conn: office.roster.add(
            conn, draft(plan("2026-11-24 22:00", 9, channel=Channel.both, tier=2), WEEKLY), by=LEAD, uid="a@b"
        )
    )
    found = await kept(office, made.id)
    assert found == made
    assert (made.version, made.uid, made.zone, made.rule) == (1, "a@b", HELSINKI, read_rule(WEEKLY))


async def test_a_refused_shift_leaves_nothing(office: RosterOffice) -> None:
    with pytest.raises(RosterRefused) as refused:
        await office.add(plan("2026-11-24 13:00", 0, languages="ar"))
    assert [one.code for one in refused.value.problems] == [
        ProblemCode.language_not_spoken,
        ProblemCode.ends_before_start,
    ]
    assert await office.shown(*YEAR) == []
    assert await office.past() == []


async def test_a_shift_of_somebody_who_left_is_refused(office: RosterOffice) -> None:
    office.people[AINO] = Colleague("Aino", frozenset({"fi"}), Standing.left)
    with pytest.raises(RosterRefused, match="person_left"):
        await office.add(plan("2026-11-24 13:00", 2, languages="fi"))


async def test_the_window_shows_what_touches_it(office: RosterOffice) -> None:
    await office.add(plan("2026-11-24 13:00", 2))
    await office.add(plan("2026-10-01 22:00", 9, who=EERO, languages="fi"), "FREQ=DAILY;COUNT=60")
    await office.add(plan("2026-12-24 13:00", 2))
    found = await office.shown(helsinki("2026-11-24 06:59"), helsinki("2026-11-24 13:01"))
    assert who(found) == [(day("2026-11-23"), EERO, False), (day("2026-11-24"), AINO, False)]
    assert await office.shown(helsinki("2026-11-24 07:00"), helsinki("2026-11-24 13:00")) == []


async def test_who_is_on_duty_is_asked_of_the_store(office: RosterOffice) -> None:
    await office.add(plan("2026-11-24 13:00", 2, channel=Channel.phone, tier=2))
    await office.add(plan("2026-11-24 13:00", 2, who=EERO, languages="en", channel=Channel.both))
    await office.add(plan("2026-11-24 13:00", 2, who=KAISA, languages="ar"))

    async def on(now: str, channel: Channel, language: str | None = None) -> list[tuple[str, int]]:
        found = await office.read(lambda conn: office.roster.on_duty(conn, helsinki(now), channel, language))
        return [(one.staff_id, one.tier) for one in found]

    assert await on("2026-11-24 12:59", Channel.phone) == []
    assert await on("2026-11-24 13:00", Channel.phone) == [(EERO, 1), (AINO, 2)]
    assert await on("2026-11-24 14:59", Channel.chat) == [(EERO, 1), (KAISA, 1)]
    assert await on("2026-11-24 13:00", Channel.phone, "fi") == [(AINO, 2)]
    assert await on("2026-11-24 15:00", Channel.phone) == []
    office.people[EERO] = Colleague("Eero", frozenset({"en"}), Standing.left)
    assert await on("2026-11-24 13:00", Channel.phone) == [(AINO, 2)]


async def test_a_changed_shift_keeps_what_was_decided_for_its_days(office: RosterOffice) -> None:
    made = await office.add(plan("2026-11-24 13:00", 2), WEEKLY)
    made = await office.write(lambda conn: office.days.cancel(conn, made.id, 1, day("2026-12-01"), by=LEAD))
    changed = await change(office, made, plan("2026-11-24 14:00", 1, who=EERO, languages="fi"), WEEKLY)
    assert await kept(office, made.id) == changed
    assert changed.version == 3
    assert who(await office.shown(helsinki("2026-11-24 00:00"), helsinki("2026-12-04 00:00"))) == [
        (day("2026-11-24"), EERO, False),
        (day("2026-11-26"), EERO, False),
        (day("2026-12-01"), EERO, True),
        (day("2026-12-03"), EERO, False),
    ]


async def test_a_change_that_would_lose_a_decided_day_is_refused_with_the_day(
    office: RosterOffice, clock: ManualClock
) -> None:
    made = await office.add(plan("2026-11-24 13:00", 2), WEEKLY)
    swapped = plan("2026-12-01 13:00", 2, who=EERO, languages="fi")
    made = await office.write(lambda conn: office.days.change(conn, made.id, 1, day("2026-12-01"), swapped, by=LEAD))
    made = await office.write(lambda conn: office.days.remove(conn, made.id, 2, day("2026-12-08"), by=LEAD))
    made = await office.write(lambda conn: office.days.cancel(conn, made.id, 3, day("2026-12-15"), by=LEAD))
    thursdays = ("2026-11-26 13:00", 2, "FREQ=WEEKLY;BYDAY=TH")
    with pytest.raises(RosterRefused) as refused:
        await change(office, made, plan(thursdays[0], 2), thursdays[2])
    (problem,) = refused.value.problems
    assert (problem.code, problem.days) == (ProblemCode.days_decided, (day("2026-12-01"), day("2026-12-15")))
    assert await kept(office, made.id) == made
    clock.advance(timedelta(days=30).total_seconds())  # past decisions bind nobody
    changed = await change(office, made, plan(thursdays[0], 2), thursdays[2])
    assert changed.changes == {}


async def test_of_two_leads_the_second_is_told_and_nothing_is_lost(office: RosterOffice) -> None:
    made = await office.add(plan("2026-11-24 13:00", 2))
    mine = await change(office, made, plan("2026-11-24 14:00", 2))
    with pytest.raises(ChangedMeanwhile) as told:
        await change(office, made, plan("2026-11-24 15:00", 2))
    assert told.value.shift == mine
    assert await kept(office, made.id) == mine


async def test_two_leads_at_the_same_moment_cannot_both_win(office: RosterOffice) -> None:
    made = await office.add(plan("2026-11-24 13:00", 2))
    outcomes = await asyncio.gather(
        *(change(office, made, plan(f"2026-11-24 1{hour}:00", 1)) for hour in range(6)), return_exceptions=True
    )
    won = [one for one in outcomes if isinstance(one, Shift)]
    assert len(won) == 1
    assert [type(one) for one in outcomes if one not in won] == [ChangedMeanwhile] * 5
    assert await kept(office, made.id) == won[0]


async def test_a_removed_shift_is_gone_and_a_late_edit_is_told(office: RosterOffice) -> None:
    made = await office.add(plan("2026-11-24 13:00", 2), WEEKLY)
    await office.write(lambda conn: office.days.cancel(conn, made.id, 1, day("2026-12-01"), by=LEAD))
    await office.write(lambda conn: office.roster.remove(conn, made.id, 2, by=LEAD))
    assert await office.shown(*YEAR) == []
    with pytest.raises(ChangedMeanwhile) as told:
        await change(office, made, plan("2026-11-24 15:00", 2))
    assert told.value.shift is None


async def test_a_change_from_a_day_on_leaves_the_days_before(office: RosterOffice) -> None:
    made = await office.add(plan("2026-11-24 13:00", 2), "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=10")
    made = await office.write(lambda conn: office.days.cancel(conn, made.id, 1, day("2026-11-26"), by=LEAD))
    made = await office.write(lambda conn: office.days.remove(conn, made.id, 2, day("2026-12-08"), by=LEAD))
    later = await office.write(
        lambda conn: office.roster.change_from(
            conn,
            made.id,
            3,
            day("2026-12-01"),
            draft(plan("2026-12-01 10:00", 1, who=EERO, languages="fi"), "FREQ=WEEKLY;COUNT=3"),
            by=LEAD,
        )
    )
    assert later.id != made.id
    assert who(await office.shown(*YEAR)) == [
        (day("2026-11-24"), AINO, False),
        (day("2026-11-26"), AINO, True),
        (day("2026-12-01"), EERO, False),
        (day("2026-12-15"), EERO, False),
    ]
    assert [event.action for event in await office.past()][-2:] == [Action.added, Action.changed]


async def test_a_change_from_the_first_day_changes_all(office: RosterOffice) -> None:
    made = await office.add(plan("2026-11-24 13:00", 2), WEEKLY)
    changed = await office.write(
        lambda conn: office.roster.change_from(
            conn, made.id, 1, made.first, draft(plan("2026-11-24 10:00", 2), WEEKLY), by=LEAD
        )
    )
    assert changed.id == made.id


@pytest.mark.parametrize(
    ("from_day", "starts"), [("2026-12-02", "2026-12-02 10:00"), ("2026-12-01", "2026-11-30 10:00")]
)
async def test_a_change_begins_on_a_day_of_the_shift(office: RosterOffice, from_day: str, starts: str) -> None:
    made = await office.add(plan("2026-11-24 13:00", 2), WEEKLY)
    with pytest.raises(RosterRefused, match="no_such_day"):
        await office.write(
            lambda conn: office.roster.change_from(
                conn, made.id, 1, day(from_day), draft(plan(starts, 2), "FREQ=WEEKLY"), by=LEAD
            )
        )


@pytest.mark.parametrize(
    ("rule", "last", "expected"),
    [
        ("FREQ=DAILY", "2026-11-26", ["2026-11-24", "2026-11-25", "2026-11-26"]),
        ("FREQ=DAILY;COUNT=2", "2026-11-26", ["2026-11-24", "2026-11-25"]),
        ("FREQ=DAILY;UNTIL=20261124", "2026-11-26", ["2026-11-24"]),
    ],
)
async def test_an_ended_shift_has_nothing_after_its_last_day(
    office: RosterOffice, rule: str, last: str, expected: list[str]
) -> None:
    made = await office.add(plan("2026-11-24 13:00", 2), rule)
    await office.write(lambda conn: office.roster.end(conn, made.id, 1, day(last), by=LEAD))
    assert [str(one.day) for one in await office.shown(*YEAR)] == expected


@pytest.mark.parametrize("rule", [None, WEEKLY])
async def test_a_shift_cannot_end_before_it_begins_or_without_repeating(office: RosterOffice, rule: str | None) -> None:
    made = await office.add(plan("2026-11-24 13:00", 2), rule)
    with pytest.raises(RosterRefused, match="until_before_start"):
        await office.write(lambda conn: office.roster.end(conn, made.id, 1, day("2026-11-23"), by=LEAD))


async def test_warnings_are_those_of_the_window(office: RosterOffice) -> None:
    await office.add(plan("2026-11-24 20:00", 4, channel=Channel.phone))
    await office.add(plan("2026-11-25 06:00", 18, channel=Channel.phone))
    start, end = helsinki("2026-11-25 00:00"), helsinki("2026-11-26 00:00")
    around = Circumstances(needs=needs([], frozenset(), start, end), colleagues=office.people, zone=HELSINKI)
    found = await office.read(lambda conn: office.roster.warnings(conn, around, start, end))
    assert [one.code for one in found] == [Code.phone_gap, Code.short_rest]


async def test_what_is_long_past_can_be_forgotten(office: RosterOffice, clock: ManualClock) -> None:
    await office.add(plan("2026-11-24 13:00", 2))
    await office.add(plan("2026-11-24 13:00", 2), "FREQ=DAILY;COUNT=9")
    await office.add(plan("2026-11-24 13:00", 2), "FREQ=DAILY")
    clock.advance(timedelta(days=1).total_seconds())
    await office.add(plan("2026-11-25 13:00", 2))
    assert await office.write(lambda conn: office.roster.forget(conn, helsinki("2026-11-25 00:00"))) == 1
    assert {one.day for one in await office.shown(*YEAR)} >= {date(2026, 11, 24), date(2026, 12, 24)}
    assert len(await office.past()) == 1


async def test_the_history_says_who_did_what_and_how_it_was_before(office: RosterOffice, clock: ManualClock) -> None:
    made = await office.add(plan("2026-11-24 13:00", 2), WEEKLY)
    changed = await change(office, made, plan("2026-11-24 14:00", 2, who=EERO, languages="fi"), WEEKLY)
    await office.write(lambda conn: office.roster.remove(conn, made.id, 2, by=None))
    added, edited, removed = await office.past()
    assert [one.action for one in (added, edited, removed)] == [Action.added, Action.changed, Action.removed]
    assert (added.actor, added.at, added.before) == (LEAD, clock.now(), None)
    assert edited.before is not None
    assert (edited.before.plan, edited.before.rule) == (made.plan, made.rule)
    assert edited.after is not None
    assert edited.after.plan == changed.plan
    assert (removed.actor, removed.after) == (None, None)
    newest = await office.read(
        lambda conn: office.history.newest(conn, shift_id=made.id, before=removed.number, limit=1)
    )
    assert newest == [edited]
