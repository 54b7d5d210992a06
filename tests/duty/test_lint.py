"""What the evaluator takes without a word, and what a shift lead is told about it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duty.findings import Finding, refusals
from duty.hours import HoursNotUnderstood
from duty.lint import lint, lint_hours
from duty.lint_effects import lint_effects
from duty.proposal import NewHours, Proposal, WithdrawnHours
from duty.rule_text import rules
from duty.timetable import Timetable
from tests.duty.made import helsinki, hours, timetable, version

NOW = helsinki(2026, 11, 24, 12)  # a Tuesday
MARGIN = timedelta(minutes=30)


def found(expression: str, now: datetime = NOW, last_start: timedelta = timedelta(0)) -> list[Finding]:
    return lint_hours(hours(expression), now, last_start)


def codes(expression: str, now: datetime = NOW, last_start: timedelta = timedelta(0)) -> list[tuple[str, str]]:
    return [(one.code, one.place) for one in found(expression, now, last_start)]


def values(expression: str, code: str) -> dict[str, str]:
    (finding,) = [one for one in found(expression) if one.code == code]
    return dict(finding.values)


@pytest.mark.parametrize(
    "expression",
    [
        "Tu 13:00-15:00; PH off",
        "Tu 13:00-15:00, Th 09:00-11:00,14:00-20:00; PH off",
        'Mo-Fr 09:00-17:00 "fi sv"; PH off',
        "Mo-Fr 09:00-17:00; PH 10:00-12:00",
        "Mo-Fr 09:00-17:00; Dec 31 10:00-12:00; PH off",
        "Mo-Fr 09:00-17:00; PH off; 2026 Dec 24 10:00-12:00",
        "Mo-Su 10:00-18:00; Sa 10:00-14:00; PH off",
        "24/7",
        "24/7; PH off",
        '24/7 "fi sv"',
        "Mo-Fr 09:00-17:00; Jul off; PH off",
    ],
)
def test_good_hours_get_no_remark(expression: str) -> None:
    assert codes(expression) == []


@pytest.mark.parametrize(
    ("expression", "code", "place"),
    [
        ("PH off; Mo-Fr 09:00-17:00", "holidays_open", "rule:1"),
        ("Mo-Fr 09:00-17:00; PH off; Fr 10:00-12:00", "holidays_open", "rule:2"),
        ("Mo 13:00-12:00; PH off", "ends_before_start", "rule:1"),
        ("Mo 09:00-09:00; PH off", "ends_before_start", "rule:1"),
        ("Tu 13:00-15:00; SH off; PH off", "school_holidays", "rule:2"),
        ("SH Mo 10:00-12:00; PH off", "school_holidays", "rule:1"),
        ("Mo sunrise-12:00; PH off", "sun_times", "rule:1"),
        ("Mo 10:00-(sunset+01:00); PH off", "sun_times", "rule:1"),
        ("Mo 10:00+; PH off", "open_end", "rule:1"),
        ("Feb 30 10:00-12:00; PH off", "no_such_date", "rule:1"),
        ("Mo-Su 10:00-12:00; Apr 31 off; PH off", "no_such_date", "rule:2"),
        ('Mo 10:00-12:00; PH off || "call us"', "no_days_no_times", "rule:3"),
        ('"fi"', "no_days_no_times", "rule:1"),
        ("open", "no_days_no_times", "rule:1"),
        ("Mo 10:00-12:00; PH off || Tu 10:00-12:00", "fallback", "rule:3"),
        ("24/7 off", "never_open", "expression"),
        ("2025 Mo-Fr 10:00-12:00; PH off", "never_open", "expression"),
        ("Mo 10:00-12:00 unknown; PH off", "never_open", "expression"),
        ("Mo 10:00-12:00;" + " PH off;" * 150 + " PH off", "text_too_long", "expression"),
    ],
)
def test_what_cannot_be_meant_is_refused(expression: str, code: str, place: str) -> None:
    assert (code, place) in [(one.code, one.place) for one in refusals(found(expression))]


@pytest.mark.parametrize(
    ("expression", "code", "place"),
    [
        ("Mo-Fr 09:00-17:00", "holidays_not_mentioned", "expression"),
        ("Mo 09:00-11:00; Mo 13:00-15:00; PH off", "hours_replaced", "rule:1"),
        ("Mo-Fr 09:00-12:00; Fr 13:00-15:00; PH off", "hours_replaced", "rule:1"),
        ("Mo 10:00-11:00; Mo 10:00-12:00; PH off", "rule_without_effect", "rule:1"),
        ("Dec 27-Jan 2 off; Mo-Su 10:00-12:00; PH off", "rule_without_effect", "rule:1"),
        ("Mo-Su 10:00-12:00; 2025 Jul off; PH off", "rule_without_effect", "rule:2"),
        ("Fr 22:00-02:00; Sa 10:00-12:00; PH off", "night_cut", "rule:1"),
        ("Mo-Su 22:00-02:00; PH off", "night_cut", "rule:1"),
        ("Mo-Su 22:00-02:00; PH off", "night_left_over", "rule:1"),
        ("Mo, Tu 10:00-12:00; PH off", "whole_days", "rule:1"),
        ("Mo 10:00-12:00; Tu 10:00-12:00 unknown; PH off", "perhaps", "rule:2"),
        ('Mo 10:00-12:00 "by appointment"; PH off', "comment_not_languages", "rule:1"),
        ("Mo 09:00-12:00,11:00-13:00; PH off", "rule_overlaps_itself", "rule:1"),
        ("mo 10:00-12:00; PH off", "spelling", "expression"),
        ("Jul Mo-Fr 10:00-12:00; PH off", "closed_for_long", "expression"),
        ("Su 03:30-05:00; PH off", "time_twice", "expression"),
        ("Sa-Su 02:00-03:30; PH off", "time_skipped", "expression"),
    ],
)
def test_what_may_surprise_is_warned_about(expression: str, code: str, place: str) -> None:
    remarks = found(expression, helsinki(2027, 11, 23, 12) if code == "time_skipped" else NOW)
    assert (code, place) in [(one.code, one.place) for one in remarks]
    assert refusals(remarks) == []


def test_remarks_say_where_and_when() -> None:
    assert values("PH off; Mo-Fr 09:00-17:00", "holidays_open") == {"rule": "PH off", "day": "2026-12-24"}
    assert values("Mo 13:00-12:00; PH off", "ends_before_start") == {
        "rule": "Mo 13:00-12:00",
        "starts": "13:00",
        "ends": "12:00",
        "hours": "23",
    }
    assert values("Mo-Fr 09:00-12:00; Fr 13:00-15:00; PH off", "hours_replaced") == {
        "rule": "Mo-Fr 09:00-12:00",
        "other": "Fr 13:00-15:00",
        "day": "2026-11-27",
        "starts": "09:00",
        "ends": "12:00",
    }
    assert values("Jul Mo-Fr 10:00-12:00; PH off", "closed_for_long") == {"day": "2027-07-01", "time": "10:00"}
    assert values("Su 03:30-05:00; PH off", "time_twice") == {"day": "2027-10-31", "time": "03:30", "means": "03:30"}


def test_a_night_cut_names_who_cut_it_also_when_two_rules_would() -> None:
    remarks = [one.values for one in found("Fr 22:00-02:00; Sa 10:00-12:00; PH off") if one.code == "night_cut"]
    assert [(one["other"], one["day"]) for one in remarks] == [
        ("Sa 10:00-12:00", "2026-11-27"),
        ("Sa 10:00-12:00", "2027-04-30"),
    ][: len(remarks)]
    assert all(one["other"] for one in remarks)


def test_a_skipped_time_says_what_it_means() -> None:
    remarks = found("Sa-Su 02:00-03:30; PH off", helsinki(2027, 11, 23, 12))
    assert [one.values for one in remarks if one.code == "time_skipped"] == [
        {"day": "2028-03-26", "time": "03:30", "means": "04:00"}
    ]


def test_an_interval_no_longer_than_the_margin_lets_nobody_join() -> None:
    assert codes("Tu 13:00-13:30; PH off", last_start=MARGIN) == [("margin_covers", "last_start")]
    assert codes("Tu 13:00-13:31; PH off", last_start=MARGIN) == []
    assert codes("24/7", last_start=MARGIN) == []


@pytest.mark.parametrize(
    ("zone", "country", "remarks"),
    [("Europe/Helsinki", "FI", 0), ("Europe/Stockholm", "FI", 1), ("UTC", "FI", 1), ("Europe/Helsinki", "SE", 1)],
)
def test_a_zone_of_another_country_is_noticed(zone: str, country: str, remarks: int) -> None:
    told = lint_hours(hours("24/7", ZoneInfo(zone), country), NOW, MARGIN)
    assert [one.code for one in told] == ["zone_elsewhere"] * remarks


# -- as a change to what is published


def proposed(expression: str, base: Timetable | None, valid_from: datetime | None = None) -> list[str]:
    return [one.code for one in lint(Proposal(base, NewHours(hours(expression), MARGIN, valid_from)), NOW)]


def test_first_hours_are_compared_with_nothing() -> None:
    assert proposed("Tu 13:00-15:00; PH off", None) == []


def test_the_same_hours_again_change_nothing() -> None:
    assert proposed("Tu 13:00-15:00; PH off", timetable("Tu 13:00-15:00; PH off")) == ["nothing_changes"]


def test_hours_cannot_begin_in_the_past() -> None:
    assert proposed("Tu 13:00-15:00; PH off", None, NOW - timedelta(seconds=1)) == ["valid_from_over"]
    assert proposed("Tu 13:00-15:00; PH off", None, NOW) == []


def test_beginning_in_the_middle_of_an_interval_is_noticed() -> None:
    base = timetable("Tu 11:00-15:00; PH off")
    (finding,) = lint(Proposal(base, NewHours(hours("Tu 13:00-15:00; PH off"), MARGIN)), NOW)
    assert (finding.code, finding.values["starts"], finding.values["ends"]) == ("cuts_interval", "11:00", "15:00")
    assert proposed("Tu 13:00-15:00; PH off", base, helsinki(2026, 12, 1, 11)) == []


def test_hours_before_the_first_ones_have_begun_are_compared_with_nothing() -> None:
    later = Timetable((version("24/7", NOW + timedelta(days=9)),))
    assert proposed("24/7", later) == []


def test_taking_away_is_always_possible() -> None:
    assert lint(Proposal(timetable("24/7"), WithdrawnHours("x")), NOW) == []


def test_a_rule_that_was_taken_apart_wrongly_is_passed_over() -> None:
    strange = rules("Mo 10:00-12:00; PH off; whenever")
    told = list(lint_effects(hours("Mo 10:00-12:00; PH off"), strange, NOW.date()))
    assert [(one.code, one.place) for one in told] == [("rule_without_effect", "rule:3")]


RULES = st.sampled_from(
    ["Mo-Fr 09:00-17:00", "PH off", "Fr 22:00-02:00", "Sa 10:00-12:00", "Mo 13:00-12:00", "Dec 24 off", "24/7", "SH off",
     'Tu 13:00-15:00 "fi"', "Mo 10:00+", "sunrise-sunset", "Mo[1] 10:00-12:00", "unknown", '"x"', "Feb 30 off",
     "We 03:00-03:30", "PH 10:00-12:00", "2026 Dec 24 10:00-12:00", "easter off", "Mo-Su 00:00-24:00"]
)  # fmt: skip


@given(st.lists(RULES, min_size=1, max_size=4), st.lists(st.sampled_from(["; ", ", ", " || "]), min_size=3, max_size=3))
def test_any_hours_that_are_understood_get_remarks_in_sentences(parts: list[str], joints: list[str]) -> None:
    text = parts[0] + "".join(joint + rule for joint, rule in zip(joints, parts[1:], strict=False))
    try:
        remarks = found(text, last_start=MARGIN)
    except HoursNotUnderstood:
        return
    for one in remarks:
        assert "{" not in one.in_english()
        assert one.place.split(":")[0] in {"expression", "rule", "zone", "last_start"}
