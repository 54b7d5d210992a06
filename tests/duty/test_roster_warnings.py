from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duty.colleagues import Colleague, Colleagues, Standing
from duty.coverage import Opening, needs
from duty.roster_warnings import (
    REST,
    SEVERITIES,
    Circumstances,
    Code,
    Holiday,
    RosterWarning,
    Severity,
    roster_warnings,
)
from duty.roster_words import SENTENCES, Wording
from duty.shifts import Change, Channel, Fate, Shift
from storage.ids import StaffId
from tests.duty.rosters import AINO, EERO, HELSINKI, KAISA, at, day, helsinki, plan, shift

GONE, ANALYST = StaffId("gone"), StaffId("analyst")
SPOKEN = frozenset({"fi", "sv", "ar"})
COLLEAGUES: Colleagues = {
    AINO: Colleague("Aino", SPOKEN),
    EERO: Colleague("Eero", SPOKEN),
    KAISA: Colleague("Kaisa", SPOKEN),
    GONE: Colleague("Gunnar", SPOKEN, Standing.left),
    ANALYST: Colleague("Anna", SPOKEN, Standing.without_access),
}
WORDING = Wording(
    zone=HELSINKI,
    names={staff_id: colleague.name for staff_id, colleague in COLLEAGUES.items()},
    languages={"ar": "Arabic", "fi": "Finnish", "sv": "Swedish"},
)


def found(
    some: Sequence[Shift],
    start: str = "2026-11-23 00:00",
    end: str = "2026-11-30 00:00",
    *,
    opened: Sequence[Opening] = (),
    unconfirmed: Sequence[Holiday] = (),
    phone: bool = False,
    languages: str = "",
) -> list[RosterWarning]:
    begins, ends = helsinki(start), helsinki(end)
    wanted = needs(opened, frozenset(languages.split()), begins, ends)
    around = Circumstances(
        needs=[need for need in wanted if phone or need.channel is Channel.chat],
        colleagues=COLLEAGUES,
        zone=HELSINKI,
        unconfirmed=unconfirmed,
    )
    return roster_warnings(some, around, begins, ends)


def said(some: Sequence[RosterWarning]) -> list[str]:
    return [WORDING.warning(one) for one in some]


def opening(starts: str, ends: str, languages: str = "fi") -> Opening:
    return Opening(helsinki(starts), helsinki(ends), frozenset(languages.split()))


def test_a_roster_without_a_fault_is_not_spoken_of() -> None:
    assert found([shift(plan("2026-11-24 13:00", 2))], opened=[opening("2026-11-24 13:00", "2026-11-24 15:00")]) == []


def test_an_open_chat_with_nobody_rostered_is_urgent() -> None:
    warnings = found([shift(plan("2026-11-24 13:00", 1.5))], opened=[opening("2026-11-24 13:00", "2026-11-24 15:00")])
    assert said(warnings) == ["The chat is open and nobody is rostered on Tue 24 Nov 2026 from 14:30 to 15:00."]
    assert (warnings[0].code, warnings[0].severity) == (Code.nobody_rostered, Severity.urgent)
    assert (warnings[0].starts, warnings[0].ends) == (helsinki("2026-11-24 14:30"), helsinki("2026-11-24 15:00"))


def test_a_telephone_without_anybody_is_urgent_also_at_night() -> None:
    nights = shift(plan("2026-11-22 20:00", 12, channel=Channel.phone), "FREQ=DAILY")
    days = shift(plan("2026-11-22 08:00", 12, who=EERO, channel=Channel.both), "FREQ=DAILY")
    without = shift(days.plan, days.rule, changes={day("2026-11-25"): Change(Fate.cancelled)})
    assert found([nights, days], phone=True) == []
    assert said(found([nights, without], phone=True)) == [
        "Nobody answers the telephone on Wed 25 Nov 2026 from 08:00 to 20:00."
    ]


def test_a_gap_over_midnight_names_both_days() -> None:
    warnings = found([], "2026-11-24 22:00", "2026-11-25 06:00", phone=True)
    assert said(warnings) == ["Nobody answers the telephone from Tue 24 Nov 2026 22:00 to Wed 25 Nov 2026 06:00."]


def test_a_promised_language_that_nobody_speaks_is_named() -> None:
    warnings = found(
        [shift(plan("2026-11-24 13:00", 2, languages="sv"))],
        opened=[opening("2026-11-24 13:00", "2026-11-24 15:00", "fi sv ar")],
    )
    assert said(warnings) == ["Nobody on the chat speaks Arabic, Finnish on Tue 24 Nov 2026 from 13:00 to 15:00."]
    assert (warnings[0].code, warnings[0].severity) == (Code.language_not_covered, Severity.act)
    assert warnings[0].languages == {"ar", "fi"}


def test_a_promised_language_is_missed_on_the_telephone_too() -> None:
    on_call = shift(plan("2026-11-24 00:00", 24, channel=Channel.phone))
    warnings = found([on_call], "2026-11-24 00:00", "2026-11-25 00:00", phone=True, languages="ar fi")
    assert said(warnings) == [
        "Nobody on the telephone speaks Arabic from Tue 24 Nov 2026 00:00 to Wed 25 Nov 2026 00:00."
    ]


def test_whoever_left_does_not_cover_and_is_named_once_for_a_shift() -> None:
    weekly = shift(plan("2026-11-03 13:00", 2, who=GONE), "FREQ=WEEKLY;BYDAY=TU,TH")
    warnings = found([weekly], opened=[opening("2026-11-24 13:00", "2026-11-24 15:00")])
    assert said(warnings) == [
        "The chat is open and nobody is rostered on Tue 24 Nov 2026 from 13:00 to 15:00.",
        (
            "Gunnar does not work here any more but is rostered on Tue 24 Nov 2026 from 13:00 to 15:00. "
            "The shift does not count."
        ),
    ]
    assert (warnings[1].code, warnings[1].shift_id, warnings[1].day) == (
        Code.person_left,
        weekly.id,
        day("2026-11-24"),
    )


def test_a_person_nobody_knows_has_left() -> None:
    warnings = found([shift(plan("2026-11-24 13:00", 2, who=StaffId("nobody")))])
    assert [one.code for one in warnings] == [Code.person_left]
    assert said(warnings)[0].startswith("Somebody unknown does not work here any more")


def test_whoever_has_no_access_to_contacts_does_not_count() -> None:
    assert said(found([shift(plan("2026-11-24 13:00", 2, who=ANALYST))])) == [
        (
            "Anna has no access to contacts but is rostered on Tue 24 Nov 2026 from 13:00 to 15:00. "
            "The shift does not count."
        )
    ]


def test_two_shifts_of_a_person_at_once_are_told_with_the_place() -> None:
    later = shift(plan("2026-11-24 14:00", 4, channel=Channel.phone))
    within = shift(plan("2026-11-24 14:30", 0.5, channel=Channel.phone))
    warnings = found([shift(plan("2026-11-24 13:00", 2)), later, within, shift(plan("2026-11-24 13:00", 2, who=EERO))])
    assert said(warnings) == [
        "Aino has two shifts at once on Tue 24 Nov 2026 from 14:00 to 15:00.",
        "Aino has two shifts at once on Tue 24 Nov 2026 from 14:30 to 15:00.",
    ]
    assert warnings[0].shift_id == later.id


def test_shifts_that_follow_each_other_do_not_overlap() -> None:
    assert found([shift(plan("2026-11-24 13:00", 2)), shift(plan("2026-11-24 15:00", 2))]) == []


def test_a_night_with_less_than_eleven_hours_of_rest_is_told() -> None:
    early = shift(plan("2026-11-25 06:30", 2))
    warnings = found([shift(plan("2026-11-24 14:00", 8)), early])
    assert said(warnings) == [
        "Aino has only 8 h 30 min of rest, from Tue 24 Nov 2026 22:00 to Wed 25 Nov 2026 06:30. It should be 11 hours."
    ]
    assert (warnings[0].rest, warnings[0].shift_id) == (timedelta(hours=8, minutes=30), early.id)


@pytest.mark.parametrize(
    ("shifts", "told"),
    [
        ([("2026-11-24 09:00", 2), ("2026-11-24 14:00", 6)], False),  # one day, 13 hours of it free
        ([("2026-11-24 07:00", 2), ("2026-11-24 14:00", 6)], False),  # exactly 11 hours free
        ([("2026-11-24 07:00", 2), ("2026-11-24 14:00", 6.5)], True),
        ([("2026-11-24 12:00", 9), ("2026-11-25 08:00", 1)], False),  # exactly 11 hours
        ([("2026-11-24 12:00", 9.25), ("2026-11-25 08:00", 1)], True),
        ([("2026-11-24 20:00", 2), ("2026-11-25 06:00", 2)], True),  # short shifts, but no night between
        ([("2026-11-24 20:00", 4), ("2026-11-25 00:00", 8), ("2026-11-25 19:00", 1)], False),
        ([("2026-11-24 20:00", 4), ("2026-11-25 00:00", 8), ("2026-11-25 14:00", 1)], True),
        ([("2026-11-24 08:00", 14), ("2026-11-24 09:00", 1), ("2026-11-25 08:00", 1)], True),
    ],
)
def test_rest_is_between_days_and_not_a_pause_within_one(shifts: list[tuple[str, float]], told: bool) -> None:
    warnings = found([shift(plan(starts, hours)) for starts, hours in shifts])
    assert [one.code for one in warnings if one.code is not Code.overlap] == [Code.short_rest] * told


def test_the_night_of_the_change_in_spring_has_an_hour_less_of_rest() -> None:
    some = [shift(plan("2026-03-28 13:00", 8)), shift(plan("2026-03-29 08:00", 8))]
    assert said(found(some, "2026-03-28 00:00", "2026-03-30 00:00")) == [
        "Aino has only 10 h of rest, from Sat 28 Mar 2026 21:00 to Sun 29 Mar 2026 08:00. It should be 11 hours."
    ]


@pytest.mark.parametrize(
    ("starts", "hours", "sentence"),
    [
        (
            "2026-03-29 03:30",
            4,
            "Aino's shift begins on Sun 29 Mar 2026 at 03:30, which the clock skips. It counts from 04:00.",
        ),
        (
            "2026-03-28 22:30",
            5,
            "Aino's shift ends on Sun 29 Mar 2026 at 03:30, which the clock skips. It counts from 04:00.",
        ),
        (
            "2026-10-25 03:30",
            4,
            "Aino's shift begins on Sun 25 Oct 2026 at 03:30, which happens twice. The first one counts.",
        ),
        (
            "2026-10-24 22:30",
            5,
            "Aino's shift ends on Sun 25 Oct 2026 at 03:30, which happens twice. The first one counts.",
        ),
    ],
)
def test_a_time_that_does_not_exist_or_happens_twice_is_told(starts: str, hours: float, sentence: str) -> None:
    midnight = at(starts).replace(hour=0, minute=0)
    warnings = found([shift(plan(starts, hours))], str(midnight), str(midnight + timedelta(days=3)))
    assert said(warnings) == [sentence]
    assert warnings[0].severity is Severity.know


def test_a_repeating_night_shift_is_warned_about_only_in_the_nights_of_the_changes() -> None:
    nightly = shift(plan("2026-01-01 20:00", 7.5), "FREQ=DAILY")
    warnings = found([nightly], "2026-01-02 00:00", "2026-12-31 00:00")
    assert [(one.code, one.day) for one in warnings] == [
        (Code.time_skipped, day("2026-03-28")),
        (Code.time_twice, day("2026-10-24")),
    ]


def test_a_public_holiday_that_nobody_confirmed_is_told() -> None:
    holidays = [Holiday(day("2026-12-25"), "Christmas Day"), Holiday(day("2027-01-06"), "Epiphany")]
    warnings = found([], "2026-12-20 00:00", "2026-12-30 00:00", unconfirmed=holidays)
    assert said(warnings) == [
        "Fri 25 Dec 2026 is a public holiday (Christmas Day), and nobody has said whether we are open."
    ]
    assert (warnings[0].starts, warnings[0].ends) == (helsinki("2026-12-25 00:00"), helsinki("2026-12-26 00:00"))


def test_what_was_cancelled_or_lies_outside_the_window_is_not_warned_about() -> None:
    cancelled = shift(plan("2026-11-24 13:00", 2, who=GONE), changes={day("2026-11-24"): Change(Fate.cancelled)})
    before = shift(plan("2026-11-21 13:00", 2, who=GONE))
    both = [shift(plan("2026-11-21 13:00", 2)), shift(plan("2026-11-21 14:00", 2))]
    assert found([cancelled, before, *both]) == []


def test_a_shift_that_the_clock_skips_altogether_overlaps_nothing() -> None:
    some = [shift(plan("2026-03-29 00:00", 8)), shift(plan("2026-03-29 03:15", 0.5))]
    warnings = found(some, "2026-03-29 00:00", "2026-03-30 00:00")
    assert [one.code for one in warnings] == [Code.time_skipped] * 2


def test_the_worst_comes_first() -> None:
    some = [shift(plan("2026-11-23 13:00", 2)), shift(plan("2026-11-23 14:00", 2))]
    warnings = found(some, opened=[opening("2026-11-27 13:00", "2026-11-27 15:00")])
    assert [one.code for one in warnings] == [Code.nobody_rostered, Code.overlap]


def test_every_code_has_a_severity_and_a_sentence() -> None:
    assert set(SEVERITIES) == set(SENTENCES) == set(Code)


@given(
    shifts=st.lists(
        st.tuples(st.integers(0, 20), st.integers(0, 95), st.integers(1, 96)), min_size=1, max_size=6, unique=True
    )
)
def test_overlaps_and_short_nights_agree_with_looking_at_pairs(shifts: list[tuple[int, int, int]]) -> None:
    monday = at("2026-11-02 00:00")
    some = []
    for number, (on, quarter, length) in enumerate(shifts):
        starts = monday + timedelta(days=on, minutes=15 * quarter)
        some.append(shift(plan(str(starts), length / 4), name=str(number)))
    warnings = found(some, "2026-11-01 00:00", "2026-12-01 00:00")
    spans = [(helsinki(str(one.plan.starts)), helsinki(str(one.plan.ends))) for one in some]
    crossing = any(a < d and c < b for i, (a, b) in enumerate(spans) for c, d in spans[:i])
    assert any(one.code is Code.overlap for one in warnings) is crossing
    for one in warnings:
        if one.code is Code.short_rest:
            assert one.ends - one.starts == one.rest
            assert timedelta() < one.ends - one.starts < REST
            assert not any(starts < one.ends and ends > one.starts for starts, ends in spans)
    for _, ended in spans:
        following = min((starts for starts, _ in spans if starts >= ended), default=None)
        if following is None or any(starts < following and ends > ended for starts, ends in spans):
            continue
        if timedelta() < following - ended < REST and following.date() != _first_of_day(spans, ended):
            assert any(one.code is Code.short_rest and one.starts == ended for one in warnings)


def _first_of_day(spans: list[tuple[datetime, datetime]], ended: datetime) -> object:
    """The latest day on which something began before a moment: a pause within that day may be fine."""
    return max(starts for starts, _ in spans if starts < ended).date()


def test_a_warning_without_values_can_be_said_too() -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    one = RosterWarning(code=Code.overlap, starts=now, ends=now)
    assert WORDING.warning(one) == "Nobody has two shifts at once on Tue 24 Nov 2026 from 14:00 to 14:00."
