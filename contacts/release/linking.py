"""Every sum among the tables of a draft that a reader can write down. Pure."""

from collections.abc import Mapping, Sequence

from contacts.release.catalogue import SAMES, is_year, months_of
from contacts.release.cells import NOTHING, Cell, Count, Relation, Table, sums_of_halves, sums_of_same, sums_within
from contacts.release.flows import flows_of


def relations_of(
    tables: Mapping[str, Sequence[Table]], periods: Sequence[str], counts: Mapping[Cell, Count]
) -> list[Relation]:
    """Every sum among these tables and periods that a reader can write down. `tables`: by period, months too."""
    found = [relation for period, there in tables.items() for relation in sums_within(there, [period])]
    for period in periods:
        found += [each for parts in _parts_of(period, tables) for each in _sums_of_parts(tables, period, parts)]
    found += flows_of(tables)
    for period in tables:
        for same in SAMES:
            for table in tables[period]:
                if table.unit == same.one and same.dimension in table.dimensions:
                    sums = sums_of_same(table, same, period)
                    if _hold(sums, counts):
                        found += sums
    return found


def _parts_of(period: str, tables: Mapping[str, object]) -> list[tuple[str, ...]]:
    if is_year(period):
        parts: tuple[str, ...] = (f"{period}H1", f"{period}H2")
    else:
        parts = months_of(period)
    return [parts] if {*parts} <= tables.keys() else []


def _sums_of_parts(tables: Mapping[str, Sequence[Table]], period: str, parts: Sequence[str]) -> list[Relation]:
    """A period is the sum of its parts, for the tables that both have."""
    there = {table.id for table in tables[parts[0]]}
    return sums_of_halves([table for table in tables[period] if table.id in there], period, parts)


def _hold(sums: Sequence[Relation], counts: Mapping[Cell, Count]) -> bool:
    """Whether these units do count the same: not in half-years that were brought from another system."""
    return all(sum(sign * counts.get(cell, NOTHING).value for cell, sign in relation.items()) == 0 for relation in sums)
