"""A release worked out, without a database: how much is shown, what a year brings, and why there may be none."""

import pytest

from contacts.release.catalogue import SPECS, THRESHOLDS, dimensions, sections, thresholds
from contacts.release.frame import Status, change_of, hidden, record_of, share_of
from contacts.reviews.known import Knowledge, published_in
from contacts.reviews.working import Refusal, Work, Worked, periods_to_draft, stands, worked
from tests.contacts.release.people import tally

PERIODS = ("2025H1", "2025H2", "2026H1", "2026H2")


def work(period: str, *periods: str, contacts: int = 300, people: int = 120, **more: object) -> Work:
    halves = [each for each in PERIODS if each <= max(each for each in periods if "H" in each)]
    made = tuple(tally(number, each, contacts=contacts, people=people) for number, each in enumerate(halves))
    asked = {"known": Knowledge(), "inside": None, "k": THRESHOLDS, "tie": b"x" * 32, "seconds": 60.0} | more
    return Work(period=period, periods=periods, tallies=made, **asked)  # type: ignore[arg-type]


def share_shown(done: Worked) -> float:
    """Of the cells with at least k in them."""
    return sum(each[3] is not None for each in done.knowledge.cells) / len(done.knowledge.cells)


def test_a_year_follows_its_halves_and_says_nothing_else() -> None:
    first = worked(work("2025H1", "2025H1", "2025H2"))
    assert first.refusal is None
    year = worked(work("2025", "2025H1", "2025H2", "2025", known=first.knowledge))
    assert year.refusal is None
    told, before = published_in(year.rows), first.knowledge.published()
    assert all(told[key] == before[key] for key in told.keys() & before.keys())
    assert {row.period for row in year.rows} == {"2025", "2025H2", *(f"2025-{month:02}" for month in range(1, 13))}
    outside = worked(work("2025H1", "2025H1", "2025H2", inside=first.knowledge, k=thresholds(10)))
    assert outside.refusal is None
    assert share_shown(outside) < share_shown(first)


def test_nothing_comes_of_no_time_and_of_files_that_say_more() -> None:
    assert worked(work("2025H1", "2025H1", seconds=0.0)).refusal is Refusal.OUT_OF_TIME
    done = worked(work("2025H1", "2025H1", contacts=60, people=40))
    told = dict(published_in(done.rows))
    hidden_key = next(key for key, value in told.items() if value is None)
    assert stands(told, done.knowledge, THRESHOLDS, 60.0) == done.narrowest
    assert stands(told | {hidden_key: 1}, done.knowledge, THRESHOLDS, 60.0) is None
    assert stands(told | {hidden_key._replace(period="1999H1"): 1}, done.knowledge, THRESHOLDS, 60.0) is None
    assert {row.status for row in hidden(done.rows)} == {Status.HIDDEN}
    assert len(record_of("r", done.rows[0])) == 13


@pytest.mark.parametrize(
    ("period", "released", "drafted"),
    [
        ("2026H1", set[str](), ("2025H1", "2026H1")),
        ("2026H1", {"2024H2", "2025H2"}, ("2025H1", "2025H2", "2026H1")),
        ("2026", set[str](), ("2025H1", "2025H2", "2026H1", "2026H2", "2025", "2026")),
        ("2027H1", {"2026"}, ("2026H1", "2026H2", "2026")),
    ],
)
def test_what_is_drafted_together(period: str, released: set[str], drafted: tuple[str, ...]) -> None:
    assert periods_to_draft(period, PERIODS, released) == drafted


def test_changes_and_shares_are_told_of_enough_people_only() -> None:
    assert (change_of(30, 20), change_of(20, 30), change_of(30, 19), change_of(None, 20)) == (50, -33, None, None)
    assert (share_of(10, 20), share_of(10, 19), share_of(None, 20)) == (50, None, None)


def test_the_catalogue_has_every_table_in_one_chapter_and_every_dimension_once() -> None:
    assert [spec.id for each in sections().values() for spec in each] == [spec.id for spec in SPECS]
    names = [way.name for way in dimensions()]
    assert len(names) == len(set(names))
