from datetime import date

from duty.dated_exceptions import Kind, rule_for
from tests.duty.made import exception

DAY = date(2026, 12, 24)
CLOSED = exception(Kind.closed, DAY)
OTHER = exception(Kind.other, DAY, times="10-12")
LATER = exception(Kind.other, DAY, times="14-16")
EXTRA = exception(Kind.extra, DAY, times="18-20")


def test_on_an_ordinary_day_the_week_holds() -> None:
    assert rule_for(date(2026, 12, 23), [CLOSED, OTHER, EXTRA]) == (True, ())


def test_first_and_last_day_are_included() -> None:
    days = exception(Kind.closed, date(2026, 12, 24), date(2026, 12, 26))
    assert [days.covers(date(2026, 12, day)) for day in (23, 24, 26, 27)] == [False, True, True, False]


def test_each_kind_does_what_it_says() -> None:
    assert rule_for(DAY, [CLOSED]) == (False, ())
    assert rule_for(DAY, [OTHER]) == (False, (OTHER,))
    assert rule_for(DAY, [EXTRA]) == (True, (EXTRA,))
    assert rule_for(DAY, [OTHER, EXTRA]) == (False, (OTHER, EXTRA))


def test_when_they_contradict_each_other_closed_wins_then_the_newest() -> None:
    assert rule_for(DAY, [EXTRA, OTHER, CLOSED]) == (False, ())
    assert rule_for(DAY, [OTHER, LATER]) == (False, (LATER,))
