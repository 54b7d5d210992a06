from datetime import date, timedelta

import pytest

from duty.dated_exceptions import DatedException, Kind
from duty.timetable import Timetable, begun_on
from tests.duty.made import exception, helsinki, hours, spans, timetable, version, wall

NIGHTS = "Fr-Sa 22:00-02:00, Sa 10:00-12:00"  # Friday is 27 November 2026
FRIDAY, SATURDAY, SUNDAY = date(2026, 11, 27), date(2026, 11, 28), date(2026, 11, 29)


def weekend(expression: str, *exceptions: DatedException) -> list[tuple[str, str]]:
    return spans(timetable(expression, *exceptions).timeline(helsinki(2026, 11, 26), helsinki(2026, 12, 1)))


def test_without_exceptions_the_week_holds() -> None:
    assert weekend(NIGHTS) == [
        ("Fri 27 22:00", "Sat 28 02:00"),
        ("Sat 28 10:00", "Sat 28 12:00"),
        ("Sat 28 22:00", "Sun 29 02:00"),
    ]


def test_a_closed_day_loses_all_that_begins_on_it_and_nothing_else() -> None:
    assert weekend(NIGHTS, exception(Kind.closed, SATURDAY)) == [("Fri 27 22:00", "Sat 28 02:00")]
    assert weekend(NIGHTS, exception(Kind.closed, FRIDAY)) == [
        ("Sat 28 10:00", "Sat 28 12:00"),
        ("Sat 28 22:00", "Sun 29 02:00"),
    ]
    assert weekend(NIGHTS, exception(Kind.closed, FRIDAY, SATURDAY)) == []


def test_other_hours_come_instead_and_may_pass_midnight() -> None:
    assert weekend(NIGHTS, exception(Kind.other, SATURDAY, times="9-10, 23-1")) == [
        ("Fri 27 22:00", "Sat 28 02:00"),
        ("Sat 28 09:00", "Sat 28 10:00"),
        ("Sat 28 23:00", "Sun 29 01:00"),
    ]


def test_extra_hours_come_in_addition_also_where_they_overlap() -> None:
    assert weekend(NIGHTS, exception(Kind.extra, SUNDAY, times="1-3, 15-16")) == [
        ("Fri 27 22:00", "Sat 28 02:00"),
        ("Sat 28 10:00", "Sat 28 12:00"),
        ("Sat 28 22:00", "Sun 29 03:00"),
        ("Sun 29 15:00", "Sun 29 16:00"),
    ]
    assert weekend("Sa 10:00-12:00", exception(Kind.extra, SATURDAY, times="10.30-11")) == [
        ("Sat 28 10:00", "Sat 28 12:00")
    ]


def test_where_hours_overlap_the_languages_of_the_earlier_go_on() -> None:
    extra = exception(Kind.extra, SATURDAY, times="11-13", languages=frozenset({"sv"}))
    made = timetable('Sa 10:00-12:00 "fi"', extra).timeline(helsinki(2026, 11, 26), helsinki(2026, 12, 1))
    (stretch,) = made.stretches
    assert [(one.closes, sorted(one.languages)) for one in stretch.pieces] == [
        (helsinki(2026, 11, 28, 12), ["fi"]),
        (helsinki(2026, 11, 28, 13), ["sv"]),
    ]


def test_what_is_open_for_days_is_cut_at_midnight_for_exceptions() -> None:
    assert weekend("24/7", exception(Kind.closed, SATURDAY)) == [
        ("Thu 26 00:00", "Sat 28 00:00"),
        ("Sun 29 00:00", "Tue 01 00:00"),
    ]
    assert weekend("Sa-Su 00:00-24:00", exception(Kind.closed, SUNDAY)) == [("Sat 28 00:00", "Sun 29 00:00")]


def test_exceptions_elsewhere_in_the_year_change_nothing() -> None:
    assert weekend(NIGHTS, exception(Kind.closed, date(2026, 7, 1), date(2026, 7, 31))) == weekend(NIGHTS)


def test_each_version_holds_until_the_next() -> None:
    made = Timetable((version(NIGHTS), version("Sa-Su 13:00-14:00", helsinki(2026, 11, 28, 1), minutes=5)))
    timeline = made.timeline(helsinki(2026, 11, 26), helsinki(2026, 12, 1))
    assert spans(timeline) == [
        ("Fri 27 22:00", "Sat 28 01:00"),
        ("Sat 28 13:00", "Sat 28 14:00"),
        ("Sun 29 13:00", "Sun 29 14:00"),
    ]
    assert [one.last_start for one in timeline.stretches] == [timedelta(minutes=m) for m in (30, 5, 5)]


def test_what_both_versions_open_is_not_interrupted() -> None:
    made = Timetable((version(NIGHTS), version("Fr 22:00-03:00", helsinki(2026, 11, 28), minutes=5)))
    (stretch, *_) = made.timeline(helsinki(2026, 11, 26), helsinki(2026, 12, 1)).stretches
    assert (stretch.opens, stretch.closes) == (helsinki(2026, 11, 27, 22), helsinki(2026, 11, 28, 3))
    assert stretch.last_start == timedelta(minutes=5)


def test_before_the_first_version_nothing_is_open() -> None:
    made = Timetable((version("24/7", helsinki(2026, 11, 28)),))
    timeline = made.timeline(helsinki(2026, 11, 26), helsinki(2026, 12, 1))
    assert spans(timeline) == [("Sat 28 00:00", "Tue 01 00:00")]
    assert made.timeline(helsinki(2026, 11, 26), helsinki(2026, 11, 27)).stretches == ()
    assert made.in_force(helsinki(2026, 11, 27)) is None
    assert made.in_force(helsinki(2026, 11, 28)) is made.versions[0]
    assert made.on(FRIDAY)[0].starts == wall(2026, 11, 27)  # as the first version would have it


def test_a_timetable_has_versions_in_order() -> None:
    for wrong in ((), (version("24/7", helsinki(2026, 2, 1)), version("24/7", helsinki(2026, 1, 1)))):
        with pytest.raises(ValueError, match="in order"):
            Timetable(wrong)


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    made = hours('Mo-Su 22:00-02:00 "fi", Mo-Su 02:00-03:00 "sv"')
    begun = [(one.day, one.readings.starts.day, sorted(one.languages)) for one in begun_on(made, FRIDAY, SATURDAY)]
    assert begun == [(FRIDAY, 27, ["fi"]), (FRIDAY, 28, ["sv"]), (SATURDAY, 28, ["fi"]), (SATURDAY, 29, ["sv"])]
    assert list(begun_on(hours("24/7 off"), FRIDAY, SATURDAY)) == []


def test_the_hours_of_a_day_are_told_with_its_exceptions() -> None:
    made = timetable(NIGHTS, exception(Kind.extra, SATURDAY, times="15-16"))
    assert [f"{one.starts:%d %H:%M}-{one.ends:%d %H:%M}" for one in made.on(SATURDAY)] == [
        "28 10:00-28 12:00",
        "28 15:00-28 16:00",
        "28 22:00-29 02:00",
    ]
