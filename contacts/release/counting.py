"""From tallies to counts of cells, with numpy: a column of whole numbers for each dimension."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from contacts.release.catalogue import Counted, Spec, halves_of, is_month, months_of
from contacts.release.cells import Cell, Count
from contacts.release.dimensions import Dimension
from contacts.release.merging import OTHER
from contacts.release.standing import standing, stocks
from contacts.release.tally import MONTH, Tally, names

_Key = tuple[tuple[str, ...], bool]


class Columns(Struct, frozen=True):
    """Lines of one unit and period. `codes`: by dimension, the place of each line's code in `order`."""

    weights: NDArray[np.int64]
    repeats: NDArray[np.bool_]
    codes: Mapping[str, NDArray[np.int64]]
    order: Mapping[str, tuple[str, ...]]

    def within(self, way: Dimension) -> NDArray[np.int64]:
        """Each line's code among the codes of `way`; what it merges is Other, what it does not know is its last."""
        there = {code: at for at, code in enumerate(way.codes)}
        rest = there.get(OTHER, len(way.codes) - 1)
        places = [there.get(code, rest) for code in self.order[way.name]]
        found: NDArray[np.int64] = np.array(places, dtype=np.int64)[self.codes[way.name]]
        return found


class Counts:
    """Counts the cells of any tables in any period that these half-years make up. `tallies`: all there are, oldest first."""

    def __init__(self, tallies: Sequence[Tally]) -> None:
        self._tallies = {tally.period: tally for tally in tallies}
        self._stocks = stocks(tallies)
        self._held: dict[tuple[Counted, str], Columns] = {}

    def of(self, specs: Sequence[Spec], period: str) -> dict[Cell, Count]:
        """Every cell of these tables in a period, noughts included. All repeats of a cell are taken for one person."""
        found: dict[Cell, Count] = {}
        for spec in specs:
            for ways in _subsets(spec.dimensions):
                first = Cell(spec.unit, period, frozenset((way.name, way.codes[0]) for way in ways))
                if first not in found:
                    found.update(_cells(self._columns(spec.unit, period), spec.unit, period, ways))
        return found

    def _columns(self, unit: Counted, period: str) -> Columns:
        held = self._held.get((unit, period))
        if held is None:
            held = self._held[unit, period] = columns(names(unit), self._lines(unit, period))
        return held

    def _lines(self, unit: Counted, period: str) -> list[tuple[_Key, int]]:
        if is_month(period):
            half = next(half for half in halves_of(period[:4]) if period in months_of(half))
            return [
                (key, count) for key, count in self._lines(unit, half) if key[0][names(unit).index(MONTH)] == period
            ]
        if unit is Counted.STOCK:  # nobody comes or goes where nothing was counted
            last = max((half for half in self._tallies if half <= halves_of(period)[-1]), default=None)
            return [] if last is None else list(self._stocks.stock[last].items())
        return [line for half in halves_of(period) if half in self._tallies for line in self._half(unit, half).items()]

    def _half(self, unit: Counted, half: str) -> Mapping[_Key, int]:
        if unit is Counted.LEAVERS:
            return self._stocks.left[half]
        return standing(self._tallies[half].lines.get(unit, ()))


def columns(dimensions: Sequence[str], lines: Iterable[tuple[_Key, int]]) -> Columns:
    """Lines as columns."""
    known = list(lines)
    order: dict[str, tuple[str, ...]] = {}
    codes: dict[str, NDArray[np.int64]] = {}
    for at, name in enumerate(dimensions):
        said = [key[0][at] for key, _ in known]
        order[name] = tuple(sorted(set(said)))
        places = {code: place for place, code in enumerate(order[name])}
        codes[name] = np.array([places[code] for code in said], dtype=np.int64)
    return Columns(
        np.array([count for _, count in known], dtype=np.int64),
        np.array([key[1] for key, _ in known], dtype=np.bool_),
        codes,
        order,
    )


def _cells(held: Columns, unit: Counted, period: str, ways: Sequence[Dimension]) -> Iterator[tuple[Cell, Count]]:
    shape = tuple(len(way.codes) for way in ways)
    size = int(np.prod(shape))
    flat = np.zeros(len(held.weights), dtype=np.int64)
    for way in ways:
        flat = flat * len(way.codes) + held.within(way)
    values = np.bincount(flat, held.weights, size).astype(np.int64)
    again = np.bincount(flat, held.weights * held.repeats, size).astype(np.int64)
    for number in range(size):
        places = np.unravel_index(number, shape) if shape else ()
        attributes = frozenset((way.name, way.codes[int(place)]) for way, place in zip(ways, places, strict=True))
        yield Cell(unit, period, attributes), _count(int(values[number]), int(again[number]))


def _count(value: int, repeats: int) -> Count:
    """`repeats` contacts of people who were counted before: of one person, for all we know, and of one who is here."""
    people = value - repeats + (1 if repeats and value == repeats else 0)
    largest = min(value, repeats + 1) if repeats else min(value, 1)
    return Count(value, people, largest)


def _subsets(ways: Sequence[Dimension]) -> list[Sequence[Dimension]]:
    if len(ways) == 2:
        return [(), (ways[0],), (ways[1],), ways]
    return [(), ways]
