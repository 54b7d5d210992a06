"""Hidden cells stay hidden from somebody who knows all sums: by themselves, across tables, and across periods."""

import random
from collections.abc import Mapping, Sequence
from functools import partial

import pytest

from contacts.attack.inference import Verdict, attacked
from contacts.attack.published import Key, equations
from contacts.release.cells import Cell, Count, Table
from contacts.release.suppression import CannotProtect, OutOfTime, System, suppressed
from tests.contacts.release.populations import (
    HALVES,
    YEAR,
    K,
    counted,
    key_of,
    linked_tables,
    people_of,
    published,
    system_of,
    tables_of,
    year_of,
)


def attack(shown: Mapping[Key, int | None], *, whole: bool = False) -> Verdict:
    return attacked(shown, equations(shown), k=K, whole=whole)


def one_table(seed: int) -> tuple[list[Table], dict[Cell, Count]]:
    chance = random.Random(seed)
    tables = tables_of(chance, 3 if seed % 3 == 0 else 2)
    return tables, counted(tables, HALVES[0], people_of(chance, tables, chance.randint(20, 400)))


def protect_and_attack(seeds: Sequence[int], *, mutations: int, whole_every: int) -> tuple[int, int]:
    """(tables that naive hiding exposes, secondaries shown again): asserts that ours never is, and each of those is."""
    naive, shown_again = 0, 0
    for seed in seeds:
        tables, counts = one_table(seed)
        system = system_of(tables, HALVES[:1], counts)
        hidden = suppressed(system, clean_up_seconds=60.0)  # however busy the machine is
        seen = published(counts, hidden)
        assert attack(seen).exposed == ()
        if seed % whole_every == 0:
            assert attack(seen, whole=True).exposed == ()
        naive += bool(attack(published(counts, frozenset(system.spans))).exposed)
        secondary = sorted(map(key_of, hidden - set(system.spans)))
        by_key = {key_of(cell): count.value for cell, count in counts.items()}
        for key in random.Random(seed).sample(secondary, min(mutations, len(secondary))):
            assert attack({**seen, key: by_key[key]}).exposed != ()
            shown_again += 1
    return naive, shown_again


def test_no_table_gives_a_hidden_cell_away_and_every_hidden_cell_is_needed() -> None:
    naive, shown_again = protect_and_attack(range(40), mutations=2, whole_every=10)
    assert naive > 25  # hiding small cells alone protects next to nothing
    assert shown_again > 55


@pytest.mark.fault
@pytest.mark.parametrize("start", range(0, 1_000, 50))
def test_a_thousand_tables_and_more_than_a_thousand_cells_shown_again(start: int) -> None:
    naive, shown_again = protect_and_attack(range(start, start + 50), mutations=2, whole_every=20)
    assert naive > 30
    assert shown_again > 50


def half_by_half(seed: int) -> None:
    """Release the first half, then the second, then the year; attack everything that is known by then."""
    chance = random.Random(seed)
    tables = linked_tables(chance)
    counts: dict[Cell, Count] = {}
    hidden: frozenset[Cell] = frozenset()
    for half in HALVES:
        fresh = counted(tables, half, people_of(chance, tables, chance.randint(60, 300)))
        shown = frozenset(counts) - hidden
        counts |= fresh
        periods = [half for half in HALVES if Cell("u", half) in counts]
        hidden = suppressed(system_of(tables, periods, counts, shown=shown, hidden=hidden))
        assert attack(published(counts, hidden)).exposed == ()
    shown = frozenset(counts) - hidden
    counts |= year_of(tables, counts)
    hidden = suppressed(system_of(tables, [*HALVES, YEAR], counts, shown=shown, hidden=hidden))
    seen = published(counts, hidden)
    assert attack(seen).exposed == ()
    assert all(seen[key_of(cell)] == counts[cell].value for cell in shown)


@pytest.mark.parametrize("seed", range(5))
def test_two_halves_and_their_year_give_nothing_away_together(seed: int) -> None:
    half_by_half(seed)


@pytest.mark.fault
@pytest.mark.parametrize("start", range(0, 200, 10))
def test_two_hundred_populations_half_by_half(start: int) -> None:
    for seed in range(start, start + 10):
        half_by_half(seed)


def test_the_same_question_has_the_same_answer() -> None:
    tables, counts = one_table(7)
    assert suppressed(system_of(tables, HALVES[:1], counts)) == suppressed(system_of(tables, HALVES[:1], counts))


def test_a_cell_beside_one_that_was_shown_already_is_refused() -> None:
    tables = [Table(id="t", unit="u", dimensions=("d0",), codes={"d0": ("a", "b")})]
    total, few, many = (Cell("u", "2026H1", frozenset(pairs)) for pairs in ((), {("d0", "a")}, {("d0", "b")}))
    counts = {total: Count(33, 33), few: Count(3, 3), many: Count(30, 30)}
    with pytest.raises(CannotProtect) as refused:
        suppressed(system_of(tables, HALVES[:1], counts, shown=frozenset({many})))
    assert refused.value.cell == few


def test_a_table_of_one_category_is_its_total() -> None:
    total, alone = Cell("u", "2026H1"), Cell("u", "2026H1", frozenset({("d0", "c0")}))
    tables = [Table(id="t", unit="u", dimensions=("d0",), codes={"d0": ("c0",)})]
    assert suppressed(system_of(tables, HALVES[:1], {total: Count(3, 3), alone: Count(3, 3)})) == frozenset()


def test_a_solver_out_of_time_releases_nothing() -> None:
    tables, counts = one_table(4)
    with pytest.raises(OutOfTime):
        suppressed(system_of(tables, HALVES[:1], counts), seconds=0.0)


def test_hiding_what_was_shown_last_time_is_the_last_resort() -> None:
    tables = [Table(id="t", unit="u", dimensions=("d0",), codes={"d0": ("a", "b", "c")})]
    cells = {code: Cell("u", "2026H1", frozenset({("d0", code)})) for code in "abc"}
    counts = {Cell("u", "2026H1"): Count(62, 62)} | {
        cells[code]: Count(number, number) for code, number in {"a": 2, "b": 30, "c": 30}.items()
    }
    for kept, given in (("b", "c"), ("c", "b")):
        dear = {cells[kept]: 5.0}
        hidden = suppressed(system_of(tables, HALVES[:1], counts), dearer=partial(_cost, dear))
        assert hidden == {cells["a"], cells[given]}


def _cost(costs: Mapping[Cell, float], cell: Cell) -> float:
    return costs.get(cell, 0.0)


def test_nothing_small_nothing_hidden() -> None:
    tables = [Table(id="t", unit="u", dimensions=("d0",), codes={"d0": ("a", "b")})]
    counts = {
        Cell("u", "2026H1"): Count(40, 40),
        Cell("u", "2026H1", frozenset({("d0", "a")})): Count(20, 20),
        Cell("u", "2026H1", frozenset({("d0", "b")})): Count(20, 20),
    }
    assert suppressed(system_of(tables, HALVES[:1], counts)) == frozenset()
    assert isinstance(system_of(tables, HALVES[:1], counts), System)
