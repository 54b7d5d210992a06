"""A week in one line."""

import pytest

from duty.clock_times import TimeNotUnderstood
from operator_ui.typed_week import read_typed_week

WEEK = [(1, "13:00", "15:00"), (3, "09:00", "11:00"), (3, "14:00", "20:00"), (4, "21:00", "02:00")]


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("Tue 13-15, Thu 9-11 and 14-20, Fri 21-02", "en"),
        ("Friday 21–2; Tu 1300-15.00, Thurs: 9-11, 14-20", "en"),
        ("ti 13-15, to 9-11 ja 14-20, pe 21-02", "fi"),
        ("tiistai klo 13–15, torstai 9-11 & 14-20, perjantai 21-02", "fi"),
        ("tis kl. 13-15, tors 9-11 och 14-20, fre 21-02", "sv"),
    ],
)
def test_days_and_times_are_read_as_people_write_them(typed: str, language: str) -> None:
    assert [(row.weekday, row.starts, row.ends) for row in read_typed_week(typed, language)] == WEEK


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("Mon-Wed 9-12", [0, 1, 2]),
        ("Sat and Sun 9-12", [5, 6]),
        ("Sat-Mon 9-12", [0, 5, 6]),
        ("Mo, Th-Fr 9-12", [0, 3, 4]),
    ],
)
def test_several_days_share_their_times(typed: str, days: list[int]) -> None:
    assert [row.weekday for row in read_typed_week(typed, "en")] == days


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "no_day"),
        ("13-15", "no_day"),
        ("always Tue 13-15", "no_day"),
        ("Tue", "not_an_interval"),
        ("Tue 13", "not_an_interval"),
        ("Tue 13-25", "no_such_time"),
        ("Tue 9-11, 10-12", "overlap"),
    ],
)
def test_what_cannot_be_read_is_refused(typed: str, code: str) -> None:
    with pytest.raises(TimeNotUnderstood) as refused:
        read_typed_week(typed, "en")
    assert refused.value.code == code
