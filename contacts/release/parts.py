"""Sums that share no undecided cell say nothing of each other: parts of a linked system. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from contacts.release.cells import Cell, Relation


class Part(Struct, frozen=True):
    """Cells that are tied to each other, in a fixed order, and the sums that tie them. What is shown is left out of both."""

    cells: tuple[Cell, ...]
    relations: tuple[Relation, ...]


class Tied:
    """What single sums of a part say at once, before any program is solved. `number`, `values`: of its cells."""

    def __init__(self, part: Part, number: Callable[[Cell], int], values: Sequence[int]) -> None:
        self._values = values
        self._sums: dict[int, list[list[tuple[int, int]]]] = {}
        for relation in part.relations:
            tied = [(number(cell), sign) for cell, sign in relation.items()]
            for cell, _ in tied:
                self._sums.setdefault(cell, []).append(tied)

    def need(self, cell: int, hidden: Collection[int], demands: Mapping[int, Iterable[int]]) -> bool:
        """Whether some demanded change of another cell is impossible once `cell` is shown. `demands`: by cell."""
        for tied in self._sums[cell]:
            rest = [(each, sign) for each, sign in tied if each != cell and each in hidden]
            for each, sign in rest:
                if any(not self._made_up(each, sign, amount, rest) for amount in demands.get(each, ())):
                    return True
        return False

    def _made_up(self, cell: int, sign: int, amount: int, rest: Sequence[tuple[int, int]]) -> bool:
        """Whether the others of a sum can make up for a change: up without end, down by what they hold."""
        others = [(each, other == sign) for each, other in rest if each != cell]
        if any(alike != (amount > 0) for _, alike in others):
            return True
        return sum(self._values[each] for each, _ in others) >= abs(amount)


def parts_of(relations: Iterable[Relation], shown: Collection[Cell]) -> list[Part]:
    """In a fixed order, whatever the order of `relations`' cells. `shown`: cells that cannot change."""
    sums = [{cell: sign for cell, sign in each.items() if cell not in shown} for each in relations]
    root: dict[Cell, Cell] = {}
    for each in sums:
        for cell in each:
            root.setdefault(cell, cell)
        _join(root, list(each))
    found: dict[Cell, tuple[list[Cell], list[Relation]]] = {}
    for cell in sorted(root, key=_order):
        found.setdefault(_root(root, cell), ([], []))[0].append(cell)
    for each in sums:
        if each:
            found[_root(root, next(iter(each)))][1].append(each)
    return [Part(tuple(cells), tuple(tied)) for cells, tied in found.values()]


def _join(root: dict[Cell, Cell], cells: Sequence[Cell]) -> None:
    for cell in cells[1:]:
        root[_root(root, cell)] = _root(root, cells[0])


def _root(root: dict[Cell, Cell], cell: Cell) -> Cell:
    while root[cell] != cell:
        root[cell] = root[root[cell]]
        cell = root[cell]
    return cell


def _order(cell: Cell) -> tuple[str, str, list[tuple[str, str]]]:
    return cell.unit, cell.period, sorted(cell.attributes)
