import pytest
from hypothesis import given
from hypothesis import strategies as st

from duty.clock_times import DAY, Interval
from duty.findings import Finding
from duty.timetable import begun_on
from duty.week import Row, Week, WeeklyInterval, read_rows, read_week, week_text
from tests.duty.made import hours, wall

NEW_YEAR = wall(2026, 1, 1)


def row(weekday: int, typed: str, languages: str = "") -> Row:
    starts, _, ends = typed.partition("-")
    return Row(weekday, starts, ends, frozenset(languages.split()))


def week(*rows: Row, holidays_closed: bool = True) -> Week:
    intervals, wrong = read_rows(rows)
    assert wrong == ()
    return Week(intervals, holidays_closed)


def read(expression: str) -> Week | None:
    return read_week(hours(expression), NEW_YEAR)


def test_the_week_of_the_issue_becomes_text_and_is_read_back() -> None:
    made = week(row(1, "13-15"), row(3, "9-11"), row(3, "14-20"), row(4, "21-02"), row(6, "-"))
    text = "Tu 13:00-15:00, Th 09:00-11:00,14:00-20:00, Fr 21:00-02:00; PH off; PH +1 day 00:00-02:00 off"
    assert week_text(made) == text
    assert read(text) == made


def test_languages_are_comments_of_rules() -> None:
    made = week(row(1, "13-15", "sv fi"), row(1, "16-17"), row(2, "13-15", "fi sv"), row(4, "13-15", "sv fi"))
    assert week_text(made) == 'Tu-We,Fr 13:00-15:00 "fi sv", Tu 16:00-17:00; PH off'
    assert read(week_text(made)) == made


def test_fridays_night_goes_on_though_saturday_has_hours_too() -> None:
    made = hours(week_text(week(row(4, "21-02"), row(5, "10-12"))))
    nights = [one.readings for one in begun_on(made, wall(2026, 1, 9).date(), wall(2026, 1, 10).date())]
    assert [(one.starts, one.ends) for one in nights] == [
        (wall(2026, 1, 9, 21), wall(2026, 1, 10, 2)),
        (wall(2026, 1, 10, 10), wall(2026, 1, 10, 12)),
    ]


def test_a_night_that_begins_on_a_holiday_leaves_no_morning() -> None:
    made = hours(week_text(week(row(4, "21-02"))))
    christmas, boxing_day = wall(2026, 12, 25), wall(2026, 12, 26)
    assert list(made.readings(christmas, boxing_day.replace(hour=12))) == []


def test_early_hours_of_their_own_are_not_closed_after_a_holiday() -> None:
    assert week_text(week(row(4, "21-02"), row(0, "1-3"))).endswith("; PH off")


def test_a_week_without_hours_is_closed() -> None:
    assert week_text(Week(())) == "24/7 off"
    assert read("24/7 off") == Week((), holidays_closed=False)
    assert week_text(week(row(0, "9-10"), holidays_closed=False)) == "Mo 09:00-10:00"


def test_always_open_is_seven_whole_days() -> None:
    found = read("24/7")
    assert found is not None
    assert [str(one.interval) for one in found.intervals] == ["00:00-24:00"] * 7


@pytest.mark.parametrize(
    ("expression", "days"),
    [
        ("Mo-Fr 13:00-15:00; PH off", [0, 1, 2, 3, 4]),
        ("Sa-Mo 13:00-15:00; PH off", [0, 5, 6]),
        ("13:00-15:00", list(range(7))),
        ("Mo 13:00-15:00; We 13:00-15:00; PH off", [0, 2]),
        ("Mo,We,Fr 13:00-15:00 open; PH off", [0, 2, 4]),
    ],
)
def test_texts_that_people_write_can_be_edited_as_a_week(expression: str, days: list[int]) -> None:
    found = read(expression)
    assert found is not None
    assert [one.weekday for one in found.intervals] == days
    assert found.holidays_closed is ("PH" in expression)


@pytest.mark.parametrize(
    "expression",
    [
        "PH off; Mo 10:00-12:00",  # other order, other meaning
        "Mo 09:00-11:00; Mo 13:00-15:00",
        "Fr 22:00-02:00; Sa 10:00-12:00; PH off",  # cuts Friday's night
        "Mo-Fr 10:00-12:00; Dec 24 off",
        "Mo[1] 10:00-12:00",
        "Mo 10:00-12:00 unknown",
        'Mo 10:00-12:00 "by telephone"',
        "Mo 10:00+",
        "Mo 10:00-12:00,11:00-13:00",
        "Mo 10:00-12:00, Mo 11:00-13:00",
        "week 1-10 Mo 10:00-12:00",
    ],
)
def test_a_text_that_says_more_than_a_week_is_not_edited_as_one(expression: str) -> None:
    assert read(expression) is None


def test_what_is_wrong_names_its_row_and_field() -> None:
    rows = [
        row(1, "x-15"),
        row(1, "13-25"),
        row(1, "13-12"),
        row(1, "24-2"),
        row(2, "9-9"),
        row(3, "9-10", "fi Finnish"),
    ]
    assert [(one.code, one.place) for one in read_rows(rows)[1]] == [
        ("not_a_time", "row:1:starts"),
        ("no_such_time", "row:2:ends"),
        ("too_long", "row:3:ends"),
        ("starts_at_midnight", "row:4:starts"),
        ("no_length", "row:5:ends"),
        ("not_a_language", "row:6:languages"),
    ]


def test_overlapping_rows_name_each_other() -> None:
    overlap = [Finding("rows_overlap", "row:2:starts", {"row": "1", "other": "2"})]
    assert list(read_rows([row(1, "13-15"), row(1, "14-16")])[1]) == overlap
    assert list(read_rows([row(1, "22-3"), row(2, "2-4")])[1]) == overlap
    assert list(read_rows([row(0, "1-3"), row(6, "22-2")])[1]) == overlap  # Sunday's night into Monday
    assert read_rows([row(1, "13-15"), row(1, "15-16"), row(2, "13-15")])[1] == ()


weekly = st.builds(
    lambda weekday, starts, length, languages: WeeklyInterval(weekday, Interval(starts, starts + length), languages),
    st.integers(0, 6),
    st.integers(0, DAY - 1),
    st.integers(1, 16 * 60),
    st.frozensets(st.sampled_from(["fi", "sv", "en"]), max_size=2),
)


@given(st.lists(weekly, max_size=6))
def test_whatever_can_be_entered_opens_exactly_when_it_says(intervals: list[WeeklyInterval]) -> None:
    rows = [row(one.weekday, str(one.interval), " ".join(one.languages)) for one in intervals]
    kept, wrong = read_rows(rows)
    if wrong:
        return
    made = hours(week_text(Week(kept, holidays_closed=False)))
    monday = wall(2026, 1, 5)
    opened = {minute % (7 * DAY) for one in kept for minute in (one.starts, (one.starts + one.ends) // 2, one.ends - 1)}
    readings = list(made.readings(monday, monday.replace(day=12)))
    for minute in opened:
        moment = monday.replace(day=5 + minute // DAY, hour=minute % DAY // 60, minute=minute % 60)
        assert any(one.starts <= moment < one.ends for one in readings), (rows, moment)
    length = sum((one.ends - one.starts).total_seconds() for one in readings)
    assert length == sum(60 * (one.ends - one.starts) for one in kept)
    again = read_week(made, NEW_YEAR)
    assert again is not None
    assert again.intervals == kept
