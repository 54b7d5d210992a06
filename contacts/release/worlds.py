"""Worlds that a reader must hold possible: changes of hidden cells that keep every sum. Pure.

A part of such a change keeps every sum too: a world in which a cell goes up by seven shows that it may go up by five.
"""

from collections.abc import Mapping

_ROUNDING = 1e-6


class Worlds:
    """All that were found and that still touch hidden cells only."""

    def __init__(self) -> None:
        self._worlds: dict[int, Mapping[int, float]] = {}
        self._touching: dict[int, dict[int, float]] = {}
        self._next = 0
        self._without: int | None = None

    def add(self, change: Mapping[int, float]) -> None:
        """One more: cell -> change."""
        self._worlds[self._next] = change
        for cell, amount in change.items():
            self._touching.setdefault(cell, {})[self._next] = amount
        self._next += 1

    def leave_out(self, cell: int | None) -> None:
        """Until told otherwise, ask only those that do not touch this cell."""
        self._without = cell

    def forget(self, cell: int) -> None:
        """The cell is shown: worlds that touch it are none any more."""
        for number in self._touching.pop(cell, {}):
            for other in self._worlds.pop(number):
                if other != cell:
                    del self._touching[other][number]
        self._without = None

    def reach(self, cell: int, amount: float) -> bool:
        """Whether the cell goes so far up (down, if negative) in any of them."""
        out = () if self._without is None else self._touching.get(self._without, ())
        sign = 1 if amount > 0 else -1
        least = amount * sign - _ROUNDING
        return any(
            change * sign >= least and number not in out for number, change in self._touching.get(cell, {}).items()
        )
