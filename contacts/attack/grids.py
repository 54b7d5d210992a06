"""Tables as people see them, back into cells: by their captions and headings alone, in any of the languages. Pure.

Labels are looked up in what the release says about its codes (`Legend`); a label that is not there, a heading that is no
year, a table without a caption: unreadable.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from contacts.attack.published import Key
from contacts.attack.reading import Place, Reading, Said, Unreadable, change, said, year_before

_TOTALS = frozenset({"Yhteensä", "Sammanlagt", "Total"})
_CHANGES = frozenset({"Muutos", "Förändring", "Change"})
_MONTHS = frozenset({"Kuukausi", "Månad", "Month"})


class Grid(NamedTuple):
    """`groups`: above the headings, one for each column, "" where there are none; `lines`: a label and its cells."""

    caption: str
    corner: str
    groups: tuple[str, ...]
    headings: tuple[str, ...]
    lines: tuple[tuple[str, tuple[str, ...]], ...]


class Shape(NamedTuple):
    """A table of the release: what is counted, when, by which dimensions."""

    unit: str
    periods: tuple[str, ...]
    dimensions: tuple[str, ...]


class Legend(NamedTuple):
    """What a release says about its words, in one language. `labels`: dimension -> label -> code; `names`: of dimensions."""

    titles: Mapping[str, str]
    shapes: Mapping[str, Shape]
    labels: Mapping[str, Mapping[str, str]]
    names: Mapping[str, str]


def read(grids: Sequence[Grid], legend: Legend) -> Reading:
    """The cells of all tables of a file."""
    cells: dict[Place, Said] = {}
    changes: dict[Place, int] = {}
    for grid in grids:
        table = legend.titles.get(grid.caption)
        if table is None:
            raise Unreadable("A table has a caption that the release does not explain.")
        for place, text, is_change in _texts(grid, table, legend):
            if is_change:
                told = change(text)
                if told is not None:
                    changes[place] = told
                continue
            if place in cells:
                raise Unreadable("A cell of a table stands there twice.")
            cells[place] = said(text)
    return Reading(cells, changes)


def _texts(grid: Grid, table: str, legend: Legend) -> Iterator[tuple[Place, str, bool]]:
    shape = legend.shapes[table]
    down = _dimension_of(grid.corner, shape, legend)
    across = next((each for each in shape.dimensions if each != down), None)
    for line, (label, texts) in enumerate(grid.lines):
        if len(texts) != len(grid.headings):
            raise Unreadable("A row of a table does not fit its headings.")
        period = _period(shape, line, grid) if down is None else shape.periods[0]
        for group, heading, text in zip(grid.groups, grid.headings, texts, strict=True):
            codes = (*_code(down, label, legend), *_code(across, group, legend))
            key = Key(shape.unit, period, tuple(sorted(codes)))
            yield Place(table, _of_year(key, heading)), text, heading in _CHANGES


def _dimension_of(corner: str, shape: Shape, legend: Legend) -> str | None:
    """The dimension of the rows; None: months."""
    if corner in _MONTHS:
        return None
    named = [each for each in shape.dimensions if legend.names.get(each) == corner]
    if len(named) != 1:
        raise Unreadable("A table does not say what its rows are.")
    return named[0]


def _period(shape: Shape, line: int, grid: Grid) -> str:
    if len(grid.lines) != len(shape.periods):
        raise Unreadable("A table by months has another number of rows than there are months.")
    return shape.periods[line]


def _code(dimension: str | None, label: str, legend: Legend) -> list[tuple[str, str]]:
    if dimension is None:
        return []
    if label in _TOTALS:
        return []
    code = legend.labels[dimension].get(label)
    if code is None:
        raise Unreadable("A table has a label that the release does not explain.")
    return [(dimension, code)]


def _of_year(key: Key, heading: str) -> Key:
    if heading in _CHANGES or heading == key.period[:4]:
        return key
    before = year_before(key.period)
    if heading != before[:4]:
        raise Unreadable("A column of a table is of no year that the release tells of.")
    return key._replace(period=before)
