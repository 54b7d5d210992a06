"""Cells of tables and the sums that tie them together. One cell has one key, whichever tables show it.

A cell is a unit of count in a period, narrowed by codes: `Cell("contacts", "2026H1", {("gender", "female")})`. Its
parents drop a dimension; a period's parent is the year. Everybody who reads two tables knows these sums, so protection
and attack both start from them.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from msgspec import Struct

#: (dimension, code) pairs, at most two.
Attributes = frozenset[tuple[str, str]]
EVERYBODY: Attributes = frozenset()


class Cell(NamedTuple):
    """What is counted, when, and of whom."""

    unit: str
    period: str
    attributes: Attributes = EVERYBODY


class Count(NamedTuple):
    """What a cell holds. `people`: different persons; `largest`: the most that one person contributes."""

    value: int
    people: int
    largest: int = 1

    def __add__(self, other: object) -> "Count":  # counts add up, they are not joined
        assert isinstance(other, Count)
        return Count(self.value + other.value, self.people + other.people, max(self.largest, other.largest))


NOTHING = Count(0, 0, 0)


class Table(Struct, frozen=True, kw_only=True):
    """A table of the catalogue: a unit, one or two dimensions, and the codes of each in their order.

    `sensitive`: dimensions of which nobody may learn that a whole group shares one code.
    """

    id: str
    unit: str
    dimensions: tuple[str, ...]
    codes: Mapping[str, tuple[str, ...]]
    sensitive: frozenset[str] = frozenset()

    def cells(self, period: str) -> list[Cell]:
        """Inner cells, margins and the total."""
        ways: list[tuple[str | None, ...]] = [(None, *self.codes[each]) for each in self.dimensions]
        return [
            Cell(
                self.unit,
                period,
                frozenset((name, code) for name, code in zip(self.dimensions, codes, strict=True) if code is not None),
            )
            for codes in product(*ways)
        ]


#: A sum that is nought: cell -> +1 or -1.
Relation = Mapping[Cell, int]


def sums_within(tables: Iterable[Table], periods: Sequence[str]) -> list[Relation]:
    """Each parent is the sum of its children, once however many tables say so."""
    found: dict[frozenset[tuple[Cell, int]], Relation] = {}
    for table in tables:
        for period in periods:
            for parent in table.cells(period):
                held = {name for name, _ in parent.attributes}
                for name in table.dimensions:
                    if name in held:
                        continue
                    children = [parent._replace(attributes=parent.attributes | {(name, c)}) for c in table.codes[name]]
                    relation = {parent: -1, **dict.fromkeys(children, 1)}
                    found[frozenset(relation.items())] = relation
    return list(found.values())


def sums_of_halves(tables: Iterable[Table], year: str, halves: Sequence[str]) -> list[Relation]:
    """The year is the sum of its halves, cell by cell."""
    cells = dict.fromkeys(cell for table in tables for cell in table.cells(year))
    return [{cell: -1, **{cell._replace(period=half): 1 for half in halves}} for cell in cells]


class Same(NamedTuple):
    """Two units that count the same, as far as one dimension goes."""

    one: str
    other: str
    dimension: str


def sums_of_same(table: Table, same: Same, period: str) -> list[Relation]:
    """`table`: one of either unit that has the dimension."""
    margins = [cell for cell in table.cells(period) if all(name == same.dimension for name, _ in cell.attributes)]
    return [{cell._replace(unit=same.one): -1, cell._replace(unit=same.other): 1} for cell in margins]


class Flow(NamedTuple):
    """The stock at an end is the stock at the start, and who came, without who went."""

    stock: str
    came: str
    went: str


def sums_of_flows(tables: Iterable[Table], flow: Flow, before: str, period: str) -> list[Relation]:
    """For every cell of the tables of the stock at the end of `period`; `before`: the period at whose end it began."""
    cells = dict.fromkeys(cell for table in tables if table.unit == flow.stock for cell in table.cells(period))
    return [
        {
            cell: -1,
            cell._replace(period=before): 1,
            cell._replace(unit=flow.came): 1,
            cell._replace(unit=flow.went): -1,
        }
        for cell in cells
    ]
