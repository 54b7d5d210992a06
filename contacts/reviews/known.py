"""What readers know from releases so far: cells with or without a value, and the categories that are frozen. Pure."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from contacts.attack.published import Key, Published
from contacts.release.cells import Cell
from contacts.release.drafting import Draft, Earlier
from contacts.release.frame import Row, Status

#: Unit, period, (dimension, code) pairs in order, value or None.
Known = tuple[str, str, tuple[tuple[str, str], ...], int | None]


class Knowledge(Struct, frozen=True):
    """`cells`: of one or of all releases. `kept`: categories by dimension; they stay as they were first released."""

    cells: tuple[Known, ...] = ()
    kept: Mapping[str, tuple[str, ...]] = {}

    def earlier(self, periods: Iterable[str], also_hidden: "Knowledge | None" = None) -> Earlier:
        """The cells of these periods, as drafts want them. `also_hidden`: another audience's, whose hidden cells stay so."""
        there = frozenset(periods)
        found = {_cell(each): each[3] for each in self.cells if each[1] in there}
        hidden = {cell for cell, value in found.items() if value is None}
        others = () if also_hidden is None else also_hidden.cells
        hidden |= {_cell(each) for each in others if each[3] is None and each[1] in there}
        shown = {cell: value for cell, value in found.items() if value is not None}
        return Earlier(shown, frozenset(hidden))

    def published(self) -> dict[Key, int | None]:
        """As the attacker reads it."""
        return {Key(unit, period, codes): value for unit, period, codes, value in self.cells}

    @property
    def periods(self) -> set[str]:
        """Half-years and years that anything was told of."""
        return {period for _, period, _, _ in self.cells if "-" not in period}

    def plus(self, other: "Knowledge") -> "Knowledge":
        """Both. What was said once is not said differently later."""
        found = {each[:3]: each for each in self.cells} | {each[:3]: each for each in other.cells}
        return Knowledge(tuple(found.values()), {**self.kept, **other.kept})


def knowledge_of(draft: Draft) -> Knowledge:
    """Everything a draft decides, also for periods that the review itself does not tell: it holds for later ones."""
    return Knowledge(
        tuple((str(c.unit), c.period, tuple(sorted(c.attributes)), draft.shown(c)) for c in draft.cells), draft.kept
    )


def published_in(rows: Iterable[Row]) -> Published:
    """What a reader of these rows sees, this year's and last year's figures."""
    found: dict[Key, int | None] = {}
    for row in rows:
        pairs = ((row.dim1, row.code1), (row.dim2, row.code2))
        key = Key(row.unit, row.period, tuple(sorted(pair for pair in pairs if pair[1])))
        told = ((key, row.value, row.status), (_a_year_before(key), row.prev_value, row.prev_status))
        found |= {each: value for each, value, status in told if status in {Status.SHOWN, Status.HIDDEN}}
    return found


def contradiction(one: Published, other: Published) -> bool:
    """Whether a cell is told differently."""
    return any(other[key] != value for key, value in one.items() if key in other)


def _a_year_before(key: Key) -> Key:
    return key._replace(period=f"{int(key.period[:4]) - 1}{key.period[4:]}")


def _cell(known: Known) -> Cell:
    return Cell(known[0], known[1], frozenset(known[2]))
