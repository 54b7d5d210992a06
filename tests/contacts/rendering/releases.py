"""Fictional releases: a frame as the house makes it, and one whose hidden values can be recognised anywhere."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from contacts.release.catalogue import SPECS, THRESHOLDS, VERSION, Counted, Section
from contacts.release.cells import Cell, Table
from contacts.release.counting import Columns, columns, counted, ways_of
from contacts.release.drafting import Draft, Earlier, drafted
from contacts.release.frame import Frame, Row, Status, change_of
from contacts.rendering.review import Review
from tests.contacts.release.people import facts

PERIODS = ("2025H1", "2026H1")
SERVICES = (("wait_median_chat", 25), ("unserved", 9), ("consents_given", 61), ("forwarded", 58))


@cache
def draft(people: int = 300, contacts: int = 412) -> Draft:
    """Two half-years of a fictional population, protected together."""
    ways = ways_of(SPECS)
    base = list(ways[Counted.CLIENTS])
    ways[Counted.LEAVERS] = ways[Counted.STOCK] = base
    books: dict[str, dict[Counted, Columns]] = {
        period: columns(facts(seed, period, contacts=contacts, people=people), ways)
        for seed, period in enumerate(PERIODS)
    }
    stock: Columns | None = None
    for book in books.values():
        grown = book[Counted.CLIENTS].minus(book[Counted.LEAVERS])
        stock = grown if stock is None else stock.plus(grown)
        book[Counted.STOCK] = stock
    return drafted(
        SPECS,
        PERIODS,
        lambda specs, period: counted(books[period], specs, period),
        k=THRESHOLDS,
        kept={},
        earlier=Earlier(),
        seconds=60,
    )


def frame_of(made: Draft, *, period: str = PERIODS[1], before: str = PERIODS[0]) -> Frame:
    """The frame of a draft."""
    rows = tuple(
        _row(table, cell, made.shown(cell), made.shown(cell._replace(period=before)))
        for table in made.tables
        for cell in table.cells(period)
    )
    return Frame(release_id="2026H1-1", period=period, catalogue=VERSION, k=5, rows=rows, services=SERVICES)


def _row(table: Table, cell: Cell, value: int | None, before: int | None) -> Row:
    codes: Mapping[str, str] = dict(cell.attributes)
    first, second = (*table.dimensions, "")[:2]
    return Row(
        table=table.id,
        unit=str(table.unit),
        period=cell.period,
        dim1=first,
        code1=codes.get(first, ""),
        dim2=second,
        code2=codes.get(second, ""),
        value=value,
        status=Status.HIDDEN if value is None else Status.SHOWN,
        prev_value=before,
        prev_status=Status.HIDDEN if before is None else Status.SHOWN,
        change=change_of(value, before),
    )


@cache
def review(people: int = 300) -> Review:
    """A whole review."""
    return Review(
        frame=frame_of(draft(people)),
        service="Saarnilinja",
        released=date(2026, 8, 20),
        commentary={
            Section.PROPOSALS: {
                "fi": "Esityksiä tehtiin ensimmäisellä vuosipuoliskolla yhtä paljon kuin vuotta aiemmin.",
                "sv": "Under det första halvåret gjordes lika många framställningar som året innan.",
                "en": "As many proposals were made in the first half-year as a year earlier.",
            }
        },
    )
