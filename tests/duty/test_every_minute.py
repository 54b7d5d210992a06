"""Every minute of a year in Helsinki, against hours worked out independently (tests/duty/oracle.py)."""

from datetime import datetime, timedelta
from functools import cache

import pytest

from duty.availability import Availability, Crew, InForce, Present, State, Status, availability
from duty.clock_times import Interval
from duty.dated_exceptions import DatedException, Kind
from duty.hours import OpeningHours
from duty.preview import preview, shown_at
from duty.timeline import Timeline
from duty.timetable import Timetable, Version
from storage.ids import StaffId
from tests.duty import oracle
from tests.duty.oracle import HELSINKI, MINUTES, YEAR_BEGINS, Minute

MINUTE = timedelta(minutes=1)
YEAR_ENDS = YEAR_BEGINS + MINUTES * MINUTE
AINO = Crew((Present(StaffId("aino"), Status.available, 1, frozenset({"fi"})),))


def hours(expression: str) -> OpeningHours:
    return OpeningHours(expression, HELSINKI, "FI")


@cache
def timetable() -> Timetable:
    margins = [timedelta(minutes=minutes) for minutes in oracle.MARGINS]
    early = YEAR_BEGINS - timedelta(days=100)
    return Timetable(
        (
            Version(hours=hours(oracle.FIRST), valid_from=early, last_start=margins[0]),
            Version(hours=hours(oracle.SECOND), valid_from=oracle.SECOND_VERSION, last_start=margins[1]),
        ),
        tuple(
            DatedException(
                kind=Kind(one.kind),
                first=one.first,
                last=one.last,
                times=tuple(Interval(starts, ends) for starts, ends in one.times),
                languages=frozenset(one.languages.split()),
            )
            for one in oracle.SPECIALS
        ),
    )


@cache
def timeline() -> Timeline:
    return timetable().timeline(YEAR_BEGINS, YEAR_ENDS + timedelta(days=10))


@cache
def minutes() -> list[Minute]:
    return oracle.year()


def changes() -> list[int]:
    """For each minute, how many minutes later it is first open instead of closed, or closed instead of open."""
    told, away = [0] * len(minutes()), 0
    for number in range(len(minutes()) - 2, -1, -1):
        same = (minutes()[number].languages is None) is (minutes()[number + 1].languages is None)
        away = away + 1 if same else 1
        told[number] = away
    return told


def expected(minute: Minute, margin: int, away: int) -> State:
    """With Aino, who writes Finnish, at her desk and free. `margin`: of the version in which this stretch closes."""
    if minute.languages is None:
        return State.opening_soon if away <= 30 else State.closed
    return State.closing if away <= margin else State.open


@pytest.mark.no_cover  # 5 s, measured 20: what it covers, others do
def test_every_minute_of_a_year_is_as_the_oracle_says() -> None:
    in_force = InForce(timeline())
    for number, (minute, away) in enumerate(zip(minutes()[:MINUTES], changes(), strict=False)):
        now = YEAR_BEGINS + number * MINUTE
        margin = minutes()[number + away - 1].margin
        wanted = Availability(expected(minute, margin, away), frozenset({"fi"}), now + away * MINUTE, HELSINKI)
        assert availability(in_force, AINO, "fi", now) == wanted, now.astimezone(HELSINKI)


def test_every_minute_promises_the_languages_the_oracle_promises() -> None:
    for number, minute in enumerate(minutes()[:MINUTES]):
        now = YEAR_BEGINS + number * MINUTE
        stretch = timeline().at(now)
        said = None if stretch is None else stretch.languages_at(now)
        assert said == (None if minute.languages is None else frozenset(minute.languages.split())), now


def test_the_seconds_around_each_change_are_half_open() -> None:
    tick = timedelta(microseconds=1)
    assert len(timeline().stretches) > 400
    for stretch in timeline().stretches[:-1]:
        assert timeline().at(stretch.opens) is stretch
        assert timeline().at(stretch.opens - tick) is not stretch
        assert timeline().at(stretch.closes - tick) is stretch
        assert timeline().at(stretch.closes) is not stretch


def test_the_text_alone_agrees_with_the_timeline_made_of_it() -> None:
    """`OpeningHours.state_at`, which commands use, walks the evaluator; the timeline is laid out once."""
    only = Version(hours=hours(oracle.SECOND), valid_from=YEAR_BEGINS - timedelta(days=9), last_start=timedelta(0))
    laid_out = Timetable((only,)).timeline(YEAR_BEGINS - timedelta(days=2), YEAR_ENDS)
    now = YEAR_BEGINS
    for _ in range(700):
        state = only.hours.state_at(now)
        stretch = laid_out.at(now)
        assert state.open is (stretch is not None)
        following = laid_out.next_after(now)
        if following is None or state.next_change is None:
            break
        assert state.next_change == (stretch.closes if stretch is not None else following.opens)
        now = state.next_change
    assert now > YEAR_ENDS - timedelta(days=9)


def test_the_preview_of_a_year_says_at_each_minute_what_is_shown_then() -> None:
    shown = list(preview(timeline(), "fi", YEAR_BEGINS, YEAR_ENDS, frozenset({"fi"})))
    current = shown.pop(0)
    for number in range(0, MINUTES, 5):  # every boundary above is a multiple of five minutes
        now = YEAR_BEGINS + number * MINUTE
        while shown and shown[0].at <= now:
            current = shown.pop(0)
        assert shown_at(timeline(), "fi", now, frozenset({"fi"})).availability == current.availability, now


def test_a_summer_afternoon_is_what_a_person_would_say() -> None:
    """One day by hand, so that the oracle and the code are not wrong together."""
    noon = datetime(2026, 6, 10, 12, 0, tzinfo=HELSINKI)  # a Wednesday
    day = [(piece.opens, piece.closes) for piece in timeline().pieces(noon - 12 * 60 * MINUTE, noon + 12 * 60 * MINUTE)]
    assert [(f"{a.astimezone(HELSINKI):%H:%M}", f"{b.astimezone(HELSINKI):%H:%M}") for a, b in day] == [
        ("09:00", "11:00"),
        ("13:00", "15:30"),
        ("18:00", "20:00"),
    ]
