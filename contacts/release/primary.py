"""Which cells say too much by themselves, before anything is subtracted.

Rules of statistics.md: fewer than k people, nought included; one person behind more than half of a cell; a group that
shares one code of a sensitive attribute. Grand totals are about the service, and are always shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from contacts.release.cells import EVERYBODY, NOTHING, Cell, Count, Table

#: Below so many people a table shows its total only.
SMALLEST_BASE = 20


class Span(NamedTuple):
    """What a reader must hold possible of a hidden cell: at least from `low` to `high`."""

    low: int
    high: int


def primary_cells(
    tables: Iterable[Table],
    periods: Sequence[str],
    counts: Mapping[Cell, Count],
    *,
    k: Mapping[str, int],
    structural: frozenset[Cell] = frozenset(),
) -> dict[Cell, Span]:
    """Every cell to hide, with the span to keep open. `k`: the threshold of each unit; `structural`: can only be nought."""
    found: dict[Cell, Span] = {}
    for table in tables:
        least = k[table.unit]
        for period in periods:
            base = counts.get(Cell(table.unit, period), NOTHING)
            for cell in table.cells(period):
                if _is_everybody(table, cell) or cell in structural:
                    continue
                if base.people < SMALLEST_BASE or _says_too_much(counts.get(cell, NOTHING), least):
                    found[cell] = span_of(counts.get(cell, NOTHING).value, least, base.value)
            for cell in _alone_in_their_group(table, period, counts, least):
                if cell not in structural:
                    found[cell] = span_of(counts[cell].value, least, base.value)
    return found


def span_of(value: int, k: int, total: int) -> Span:
    """A small cell may be anything from nought to k; a larger one anything from k less. None is more than everybody."""
    if value < 2 * k:
        return Span(0, min(max(value, k), total))
    return Span(value - k, value)


def _is_everybody(table: Table, cell: Cell) -> bool:
    """The total, or the only code there is."""
    return all(len(table.codes[name]) == 1 for name, _ in cell.attributes)


def _says_too_much(count: Count, k: int) -> bool:
    return count.value < k or count.people < k or 2 * count.largest > count.value


def _alone_in_their_group(table: Table, period: str, counts: Mapping[Cell, Count], k: int) -> list[Cell]:
    """Cells in which a whole group of the other dimension is found."""
    found: list[Cell] = []
    for name in table.sensitive & set(table.dimensions):
        for group in table.cells(period):
            held = {each for each, _ in group.attributes}
            if name in held or len(held) != len(table.dimensions) - 1 or group.attributes == EVERYBODY:
                continue
            whole = counts.get(group, NOTHING).value
            for code in table.codes[name]:
                cell = group._replace(attributes=group.attributes | {(name, code)})
                if whole >= k and counts.get(cell, NOTHING).value == whole:
                    found.append(cell)
    return found
