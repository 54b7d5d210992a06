from datetime import date, datetime, timedelta

from duty.availability import State
from duty.dated_exceptions import Kind
from duty.preview import Difference, Differs, differences, preview, shown_at, turns
from duty.timeline import Timeline
from duty.timetable import Timetable
from tests.duty.made import HELSINKI, exception, helsinki, timetable, version

MONDAY = helsinki(2026, 11, 23)
SPOKEN = frozenset({"fi", "en"})
LATER = MONDAY + timedelta(days=14)


def line(made: Timetable) -> Timeline:
    return made.timeline(MONDAY - timedelta(days=3), MONDAY + timedelta(days=60))


def told(made: Timetable, language: str = "fi", start: datetime = MONDAY) -> list[tuple[str, str]]:
    shown = preview(line(made), language, start, LATER, SPOKEN)
    return [(f"{one.at.astimezone(HELSINKI):%a %d %H:%M}", one.availability.state.value) for one in shown]


def test_a_fortnight_is_told_change_by_change() -> None:
    assert told(timetable("Tu 13:00-15:00; PH off")) == [
        ("Mon 23 00:00", "closed"),
        ("Tue 24 12:30", "opening_soon"),
        ("Tue 24 13:00", "open"),
        ("Tue 24 14:30", "closing"),
        ("Tue 24 15:00", "closed"),
        ("Tue 01 12:30", "opening_soon"),
        ("Tue 01 13:00", "open"),
        ("Tue 01 14:30", "closing"),
        ("Tue 01 15:00", "closed"),
    ]


def test_it_starts_with_what_is_shown_at_the_simulated_clock() -> None:
    assert told(timetable("Tu 13:00-15:00; PH off"), start=helsinki(2026, 11, 24, 14, 45))[:2] == [
        ("Tue 24 14:45", "closing"),
        ("Tue 24 15:00", "closed"),
    ]


def test_languages_of_an_interval_are_promised_and_others_are_not() -> None:
    made = timetable('Tu 13:00-14:00 "sv", Tu 14:00-15:00; PH off')
    assert told(made, "fi", helsinki(2026, 11, 24, 13))[:3] == [
        ("Tue 24 13:00", "open_other_language"),
        ("Tue 24 14:00", "open"),
        ("Tue 24 14:30", "closing"),
    ]
    assert told(made, "sv", helsinki(2026, 11, 24, 13))[1] == ("Tue 24 14:00", "open_other_language")
    assert told(made, "so", helsinki(2026, 11, 24, 13))[0] == ("Tue 24 13:00", "open_other_language")


def test_the_time_of_the_next_change_is_part_of_what_is_shown() -> None:
    shown = shown_at(line(timetable("Tu 13:00-15:00")), "fi", helsinki(2026, 11, 24, 14), SPOKEN)
    assert shown.availability.state is State.open
    assert shown.availability.next_change == helsinki(2026, 11, 24, 15)
    assert shown.availability.zone is HELSINKI


def test_turns_are_inside_the_window_and_in_order() -> None:
    found = turns(line(timetable("24/7")), MONDAY, LATER)
    assert found == [MONDAY]
    found = turns(line(timetable("Tu 13:00-13:20")), MONDAY, LATER)
    assert [f"{at.astimezone(HELSINKI):%d %H:%M}" for at in found[:4]] == [
        "23 00:00",
        "24 12:30",
        "24 13:00",
        "24 13:20",
    ]


def differ(old: Timetable, new: Timetable) -> list[Difference]:
    return list(differences(line(old), line(new), MONDAY, MONDAY + timedelta(days=7)))


def test_the_same_hours_do_not_differ() -> None:
    assert differ(timetable("Tu 13:00-15:00"), timetable("Tu 13:00-14:00,14:00-15:00")) == []


def test_what_opens_and_what_closes_is_told_as_long_as_possible() -> None:
    assert differ(timetable("Tu 13:00-15:00"), timetable("Tu 12:00-14:00, We 10:00-12:00")) == [
        Difference(Differs.opens, helsinki(2026, 11, 24, 12), helsinki(2026, 11, 24, 13)),
        Difference(Differs.last_start, helsinki(2026, 11, 24, 13, 30), helsinki(2026, 11, 24, 14)),
        Difference(Differs.closes, helsinki(2026, 11, 24, 14), helsinki(2026, 11, 24, 15)),
        Difference(Differs.opens, helsinki(2026, 11, 25, 10), helsinki(2026, 11, 25, 12)),
    ]


def test_other_languages_and_another_margin_are_differences_too() -> None:
    assert differ(timetable('Tu 13:00-15:00 "fi"'), timetable('Tu 13:00-15:00 "sv"')) == [
        Difference(Differs.languages, helsinki(2026, 11, 24, 13), helsinki(2026, 11, 24, 15))
    ]
    assert differ(timetable("Tu 13:00-15:00"), Timetable((version("Tu 13:00-15:00", minutes=10),))) == [
        Difference(Differs.last_start, helsinki(2026, 11, 24, 14, 30), helsinki(2026, 11, 24, 14, 50))
    ]


def test_an_exception_is_a_difference() -> None:
    closed = timetable("Tu 13:00-15:00", exception(Kind.closed, date(2026, 11, 24)))
    assert [one.differs for one in differ(timetable("Tu 13:00-15:00"), closed)] == [Differs.closes]
