"""The least and the most that a hidden cell can hold, by linear or whole-number programs on HiGHS.

A hidden cell is exposed when a reader can be sure that it holds fewer than k, or some but fewer than k for certain at
the lower end (lo between nought and k). Where a whole unit holds fewer than k, which is shown, a cell may be anything up
to that. Who left is in no table, but in sums over stocks: groups of them are cells like the others. What a shown part of a cell says about it is not counted against it. Whatever the solver does not answer for certain counts as exposed.
"""

import time
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

import highspy
import numpy as np

from contacts.attack.islands import Island, islands
from contacts.attack.published import SAMES, UNTOLD, Equation, Key, Published, told_by_sums

TOLERANCE = 1e-5


class Why(StrEnum):
    """What a reader can do."""

    TOO_SMALL = "too_small"
    NOT_NOUGHT = "not_nought"
    UNANSWERED = "unanswered"
    CONTRADICTION = "contradiction"


class Exposed(NamedTuple):
    """A cell that gives itself away, between these bounds."""

    key: Key | None
    low: float
    high: float
    why: Why


class Verdict(NamedTuple):
    """`narrowest`: the smallest width of any hidden cell's bounds that was found; None: nothing is hidden."""

    exposed: tuple[Exposed, ...]
    hidden: int
    narrowest: float | None


def attacked(
    published: Published,
    equations: Sequence[Equation],
    *,
    k: Mapping[str, int],
    whole: bool = False,
    seconds: float = 60.0,
) -> Verdict:
    """Bounds of every hidden cell of `published`, and of every group that left.

    `k`: by unit, `UNTOLD` ones too; `whole`: people are whole numbers; at most `seconds`.
    """
    wrong = [each for each in equations if _contradicts(published, each)]
    if wrong:
        return Verdict((Exposed(None, 0, 0, Why.CONTRADICTION),), 0, None)
    deadline = time.monotonic() + seconds
    floors, totals = _floors(published), told_by_sums(published, equations)
    exposed: list[Exposed] = []
    widths: list[float] = []
    for island in islands(published, equations):
        targets = [key for key in island.unknown if key in published or (key.unit in UNTOLD and key.codes)]
        if not targets:
            continue
        attack = _Attack(published, island, whole=whole, deadline=deadline)
        for key in targets:
            total = key._replace(codes=())
            everybody, asked = published.get(total, totals.get(total)), k[key.unit]
            least = asked if everybody is None else min(asked, everybody)
            bounds = attack.bounds(key, enough=least)
            if bounds is None:
                exposed.append(Exposed(key, 0, 0, Why.UNANSWERED))
                continue
            low, high = bounds
            if key in published:
                widths.append(high - low)
            if high < least - TOLERANCE:
                exposed.append(Exposed(key, low, high, Why.TOO_SMALL))
            elif floors.get(key, 0) + TOLERANCE < low < least - TOLERANCE:
                exposed.append(Exposed(key, low, high, Why.NOT_NOUGHT))
    hidden = sum(value is None for value in published.values())
    return Verdict(tuple(sorted(exposed, key=lambda each: each.key or Key("", ""))), hidden, min(widths, default=None))


def _contradicts(published: Published, equation: Equation) -> bool:
    """Whether sums of shown cells alone do not add up: then these are no tables of ours."""
    known = [(published.get(key), sign) for key, sign in equation.items()]
    if any(value is None for value, _ in known):
        return False
    return sum(value * sign for value, sign in known if value is not None) != 0


def _floors(published: Published) -> dict[Key, int]:
    """The most that a shown part of each cell holds, also where two units count the same."""
    found: dict[Key, int] = {}
    for key, value in published.items():
        for pair in key.codes if value is not None else ():
            whole = key._replace(codes=tuple(each for each in key.codes if each != pair))
            twins = [whole._replace(unit=unit) for same in SAMES if whole.unit in same[:2] for unit in same[:2]]
            for each in (whole, *twins):
                found[each] = max(found.get(each, 0), value or 0)
    return found


class _Attack:
    """The program of one island. Figures that only equations name are unknown too."""

    def __init__(self, published: Published, island: Island, *, whole: bool, deadline: float) -> None:
        self._number = {key: number for number, key in enumerate(island.unknown)}
        self._low = np.full(len(island.unknown), np.inf)
        self._high = np.full(len(island.unknown), -np.inf)
        self._deadline = deadline
        self._solver = self._prepared(island.equations, published, whole=whole)

    def bounds(self, key: Key, *, enough: float) -> tuple[float, float] | None:
        """The least and most; or, to save work, bounds seen that are at least as wide as nought to `enough`."""
        number = self._number[key]
        if self._high[number] < enough - TOLERANCE and not self._seek(number, highspy.ObjSense.kMaximize):
            return None
        if self._low[number] > TOLERANCE and not self._seek(number, highspy.ObjSense.kMinimize):
            return None
        return max(float(self._low[number]), 0.0), float(self._high[number])

    def _seek(self, number: int, sense: highspy.ObjSense) -> bool:
        left = self._deadline - time.monotonic()
        if left <= 0:
            return False
        self._solver.setOptionValue("time_limit", self._solver.getRunTime() + left)
        self._solver.changeObjectiveSense(sense)
        self._solver.changeColCost(number, 1.0)
        self._solver.run()
        status = self._solver.getModelStatus()
        found = np.asarray(self._solver.getSolution().col_value)
        self._solver.changeColCost(number, 0.0)  # forgets the answer
        if status == highspy.HighsModelStatus.kUnbounded and sense == highspy.ObjSense.kMaximize:
            self._high[number] = np.inf
            return True
        if status != highspy.HighsModelStatus.kOptimal:
            return False
        np.minimum(self._low, found, out=self._low)
        np.maximum(self._high, found, out=self._high)
        return True

    def _prepared(self, rows: Sequence[Equation], published: Published, *, whole: bool) -> highspy.Highs:
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(self._number), len(rows)
        program.col_cost_ = np.zeros(len(self._number))
        program.col_lower_ = np.zeros(len(self._number))
        program.col_upper_ = np.full(len(self._number), highspy.kHighsInf)
        starts, columns, signs, sums = [0], list[int](), list[float](), list[float]()
        for row in rows:
            shown = 0
            for key, sign in row.items():
                value = published.get(key)
                if value is None:
                    columns.append(self._number[key])
                    signs.append(float(sign))
                else:
                    shown += sign * value
            starts.append(len(columns))
            sums.append(-float(shown))
        program.row_lower_ = program.row_upper_ = np.array(sums, dtype=np.double)
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = np.array(starts, dtype=np.int32)
        program.a_matrix_.index_ = np.array(columns, dtype=np.int32)
        program.a_matrix_.value_ = np.array(signs, dtype=np.double)
        if whole:
            program.integrality_ = [highspy.HighsVarType.kInteger] * len(self._number)
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in {"output_flag": False, "threads": 1, "random_seed": 1}.items():
            solver.setOptionValue(name, value)
        solver.passModel(program)
        return solver
