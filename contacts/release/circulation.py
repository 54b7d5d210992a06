"""Changes that keep every sum: what a reader of the tables could believe instead of the truth.

A linear program on HiGHS. Cell i may go up by any amount and down by what it holds; all sums stay. Shown cells cost,
hidden ones are nearly free, so that the cheapest change of one cell touches as few shown ones as possible: those have to
be hidden with it (Fischetti and Salazar's circulations, as statistics.md asks).
"""

import time
from collections.abc import Iterable, Mapping, Sequence

import highspy
import numpy as np
from numpy.typing import NDArray

from contacts.release.cells import Cell, Relation

#: Amounts below this are rounding.
TINY = 1e-6


class OutOfTime(Exception):
    """The solver was not done in the time it was given. Nothing may be released."""


class Circulation:
    """The program for one linked system. `values`: what the cells hold; `costs`: of a change by one."""

    def __init__(
        self, cells: Sequence[Cell], relations: Sequence[Relation], values: Sequence[int], costs: Sequence[float]
    ) -> None:
        self._number = {cell: number for number, cell in enumerate(cells)}
        self._size = len(cells)
        self._values = values
        self._solver = _solver(self._program(relations, costs))
        self._fixed: set[int] = set()
        self.deadline = float("inf")

    def number(self, cell: Cell) -> int:
        """Where a cell stands among the variables."""
        return self._number[cell]

    def price(self, cells: Iterable[int], cost: float) -> None:
        """What a change of these costs from now on."""
        some = sorted(cells)
        both = np.array([*some, *(each + self._size for each in some)], dtype=np.int32)
        self._solver.changeColsCost(len(both), both, np.full(len(both), cost))

    def fix(self, cells: Sequence[int]) -> None:
        """These are shown for good: they cannot change."""
        for each in cells:
            self._fixed.add(each)
            self._bound(each, 0.0)
            self._bound(each + self._size, 0.0)

    def free(self, cells: Sequence[int]) -> None:
        """These may change again."""
        for each in cells:
            self._fixed.discard(each)
            self._bound(each, highspy.kHighsInf)
            self._bound(each + self._size, float(self._values[each]))

    def changed(self, cell: int, amount: float) -> dict[int, float] | None:
        """The cheapest change in which this cell goes up by `amount` (down, if negative): cell -> change.

        None: there is none. Raises `OutOfTime`.
        """
        if amount == 0:
            return {}
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise OutOfTime
        if left < 1e6:
            self._solver.setOptionValue("time_limit", self._solver.getRunTime() + left)
        up, down = cell, cell + self._size
        forced, other = (up, down) if amount > 0 else (down, up)
        self._solver.changeColBounds(forced, float(abs(amount)), float(abs(amount)))
        self._bound(other, 0.0)
        self._solver.run()
        status = self._solver.getModelStatus()
        answer = None
        if status == highspy.HighsModelStatus.kOptimal:
            found = np.asarray(self._solver.getSolution().col_value)
            change = found[: self._size] - found[self._size :]
            answer = {int(each): float(change[each]) for each in np.flatnonzero(np.abs(change) > TINY)}
        if cell in self._fixed:
            self.fix([cell])
        else:
            self.free([cell])
        if answer is None and status != highspy.HighsModelStatus.kInfeasible:
            raise OutOfTime  # whatever else the solver says, it has not answered
        return answer

    def _bound(self, column: int, upper: float) -> None:
        self._solver.changeColBounds(column, 0.0, upper)

    def _program(self, relations: Sequence[Relation], costs: Sequence[float]) -> highspy.HighsLp:
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = 2 * self._size, len(relations)
        program.col_cost_ = np.array([*costs, *costs], dtype=np.double)
        program.col_lower_ = np.zeros(2 * self._size)
        program.col_upper_ = np.array([*[highspy.kHighsInf] * self._size, *map(float, self._values)])
        program.row_lower_ = np.zeros(len(relations))
        program.row_upper_ = np.zeros(len(relations))
        starts, columns, signs = _rows(relations, self._number, self._size)
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = starts
        program.a_matrix_.index_ = columns
        program.a_matrix_.value_ = signs
        return program


def _rows(
    relations: Sequence[Relation], number: Mapping[Cell, int], size: int
) -> "tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]":
    starts, columns, signs = [0], list[int](), list[float]()
    for relation in relations:
        for cell, sign in relation.items():
            columns += [number[cell], number[cell] + size]
            signs += [float(sign), -float(sign)]
        starts.append(len(columns))
    return np.array(starts, dtype=np.int32), np.array(columns, dtype=np.int32), np.array(signs, dtype=np.double)


def _solver(program: highspy.HighsLp) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)  # noqa: FBT003 - HiGHS has no other way
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 1)
    solver.setOptionValue("presolve", "off")
    solver.passModel(program)
    return solver
