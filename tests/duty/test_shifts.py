from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duty.repetition import Frequency, Rule
from duty.shifts import (
    Change,
    Channel,
    Fate,
    OnDuty,
    Plan,
    Shift,
    ShiftId,
    expand,
    on_duty,
    reach,
    tiers,
)
from storage.ids import StaffId
from tests.duty.rosters import AINO, EERO, HELSINKI, KAISA, at, day, helsinki, plan, shift

MINUTE = timedelta(minutes=1)
FOR_EVER = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC))
CHANGES = [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)]

plans = st.builds(
    lambda number, day, minute, length, channel: Plan(
        staff_id=StaffId(f"person {number}"),
        channel=channel,
        languages=frozenset({"fi"}),
        starts=datetime(2026, 3, 1) + timedelta(days=day, minutes=minute),  # noqa: DTZ001 - a reading
        ends=datetime(2026, 3, 1) + timedelta(days=day, minutes=minute + length),  # noqa: DTZ001 - a reading
    ),
    number=st.integers(0, 3),
    day=st.integers(0, 27),
    minute=st.integers(0, 24 * 60 - 1),
    length=st.integers(1, 40 * 60),
    channel=st.sampled_from(Channel),
)
rules = st.none() | st.builds(
    Rule,
    frequency=st.sampled_from(Frequency),
    interval=st.integers(1, 3),
    weekdays=st.frozensets(st.integers(0, 6)),
    until=st.none() | st.dates(date(2026, 3, 20), date(2026, 12, 31)),
    count=st.none() | st.integers(1, 250),
)


@st.composite
def shifts(draw: st.DrawFn) -> Shift:
    """A shift with some of the days around both clock changes removed, cancelled or different."""
    number = draw(st.integers(0, 10**6))
    made = Shift(id=ShiftId(f"shift {number}"), plan=draw(plans), zone=HELSINKI, rule=draw(rules))
    around = [change.date() + timedelta(days=offset) for change in CHANGES for offset in (-2, -1, 0, 1)]
    touched = draw(st.lists(st.sampled_from(around), max_size=3, unique=True))
    changes = {}
    for one in touched:
        other = draw(plans).on(one + timedelta(days=draw(st.integers(-1, 1))))
        changes[one] = draw(
            st.sampled_from(
                [
                    Change(Fate.removed),
                    Change(Fate.cancelled),
                    Change(Fate.cancelled, other),
                    Change(Fate.changed, other),
                ]
            )
        )
    return Shift(id=made.id, plan=made.plan, zone=HELSINKI, rule=made.rule, changes=changes)


def readings(shift: Shift) -> list[tuple[datetime, datetime, StaffId, Channel]]:
    """An independent oracle of what a shift promises in wall clock time, walked day by day."""
    promised, plan, rule = [], shift.plan, shift.rule
    first, met = plan.starts.date(), 0
    for number in range(300):
        one = first + timedelta(days=number)
        if rule is None:
            due = number == 0
        else:
            weekdays = rule.weekdays or (set(range(7)) if rule.frequency is Frequency.daily else {first.weekday()})
            passed = number if rule.frequency is Frequency.daily else (number + first.weekday()) // 7
            due = passed % rule.interval == 0 and one.weekday() in weekdays
            due = due and (rule.until is None or one <= rule.until) and (rule.count is None or met < rule.count)
        if not due:
            continue
        met += 1
        change = shift.changes.get(one)
        if change is not None and change.fate is not Fate.changed:
            continue
        what = plan.on(one) if change is None or change.plan is None else change.plan
        promised.append((what.starts, what.ends, what.staff_id, what.channel))
    return promised


@pytest.mark.parametrize("change", CHANGES)
@given(some=st.lists(shifts(), max_size=4))
def test_every_minute_around_a_clock_change_the_wall_decides_who_is_on_duty(
    change: datetime, some: list[Shift]
) -> None:
    start, end = change - timedelta(hours=6), change + timedelta(hours=8)
    expanded = expand(some, start, end)
    promised = [one for shift in some for one in readings(shift)]
    shown = (start - timedelta(hours=3)).astimezone(HELSINKI).replace(tzinfo=None, fold=0)
    for minute in range(-180, 14 * 60):
        now = start + minute * MINUTE
        shown = max(shown, now.astimezone(HELSINKI).replace(tzinfo=None, fold=0))  # it never goes back for us
        if minute < 0:
            continue
        here = {who for starts, ends, who, where in promised if starts <= shown < ends and where != Channel.chat}
        assert {person.staff_id for person in on_duty(expanded, now, Channel.phone)} == here


@given(one=shifts(), start=st.datetimes(datetime(2026, 2, 1), datetime(2026, 12, 1)), hours=st.integers(0, 100))  # noqa: DTZ001
def test_a_window_shows_what_the_whole_shows_of_it(one: Shift, start: datetime, hours: int) -> None:
    begins = start.replace(tzinfo=UTC)
    ends = begins + timedelta(hours=hours)
    whole = expand([one], datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC))
    seen = [o for o in whole if o.starts < ends and (o.ends > begins or o.starts >= begins)]
    assert expand([one], begins, ends) == seen


@given(one=shifts())
def test_nothing_of_a_shift_lies_beyond_its_reach(one: Shift) -> None:
    begins, ends = reach(one)
    found = expand([one], datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
    assert all(begins <= occurrence.starts for occurrence in found)
    assert ends is None or all(occurrence.ends <= ends for occurrence in found)


def test_a_repetition_without_end_reaches_for_ever() -> None:
    assert reach(shift(plan("2026-11-24 13:00", 2), "FREQ=WEEKLY")) == (helsinki("2026-11-24 13:00"), None)


def hours_of(one: Shift) -> list[tuple[str, str]]:
    return [(f"{o.starts:%d %H:%M}", f"{o.ends:%d %H:%M}") for o in expand([one], *FOR_EVER)]


def test_a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn() -> None:
    assert hours_of(shift(plan("2026-03-27 22:00", 9), "FREQ=DAILY;COUNT=3")) == [
        ("27 20:00", "28 05:00"),
        ("28 20:00", "29 04:00"),
        ("29 19:00", "30 04:00"),
    ]
    assert hours_of(shift(plan("2026-10-24 22:00", 9))) == [("24 19:00", "25 05:00")]


def test_a_shift_that_lies_wholly_in_the_skipped_hour_is_kept_but_serves_nobody() -> None:
    one = shift(plan("2026-03-29 03:00", 1))
    assert hours_of(one) == [("29 01:00", "29 01:00")]
    assert on_duty(expand([one], *FOR_EVER), datetime(2026, 3, 29, 1, tzinfo=UTC), Channel.chat) == ()


def test_shifts_are_half_open() -> None:
    some = expand([shift(plan("2026-11-24 13:00", 2))], *FOR_EVER)
    assert not on_duty(some, helsinki("2026-11-24 12:59"), Channel.chat)
    assert on_duty(some, helsinki("2026-11-24 13:00"), Channel.chat)
    assert on_duty(some, helsinki("2026-11-24 14:59"), Channel.chat)
    assert not on_duty(some, helsinki("2026-11-24 15:00"), Channel.chat)


def test_a_window_that_only_touches_a_shift_does_not_show_it() -> None:
    one = shift(plan("2026-11-24 13:00", 2))
    assert not expand([one], helsinki("2026-11-24 15:00"), helsinki("2026-11-24 16:00"))
    assert not expand([one], helsinki("2026-11-24 12:00"), helsinki("2026-11-24 13:00"))


def test_the_lowest_tier_comes_first_and_a_person_comes_once() -> None:
    some = expand(
        [
            shift(plan("2026-11-24 13:00", 2, who=KAISA, channel=Channel.phone, tier=1)),
            shift(plan("2026-11-24 12:00", 2, who=EERO, channel=Channel.both, tier=2, languages="en")),
            shift(plan("2026-11-24 13:00", 4, who=EERO, channel=Channel.phone, tier=1)),
            shift(plan("2026-11-24 12:00", 4, who=AINO, channel=Channel.phone, tier=2)),
            shift(plan("2026-11-24 12:00", 4, who=StaffId("writes only"))),
        ],
        *FOR_EVER,
    )
    found = on_duty(some, helsinki("2026-11-24 13:30"), Channel.phone)
    assert found[0] == OnDuty(EERO, 1, frozenset({"en", "fi", "sv"}), helsinki("2026-11-24 17:00"))
    assert tiers(found) == ((EERO, KAISA), (AINO,))
    assert tiers(on_duty(some, helsinki("2026-11-24 13:30"), Channel.phone, "en")) == ((EERO,),)
    assert tiers(on_duty(some, helsinki("2026-11-24 13:30"), Channel.phone, "ar")) == ()


@pytest.mark.parametrize(
    ("rostered", "asked", "serves"),
    [
        (Channel.chat, Channel.chat, True),
        (Channel.chat, Channel.phone, False),
        (Channel.both, Channel.phone, True),
        (Channel.phone, Channel.both, True),
    ],
)
def test_a_channel_serves_itself_and_both_serves_either(rostered: Channel, asked: Channel, serves: bool) -> None:
    assert rostered.serves(asked) is serves


def test_a_removed_day_is_gone_a_cancelled_one_is_shown_and_a_changed_one_is_different() -> None:
    other = plan("2026-12-09 10:00", 1, who=EERO)
    one = shift(
        plan("2026-11-24 13:00", 2),
        "FREQ=WEEKLY;COUNT=4",
        changes={
            day("2026-11-24"): Change(Fate.removed),
            day("2026-12-01"): Change(Fate.cancelled),
            day("2026-12-08"): Change(Fate.changed, other),
            day("2026-12-09"): Change(Fate.changed, other),  # names no occurrence: ignored, as RFC 5545 has it
        },
    )
    found = expand([one], *FOR_EVER)
    assert [(o.day.isoformat(), o.staff_id, o.cancelled) for o in found] == [
        ("2026-12-01", AINO, True),
        ("2026-12-08", EERO, False),
        ("2026-12-15", AINO, False),
    ]
    assert found[1].plan == other
    assert not on_duty(found, helsinki("2026-12-01 13:30"), Channel.chat)


def test_a_day_names_an_occurrence_or_nothing() -> None:
    once = shift(plan("2026-11-24 13:00", 2))
    found = once.occurrence(day("2026-11-24"))
    assert found is not None
    assert found.plan == once.plan
    assert once.occurrence(day("2026-11-25")) is None
    weekly = shift(plan("2026-11-24 13:00", 2), "FREQ=WEEKLY", changes={day("2026-12-08"): Change(Fate.removed)})
    later = weekly.occurrence(day("2026-12-01"))
    assert later is not None
    assert (later.plan.starts, later.plan.ends) == (at("2026-12-01 13:00"), at("2026-12-01 15:00"))
    assert weekly.occurrence(day("2026-12-02")) is None
    assert weekly.occurrence(day("2026-12-08")) is None
