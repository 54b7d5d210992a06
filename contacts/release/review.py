"""The rows of a review: a draft's tables for one period, each beside the same half (or year) a year before. Pure.

A year's review tells the stock of its second half. What was hidden is not in a row.
"""

from collections.abc import Iterator

from contacts.release.catalogue import Counted, halves_of, is_month, months_of, year_before
from contacts.release.cells import Cell, Table
from contacts.release.drafting import Draft
from contacts.release.frame import Row, Status, change_of


def rows_of(draft: Draft, period: str) -> tuple[Row, ...]:
    """In the order of the catalogue; the total of a table first, then its margins."""
    return tuple(row for table, there in _tables(draft, period) for row in _rows(draft, table, there))


def _tables(draft: Draft, period: str) -> Iterator[tuple[Table, str]]:
    """Each table with the period it is told for."""
    halves = halves_of(period)
    for table in draft.tables[halves[-1]]:
        monthly = [month for half in halves for month in months_of(half) if _counted(draft, table, month)]
        if monthly:
            yield from ((table, month) for month in monthly)
        else:
            yield table, halves[-1] if table.unit == Counted.STOCK else period


def _counted(draft: Draft, table: Table, period: str) -> bool:
    return any(each.id == table.id for each in draft.tables.get(period, ()))


def _rows(draft: Draft, table: Table, period: str) -> Iterator[Row]:
    before = year_before(period)
    for cell in table.cells(period):
        value, status = _told(draft, table, cell)
        prev, prev_status = _told(draft, table, cell._replace(period=before))
        codes = dict(cell.attributes)
        first, second = (*table.dimensions, "")[:2]
        yield Row(
            table=table.id,
            unit=table.unit,
            period=period,
            dim1=first,
            code1=codes.get(first, ""),
            dim2=second,
            code2=codes.get(second, ""),
            value=value,
            status=status,
            prev_value=prev,
            prev_status=prev_status,
            change=None if is_month(period) else change_of(value, prev),
        )


def _told(draft: Draft, table: Table, cell: Cell) -> tuple[int | None, Status]:
    if not _counted(draft, table, cell.period) or _not_told_then(draft, cell):
        return None, Status.NOT_COUNTED
    value = draft.shown(cell)
    return value, Status.HIDDEN if value is None else Status.SHOWN


def _not_told_then(draft: Draft, cell: Cell) -> bool:
    """Half-years from another system bring contacts without what is told about us."""
    return cell.unit == Counted.SERVICE and draft.values.get(Cell(cell.unit, cell.period), 0) == 0
