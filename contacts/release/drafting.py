"""From counts to a draft of a release: categories merged, small cells and what protects them hidden. Pure but for time.

A draft covers a period together with everything that was released before and is tied to it by a sum: the other half, the
year, the same half of the previous year, stocks. What was shown stays as it was shown, what was hidden stays hidden.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from contacts.release.catalogue import (
    SAMES,
    Counted,
    Spec,
    is_year,
    months_of,
    specs_in,
    year_before,
)
from contacts.release.cells import (
    NOTHING,
    Cell,
    Count,
    Table,
)
from contacts.release.dimensions import UNKNOWN, Dimension
from contacts.release.flows import CountsOf, leavers_of, settled, spans_of, starts_of, told_of
from contacts.release.linking import relations_of
from contacts.release.merging import kept_codes
from contacts.release.primary import Span, primary_cells
from contacts.release.suppression import CannotProtect, System, suppressed

#: What it costs more to hide a cell that the other half of the year, or the same half a year before, showed.
SHOWN_BEFORE: Final = 2.0
#: What it costs more to hide who came than a stock: the year's cell is hidden with it.
COUNTED_TWICE: Final = 0.3
#: How often a release that cannot be protected merges further before it is refused.
TRIES: Final = 3


class CannotRelease(Exception):
    """No way was found to protect what these tables say. Nothing may be released."""


class Earlier(Struct, frozen=True):
    """What readers know already. `shown`: values; `hidden`: cells that were hidden."""

    shown: Mapping[Cell, int] = {}
    hidden: frozenset[Cell] = frozenset()


class Draft(Struct, frozen=True, kw_only=True):
    """What would be released. `values`: the truth, for the rest of this step only; `hidden`: never to be shown.

    `periods`: months included. `tables`: by period, in the order of the catalogue.
    """

    periods: tuple[str, ...]
    tables: Mapping[str, tuple[Table, ...]]
    values: Mapping[Cell, int]
    hidden: frozenset[Cell]
    primary: frozenset[Cell]
    kept: Mapping[str, tuple[str, ...]]

    @property
    def cells(self) -> list[Cell]:
        """Every cell of every table, once."""
        return list(dict.fromkeys(c for period in self.periods for t in self.tables[period] for c in t.cells(period)))

    def shown(self, cell: Cell) -> int | None:
        """What a reader sees; None: hidden."""
        return None if cell in self.hidden else self.values.get(cell, 0)


def drafted(
    specs: Sequence[Spec],
    periods: Sequence[str],
    counts_of: CountsOf,
    *,
    k: Mapping[str, int],
    kept: Mapping[str, tuple[str, ...]],
    earlier: Earlier,
    seconds: float,
    around: Sequence[str] = (),
    tie: Callable[[Cell], float] = lambda _: 0.0,
) -> Draft:
    """A draft of `periods`: half-years and years, earlier ones of the same sums included.

    `around`: half-years of which only those who came and the stock are drafted, because stocks are tied through them.
    `kept`: categories that are frozen already. `tie`: a secret little something, so that nobody can reckon which of two
    cells as good as each other was hidden.

    Raises `CannotRelease`, and `OutOfTime` when the solver is not done.
    """
    chosen = dict(kept)
    for harder in range(TRIES):
        whole = _merged(specs, [*periods, *around], counts_of, k=k, kept=kept, harder=harder)
        chosen = {way.name: way.codes for spec in whole for way in spec.dimensions if way.merged}
        try:
            return _protected(
                whole, periods, counts_of, around=around, k=k, kept=chosen, earlier=earlier, seconds=seconds, tie=tie
            )
        except CannotProtect:
            continue
    raise CannotRelease


def _protected(
    specs: Sequence[Spec],
    periods: Sequence[str],
    counts_of: CountsOf,
    *,
    around: Sequence[str],
    k: Mapping[str, int],
    kept: Mapping[str, tuple[str, ...]],
    earlier: Earlier,
    seconds: float,
    tie: Callable[[Cell], float],
) -> Draft:
    months = [month for period in periods if not is_year(period) for month in months_of(period)]
    told = {period: specs_in(specs, period) for period in (*periods, *months)}
    tying = {period: told_of(specs, starts=False) for period in around}
    tying |= {period: told_of(specs, starts=True) for period in starts_of([*periods, *around])}
    tables = {period: tuple(map(table_of, there)) for period, there in (told | tying).items()}
    counts: dict[Cell, Count] = {}
    spans: dict[Cell, Span] = {}
    for period, there in (told | tying).items():
        counts |= counts_of(there, period)
        spans |= primary_cells(tables[period], [period], counts, k=k)
    relations = relations_of(tables, periods, counts)
    values = {cell: 0 for relation in relations for cell in relation}
    values |= {cell: count.value for cell, count in counts.items()} | dict(earlier.shown)
    left = leavers_of(values, specs, counts_of)
    values |= left
    codes = {way.name: way.codes for spec in specs for way in spec.dimensions}
    spans |= spans_of(left, codes, k)
    open_cells = _about_us(specs, counts)
    undecided = frozenset(cell for cell in values if cell.period in tying and cell not in left)
    totals = {cell for cell in values if not cell.attributes} - left.keys() - undecided
    awaited = frozenset(
        cell for cell in {*undecided, *left} if all(len(codes[name]) == 1 for name, _ in cell.attributes)
    )
    shown = frozenset(totals | open_cells | set(earlier.shown))
    hidden = suppressed(
        System(
            values=values,
            relations=relations,
            spans={cell: span for cell, span in spans.items() if cell not in shown},
            shown=shown,
            hidden=(earlier.hidden & values.keys()) | settled(relations, earlier.hidden | earlier.shown.keys()),
            unpublished=frozenset(left),
            undecided=undecided,
            awaited=awaited,
            floors=floors_of(values, open_cells),
            k=k,
        ),
        dearer=lambda cell: tie(cell) + _dearer(cell, earlier),
        seconds=seconds,
    )
    return Draft(
        periods=tuple(told),
        tables={period: tables[period] for period in told},
        values=values,
        hidden=hidden,
        primary=frozenset(spans) - shown,
        kept=kept,
    )


def _about_us(specs: Sequence[Spec], cells: Iterable[Cell]) -> set[Cell]:
    """Cells that are always shown; and the one that is left of everybody where a dimension's other codes are."""
    always = {(spec.unit.value, pair) for spec in specs for pair in spec.open}
    left = set[tuple[str, tuple[str, str]]]()
    for spec in specs:
        for way in spec.dimensions:
            rest = [code for code in way.codes if (way.name, code) not in spec.open]
            if len(rest) == 1 and len(way.codes) > 1:
                left.add((spec.unit.value, (way.name, rest[0])))
    return {
        cell
        for cell in cells
        if any((cell.unit, pair) in always for pair in cell.attributes)
        or (len(cell.attributes) == 1 and (cell.unit, *cell.attributes) in left)
    }


def floors_of(values: Mapping[Cell, int], shown: Iterable[Cell]) -> dict[Cell, int]:
    """What cells that are always shown say about the sums they are part of, in either of two units that are the same."""
    found: dict[Cell, int] = {}
    for cell in shown:
        parts = [frozenset[tuple[str, str]](), *(frozenset({pair}) for pair in cell.attributes)]
        units = {cell.unit, *(unit for same in SAMES for unit in (same.one, same.other) if cell.unit in same[:2])}
        for parent in (Cell(unit, cell.period, part) for unit in units for part in parts):
            if parent in values and parent.attributes < cell.attributes:
                found[parent] = max(found.get(parent, 0), min(values[cell], values[parent]))
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
            if kept:  # something was released: categories stay as they were, whole ones too
                chosen[way.name] = replace(way, codes=kept.get(way.name, way.codes))
                continue
            alike = [replace(each, dimensions=(way,)) for each in specs if way in each.dimensions]
            people: dict[str, dict[str, int]] = {}
            for each in alike:
                for period in periods:
                    if each not in specs_in(alike, period):
                        continue
                    counts = counts_of([each], period)
                    people[f"{each.unit} {period}"] = {
                        code: counts.get(Cell(each.unit, period, frozenset({(way.name, code)})), NOTHING).people
                        for code in way.codes
                    }
            least = max(k[each.unit] for each in alike) * (1 + harder)
            order = [code for code in way.codes if code != UNKNOWN]
            last = [UNKNOWN] if UNKNOWN in way.codes else []
            chosen[way.name] = replace(way, codes=kept_codes(people, [*order, *last], k=least))
    return [replace(spec, dimensions=tuple(chosen.get(way.name, way) for way in spec.dimensions)) for spec in specs]


def _dearer(cell: Cell, earlier: Earlier) -> float:
    """A year's cell is hidden with that of either half, and a row is read across years: so they are hidden alike."""
    return (
        SHOWN_BEFORE * (_a_year_before(cell) in earlier.shown)
        + SHOWN_BEFORE * (_other_half(cell) in earlier.shown)
        + COUNTED_TWICE * (cell.unit == Counted.CLIENTS)
    )


def _a_year_before(cell: Cell) -> Cell:
    return cell._replace(period=year_before(cell.period))


def _other_half(cell: Cell) -> Cell:
    """The same cell in the other half of the year; a year's or a month's is itself."""
    year, half = cell.period[:4], cell.period[4:]
    return cell._replace(period={"H1": f"{year}H2", "H2": f"{year}H1"}.get(half, cell.period))
