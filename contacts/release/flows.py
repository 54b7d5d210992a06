"""Stocks, who came and who went: what a reader can subtract, over one half-year and over several in a row. Pure.

Who went is in no table. A stock, the one before it and who came tell it all the same, so groups of them are protected like
any others; stocks at the start of what is drafted are drafted too, lest a later release has no room left to hide them.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from itertools import chain
from typing import Final

from msgspec.structs import replace

from contacts.release.catalogue import FLOWS, Counted, Spec, half_before, is_year
from contacts.release.cells import Cell, Count, Relation, Table, sums_of_flows
from contacts.release.primary import Span

CountsOf = Callable[[Sequence[Spec], str], Mapping[Cell, Count]]
#: Units of the sums above that have tables.
TOLD: Final = frozenset(chain.from_iterable((flow.stock, flow.came) for flow in FLOWS))
_STOCKS: Final = frozenset(flow.stock for flow in FLOWS)


def starts_of(halves: Iterable[str]) -> tuple[str, ...]:
    """Half-years that end where a run of these begins. `halves`: years among them are passed over."""
    there = {half for half in halves if not is_year(half)}
    return tuple(sorted({half_before(half) for half in there} - there))


def told_of(specs: Sequence[Spec], *, starts: bool) -> list[Spec]:
    """What is drafted of half-years that only tie others together: stocks alone where a run starts."""
    return [spec for spec in specs if spec.unit in (_STOCKS if starts else TOLD)]


def flows_of(tables: Mapping[str, Sequence[Table]]) -> list[Relation]:
    """The sums of all half-years that have one before them. `tables`: by period."""
    found: list[Relation] = []
    for period, there in tables.items():
        before = half_before(period)
        if before in tables and any(table.unit not in _STOCKS for table in there):
            found += [each for flow in FLOWS for each in sums_of_flows(there, flow, before, period)]
    return found


def leavers_of(cells: Iterable[Cell], specs: Sequence[Spec], counts_of: CountsOf) -> dict[Cell, int]:
    """How many went, for every cell of those that is about them."""
    gone = [replace(spec, unit=Counted.LEAVERS) for spec in specs if spec.unit is Counted.STOCK]
    wanted = {cell for cell in cells if cell.unit == Counted.LEAVERS}
    counts = [counts_of(gone, period) for period in sorted({cell.period for cell in wanted})]
    return {cell: count.value for each in counts for cell, count in each.items() if cell in wanted}


def settled(relations: Iterable[Relation], told: Container[Cell]) -> frozenset[Cell]:
    """Leavers that nothing new is said of: both stocks and who came were told before."""
    return frozenset(
        cell
        for relation in relations
        for cell in relation
        if cell.unit == Counted.LEAVERS and all(each in told for each in relation if each != cell)
    )


def spans_of(left: Mapping[Cell, int], codes: Mapping[str, Sequence[str]], k: Mapping[str, int]) -> dict[Cell, Span]:
    """What must be held possible of small groups of leavers. How many went in all follows from totals: nobody hides it.

    `codes`: by dimension.
    """
    found: dict[Cell, Span] = {}
    for cell, value in left.items():
        least = k[cell.unit]
        if value < least and any(len(codes[name]) > 1 for name, _ in cell.attributes):
            found[cell] = Span(0, min(least, left[cell._replace(attributes=frozenset())]))
    return found
