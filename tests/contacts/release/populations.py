"""Fictional populations with fixed seeds, counted into tables, and what a release of them would show."""

import random
from collections.abc import Mapping, Sequence

from contacts.attack.published import Key
from contacts.release.cells import NOTHING, Cell, Count, Relation, Table, sums_of_halves, sums_within
from contacts.release.primary import primary_cells
from contacts.release.suppression import System

K = {"u": 5}
YEAR, HALVES = "2026", ("2026H1", "2026H2")

Person = tuple[str, ...]


def tables_of(chance: random.Random, ways: int) -> list[Table]:
    """One table of `ways` dimensions with two to eight codes each (two to four when there are three)."""
    most = 8 if ways == 2 else 4
    codes = {f"d{way}": tuple(f"c{code}" for code in range(chance.randint(2, most))) for way in range(ways)}
    return [Table(id="t", unit="u", dimensions=tuple(codes), codes=codes)]


def linked_tables(chance: random.Random) -> list[Table]:
    """Three tables that share dimensions, as those of the review do."""
    codes = {name: tuple(f"{name}{code}" for code in range(chance.randint(2, 6))) for name in ("a", "b", "c")}
    pairs = (("a", "b"), ("b", "c"), ("a", "c"))
    return [
        Table(id="".join(pair), unit="u", dimensions=pair, codes={each: codes[each] for each in pair}) for pair in pairs
    ]


def people_of(chance: random.Random, tables: Sequence[Table], number: int) -> list[dict[str, str]]:
    """People whose codes are as uneven as real ones."""
    codes = {name: each for table in tables for name, each in table.codes.items()}
    weights = {name: [chance.paretovariate(1.1) for _ in each] for name, each in codes.items()}
    return [{name: chance.choices(each, weights[name])[0] for name, each in codes.items()} for _ in range(number)]


def counted(tables: Sequence[Table], period: str, people: Sequence[Mapping[str, str]]) -> dict[Cell, Count]:
    """Every cell of the tables, each person one contact."""
    counts: dict[Cell, Count] = {}
    for table in tables:
        for cell in table.cells(period):
            found = sum(all(person[name] == code for name, code in cell.attributes) for person in people)
            counts[cell] = Count(found, found, 1 if found else 0)
    return counts


def system_of(tables: Sequence[Table], periods: Sequence[str], counts: Mapping[Cell, Count], **more: object) -> System:
    """What is to be protected, grand totals shown."""
    relations: list[Relation] = sums_within(tables, periods)
    if YEAR in periods:
        relations += sums_of_halves(tables, YEAR, HALVES)
    totals = {Cell("u", period) for period in periods}
    shown = more.pop("shown", frozenset())
    assert isinstance(shown, frozenset)
    return System(
        values={cell: count.value for cell, count in counts.items()},
        relations=relations,
        spans=primary_cells(tables, periods, counts, k=K),
        shown=shown | totals,
        k=K,
        **more,  # type: ignore[arg-type]
    )


def year_of(tables: Sequence[Table], counts: Mapping[Cell, Count]) -> dict[Cell, Count]:
    """The year's cells from those of its halves."""
    return {
        cell: sum((counts[cell._replace(period=half)] for half in HALVES), NOTHING)
        for table in tables
        for cell in table.cells(YEAR)
    }


def published(counts: Mapping[Cell, Count], hidden: frozenset[Cell]) -> dict[Key, int | None]:
    """What a reader sees."""
    return {key_of(cell): None if cell in hidden else count.value for cell, count in counts.items()}


def key_of(cell: Cell) -> Key:
    return Key(cell.unit, cell.period, tuple(sorted(cell.attributes)))
