"""How much of a review is shown, and what hides the rest: `python -m bench.utility [PEOPLE ...]`.

Four half-years of so many proposals each (twice as many contacts), released in a row: two halves, their year, the next half.
Of the figures with k or more that a review prints, the share that is shown: the mean over seeds and the least. Every release
is attacked with everything that was told before, groups of those who left included. Wanted: 90 % at 600, 80 % at 300.
"""

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from contacts.attack.inference import attacked
from contacts.attack.published import equations
from contacts.release.catalogue import THRESHOLDS, halves_of, is_year, months_of, specs_with
from contacts.release.cells import Cell
from contacts.release.counting import Counts
from contacts.release.drafting import Draft, drafted
from contacts.release.review import rows_of
from contacts.reviews.known import Knowledge, knowledge_of
from contacts.reviews.working import between, periods_to_draft
from tests.contacts.release.people import tally

SIZES = (300, 600)
SEEDS = range(5)
HALVES = ("2024H2", "2025H1", "2025H2", "2026H1")
ASKED = ("2025H1", "2025H2", "2025", "2026H1")


class Measured(NamedTuple):
    """One review. `tables`: table -> figures of k or more, and how many of them are hidden."""

    period: str
    tables: dict[str, tuple[int, int]]
    totals: bool
    exposed: int
    protecting: float
    attacking: float

    @property
    def shown(self) -> float:
        """The share of all its tables."""
        return 1 - sum(hidden for _, hidden in self.tables.values()) / sum(all_of for all_of, _ in self.tables.values())


def main(sizes: tuple[int, ...]) -> None:
    """Measure each size."""
    for size in sizes:
        _report(size, [each for seed in SEEDS for each in measured(size, seed)])


def measured(people: int, seed: int) -> Iterator[Measured]:
    """The reviews of a house, one after the other."""
    tallies = [tally(seed * 10 + at, half, contacts=2 * people, people=people) for at, half in enumerate(HALVES)]
    counts = Counts(tallies)
    specs = specs_with({language for each in tallies for language in each.languages})
    known = Knowledge()
    for asked in ASKED:
        counted = [half for half in HALVES if half <= halves_of(asked)[-1]]
        periods = periods_to_draft(asked, counted, known.periods)
        months = [month for period in periods if not is_year(period) for month in months_of(period)]
        began = time.perf_counter()
        draft = drafted(
            specs,
            periods,
            counts.of,
            k=THRESHOLDS,
            kept=known.kept,
            earlier=known.earlier({*periods, *months}),
            around=between(periods, counted),
            seconds=120.0,
        )
        drawn = time.perf_counter()
        known = known.plus(knowledge_of(draft))
        told = known.published()
        exposed = attacked(told, equations(told), k=THRESHOLDS).exposed
        ended = time.perf_counter()
        yield Measured(asked, _tables(draft, asked), _totals_shown(draft), len(exposed), drawn - began, ended - drawn)


def _tables(draft: Draft, asked: str) -> dict[str, tuple[int, int]]:
    found: dict[str, Counter[bool]] = defaultdict(Counter)
    for row in rows_of(draft, asked):
        pairs = frozenset(pair for pair in ((row.dim1, row.code1), (row.dim2, row.code2)) if pair[1])
        cell = Cell(row.unit, row.period, pairs)
        if draft.values.get(cell, 0) >= THRESHOLDS[row.unit]:
            found[row.table][row.value is None] += 1
    return {table: (sum(counter.values()), counter[True]) for table, counter in found.items()}


def _totals_shown(draft: Draft) -> bool:
    return all(draft.shown(cell) is not None for cell in draft.cells if not cell.attributes)


def _report(size: int, reviews: list[Measured]) -> None:
    print(f"\n{size} people in each half-year, {len(SEEDS)} seeds")
    for period in ASKED:
        these = [each for each in reviews if each.period == period]
        shares = [each.shown for each in these]
        print(
            f"  {period:<7}{100 * sum(shares) / len(shares):5.1f} % shown, at least {100 * min(shares):.1f} %;"
            f" all totals: {all(each.totals for each in these)}; exposed: {sum(each.exposed for each in these)};"
            f" protecting {sum(each.protecting for each in these) / len(these):.2f} s,"
            f" attacking {sum(each.attacking for each in these) / len(these):.2f} s"
        )
    halves = [each.shown for each in reviews if not is_year(each.period)]
    print(f"  all half-years: {100 * sum(halves) / len(halves):.1f} %. Hidden figures of k or more, by table:")
    for table in dict.fromkeys(table for each in reviews for table in each.tables):
        all_of = sum(each.tables.get(table, (0, 0))[0] for each in reviews)
        hidden = sum(each.tables.get(table, (0, 0))[1] for each in reviews)
        print(f"    {table:<36}{hidden:5} of {all_of}")


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
