"""From facts to counts of cells. The last place where single facts are seen; nothing past it knows more than counts.

Facts become whole numbers, a column for each dimension; cells are counted with numpy. A correction of weight -1 takes
away what an earlier half-year was given and this one cannot.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from contacts.release.catalogue import Counted, Spec
from contacts.release.cells import Cell, Count
from contacts.release.dimensions import Codes, Dimension
from contacts.release.merging import OTHER
from contacts.statistics.fact import Fact, Unit

#: Units of the catalogue that each kind of fact counts in; clients are those decisions that admit somebody.
_UNITS: Mapping[Unit, Counted] = {
    Unit.SERVICE: Counted.SERVICE,
    Unit.CONTACT: Counted.CONTACTS,
    Unit.PROPOSAL: Counted.PROPOSALS,
    Unit.DECISION: Counted.DECISIONS,
    Unit.ENDED: Counted.LEAVERS,
}
_ADMITTED = frozenset({"admitted_victim", "admitted_child", "admitted_witness"})


class Columns(Struct, frozen=True):
    """Facts of one unit and period. `codes`: by dimension, the place of each fact's code in `order`."""

    weights: NDArray[np.int64]
    repeats: NDArray[np.bool_]
    codes: Mapping[str, NDArray[np.int64]]
    order: Mapping[str, tuple[str, ...]]

    def minus(self, other: "Columns") -> "Columns":
        """These facts, and those taken away: a stock is who came without who went."""
        return Columns(
            np.concatenate([self.weights, -other.weights]),
            np.concatenate([self.repeats, other.repeats]),
            {name: np.concatenate([self.codes[name], other.codes[name]]) for name in self.codes},
            self.order,
        )

    def plus(self, other: "Columns") -> "Columns":
        """Both."""
        return self.minus(Columns(-other.weights, other.repeats, other.codes, other.order))

    def within(self, way: Dimension) -> NDArray[np.int64]:
        """Each fact's code among the codes of `way`; what it merges is Other."""
        there = {code: at for at, code in enumerate(way.codes)}
        places = [there.get(code, there.get(OTHER, len(way.codes) - 1)) for code in self.order[way.name]]
        found: NDArray[np.int64] = np.array(places, dtype=np.int64)[self.codes[way.name]]
        return found


def columns(facts: Iterable[Fact], ways: Mapping[Counted, Sequence[Dimension]]) -> dict[Counted, Columns]:
    """Facts by unit, by the base codes of `ways`. Equal codes are looked up once: a million facts say a few thousand different things."""
    said: dict[Counted, list[tuple[int, ...]]] = defaultdict(list)
    weights: dict[Counted, list[int]] = defaultdict(list)
    repeats: dict[Counted, list[bool]] = defaultdict(list)
    places = {unit: [({code: at for at, code in enumerate(way.codes)}, way.of) for way in ways[unit]] for unit in ways}
    known: dict[tuple[Counted, tuple[tuple[str, tuple[str, ...]], ...]], tuple[int, ...]] = {}
    for fact in facts:
        key = tuple(fact.codes.items())
        for unit in _units(fact):
            if unit not in places:
                continue
            at = known.get((unit, key))
            if at is None:
                at = known[unit, key] = tuple(_place(codes, of(fact.codes)) for codes, of in places[unit])
            said[unit].append(at)
            weights[unit].append(fact.weight)
            repeats[unit].append(fact.repeat)
    return {unit: _columns(ways[unit], said[unit], weights[unit], repeats[unit]) for unit in ways}


def counted(columns: Mapping[Counted, Columns], specs: Iterable[Spec], period: str) -> dict[Cell, Count]:
    """Every cell of these tables in a period, noughts included. All repeats of a cell are taken for one person."""
    found: dict[Cell, Count] = {}
    for spec in specs:
        for ways in _subsets(spec.dimensions):
            if Cell(spec.unit, period, frozenset((way.name, way.codes[0]) for way in ways)) not in found:
                found.update(_cells(columns[spec.unit], spec.unit, period, ways))
    return found


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
    value, repeats = max(value, 0), max(min(repeats, value), 0)
    people = value - repeats + (1 if repeats and value == repeats else 0)
    largest = min(value, repeats + 1) if repeats else min(value, 1)
    return Count(value, people, largest)


def _units(fact: Fact) -> tuple[Counted, ...]:
    unit = _UNITS[fact.unit]
    admitted = fact.unit is Unit.DECISION and not _ADMITTED.isdisjoint(fact.codes.get("decision", ()))
    return (unit, Counted.CLIENTS) if admitted else (unit,)


def _place(places: Mapping[str, int], code: str) -> int:
    """A code that no table knows is the last, unknown or other."""
    return places.get(code, len(places) - 1)


def _columns(
    ways: Sequence[Dimension], said: list[tuple[int, ...]], weights: list[int], repeats: list[bool]
) -> Columns:
    table = np.array(said, dtype=np.int64).reshape(len(said), len(ways))
    return Columns(
        np.array(weights, dtype=np.int64),
        np.array(repeats, dtype=np.bool_),
        {way.name: table[:, at] for at, way in enumerate(ways)},
        {way.name: way.codes for way in ways},
    )


def _subsets(ways: Sequence[Dimension]) -> list[Sequence[Dimension]]:
    if len(ways) == 2:
        return [(), (ways[0],), (ways[1],), ways]
    return [(), ways]


def ways_of(specs: Iterable[Spec]) -> dict[Counted, list[Dimension]]:
    """The dimensions of each unit, once."""
    found: dict[Counted, dict[str, Dimension]] = defaultdict(dict)
    for spec in specs:
        found[spec.unit].update({way.name: way for way in spec.dimensions})
    return {unit: list(ways.values()) for unit, ways in found.items()}


__all__ = ["Codes", "Columns", "columns", "counted", "ways_of"]
