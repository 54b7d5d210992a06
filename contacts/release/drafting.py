"""From counts to a draft of a release: categories merged, small cells and what protects them hidden. Pure but for time.

A draft covers a period together with everything that was released before and is tied to it by a sum: the other half, the
year, the same half of the previous year, stocks. What was shown stays as it was shown, what was hidden stays hidden.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from contacts.release.catalogue import FLOWS, Counted, Spec
from contacts.release.cells import (
    NOTHING,
    Cell,
    Count,
    Relation,
    Table,
    sums_of_flows,
    sums_of_halves,
    sums_within,
)
from contacts.release.dimensions import UNKNOWN, Dimension
from contacts.release.merging import kept_codes
from contacts.release.primary import primary_cells
from contacts.release.suppression import CannotProtect, System, suppressed

#: What it costs more to hide a cell that the period before showed.
SHOWN_BEFORE: Final = 2.0
#: How often a release that cannot be protected merges further before it is refused.
TRIES: Final = 3


class CannotRelease(Exception):
    """No way was found to protect what these tables say. Nothing may be released."""


class Earlier(Struct, frozen=True):
    """What readers know already. `shown`: values; `hidden`: cells that were hidden."""

    shown: Mapping[Cell, int] = {}
    hidden: frozenset[Cell] = frozenset()


class Draft(Struct, frozen=True, kw_only=True):
    """What would be released. `values`: the truth, for the rest of this step only; `hidden`: never to be shown."""

    periods: tuple[str, ...]
    tables: tuple[Table, ...]
    values: Mapping[Cell, int]
    hidden: frozenset[Cell]
    primary: frozenset[Cell]
    kept: Mapping[str, tuple[str, ...]]

    def shown(self, cell: Cell) -> int | None:
        """What a reader sees; None: hidden."""
        return None if cell in self.hidden else self.values.get(cell, 0)


#: Counts the cells of specs in a period: `contacts.release.counting.counted` over opened facts.
CountsOf = Callable[[Sequence[Spec], str], Mapping[Cell, Count]]


def drafted(
    specs: Sequence[Spec],
    periods: Sequence[str],
    counts_of: CountsOf,
    *,
    k: Mapping[str, int],
    kept: Mapping[str, tuple[str, ...]],
    earlier: Earlier,
    seconds: float,
) -> Draft:
    """A draft of `periods` (earlier ones of the same sums included). `kept`: categories frozen for the year already.

    Raises `CannotRelease`, and `OutOfTime` when the solver is not done.
    """
    chosen = dict(kept)
    for harder in range(TRIES):
        whole = _merged(specs, periods, counts_of, k=k, kept=kept, harder=harder)
        chosen = {way.name: way.codes for spec in whole for way in spec.dimensions if way.merged}
        try:
            return _protected(whole, periods, counts_of, k=k, kept=chosen, earlier=earlier, seconds=seconds)
        except CannotProtect:
            continue
    raise CannotRelease


def _protected(
    specs: Sequence[Spec],
    periods: Sequence[str],
    counts_of: CountsOf,
    *,
    k: Mapping[str, int],
    kept: Mapping[str, tuple[str, ...]],
    earlier: Earlier,
    seconds: float,
) -> Draft:
    tables = [table_of(spec) for spec in specs]
    counts: dict[Cell, Count] = {}
    for period in periods:
        counts |= counts_of(specs, period)
    relations = relations_of(tables, periods, counts)
    values = {cell: 0 for relation in relations for cell in relation}
    values |= {cell: count.value for cell, count in counts.items()} | dict(earlier.shown)
    guarded = [table for table, spec in zip(tables, specs, strict=True) if not spec.open]
    spans = primary_cells(guarded, periods, counts, k=k)
    open_cells = {
        cell for table, spec in zip(tables, specs, strict=True) if spec.open for p in periods for cell in table.cells(p)
    }
    totals = {cell for cell in values if not cell.attributes and cell.unit != Counted.LEAVERS}
    shown = frozenset(totals | open_cells | set(earlier.shown))
    unpublished = frozenset(cell for cell in values if cell.unit == Counted.LEAVERS)
    hidden = suppressed(
        System(
            values=values,
            relations=relations,
            spans={cell: span for cell, span in spans.items() if cell not in shown},
            shown=shown,
            hidden=earlier.hidden & values.keys() | unpublished,
            k=k,
        ),
        dearer=lambda cell: SHOWN_BEFORE if _before(cell) in earlier.shown else 0.0,
        seconds=seconds,
    )
    return Draft(
        periods=tuple(periods),
        tables=tuple(tables),
        values=values,
        hidden=hidden,
        primary=frozenset(spans) - shown,
        kept=kept,
    )


def relations_of(tables: Sequence[Table], periods: Sequence[str], counts: Mapping[Cell, Count]) -> list[Relation]:
    """Every sum among these tables and periods that a reader can write down."""
    found = sums_within(tables, periods)
    for year in sorted({period for period in periods if len(period) == 4}):
        halves = [half for half in (f"{year}H1", f"{year}H2") if half in periods]
        if len(halves) == 2:
            found += sums_of_halves([table for table in tables if table.unit != Counted.STOCK], year, halves)
    for flow in FLOWS:
        stocks = [table for table in tables if table.unit == flow.stock]
        for period in periods:
            before = half_before(period)
            if before in periods:
                flows = sums_of_flows(stocks, flow, before, period)
                found += [each for each in flows if all(cell in counts or cell.unit == flow.went for cell in each)]
    return found


def table_of(spec: Spec) -> Table:
    """A table with its codes."""
    return Table(
        id=spec.id,
        unit=spec.unit,
        dimensions=tuple(way.name for way in spec.dimensions),
        codes={way.name: way.codes for way in spec.dimensions},
        sensitive=frozenset(way.name for way in spec.dimensions if way.sensitive),
    )


def half_before(period: str) -> str:
    """The half-year whose end is this one's start; "" for a year."""
    year, half = period[:4], period[4:]
    return {"H1": f"{int(year) - 1}H2", "H2": f"{year}H1"}.get(half, "")


def _merged(
    specs: Sequence[Spec],
    periods: Sequence[str],
    counts_of: CountsOf,
    *,
    k: Mapping[str, int],
    kept: Mapping[str, tuple[str, ...]],
    harder: int,
) -> list[Spec]:
    """Specs whose mergeable dimensions hold only what stands by itself. `harder`: so many times k is asked of a category."""
    chosen: dict[str, Dimension] = {}
    for spec in specs:
        for way in spec.dimensions:
            if not way.merged or way.name in chosen:
                continue
            if way.name in kept:
                chosen[way.name] = replace(way, codes=kept[way.name])
                continue
            alike = [replace(each, dimensions=(way,)) for each in specs if way in each.dimensions]
            people: dict[str, dict[str, int]] = {}
            for each in alike:
                for period in periods:
                    counts = counts_of([each], period)
                    people[f"{each.unit} {period}"] = {
                        code: counts.get(Cell(each.unit, period, frozenset({(way.name, code)})), NOTHING).people
                        for code in way.codes
                    }
            least = max(k[each.unit] for each in alike) * (1 + harder)
            order = [code for code in way.codes if code != UNKNOWN]
            chosen[way.name] = replace(way, codes=kept_codes(people, [*order, UNKNOWN], k=least))
    return [replace(spec, dimensions=tuple(chosen.get(way.name, way) for way in spec.dimensions)) for spec in specs]


def _before(cell: Cell) -> Cell:
    """The same cell a year earlier."""
    return cell._replace(period=f"{int(cell.period[:4]) - 1}{cell.period[4:]}")
