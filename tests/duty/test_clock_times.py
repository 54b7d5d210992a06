from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duty.clock_times import (
    DAY,
    Interval,
    TimeNotUnderstood,
    clock,
    read_interval,
    read_intervals,
    read_time,
    times_text,
)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("13", 780),
        ("9", 540),
        ("09", 540),
        ("13.00", 780),
        ("13:05", 785),
        ("1300", 780),
        ("900", 540),
        (" 13:00 ", 780),
        ("0", 0),
        ("24", DAY),
        ("24:00", DAY),
        ("2400", DAY),
    ],
)
def test_a_time_may_be_typed_in_many_ways(typed: str, minutes: int) -> None:
    assert read_time(typed) == minutes


@pytest.mark.parametrize(
    "typed", ["", "x", "13-", "13.0", "1:2", "13 00", "13:00:00", "1 pm", "-1", "13h", "١٣", "12345"]
)
def test_what_is_no_time_is_refused_with_what_was_typed(typed: str) -> None:
    with pytest.raises(TimeNotUnderstood) as refused:
        read_time(f" {typed} ")
    assert (refused.value.code, refused.value.values) == ("not_a_time", {"typed": typed})


@pytest.mark.parametrize("typed", ["25", "24:01", "12:60", "1299", "99"])
def test_a_time_no_day_has_is_refused(typed: str) -> None:
    with pytest.raises(TimeNotUnderstood) as refused:
        read_time(typed)
    assert refused.value.code == "no_such_time"


@pytest.mark.parametrize(
    ("starts", "ends", "text", "passes"),
    [
        ("13", "15", "13:00-15:00", False),
        ("21", "02", "21:00-02:00", True),
        ("22", "0", "22:00-24:00", False),
        ("22", "24", "22:00-24:00", False),
        ("0", "24", "00:00-24:00", False),
        ("16", "8", "16:00-08:00", True),
    ],
)
def test_an_interval_may_pass_midnight(starts: str, ends: str, text: str, passes: bool) -> None:
    interval = read_interval(starts, ends)
    assert str(interval) == text
    assert interval.passes_midnight is passes


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [("24", "2", "starts_at_midnight"), ("9", "9", "no_length"), ("13", "12", "too_long"), ("x", "9", "not_a_time")],
)
def test_an_interval_that_cannot_be_meant_is_refused(starts: str, ends: str, code: str) -> None:
    with pytest.raises(TimeNotUnderstood) as refused:
        read_interval(starts, ends)
    assert refused.value.code == code


def test_what_is_too_long_says_how_long_it_would_be() -> None:
    with pytest.raises(TimeNotUnderstood) as refused:
        read_interval("13", "12.30")
    assert refused.value.values == {"starts": "13:00", "ends": "12:30", "hours": "23.5"}


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("9-11", "09:00-11:00"),
        ("14-20, 9-11", "09:00-11:00,14:00-20:00"),
        ("9–11 and 14 – 20", "09:00-11:00,14:00-20:00"),
        ("9-11 ja 14-20", "09:00-11:00,14:00-20:00"),
        ("9-11 och 14-20;21.30-2", "09:00-11:00,14:00-20:00,21:30-02:00"),
    ],
)
def test_several_intervals_are_put_in_order(typed: str, text: str) -> None:
    assert times_text(read_intervals(typed)) == text


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "not_an_interval"), ("9", "not_an_interval"), ("9-11,", "not_an_interval"), ("9-11-12", "not_an_interval"),
     ("9-11,10-12", "overlap"), ("22-2,23-3", "overlap")],
)  # fmt: skip
def test_what_is_no_list_of_intervals_is_refused(typed: str, code: str) -> None:
    with pytest.raises(TimeNotUnderstood) as refused:
        read_intervals(typed)
    assert refused.value.code == code


@pytest.mark.parametrize(("starts", "ends"), [(-1, 5), (DAY, DAY + 5), (5, 5), (6, 5), (5, DAY + 6)])
def test_an_interval_begins_on_its_day_and_lasts_at_most_a_day(starts: int, ends: int) -> None:
    with pytest.raises(ValueError, match="an interval starts"):
        Interval(starts, ends)


@given(st.integers(0, DAY - 1), st.integers(1, 16 * 60))
def test_what_is_written_is_read_back(starts: int, length: int) -> None:
    interval = Interval(starts, starts + length)
    assert read_intervals(times_text((interval,))) == (interval,)


@given(st.text(max_size=12))
def test_nonsense_is_a_time_or_refused(typed: str) -> None:
    with suppress(TimeNotUnderstood):
        assert 0 <= read_time(typed) <= DAY


def test_the_end_of_a_day_is_24_and_what_is_later_belongs_to_the_next() -> None:
    assert (clock(DAY), clock(DAY + 90), clock(0)) == ("24:00", "01:30", "00:00")
