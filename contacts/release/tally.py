"""Facts of a half-year, counted by everything that tables ask of them: a few thousand numbers, whatever their number was.

The last step that sees single facts. A tally can be kept (sealed), so that a frozen half-year is opened only once.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

import msgspec
from msgspec import Struct

from contacts.release.catalogue import SPECS, VERSION, Counted, months_of
from contacts.release.dimensions import CHANNEL, YES, Dimension
from contacts.statistics.fact import REPEAT, Fact, Unit

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
#: Facts are counted so many at a time.
_PART = 20_000
_encoded = msgspec.msgpack.Encoder().encode
_decoded = msgspec.msgpack.Decoder(tuple[str, dict[str, tuple[str, ...]], int]).decode

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
        self._months = months_of(period)
        self._lines: dict[Counted, Counter[tuple[tuple[str, ...], bool]]] = {unit: Counter() for unit in Counted}
        self._waits: Counter[tuple[str, int]] = Counter()
        self._endings: Counter[tuple[str, str]] = Counter()
        self._people: Counter[bytes] = Counter()
        self._about_us: Counter[bytes] = Counter()
        self._waited: Counter[tuple[tuple[str, ...] | None, int | None, int]] = Counter()

    def add(self, facts: Iterable[Fact]) -> None:
        """So many more. Equal ones are looked up once: a million facts say a few thousand different things."""
        given = iter(facts)
        while part := list(islice(given, _PART)):  # compared as bytes, which costs a quarter of comparing dicts
            about_us = [fact for fact in part if fact.unit is Unit.SERVICE]
            people = [fact for fact in part if fact.unit is not Unit.SERVICE]
            self._people.update(_encoded((fact.unit, fact.codes, fact.weight)) for fact in people)
            self._about_us.update(_encoded((fact.month, fact.codes, fact.weight)) for fact in about_us)
            self._waited.update((fact.codes.get(CHANNEL.name), fact.wait, fact.weight) for fact in about_us)

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
        self._look_up()
        made = Tally(period=self._period)
        for unit, found in self._lines.items():
            made.lines[unit] = [(*key, count) for key, count in sorted(found.items()) if count]
        for (channel, wait), count in sorted(self._waits.items()):
            made.waits.setdefault(channel, {})[wait] = count
        for (channel, ending), count in sorted(self._endings.items()):
            made.endings.setdefault(channel, {})[ending] = count
        return made

    def _look_up(self) -> None:
        """What is told late counts in the first month of the half-year that still takes it."""
        for said, count in self._people.items():
            name, codes, weight = _decoded(said)
            for unit in _units(Unit(name), codes):
                line = tuple(way.of(codes) for way in ways(unit))
                self._lines[unit][line, codes.get(REPEAT) == (YES,)] += weight * count
        for said, count in self._about_us.items():
            month, codes, weight = _decoded(said)
            when = month if month in self._months else self._months[0]
            line = (*(way.of(codes) for way in ways(Counted.SERVICE)), when)
            self._lines[Counted.SERVICE][line, False] += weight * count
            self._endings[CHANNEL.of(codes), codes.get("outcome", ("unsaid",))[0]] += weight * count
        for (channel, wait, weight), count in self._waited.items():
            if wait is not None:
                self._waits[CHANNEL.of({CHANNEL.name: channel or ()}), wait] += weight * count
        for done in (self._people, self._about_us, self._waited):
            done.clear()


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


def _units(said: Unit, codes: Mapping[str, Sequence[str]]) -> tuple[Counted, ...]:
    unit = _UNITS[said]
    admitted = said is Unit.DECISION and not _ADMITTED.isdisjoint(codes.get("decision", ()))
    return (unit, Counted.CLIENTS) if admitted else (unit,)
