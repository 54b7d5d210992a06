"""Tables as people read them: captions, headings, rows, totals last. One grid makes the HTML, the PDF and the sheet. Pure.

A table of one dimension has a row a code, and columns for both years and the change. One of two has the longer dimension
in rows, the other in groups of columns, and the change of its totals. A table told by months has a row a month.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from contacts.release.frame import Frame, Row, Status
from contacts.rendering.labels import dimension_label, label, period_before, period_label, table_title
from contacts.rendering.words import Texts
from contacts.rendering.words_review import CHANGE, TOTAL


class Value(NamedTuple):
    """A cell: a count or a change in whole per cent; without a number its status stands there."""

    number: int | None
    status: Status = Status.SHOWN
    is_change: bool = False


class Column(NamedTuple):
    """A column of values: the group it stands in ("" for none) and its own heading."""

    group: str
    heading: str


class Line(NamedTuple):
    """A row. `code`: "" for the total."""

    code: str
    label: str
    values: tuple[Value, ...]


class Grid(Struct, frozen=True, kw_only=True):
    """A table in one language."""

    id: str
    title: str
    corner: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]

    @property
    def groups(self) -> list[tuple[str, int]]:
        """Groups of columns and how many columns each has; empty when there are none."""
        found: list[tuple[str, int]] = []
        for column in self.columns:
            if found and found[-1][0] == column.group:
                found[-1] = (column.group, found[-1][1] + 1)
            else:
                found.append((column.group, 1))
        return found if any(name for name, _ in found) else []

    @property
    def hides(self) -> bool:
        """Whether a figure is hidden in it."""
        return any(value.status is Status.HIDDEN for line in self.lines for value in line.values)


Cells = Mapping[tuple[str, str], Row]


def grid_of(frame: Frame, table: str, language: str, *, country: str) -> Grid:
    """A table of the frame."""
    rows = frame.table(table)
    way = _Way(language, country)
    if is_by_period(rows):
        return _by_period(table, rows, way)
    if rows[0].dim2:
        return _two_ways(table, rows, way)
    return _one_way(table, rows, way)


class _Way(NamedTuple):
    language: str
    country: str

    def said(self, texts: Texts) -> str:
        return texts[self.language]

    def label(self, dimension: str, code: str) -> str:
        return label(dimension, code, self.language, country=self.country) if code else self.said(TOTAL)


def is_by_period(rows: Sequence[Row]) -> bool:
    """Whether a table is told for several periods: a row each."""
    return len({row.period for row in rows}) > 1


def codes_in(rows: Sequence[Row], *, second: bool = False) -> list[str]:
    """Codes of a dimension in the order of the rows, the total last."""
    found = dict.fromkeys(row.code2 if second else row.code1 for row in rows)
    return [*(code for code in found if code), *([""] if "" in found else [])]


def _one_way(table: str, rows: Sequence[Row], way: _Way) -> Grid:
    first, held = rows[0], {row.code1: row for row in rows}
    return Grid(
        id=table,
        title=table_title(first.unit, [first.dim1], way.language),
        corner=dimension_label(first.dim1, way.language),
        columns=(
            Column("", first.period[:4]),
            Column("", period_before(first.period)[:4]),
            Column("", way.said(CHANGE)),
        ),
        lines=tuple(
            Line(code, way.label(first.dim1, code), (*_both(held[code]), _change(held[code])))
            for code in codes_in(rows)
        ),
    )


def _two_ways(table: str, rows: Sequence[Row], way: _Way) -> Grid:
    first = rows[0]
    turned = len(codes_in(rows)) > len(codes_in(rows, second=True))
    down, across = (first.dim1, first.dim2) if turned else (first.dim2, first.dim1)
    held = {((row.code1, row.code2) if turned else (row.code2, row.code1)): row for row in rows}
    above = codes_in(rows, second=turned)
    years = (first.period[:4], period_before(first.period)[:4])
    columns = [Column(way.label(across, code), year) for code in above for year in years]
    return Grid(
        id=table,
        title=table_title(first.unit, [first.dim1, first.dim2], way.language),
        corner=dimension_label(down, way.language),
        columns=(*columns, Column(way.label(across, ""), way.said(CHANGE))),
        lines=tuple(
            Line(
                code,
                way.label(down, code),
                (*(value for each in above for value in _both(held[code, each])), _change(held[code, ""])),
            )
            for code in codes_in(rows, second=not turned)
        ),
    )


def _by_period(table: str, rows: Sequence[Row], way: _Way) -> Grid:
    """A row a month and the half-year last; a group of columns for each code."""
    first = rows[0]
    periods = sorted({row.period for row in rows}, key=lambda each: (len(each) != len("2026-01"), each))
    held = {(row.period, row.code1): row for row in rows}
    above = codes_in(rows)
    years = (first.period[:4], period_before(first.period)[:4])
    return Grid(
        id=table,
        title=table_title(first.unit, ["month", first.dim1], way.language),
        corner=dimension_label("month", way.language),
        columns=tuple(Column(way.label(first.dim1, code), year) for code in above for year in years),
        lines=tuple(
            Line(
                period,
                period_label(period, way.language),
                tuple(
                    value
                    for code in above
                    for value in (_both(held[period, code]) if (period, code) in held else _ABSENT)
                ),
            )
            for period in periods
        ),
    )


_ABSENT = (Value(None, Status.NOT_COUNTED), Value(None, Status.NOT_COUNTED))


def _both(row: Row) -> tuple[Value, Value]:
    return Value(row.value, row.status), Value(row.prev_value, row.prev_status)


def _change(row: Row) -> Value:
    return Value(row.change, is_change=True)
