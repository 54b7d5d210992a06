from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duty.availability import UNKNOWN, Availability, Crew, InForce, Present, State, Status, availability
from duty.hours import OpeningHours
from duty.line import NOBODY_WAITS, Line
from duty.timeline import OutsideTimeline, Timeline
from duty.timetable import Timetable, Version
from storage.ids import StaffId

HELSINKI = ZoneInfo("Europe/Helsinki")
OPENS = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # Tuesday 13:00 in Helsinki
CLOSES = OPENS + timedelta(hours=2)
NOON = OPENS + timedelta(hours=1)
AINO, EERO = StaffId("aino"), StaffId("eero")


@cache
def timeline(expression: str, last_start: int) -> Timeline:
    hours = OpeningHours(expression, HELSINKI, "FI")
    since = NOON - timedelta(days=500)
    version = Version(hours=hours, valid_from=since, last_start=timedelta(minutes=last_start))
    return Timetable((version,)).timeline(since, NOON + timedelta(days=500))


def published(
    expression: str = "Tu 13:00-15:00", *, paused: bool = False, fault: bool = False, last_start: int = 30
) -> InForce:
    return InForce(timeline(expression, last_start), paused=paused, fault=fault)


def person(
    staff_id: StaffId = AINO, *, status: Status = Status.available, capacity: int = 2, languages: str = "fi sv"
) -> Present:
    return Present(staff_id, status, capacity, frozenset(languages.split()))


def state(
    crew: Crew,
    now: datetime = NOON,
    *,
    language: str = "fi",
    hours: InForce | None = None,
    line: Line = NOBODY_WAITS,
) -> State:
    return availability(hours or published(), crew, language, now, line).state


def test_open_needs_hours_a_free_person_and_the_language() -> None:
    assert availability(published(), Crew((person(),)), "sv", NOON) == Availability(
        State.open, frozenset({"fi", "sv"}), CLOSES, HELSINKI
    )


def test_a_missing_schedule_is_unknown_and_admits_nobody() -> None:
    answer = availability(None, Crew((person(),)), "fi", NOON)
    assert answer is UNKNOWN
    assert not answer.admits


def test_outside_the_hours_it_is_closed_however_many_are_present() -> None:
    assert state(Crew((person(),)), CLOSES) is State.closed
    assert state(Crew((person(),)), OPENS - timedelta(minutes=30, seconds=1)) is State.closed


def test_half_an_hour_before_opening_is_opening_soon() -> None:
    assert state(Crew((person(),)), OPENS - timedelta(minutes=30)) is State.opening_soon
    assert state(Crew(), OPENS - timedelta(seconds=1)) is State.opening_soon


def test_hours_that_never_open_are_closed() -> None:
    assert state(Crew((person(),)), hours=published("24/7 off")) is State.closed


def test_a_lead_can_pause_while_people_are_present() -> None:
    assert state(Crew((person(),)), hours=published(paused=True)) is State.paused


def test_nobody_present_is_busy_for_two_minutes_and_then_paused() -> None:
    left = Crew(last_available=NOON)
    assert state(left, NOON + timedelta(minutes=2)) is State.busy
    assert state(left, NOON + timedelta(minutes=2, seconds=1)) is State.paused


def test_nobody_ever_present_is_busy_for_two_minutes_after_opening() -> None:
    assert state(Crew(), OPENS) is State.busy
    assert state(Crew(), OPENS + timedelta(minutes=2)) is State.paused


def test_people_on_a_break_are_not_there() -> None:
    assert state(Crew((person(status=Status.break_),))) is State.paused


def test_everybody_full_is_busy() -> None:
    crew = Crew((person(), person(EERO, capacity=0)), loads={AINO: 2})
    assert state(crew) is State.busy


def test_another_language_is_said() -> None:
    assert state(Crew((person(),)), language="so") is State.open_other_language


def test_a_speaker_without_room_leaves_only_the_other_languages() -> None:
    crew = Crew((person(), person(EERO, languages="en")), loads={AINO: 2})
    assert state(crew, language="fi") is State.open_other_language
    assert availability(published(), crew, "fi", NOON).languages == {"fi", "sv", "en"}


def test_inside_the_last_start_margin_only_a_free_person_admits() -> None:
    margin = CLOSES - timedelta(minutes=30)
    assert state(Crew((person(),)), margin - timedelta(seconds=1)) is State.open
    assert state(Crew((person(),)), margin) is State.closing
    assert state(Crew((person(),), loads={AINO: 2}), margin) is State.full
    assert state(Crew((person(),)), hours=published("24/7")) is State.open


@pytest.mark.parametrize("wanted", list(State))
def test_only_four_states_admit(wanted: State) -> None:
    admitting = {State.open, State.open_other_language, State.busy, State.closing}
    assert Availability(wanted).admits is (wanted in admitting)


def test_a_pause_before_opening_is_not_announced_as_an_opening() -> None:
    before = OPENS - timedelta(minutes=10)
    assert state(Crew((person(),)), before, hours=published(paused=True)) is State.paused
    assert state(Crew((person(),)), OPENS - timedelta(hours=3), hours=published(paused=True)) is State.closed


def test_a_fault_of_ours_counts_as_a_pause() -> None:
    assert state(Crew((person(),)), hours=published(fault=True)) is State.paused
    assert state(Crew((person(),)), CLOSES, hours=published(fault=True)) is State.closed


def test_those_who_wait_come_before_those_who_arrive() -> None:
    crew = Crew((person(capacity=2),))
    assert state(crew, line=Line(waiting=1)) is State.open
    assert state(crew, line=Line(waiting=2)) is State.busy
    margin = CLOSES - timedelta(minutes=15)
    assert state(crew, margin, line=Line(waiting=1)) is State.closing
    assert state(crew, margin, line=Line(waiting=2)) is State.full


def test_a_line_that_lasts_until_closing_is_full() -> None:
    busy = Crew((person(),), loads={AINO: 2})
    slow = Line(waiting=5, pace=timedelta(minutes=10))
    assert state(busy, CLOSES - timedelta(minutes=61), line=slow) is State.busy
    assert state(busy, CLOSES - timedelta(minutes=60), line=slow) is State.full
    assert state(busy, line=Line(waiting=500)) is State.busy  # nobody knows how long it takes
    assert state(busy, line=Line(waiting=500, pace=timedelta(hours=1)), hours=published("24/7")) is State.busy


def test_asking_outside_the_timeline_is_an_error_not_an_answer() -> None:
    with pytest.raises(OutsideTimeline):
        state(Crew((person(),)), NOON + timedelta(days=600))


people = st.builds(
    Present,
    staff_id=st.sampled_from([AINO, EERO]),
    status=st.sampled_from(list(Status)),
    capacity=st.integers(0, 3),
    languages=st.frozensets(st.sampled_from(["fi", "sv", "en"])),
)


def oracle_open(now: datetime) -> bool:
    """02:30-03:30 and 13:00-15:00 every day; only the nights of the clock changes need thought."""
    wall = now.astimezone(HELSINKI)
    if wall.fold:
        return False  # the hour that happens again: it was over, 03:30 has been
    minute = wall.hour * 60 + wall.minute
    return 150 <= minute < 210 or 780 <= minute < 900


@given(
    crew=st.builds(
        Crew,
        present=st.lists(people, max_size=3, unique_by=lambda p: p.staff_id).map(tuple),
        loads=st.dictionaries(st.sampled_from([AINO, EERO]), st.integers(0, 3)),
        last_available=st.none() | st.integers(-600, 0).map(lambda s: NOON + timedelta(seconds=s)),
    ),
    minute=st.integers(-400 * 24 * 60, 400 * 24 * 60),
    paused=st.booleans(),
    language=st.sampled_from(["fi", "so"]),
)
def test_open_is_never_said_without_hours_and_a_free_available_person(
    crew: Crew, minute: int, paused: bool, language: str
) -> None:
    hours = published("Mo-Su 02:30-03:30,13:00-15:00", paused=paused)
    now = NOON + timedelta(minutes=minute)
    answer = availability(hours, crew, language, now)
    assert answer.state is not State.unknown
    if answer.admits:
        assert oracle_open(now)
        assert not paused
    if answer.state in {State.open, State.open_other_language, State.closing}:
        assert crew.room
    if answer.state is State.open:
        assert any(
            language in somebody.languages
            for somebody in crew.available
            if somebody.capacity > crew.loads.get(somebody.staff_id, 0)
        )
