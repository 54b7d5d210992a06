"""A file of coded contacts of earlier years, from another system: one JSON object a line. Pure.

`{"unit": "contact", "on": "2025-03-14", "channel": "phone", "language": "fi", "count": 1, "codes": {"who": ["self"]}}`.
Nothing of the file is taken unless all of it is right; every mistake is named by line and field.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

import msgspec
from msgspec import Struct

from contacts.codes.catalogue import FIELDS, LISTS, VERSION
from contacts.release.dimensions import CHANNEL, DECISIONS
from contacts.statistics.fact import SIZE, Fact, Unit, encoded

#: Facts that one file may make.
MOST: Final = 1_000_000
_UNITS: Final = {
    "contact": Unit.CONTACT,
    "proposal": Unit.PROPOSAL,
    "decision": Unit.DECISION,
    "ended": Unit.ENDED,
}
_FIELDS: Final = frozenset({"unit", "on", "channel", "language", "count", "codes"})
_DECIDED: Final = frozenset({Unit.DECISION, Unit.ENDED})


class Mistake(Struct, frozen=True, order=True):
    """`line`: from 1. `field`: the one in the way; "" for the whole line. `why`: a plain sentence without its content."""

    line: int
    field: str
    why: str


class Loaded(Struct, frozen=True):
    """`count` equal facts of a day."""

    on: date
    fact: Fact
    count: int


def read_records(lines: Iterable[str], *, languages: frozenset[str]) -> tuple[list[Loaded], list[Mistake]]:
    """Everything the lines say, and every mistake in them. Empty lines are left out."""
    found: list[Loaded] = []
    mistakes: list[Mistake] = []
    total = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        one = _Line(number, languages)
        loaded = one.read(line)
        mistakes += one.mistakes
        if loaded is not None:
            found.append(loaded)
            total += loaded.count
    if total > MOST:
        mistakes.append(Mistake(0, "count", f"The file has more than {MOST} records in all."))
    return found, mistakes


class _Line:
    def __init__(self, number: int, languages: frozenset[str]) -> None:
        self._number = number
        self._languages = languages
        self.mistakes: list[Mistake] = []

    def read(self, line: str) -> Loaded | None:
        try:
            said = msgspec.json.decode(line, type=dict[str, object])
        except (msgspec.MsgspecError, UnicodeError):
            self._wrong("", "This is not a JSON object.")
            return None
        for name in sorted(said.keys() - _FIELDS):
            self._wrong(name, "There is no such field.")
        unit, on, count = self._unit(said), self._day(said), self._count(said)
        codes = self._codes(said, unit)
        codes |= self._known(said, "channel", frozenset(CHANNEL.codes), needed=unit is Unit.CONTACT)
        codes |= self._known(said, "language", self._languages, needed=False)
        if unit in _DECIDED and not self._decided(codes, unit):
            self._wrong("codes.decision", "A decision is needed: for one that ended, an admission.")
        if self.mistakes or unit is None or on is None:
            return None
        fact = Fact(unit=unit, month=f"{on:%Y-%m}", codes=dict(sorted(codes.items())))
        try:
            encoded(fact)
        except ValueError:
            self._wrong("codes", f"All codes together are longer than {SIZE} bytes.")
            return None
        return Loaded(on, fact, count)

    def _unit(self, said: Mapping[str, object]) -> Unit | None:
        given = said.get("unit")
        unit = _UNITS.get(given) if isinstance(given, str) else None
        if unit is None:
            self._wrong("unit", f"It must be one of {', '.join(_UNITS)}.")
        return unit

    def _day(self, said: Mapping[str, object]) -> date | None:
        try:
            return date.fromisoformat(str(said.get("on")))
        except ValueError:
            self._wrong("on", "It must be a date such as 2025-03-14.")
            return None

    def _count(self, said: Mapping[str, object]) -> int:
        count = said.get("count", 1)
        if type(count) is not int or not 1 <= count <= MOST:
            self._wrong("count", "It must be a whole number from 1.")
            return 1
        return count

    def _known(
        self, said: Mapping[str, object], name: str, among: frozenset[str], *, needed: bool
    ) -> dict[str, tuple[str, ...]]:
        given = said.get(name)
        if given is None and not needed:
            return {}
        if not isinstance(given, str) or given not in among:
            self._wrong(name, f"It must be one of {', '.join(sorted(among))}.")
            return {}
        return {name: (given,)}

    def _codes(self, said: Mapping[str, object], unit: Unit | None) -> dict[str, tuple[str, ...]]:
        given = said.get("codes", {})
        if not isinstance(given, dict):
            self._wrong("codes", "It must be an object: a list of codes for each field.")
            return {}
        found: dict[str, tuple[str, ...]] = {}
        for name, codes in given.items():
            listed = [codes] if isinstance(codes, str) else codes
            if not isinstance(listed, list) or not all(isinstance(code, str) for code in listed):
                self._wrong(f"codes.{name}", "It must be a code, or a list of codes.")
            elif name != "decision" and name not in FIELDS:
                self._wrong(f"codes.{name}", "There is no such field in the record.")
            elif (why := self._refused(name, listed, unit)) is not None:
                self._wrong(f"codes.{name}", why)
            elif listed:
                found[name] = tuple(sorted(set(listed)))
        return found

    def _refused(self, name: str, codes: list[str], unit: Unit | None) -> str | None:
        if name == "decision":
            if unit not in _DECIDED:
                return "Only decisions and what ended have one."
            return None if len(codes) == 1 and codes[0] in DECISIONS else f"It must be one of {', '.join(DECISIONS)}."
        field = FIELDS[name]
        listed = LISTS[field.list]
        if any((code := listed.code(each)) is None or not code.is_offered(VERSION) for each in codes):
            return f"The list {field.list} has no such code: see the command `codes`."
        return None if field.many or len(set(codes)) < 2 else "Only one code may stand here."

    def _decided(self, codes: Mapping[str, tuple[str, ...]], unit: Unit | None) -> bool:
        decision = codes.get("decision", ("",))[0]
        return bool(decision) and (unit is Unit.DECISION or decision.startswith("admitted_"))

    def _wrong(self, field: str, why: str) -> None:
        self.mistakes.append(Mistake(self._number, field, why))
