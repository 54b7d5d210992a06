"""Which further cells must be hidden, so that the hidden ones cannot be computed from the sums that are shown.

For every cell that says too much there must be two worlds that agree with everything shown: one in which it is as small
as its span demands, one in which it is as large. A world is a change that keeps every sum (contacts.release.circulation);
the cells that differ in it are hidden. Afterwards cells are shown again, largest first, where other worlds exist.
"""

import math
import time
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from contacts.release.cells import Cell, Relation
from contacts.release.circulation import Circulation, OutOfTime
from contacts.release.primary import Span

_FREE = 1e-4
#: Less than one person, more than rounding.
_A_LITTLE = 1e-3
#: Cleaning up is a courtesy to readers: it ends after so many seconds.
CLEAN_UP_SECONDS = 5.0


class CannotProtect(Exception):
    """Some cell cannot be hidden well enough among cells that must be shown. Merge categories, or release less."""

    def __init__(self, cell: Cell) -> None:
        super().__init__("a cell cannot be protected")
        self.cell = cell


class System(Struct, frozen=True, kw_only=True):
    """Everything that is released together, and what was before.

    `values`: of every cell in a relation. `spans`: cells that must be hidden. `shown`: cells that cannot be hidden (grand
    totals, what was shown before). `hidden`: cells that are hidden already and stay so. `unpublished`: cells
    that no table ever shows; they only carry sums. `floors`: what a reader knows a cell to hold at least, from cells that
    are always shown. `k`: by unit.
    """

    values: Mapping[Cell, int]
    relations: Sequence[Relation]
    spans: Mapping[Cell, Span]
    shown: frozenset[Cell]
    hidden: frozenset[Cell] = frozenset()
    unpublished: frozenset[Cell] = frozenset()
    floors: Mapping[Cell, int] = {}
    k: Mapping[str, int]


class World(Struct, frozen=True):
    """A change that somebody must hold possible: `cell` by `amount`; it touches `touched`."""

    cell: int
    amount: int
    touched: frozenset[int]


def suppressed(
    system: System,
    *,
    dearer: Callable[[Cell], float] = lambda _: 0.0,
    seconds: float = 60.0,
    clean_up_seconds: float = CLEAN_UP_SECONDS,
) -> frozenset[Cell]:
    """All cells to hide: those with a span, those hidden before, and what protects them.

    `dearer`: what hiding a cell costs more (shown last time; a secret tie-break). Raises `CannotProtect`, `OutOfTime`.
    """
    return _Suppression(system, dearer, time.monotonic() + seconds).run(clean_up_seconds)


class _Suppression:
    def __init__(self, system: System, dearer: Callable[[Cell], float], deadline: float) -> None:
        self._system = system
        self._cells = sorted(system.values, key=_order)
        self._values = [system.values[cell] for cell in self._cells]
        costs = [math.log1p(value) + 1 + dearer(cell) for cell, value in zip(self._cells, self._values, strict=True)]
        self._flow = Circulation(self._cells, system.relations, self._values, costs)
        self._flow.deadline = deadline
        self._shown = {self._flow.number(cell) for cell in system.shown if cell in system.values}
        self._unpublished = {self._flow.number(cell) for cell in system.unpublished}
        self._primary = {self._flow.number(cell) for cell in {*system.spans, *system.hidden}} - self._shown
        self._primary |= self._unpublished
        self._hidden = set(self._primary)
        self._worlds: list[World] = []
        self._flow.fix(sorted(self._shown))
        self._flow.cheapen(sorted(self._hidden), _FREE)

    def run(self, clean_up_seconds: float) -> frozenset[Cell]:
        spans = {self._flow.number(cell): span for cell, span in self._system.spans.items()}
        for cell in sorted(spans, key=lambda each: (-self._values[each], each)):
            span, value = spans[cell], self._values[cell]
            for amount in (span.high - value, max(span.low, self._floor(cell)) - value):
                self._demand(cell, amount)
        self._settle()
        self._clean_up(time.monotonic() + clean_up_seconds)
        return frozenset(self._cells[each] for each in self._hidden)

    def _demand(self, cell: int, amount: int) -> None:
        """See to it that this change is possible with what is hidden."""
        if amount == 0:
            return
        change = self._flow.changed(cell, amount)
        if change is None:
            raise CannotProtect(self._cells[cell])
        self._worlds.append(World(cell, amount, frozenset(change)))
        self._hide(set(change) - self._hidden)

    def _hide(self, cells: set[int]) -> None:
        self._hidden |= cells
        self._flow.cheapen(sorted(cells), _FREE)

    def _settle(self) -> None:
        """A cell that was hidden for others may not come out as "some, but fewer than k" either."""
        while True:
            others = self._others()
            self._flow.fix(others)
            held = {world.cell for world in self._worlds} | self._unpublished
            exposed = [
                cell
                for cell in sorted(self._hidden - held)
                if not self._could_vanish(cell) and not self._surely_large(cell)
            ]
            self._flow.free(others)
            if not exposed:
                return
            for cell in exposed:  # hides more, so whoever was large for certain is looked at again
                self._demand(cell, self._floor(cell) - self._values[cell])

    def _floor(self, cell: int) -> int:
        return self._system.floors.get(self._cells[cell], 0)

    def _could_vanish(self, cell: int) -> bool:
        """Whether a reader must hold nought possible, or no more than is known anyway; if so, that world is kept."""
        amount = self._floor(cell) - self._values[cell]
        change = self._flow.changed(cell, amount)
        if change is None:
            return False
        self._worlds.append(World(cell, amount, frozenset(change)))
        return True

    def _surely_large(self, cell: int) -> bool:
        """Whether no reader can think of it as fewer than k."""
        beyond = self._values[cell] - self._system.k[self._cells[cell].unit] + _A_LITTLE
        return beyond > 0 and self._flow.changed(cell, -beyond) is None

    def _others(self) -> list[int]:
        return [each for each in range(len(self._cells)) if each not in self._hidden and each not in self._shown]

    def _clean_up(self, until: float) -> None:
        """Show again what is hidden without need, largest first, until nothing more is found or the time is over."""
        self._flow.fix(self._others())  # from here on only what is hidden may change
        again = True
        while again:
            again = False
            for cell in sorted(self._hidden - self._primary, key=lambda each: (-self._values[each], each)):
                if time.monotonic() > until:
                    return
                again |= self._shows(cell)

    def _shows(self, cell: int) -> bool:
        self._flow.fix([cell])
        kept: list[World] = []
        for world in self._worlds:
            if world.cell == cell:
                continue
            if cell not in world.touched:
                kept.append(world)
                continue
            change = self._flow.changed(world.cell, world.amount)
            if change is not None:
                kept.append(World(world.cell, world.amount, frozenset(change)))
            elif world.cell in self._primary or not self._surely_large(world.cell):
                self._flow.free([cell])
                return False
        self._worlds = kept
        self._hidden.discard(cell)
        return True


def _order(cell: Cell) -> tuple[str, str, list[tuple[str, str]]]:
    return cell.unit, cell.period, sorted(cell.attributes)


__all__ = ["CannotProtect", "OutOfTime", "System", "suppressed"]
