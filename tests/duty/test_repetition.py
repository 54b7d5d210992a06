from datetime import date, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duty.repetition import Frequency, Rule, RuleNotUnderstood, read_rule, text

MONDAY, TUESDAY, THURSDAY = 0, 1, 3
FIRST = date(2026, 11, 24)  # a Tuesday
FAR = date(2030, 1, 1)

rules = st.builds(
    Rule,
    frequency=st.sampled_from(Frequency),
    interval=st.integers(1, 9),
    weekdays=st.frozensets(st.integers(0, 6)),
    until=st.none() | st.dates(date(2026, 11, 1), date(2027, 12, 31)),
    count=st.none() | st.integers(1, 40),
    week_start=st.integers(0, 6),
)
days = st.dates(date(2026, 10, 1), date(2027, 12, 31))


def walked(rule: Rule, first: date, late: date) -> list[date]:
    """An independent oracle: ask every day in turn, in the words of RFC 5545."""
    found: list[date] = []
    for number in range((late - first).days + 1):
        day = first + timedelta(days=number)
        if rule.frequency is Frequency.daily:
            due = number % rule.interval == 0 and (not rule.weekdays or day.weekday() in rule.weekdays)
        else:
            into_week = (first.weekday() - rule.week_start) % 7
            due = ((number + into_week) // 7) % rule.interval == 0
            due = due and day.weekday() in (rule.weekdays or {first.weekday()})
        if due and (rule.until is None or day <= rule.until) and (rule.count is None or len(found) < rule.count):
            found.append(day)
    return found


@given(rule=rules, first=days, early=days, length=st.integers(0, 60))
def test_the_days_of_a_window_are_those_of_a_walk_from_the_first_day(
    rule: Rule, first: date, early: date, length: int
) -> None:
    late = early + timedelta(days=length)
    assert list(rule.days(first, early, late)) == [day for day in walked(rule, first, late) if day >= early]


@given(rule=rules, first=days, day=days)
def test_a_day_is_included_when_the_walk_meets_it(rule: Rule, first: date, day: date) -> None:
    assert rule.includes(first, day) is (day in walked(rule, first, day))


@given(rule=rules, first=days)
def test_nothing_comes_after_the_last_day(rule: Rule, first: date) -> None:
    last = rule.last(first)
    assert (last is None) is (rule.until is None and rule.count is None)
    if last is not None:
        assert not list(islice(rule.days(first, last + timedelta(days=1), date(2040, 1, 1)), 1))


@given(rule=rules)
def test_a_rule_survives_its_text(rule: Rule) -> None:
    assert read_rule(text(rule)) == rule


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule(frequency=Frequency.weekly, weekdays=frozenset({THURSDAY, TUESDAY})), "FREQ=WEEKLY;BYDAY=TU,TH"),
        (Rule(frequency=Frequency.daily, interval=2, count=5), "FREQ=DAILY;INTERVAL=2;COUNT=5"),
        (
            Rule(frequency=Frequency.weekly, interval=2, until=date(2026, 12, 31), week_start=6),
            "FREQ=WEEKLY;INTERVAL=2;UNTIL=20261231;WKST=SU",
        ),
    ],
)
def test_the_text_is_that_of_rfc_5545(rule: Rule, expected: str) -> None:
    assert text(rule) == expected


def test_the_start_of_the_week_decides_which_weeks_are_the_second_ones() -> None:
    """The two examples at the end of RFC 5545, 3.8.5.3."""
    sunday_and_tuesday = frozenset({TUESDAY, 6})
    first = date(1997, 8, 5)
    found = []
    for week_start in (0, 6):
        rule = Rule(frequency=Frequency.weekly, interval=2, count=4, weekdays=sunday_and_tuesday, week_start=week_start)
        found.append([f"{day:%m-%d}" for day in rule.days(first, first, FAR)])
    assert found == [["08-05", "08-10", "08-19", "08-24"], ["08-05", "08-17", "08-19", "08-31"]]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "INTERVAL=2",
        "FREQ=MONTHLY",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYDAY=",
        "FREQ=WEEKLY;BYSETPOS=1",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;COUNT=-1",
        "FREQ=WEEKLY;INTERVAL=x",
        "FREQ=WEEKLY;INTERVAL=٢",
        "FREQ=WEEKLY;UNTIL=2026",
        "FREQ=WEEKLY;FREQ=DAILY",
        "FREQ=WEEKLY;WKST=XX",
    ],
)
def test_a_rule_we_could_not_keep_exactly_is_refused(value: str) -> None:
    with pytest.raises(RuleNotUnderstood):
        read_rule(value)


def test_a_rhythm_that_meets_none_of_its_weekdays_has_no_days() -> None:
    every_seventh_day = Rule(frequency=Frequency.daily, interval=7, weekdays=frozenset({2}))
    tuesday = date(2026, 11, 24)
    assert list(every_seventh_day.days(tuesday, tuesday, tuesday + timedelta(days=60))) == []
