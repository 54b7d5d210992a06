"""Facts of a half-year, counted by everything that tables ask of them: a few thousand numbers, whatever their number was.

The last step that sees single facts. A tally can be kept (sealed), so that a frozen half-year is opened only once.
"""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from contacts.release.catalogue import SPECS, VERSION, Counted, months_of
from contacts.release.dimensions import CHANNEL, Dimension
from contacts.statistics.fact import Fact, Unit

#: Units of the catalogue that each kind of fact counts in; clients are those decisions that admit somebody.
_UNITS = {
    Unit.SERVICE: Counted.SERVICE,
    Unit.CONTACT: Counted.CONTACTS,
    Unit.PROPOSAL: Counted.PROPOSALS,
    Unit.DECISION: Counted.DECISIONS,
    Unit.ENDED: Counted.LEAVERS,
}
_ADMITTED = frozenset({"admitted_victim", "admitted_child", "admitted_witness"})
MONTH = "month"

#: Codes by dimension, whether somebody counted before, and how many.
Line = tuple[tuple[str, ...], bool, int]


class Tally(Struct, kw_only=True):
    """`lines`: by unit; codes in the order of `ways(unit)`. `waits`: channel -> seconds -> contacts that waited so long.

    `endings`: channel -> how contacts ended -> how many. `catalogue`: the version it was counted for.
    """

    period: str
    catalogue: int = VERSION
    lines: dict[str, list[Line]] = {}
    waits: dict[str, dict[int, int]] = {}
    endings: dict[str, dict[str, int]] = {}

    @property
    def languages(self) -> set[str]:
        """Those spoken by anybody."""
        place = [way.name for way in ways(Counted.CONTACTS)].index("language")
        return {codes[place] for codes, _, _ in self.lines.get(Counted.CONTACTS, [])}


class Tallying:
    """Counts facts of one half-year, in any order and in any number of parts."""

    def __init__(self, period: str) -> None:
        self._period = period
        self._months = frozenset(months_of(period))
        self._lines: dict[Counted, Counter[tuple[tuple[str, ...], bool]]] = {unit: Counter() for unit in Counted}
        self._waits: Counter[tuple[str, int]] = Counter()
        self._endings: Counter[tuple[str, str]] = Counter()
        self._known: dict[tuple[Counted, tuple[tuple[str, tuple[str, ...]], ...]], tuple[str, ...]] = {}

    def add(self, facts: Iterable[Fact]) -> None:
        """So many more. Equal codes are looked up once: a million facts say a few thousand different things."""
        for fact in facts:
            key = tuple(fact.codes.items())
            for unit in _units(fact):
                codes = self._known.get((unit, key))
                if codes is None:
                    codes = self._known[unit, key] = tuple(way.of(fact.codes) for way in ways(unit))
                if unit is Counted.SERVICE:
                    self._served(fact, codes)
                else:
                    self._lines[unit][codes, fact.repeat] += fact.weight

    def merge(self, other: Tally) -> None:
        """Another part of the same half-year."""
        for unit, lines in other.lines.items():
            for codes, repeat, count in lines:
                self._lines[Counted(unit)][codes, repeat] += count
        for channel, waits in other.waits.items():
            for wait, count in waits.items():
                self._waits[channel, wait] += count
        for channel, endings in other.endings.items():
            for ending, count in endings.items():
                self._endings[channel, ending] += count

    def tally(self) -> Tally:
        """What was counted, in one order."""
        made = Tally(period=self._period)
        for unit, found in self._lines.items():
            made.lines[unit] = [(*key, count) for key, count in sorted(found.items()) if count]
        for (channel, wait), count in sorted(self._waits.items()):
            made.waits.setdefault(channel, {})[wait] = count
        for (channel, ending), count in sorted(self._endings.items()):
            made.endings.setdefault(channel, {})[ending] = count
        return made

    def _served(self, fact: Fact, codes: tuple[str, ...]) -> None:
        """What is told late counts in the first month of the half-year that still takes it."""
        month = fact.month if fact.month in self._months else min(self._months)
        self._lines[Counted.SERVICE][(*codes, month), False] += fact.weight
        channel = CHANNEL.of(fact.codes)
        self._endings[channel, fact.codes.get("outcome", ("unsaid",))[0]] += fact.weight
        if fact.wait is not None:
            self._waits[channel, fact.wait] += fact.weight


def ways(unit: Counted) -> tuple[Dimension, ...]:
    """What is asked of the facts of a unit. Stocks and leavers are told like the clients they were."""
    return _WAYS[unit]


def names(unit: Counted) -> tuple[str, ...]:
    """The dimensions of a line."""
    extra = (MONTH,) if unit is Counted.SERVICE else ()
    return (*(way.name for way in ways(unit)), *extra)


def _of(*units: Counted) -> tuple[Dimension, ...]:
    return tuple({way.name: way for spec in SPECS if spec.unit in units for way in spec.dimensions}.values())


_PEOPLE = _of(Counted.CLIENTS, Counted.STOCK)
_WAYS = {unit: _of(unit) for unit in Counted} | dict.fromkeys(
    (Counted.CLIENTS, Counted.STOCK, Counted.LEAVERS), _PEOPLE
)


def _units(fact: Fact) -> tuple[Counted, ...]:
    unit = _UNITS[fact.unit]
    admitted = fact.unit is Unit.DECISION and not _ADMITTED.isdisjoint(fact.codes.get("decision", ()))
    return (unit, Counted.CLIENTS) if admitted else (unit,)
