"""Which further cells must be hidden, so that the hidden ones cannot be computed from the sums that are shown.

For every cell that says too much there must be two worlds that agree with everything shown: one in which it is as small
as its span demands, one in which it is as large. A world is a change that keeps every sum (contacts.release.circulation);
the cells that differ in it are hidden. Afterwards cells are shown again, largest first, where other worlds exist.

Cells that must be shown cut the system into parts that say nothing of each other: each is worked out by itself.
"""

import math
import time
from collections.abc import Callable, Collection, Mapping, Sequence

from msgspec import Struct

from contacts.release.cells import Cell, Relation
from contacts.release.circulation import Circulation, OutOfTime
from contacts.release.parts import Part, Tied, parts_of
from contacts.release.primary import Span
from contacts.release.worlds import Worlds

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
    that no table ever shows. `undecided`: cells that are not released now, and may be shown or hidden later. `awaited`:
    of both, those that will be known for certain once they are released: totals. `floors`: what a reader knows a cell to
    hold at least, from cells that are always shown. `k`: by unit.
    """

    values: Mapping[Cell, int]
    relations: Sequence[Relation]
    spans: Mapping[Cell, Span]
    shown: frozenset[Cell]
    hidden: frozenset[Cell] = frozenset()
    unpublished: frozenset[Cell] = frozenset()
    undecided: frozenset[Cell] = frozenset()
    awaited: frozenset[Cell] = frozenset()
    floors: Mapping[Cell, int] = {}
    k: Mapping[str, int]


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
    deadline = time.monotonic() + seconds
    must = frozenset({*system.spans, *system.hidden, *system.unpublished, *system.undecided} - system.shown)
    found = set(must)
    works = [
        work
        for part in parts_of(system.relations, system.shown)
        for work in _protected(system, part, must, dearer=dearer, deadline=deadline)
    ]
    until = time.monotonic() + clean_up_seconds
    for work in works:
        work.clean_up(until)
        found |= work.hidden
    return frozenset(found - system.undecided)


def _protected(
    system: System, part: Part, must: frozenset[Cell], *, dearer: Callable[[Cell], float], deadline: float
) -> "list[_Suppression]":
    """A part, worked out. A cell that would say too much if it were hidden for others is shown, and divides the part."""
    if must.isdisjoint(part.cells) or system.hidden.issuperset(part.cells):
        return []
    work = _Suppression(system, part, must, dearer, deadline)
    try:
        work.protect()
    except CannotProtect as problem:
        if problem.cell in must:
            raise
        rest = parts_of(part.relations, {problem.cell})
    else:
        return [work]
    return [work for each in rest for work in _protected(system, each, must, dearer=dearer, deadline=deadline)]


class _Suppression:
    """One part. Cells are numbers here: their places in the part."""

    def __init__(
        self, system: System, part: Part, must: Collection[Cell], dearer: Callable[[Cell], float], deadline: float
    ) -> None:
        self._system = system
        self._cells = part.cells
        self._values = [system.values[cell] for cell in self._cells]
        self._least = [system.k[cell.unit] for cell in self._cells]
        self._floors = [system.floors.get(cell, 0) for cell in self._cells]
        costs = [_cost(value) + dearer(cell) for cell, value in zip(self._cells, self._values, strict=True)]
        self._flow = Circulation(self._cells, part.relations, self._values, costs)
        self._flow.deadline = deadline
        self._primary = {number for number, cell in enumerate(self._cells) if cell in must}
        self._hidden = set(self._primary)
        self._totals = [n for n, cell in enumerate(self._cells) if cell in system.awaited]
        self._flow.fix(self._totals)
        self._flow.price(self._hidden, _FREE)
        self._worlds = Worlds()
        #: By cell: changes that must be possible as long as it is hidden.
        self._demands: dict[int, list[int]] = {}
        #: Cells that every reader knows to hold k or more: so they do when others are shown, too.
        self._large: set[int] = set()
        self._tied = Tied(part, self._flow.number, self._values)

    def protect(self) -> None:
        """Hide what is needed."""
        spans = {n: self._system.spans[cell] for n, cell in enumerate(self._cells) if cell in self._system.spans}
        for cell in sorted(spans, key=self._order):
            span, value = spans[cell], self._values[cell]
            for amount in (span.high - value, max(span.low, self._floors[cell]) - value):
                if amount:
                    self._demand(cell, amount)
        self._settle()

    def _order(self, cell: int) -> tuple[int, int, int]:
        """Margins first: what they need hides other margins, and rows below them need less then. Largest first."""
        return len(self._cells[cell].attributes), -self._values[cell], cell

    def _demand(self, cell: int, amount: int) -> None:
        self._demands.setdefault(cell, []).append(amount)
        self._provide(cell, amount)

    def _provide(self, cell: int, amount: int) -> None:
        """See to it that this change is possible with what is hidden."""
        if self._worlds.reach(cell, amount):
            return
        change = self._flow.changed(cell, amount)
        if change is None:
            raise CannotProtect(self._cells[cell])
        self._worlds.add(change)
        self._hide(change.keys() - self._hidden)

    def _hide(self, cells: Collection[int]) -> None:
        if cells:
            self._hidden |= set(cells)
            self._flow.price(cells, _FREE)
            self._large.clear()

    def _settle(self) -> None:
        """A cell that was hidden for others may not come out as "some, but fewer than k" either."""
        while True:
            others = self._others()
            self._flow.fix(others)
            watched = sorted(self._hidden.difference(self._totals, self._demands))
            exposed = [cell for cell in watched if not self._is_harmless(cell)]
            self._flow.free(others)
            if not exposed:
                return
            for cell in exposed:  # hides more, so whoever was large for certain is looked at again
                self._let_vanish(cell)

    def _let_vanish(self, cell: int) -> None:
        amount = self._floors[cell] - self._values[cell]
        try:
            self._demand(cell, amount)
        except CannotProtect:
            if self._cells[cell] in self._system.undecided:
                raise
            self._demands.pop(cell)
            self._flow.free(self._totals)  # it is enough that a reader of today holds it possible
            change = self._flow.changed(cell, amount)
            self._flow.fix(self._totals)
            if change is None:
                raise
            self._hide(change.keys() - self._hidden)

    def _others(self) -> list[int]:
        return [each for each in range(len(self._cells)) if each not in self._hidden]

    def _is_harmless(self, cell: int) -> bool:
        """Whether a reader must hold nought possible (or no more than is known anyway), or knows it to be k or more."""
        vanished = self._floors[cell] - self._values[cell]
        if cell in self._large or self._possible(cell, vanished):
            return True
        self._flow.free(self._totals)  # nobody is sure of anything because of totals that are not told yet
        beyond = self._values[cell] - self._least[cell] + _A_LITTLE
        is_large = beyond > 0 and self._flow.changed(cell, -beyond) is None
        is_decided = self._cells[cell] not in self._system.undecided
        harmless = is_large or (self._totals and is_decided and self._flow.changed(cell, vanished) is not None)
        self._flow.fix(self._totals)
        if is_large:
            self._large.add(cell)
        return bool(harmless)

    def _possible(self, cell: int, amount: int) -> bool:
        """Whether this change is possible with what is hidden; if so, its world is kept."""
        if amount == 0 or self._worlds.reach(cell, amount):
            return True
        change = self._flow.changed(cell, amount)
        if change is not None:
            self._worlds.add(change)
        return change is not None

    def clean_up(self, until: float) -> None:
        """Show again what is hidden without need, largest first, until nothing more is found or the time is over."""
        self._flow.fix(self._others())  # from here on only what is hidden may change
        again = True
        while again:
            again = False
            for cell in sorted(self._hidden - self._primary, key=lambda each: (-self._values[each], each)):
                if time.monotonic() > until:
                    break
                again |= self._shows(cell)

    def _shows(self, cell: int) -> bool:
        """Show it, if all demands can be met without it."""
        if self._tied.need(cell, self._hidden, {each: self._demands.get(each, ()) for each in self._primary}):
            return False
        self._flow.fix([cell])
        self._worlds.leave_out(cell)
        large = set(self._large)
        if all(self._stands(each) for each in sorted(self._hidden.difference(self._totals, {cell}))):
            self._show(cell)
            return True
        self._flow.free([cell])
        self._worlds.leave_out(None)
        self._large = large  # what was certain without the cell need not be with it
        return False

    def _show(self, cell: int) -> None:
        self._hidden.discard(cell)
        self._demands.pop(cell, None)
        self._large.discard(cell)
        self._worlds.forget(cell)

    def _stands(self, cell: int) -> bool:
        wanted = self._demands.get(cell)
        if wanted is not None and all(self._possible(cell, amount) for amount in wanted):
            return True
        return (wanted is None or cell not in self._primary) and self._is_harmless(cell)

    @property
    def hidden(self) -> set[Cell]:
        """What is hidden by now."""
        return {self._cells[each] for each in self._hidden}


def _cost(value: int) -> float:
    """Few figures, rather than small ones."""
    return 1 + math.log1p(value) / 5


__all__ = ["CannotProtect", "OutOfTime", "System", "suppressed"]
