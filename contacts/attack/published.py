"""What a reader of releases knows: cells with or without a value, and the sums everybody knows they obey."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Key(NamedTuple):
    """A cell as files name it. `codes`: (dimension, code) pairs, sorted."""

    unit: str
    period: str
    codes: tuple[tuple[str, str], ...] = ()


#: Every cell of every file; None: hidden.
Published = Mapping[Key, int | None]
#: Cell -> sign; the signed sum is nought.
Equation = Mapping[Key, int]


class Flow(NamedTuple):
    """A stock at the end of a period is the stock at the end of the one before, and who came, without who went."""

    stock: str
    came: str
    went: str


class Same(NamedTuple):
    """Two units that count the same, as far as one dimension goes."""

    one: str
    other: str
    dimension: str


#: What readers know about the review: docs/statistics.md tells them.
FLOWS = (Flow("stock", "clients", "leavers"),)
SAMES = (Same("contacts", "service", "channel"),)
#: Units that no table tells of; sums do. Their groups are to be protected like any others.
UNTOLD = frozenset(flow.went for flow in FLOWS)


def equations(published: Published, flows: Iterable[Flow] = FLOWS, sames: Iterable[Same] = SAMES) -> list[Equation]:
    """All sums that follow from the names of cells: over codes, over periods, of stocks, of what is told twice."""
    keys = set(published)
    return [
        *_over_codes(keys),
        *_over_periods(keys),
        *(each for flow in flows for each in _of_stock(keys, flow)),
        *(each for same in sames for each in _told_twice(published, same)),
    ]


def told_by_sums(published: Published, some: Iterable[Equation]) -> dict[Key, int]:
    """Cells that no table names, and that one sum of shown cells gives away: how many left in all, mostly."""
    found: dict[Key, int] = {}
    for equation in some:
        unknown = [key for key in equation if published.get(key) is None]
        if len(unknown) == 1 and unknown[0] not in published:
            rest = sum(sign * (published.get(key) or 0) for key, sign in equation.items())
            found[unknown[0]] = -rest * equation[unknown[0]]
    return found


def parts_of(period: str) -> list[tuple[str, ...]]:
    """The ways a period is cut: "2026" into halves, "2026H1" into months. Other periods are not cut."""
    if len(period) == 4:
        return [(f"{period}H1", f"{period}H2")]
    if period[4:] in {"H1", "H2"}:
        first = 1 if period.endswith("1") else 7
        return [tuple(f"{period[:4]}-{month:02}" for month in range(first, first + 6))]
    return []


def before(period: str) -> str | None:
    """The half-year that ends where this one begins."""
    year, half = period[:4], period[4:]
    if half == "H2":
        return f"{year}H1"
    return f"{int(year) - 1}H2" if half == "H1" else None


def _over_codes(keys: set[Key]) -> list[Equation]:
    children: dict[tuple[Key, str], list[Key]] = defaultdict(list)
    for key in keys:
        for pair in key.codes:
            parent = key._replace(codes=tuple(each for each in key.codes if each != pair))
            children[parent, pair[0]].append(key)
    return [{parent: -1, **dict.fromkeys(sorted(all_of), 1)} for (parent, _), all_of in sorted(children.items())]


def _over_periods(keys: set[Key]) -> list[Equation]:
    found: list[Equation] = []
    for key in sorted(keys):
        for parts in parts_of(key.period):
            cells = [key._replace(period=part) for part in parts]
            if all(cell in keys for cell in cells):
                found.append({key: -1, **dict.fromkeys(cells, 1)})
    return found


def _of_stock(keys: set[Key], flow: Flow) -> list[Equation]:
    """Also where nobody told of the stock before: it was not less than nought."""
    found: list[Equation] = []
    for key in sorted(keys):
        earlier = before(key.period)
        if key.unit != flow.stock or earlier is None:
            continue
        start, came = key._replace(period=earlier), key._replace(unit=flow.came)
        if came in keys:
            found.append({key: -1, start: 1, came: 1, key._replace(unit=flow.went): -1})
    return found


def _told_twice(published: Published, same: Same) -> list[Equation]:
    """Where both totals agree: a half-year from another system tells only one of them."""
    found: list[Equation] = []
    for key in sorted(published):
        other = key._replace(unit=same.other)
        total, other_total = (published.get(each._replace(codes=())) for each in (key, other))
        narrow = key.unit == same.one and all(name == same.dimension for name, _ in key.codes)
        if narrow and other in published and total is not None and total == other_total:
            found.append({key: -1, other: 1})
    return found
