from dataclasses import replace
from datetime import date, timedelta

import pytest

from duty.dated_exceptions import Kind
from duty.proposal import CannotChange, Change, NewException, NewHours, Proposal, RemovedException, WithdrawnHours
from duty.timetable import Timetable
from tests.duty.made import exception, helsinki, hours, version

NOW = helsinki(2026, 11, 24, 12)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
TUESDAYS, ALWAYS = version("Tu 13:00-15:00", name="tuesdays"), version("24/7", NOW + DAY, name="always")
CLOSED = replace(exception(Kind.closed, date(2026, 12, 1)), id="closed")
BASE = Timetable((TUESDAYS, ALWAYS), (CLOSED,))
NEW = NewHours(hours("We 10:00-12:00"))


def told(change: Change, base: Timetable | None = BASE) -> list[str]:
    return [one.hours.expression for one in Proposal(base, change).after(NOW).versions]


def test_new_hours_begin_at_once_or_when_they_say() -> None:
    assert told(NEW) == ["Tu 13:00-15:00", "We 10:00-12:00", "24/7"]
    assert told(replace(NEW, valid_from=NOW + 2 * DAY)) == ["Tu 13:00-15:00", "24/7", "We 10:00-12:00"]
    assert told(replace(NEW, valid_from=NOW + DAY)) == ["Tu 13:00-15:00", "We 10:00-12:00"]  # instead of
    assert told(NEW, None) == ["We 10:00-12:00"]
    assert Proposal(BASE, NEW).after(NOW).exceptions == (CLOSED,)
    assert Proposal(BASE, NEW).effective(NOW) == NOW
    assert Proposal(BASE, replace(NEW, valid_from=NOW + DAY)).effective(NOW) == NOW + DAY
    assert Proposal(BASE, replace(NEW, valid_from=NOW - DAY)).effective(NOW) == NOW


def test_only_hours_that_have_not_begun_can_be_withdrawn() -> None:
    assert told(WithdrawnHours("always")) == ["Tu 13:00-15:00"]
    assert Proposal(BASE, WithdrawnHours("always")).effective(NOW) == NOW + DAY
    for change, base in [
        (WithdrawnHours("tuesdays"), BASE),  # in force
        (WithdrawnHours("nobody knows"), BASE),
        (WithdrawnHours("always"), Timetable((ALWAYS,))),  # nothing would be left
        (WithdrawnHours("always"), None),
    ]:
        with pytest.raises(CannotChange):
            told(change, base)


def test_exceptions_come_and_go() -> None:
    other = exception(Kind.other, date(2026, 12, 8), times="10-12")
    proposal = Proposal(BASE, NewException(other))
    assert proposal.after(NOW).exceptions == (CLOSED, other)
    assert proposal.effective(NOW) == helsinki(2026, 12, 8)
    removed = Proposal(BASE, RemovedException("closed"))
    assert removed.after(NOW).exceptions == ()
    assert removed.effective(NOW) == helsinki(2026, 12, 1)
    assert removed.effective(helsinki(2026, 12, 1, 12)) == helsinki(2026, 12, 1, 12)
    later = Timetable((ALWAYS,), (CLOSED,))
    assert Proposal(later, RemovedException("closed")).effective(NOW) == helsinki(2026, 12, 1)


def test_without_hours_there_is_nothing_to_differ_from() -> None:
    for change in (NewException(CLOSED), RemovedException("closed")):
        with pytest.raises(CannotChange):
            Proposal(None, change).after(NOW)
        with pytest.raises(CannotChange):
            Proposal(None, change).effective(NOW)
    with pytest.raises(CannotChange):
        Proposal(BASE, RemovedException("another")).after(NOW)


def test_the_digest_is_that_of_everything_a_preview_rests_on() -> None:
    base, new = BASE, NEW
    other_times = exception(Kind.other, date(2026, 12, 8), times="10-12", languages=frozenset({"fi", "sv"}))
    different = [
        Proposal(base, new),
        Proposal(None, new),
        Proposal(base, replace(new, last_start=5 * MINUTE)),
        Proposal(base, replace(new, valid_from=NOW)),
        Proposal(base, replace(new, hours=hours("We 10:00-12:30"))),
        Proposal(base, replace(new, hours=hours("We 10:00-12:00", country="SE"))),
        Proposal(replace(base, exceptions=()), new),
        Proposal(replace(base, versions=(TUESDAYS,)), new),
        Proposal(base, NewException(other_times)),
        Proposal(base, NewException(replace(other_times, languages=frozenset()))),
        Proposal(base, NewException(replace(other_times, last=date(2026, 12, 9)))),
        Proposal(base, NewException(replace(other_times, kind=Kind.extra))),
        Proposal(base, WithdrawnHours("always")),
        Proposal(base, WithdrawnHours("tuesdays")),
        Proposal(base, RemovedException("closed")),
    ]
    assert len({proposal.digest for proposal in different}) == len(different)
    assert Proposal(base, new).digest == Proposal(BASE, NewHours(hours("We 10:00-12:00"))).digest
