from datetime import date
from typing import Any

import pytest

from duty.dated_exceptions import DatedException, Kind
from duty.findings import Finding
from duty.lint import lint
from duty.proposal import NewException, Proposal
from duty.timetable import Timetable
from tests.duty.made import exception, helsinki, timetable, version

NOW = helsinki(2026, 11, 24, 12)  # a Tuesday
TUESDAY, WEDNESDAY = date(2026, 12, 1), date(2026, 12, 2)
USUAL = timetable("Tu 13:00-15:00, Fr 21:00-02:00; PH off")


def remarks(new: DatedException, base: Timetable = USUAL) -> list[Finding]:
    return lint(Proposal(base, NewException(new)), NOW)


def codes(kind: Kind, first: date, last: date | None = None, times: str = "", **other: Any) -> list[str]:
    return [one.code for one in remarks(exception(kind, first, last, times), **other)]


@pytest.mark.parametrize("kind", list(Kind))
def test_an_exception_that_changes_something_gets_no_remark(kind: Kind) -> None:
    assert codes(kind, TUESDAY, times="" if kind is Kind.closed else "16-18") == []


def test_what_cannot_be_an_exception_is_refused() -> None:
    assert codes(Kind.closed, WEDNESDAY, TUESDAY) == ["days_reversed"]
    assert codes(Kind.closed, TUESDAY, date(2027, 12, 2)) == ["days_too_many"]
    assert codes(Kind.closed, TUESDAY, date(2027, 12, 1)) == []
    assert codes(Kind.other, TUESDAY) == ["no_times"]
    assert codes(Kind.extra, TUESDAY) == ["no_times"]
    assert codes(Kind.closed, TUESDAY, times="9-10") == ["times_when_closed"]


@pytest.mark.parametrize(
    ("kept", "new", "refused"),
    [
        (exception(Kind.closed, TUESDAY, WEDNESDAY), exception(Kind.other, TUESDAY, times="9-10"), True),
        (exception(Kind.other, TUESDAY, times="9-10"), exception(Kind.other, TUESDAY, times="11-12"), True),
        (exception(Kind.extra, TUESDAY, times="9-10"), exception(Kind.closed, TUESDAY), True),
        (exception(Kind.extra, TUESDAY, times="9-11"), exception(Kind.extra, TUESDAY, times="10-12"), True),
        (exception(Kind.extra, TUESDAY, times="9-10"), exception(Kind.extra, TUESDAY, times="10-12"), False),
        (exception(Kind.closed, WEDNESDAY), exception(Kind.other, TUESDAY, times="9-10"), False),
        (exception(Kind.closed, TUESDAY), exception(Kind.extra, WEDNESDAY, times="9-10"), False),
    ],
)
def test_exceptions_that_contradict_each_other_are_refused(
    kept: DatedException, new: DatedException, refused: bool
) -> None:
    told = remarks(new, timetable("Tu 13:00-15:00; PH off", kept))
    assert [one.code for one in told] == ["exceptions_overlap"] * refused
    if refused:
        assert told[0].in_english().startswith(f"This overlaps another exception, {kept.first} to {kept.last}.")


def test_an_exception_that_changes_nothing_is_noticed() -> None:
    assert codes(Kind.closed, WEDNESDAY) == ["closed_already"]
    assert codes(Kind.other, TUESDAY, times="13-15") == ["same_hours"]
    assert codes(Kind.closed, date(2026, 11, 17)) == ["exception_over"]


def test_extra_hours_over_usual_ones_are_noticed_once() -> None:
    (finding,) = remarks(exception(Kind.extra, TUESDAY, date(2026, 12, 15), "14-16, 17-18"))
    assert (finding.code, finding.values) == (
        "open_already",
        {"day": "2026-12-01", "starts": "14:00", "ends": "16:00"},
    )


def test_the_night_before_a_closed_day_is_told_to_go_on() -> None:
    (finding,) = remarks(exception(Kind.closed, date(2026, 12, 5), date(2026, 12, 8)))
    assert (finding.code, finding.values) == ("night_before", {"day": "2026-12-04", "ends": "02:00"})


def test_times_within_a_clock_change_are_noticed() -> None:
    assert codes(Kind.extra, date(2027, 10, 31), times="1.30-3.30") == ["time_twice"]
    assert codes(Kind.other, date(2027, 3, 28), times="3.15-5") == ["time_skipped"]


def test_before_the_first_hours_begin_exceptions_can_be_prepared() -> None:
    later = Timetable((version("Tu 13:00-15:00; PH off", helsinki(2026, 11, 30)),))
    assert codes(Kind.closed, TUESDAY, base=later) == []
