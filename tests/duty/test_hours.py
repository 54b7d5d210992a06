from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duty.hours import (
    HoursNotUnderstood,
    HoursState,
    OpeningHours,
    OpenReadings,
    holidays,
    languages_in,
    zone_named,
)

HELSINKI = ZoneInfo("Europe/Helsinki")
SPRING = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)  # Sunday 29 March, 00:00; 03:00 becomes 04:00
AUTUMN = datetime(2026, 10, 24, 21, 0, tzinfo=UTC)  # Sunday 25 October, 00:00; 04:00 becomes 03:00


def wall(*parts: int) -> datetime:
    """A reading of the clock on the wall."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


def helsinki(expression: str) -> OpeningHours:
    return OpeningHours(expression, HELSINKI, "FI")


def open_spans(hours: OpeningHours, start: datetime, length: timedelta) -> list[tuple[str, str]]:
    """Open intervals in UTC, walked by `next_change` alone."""
    spans, now, opened = [], start, None
    while now < start + length:
        state = hours.state_at(now)
        if state.open and opened is None:
            opened = now
        if not state.open and opened is not None:
            spans.append((f"{opened:%H:%M}", f"{now:%H:%M}"))
            opened = None
        if state.next_change is None:
            break
        now = state.next_change
    return spans


def test_hours_are_half_open() -> None:
    hours = helsinki("Tu 13:00-15:00")
    opens, closes = datetime(2026, 11, 24, 11, tzinfo=UTC), datetime(2026, 11, 24, 13, tzinfo=UTC)
    assert hours.state_at(opens - timedelta(microseconds=1)) == HoursState(open=False, next_change=opens)
    assert hours.state_at(opens) == HoursState(open=True, next_change=closes)
    assert hours.state_at(closes - timedelta(microseconds=1)).open
    assert hours.state_at(closes) == HoursState(open=False, next_change=opens + timedelta(days=7))


def test_an_instant_may_come_in_any_zone() -> None:
    opens = datetime(2026, 11, 24, 11, tzinfo=UTC)
    assert helsinki("Tu 13:00-15:00").state_at(opens.astimezone(ZoneInfo("Asia/Tokyo"))).open


def test_hours_that_never_change_say_so() -> None:
    assert helsinki("24/7").state_at(SPRING) == HoursState(open=True, next_change=None)
    assert helsinki("24/7 off").state_at(SPRING) == HoursState(open=False, next_change=None)


def test_public_holidays_close() -> None:
    hours = helsinki("Mo-Su 09:00-17:00; PH off")
    assert not hours.state_at(datetime(2026, 12, 25, 10, tzinfo=UTC)).open
    assert hours.state_at(datetime(2026, 12, 28, 10, tzinfo=UTC)).open


def test_hours_may_pass_midnight() -> None:
    assert open_spans(helsinki("Fr 22:00-02:00"), datetime(2026, 11, 20, tzinfo=UTC), timedelta(days=2)) == [
        ("20:00", "00:00")
    ]


def test_perhaps_is_not_open() -> None:
    hours = helsinki("Mo-Su 09:00-17:00 unknown; Tu 10:00-11:00")
    assert not hours.state_at(datetime(2026, 11, 23, 10, tzinfo=UTC)).open  # a Monday, "unknown"
    state = hours.state_at(datetime(2026, 11, 22, 22, 30, tzinfo=UTC))
    assert state == HoursState(open=False, next_change=datetime(2026, 11, 24, 8, tzinfo=UTC))


@pytest.mark.parametrize(
    ("expression", "spans"),
    [
        ("Su 01:00-06:00", [("23:00", "03:00")]),  # four hours, not five
        ("Su 03:00-04:00", []),  # the hour that does not exist
        ("Su 03:15-03:45", []),
        ("Su 02:30-03:30", [("00:30", "01:00")]),
        ("Su 03:30-05:00", [("01:00", "02:00")]),
        ("Su 02:00-03:00", [("00:00", "01:00")]),
        ("Su 03:10-03:20,03:40-04:30", [("01:00", "01:30")]),
    ],
)
def test_a_skipped_time_means_the_moment_of_the_change(expression: str, spans: list[tuple[str, str]]) -> None:
    assert open_spans(helsinki(expression), SPRING, timedelta(hours=8)) == spans


@pytest.mark.parametrize(
    ("expression", "spans"),
    [
        ("Su 01:00-06:00", [("22:00", "04:00")]),  # six hours, not five
        ("Su 03:00-04:00", [("00:00", "02:00")]),
        ("Su 02:30-03:30", [("23:30", "00:30")]),
        ("Su 03:30-05:00", [("00:30", "03:00")]),  # the evaluator alone shows a false gap here
        ("Su 03:15-03:45", [("00:15", "00:45")]),
        ("Su 02:00-03:00", [("23:00", "00:00")]),
        ("Su 04:00-05:00", [("02:00", "03:00")]),
    ],
)
def test_a_time_that_happens_twice_means_its_first_occurrence(expression: str, spans: list[tuple[str, str]]) -> None:
    assert open_spans(helsinki(expression), AUTUMN, timedelta(hours=8)) == spans


@pytest.mark.parametrize("change", [SPRING, AUTUMN])
def test_every_minute_of_a_changing_day_agrees_with_the_announced_changes(change: datetime) -> None:
    hours = helsinki("Mo-Su 00:20-02:40,03:05-03:25,03:35-04:10,22:00-01:15")
    announced = hours.state_at(change)
    for minute in range(30 * 60):
        now = change + timedelta(minutes=minute)
        state = hours.state_at(now)
        if announced.next_change is not None and now >= announced.next_change:
            assert state.open is not announced.open
            announced = state
        assert state == announced


@given(
    start=st.integers(0, 24 * 60 - 2),
    length=st.integers(1, 12 * 60),
    minute=st.integers(0, 366 * 24 * 60),
)
def test_the_state_holds_until_the_announced_change_and_not_longer(start: int, length: int, minute: int) -> None:
    end = (start + length) % (24 * 60)
    hours = helsinki(f"Mo-Su {start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}")
    now = datetime(2025, 12, 31, 22, 0, tzinfo=UTC) + timedelta(minutes=minute)
    state = hours.state_at(now)
    change = state.next_change
    assert change is not None
    assert now < change <= now + timedelta(hours=49)
    assert hours.state_at(change - timedelta(microseconds=1)).open is state.open
    assert hours.state_at(change).open is not state.open


@given(minute=st.integers(0, 366 * 24 * 60))
def test_away_from_the_clock_changes_the_wall_clock_decides(minute: int) -> None:
    now = datetime(2025, 12, 31, 22, 0, tzinfo=UTC) + timedelta(minutes=minute)
    local = now.astimezone(HELSINKI)
    hours = helsinki("Mo-Fr 09:00-16:30")
    assert hours.state_at(now).open is (local.weekday() < 5 and (9, 0) <= (local.hour, local.minute) < (16, 30))


@pytest.mark.parametrize("expression", ["foo", "Mo 25:99-12", "Mo 10:00-12:00\n", "\x00", "; ;", "ma 10-12"])
def test_a_text_that_cannot_be_read_is_refused_in_one_sentence(expression: str) -> None:
    with pytest.raises(HoursNotUnderstood, match=r"^These opening hours cannot be understood: .*\.$"):
        helsinki(expression)


def test_a_country_without_holidays_is_refused_in_one_sentence() -> None:
    with pytest.raises(HoursNotUnderstood, match=r"^No public holidays are known for the country 'XX'\.$"):
        OpeningHours("24/7", HELSINKI, "XX")


def test_an_evaluator_that_never_reaches_a_change_is_given_up() -> None:
    # Alternating "closed" and "unknown" for ever: both mean closed to us, so no change is ever found.
    state = helsinki("Mo-Su 09:00-17:00 unknown").state_at(SPRING)
    assert state == HoursState(open=False, next_change=None)


@pytest.mark.parametrize("expression", ["", "  ", "\t\n"])
def test_an_empty_text_is_not_always_open(expression: str) -> None:
    with pytest.raises(HoursNotUnderstood, match=r"^There are no opening hours: the text is empty\.$"):
        helsinki(expression)


@pytest.mark.parametrize("name", ["", "Europe", "Helsinki", "../etc/passwd", "/etc/localtime", "Europe/Helsinki\n"])
def test_a_zone_that_does_not_exist_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(HoursNotUnderstood, match=r"^There is no time zone "):
        zone_named(name)


def test_a_zone_is_found_by_its_name() -> None:
    assert zone_named("Europe/Helsinki") is HELSINKI


def test_a_change_more_than_ten_years_away_is_none() -> None:
    assert helsinki("2035 Mo 10:00-12:00").state_at(SPRING).next_change is not None
    assert helsinki("2037 Mo 10:00-12:00").state_at(SPRING).next_change is None
    assert helsinki("Mo-Su 00:00-24:00").state_at(SPRING).next_change is None


def test_open_readings_carry_the_comment() -> None:
    hours = helsinki('Tu 13:00-14:00 "fi sv", Tu 14:00-15:00 "en", We 10:00-11:00 unknown')
    assert list(hours.readings(wall(2026, 11, 23), wall(2026, 11, 26))) == [
        OpenReadings(wall(2026, 11, 24, 13), wall(2026, 11, 24, 14), "fi sv"),
        OpenReadings(wall(2026, 11, 24, 14), wall(2026, 11, 24, 15), "en"),
    ]


@pytest.mark.parametrize(
    ("comment", "languages"),
    [("", ""), ("fi", "fi"), ("fi sv,en", "fi sv en"), ("zh-Hans pt-BR", "zh-Hans pt-BR"), ("ring the bell", "")],
)
def test_a_comment_names_languages_or_nothing(comment: str, languages: str) -> None:
    assert languages_in(comment) == frozenset(languages.split())


def test_holidays_are_those_of_the_country() -> None:
    christmas = [date(2026, 12, day) for day in (24, 25, 26)]
    assert holidays("FI", date(2026, 12, 7), date(2026, 12, 31)) == christmas
    assert holidays("FI", date(2026, 12, 25), date(2026, 12, 25)) == christmas[1:2]
    assert holidays("SE", date(2026, 12, 6), date(2026, 12, 6)) == []
    with pytest.raises(HoursNotUnderstood):
        holidays("XX", date(2026, 12, 24), date(2026, 12, 24))


def test_what_the_evaluator_guesses_is_told() -> None:
    assert helsinki("mo 10:00-12:00").warnings
    assert helsinki("Mo 10:00-12:00").warnings == ()


@given(st.text(alphabet=st.sampled_from('MoTuFrPHSJan 0123456789:-,;|"+()[]off/'), max_size=60))
def test_any_text_is_either_evaluated_or_refused(expression: str) -> None:
    try:
        hours = helsinki(expression)
    except HoursNotUnderstood:
        return
    assert isinstance(hours.state_at(SPRING), HoursState)
