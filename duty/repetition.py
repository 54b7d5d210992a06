"""How a shift repeats: the part of RFC 5545 (3.3.10) a roster needs.

Daily or weekly, every so many, on some weekdays, until a day or so many times. There is at most one occurrence a day,
so that a day names an occurrence of its shift. `text` and `read_rule` speak RFC 5545, with one narrowing: UNTIL is the
last local day on which an occurrence may begin, which an exporter turns into an instant.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEK = 7
_SMALL_NUMBER = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)


class RuleNotUnderstood(ValueError):
    """The text is not a repetition we can keep."""


class Frequency(StrEnum):
    """What `interval` counts."""

    daily = "daily"
    weekly = "weekly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A repetition. `weekdays`: Monday is 0; none means every day, or the weekday of the first day.

    `until`: the last day, inclusive. `count`: how many in all. `week_start` matters for every second week only.
    """

    frequency: Frequency
    interval: int = 1
    weekdays: frozenset[int] = frozenset()
    until: date | None = None
    count: int | None = None
    week_start: int = 0

    def days(self, first: date, early: date, late: date) -> Iterator[date]:
        """The days of a repetition that starts on `first`, from `early` to `late`, both inclusive, in order."""
        anchor, period, offsets = self._cycle(first)
        if not offsets:
            return
        begins, ends = first.toordinal(), min(late, self.until or late).toordinal()
        skipped = sum(anchor + offset < begins for offset in offsets)
        for cycle in range(max(0, (early.toordinal() - anchor) // period), (ends - anchor) // period + 1):
            for place, offset in enumerate(offsets):
                day = anchor + cycle * period + offset
                number = cycle * len(offsets) + place - skipped
                if day > ends or (self.count is not None and number >= self.count):
                    return
                if day >= max(begins, early.toordinal()):
                    yield date.fromordinal(day)

    def includes(self, first: date, day: date) -> bool:
        """Whether the repetition that starts on `first` has an occurrence on `day`."""
        return next(self.days(first, day, day), None) is not None

    def last(self, first: date) -> date | None:
        """A day after which there is none; None: it goes on for ever."""
        bounds = [] if self.until is None else [self.until]
        if self.count is not None:
            _, period, offsets = self._cycle(first)
            cycles = 1 + self.count // max(1, len(offsets))
            bounds.append(date.fromordinal(first.toordinal() + (cycles + 1) * period))
        return min(bounds, default=None)

    def _cycle(self, first: date) -> tuple[int, int, tuple[int, ...]]:
        """The repetition as days `anchor + n * period + offset`; those before `first` do not count."""
        start = first.toordinal()
        if self.frequency is Frequency.weekly:
            weekdays = self.weekdays or {first.weekday()}
            offsets = sorted((weekday - self.week_start) % _WEEK for weekday in weekdays)
            return start - (first.weekday() - self.week_start) % _WEEK, _WEEK * self.interval, tuple(offsets)
        if not self.weekdays:
            return start, self.interval, (0,)
        period = math.lcm(self.interval, _WEEK)
        wanted = (k for k in range(0, period, self.interval) if (first.weekday() + k) % _WEEK in self.weekdays)
        return start, period, tuple(wanted)


def text(rule: Rule) -> str:
    """A repetition as the value of an RRULE, always in the same order: `FREQ=WEEKLY;BYDAY=TU,TH`."""
    parts = [f"FREQ={rule.frequency.upper()}"]
    if rule.interval != 1:
        parts.append(f"INTERVAL={rule.interval}")
    if rule.weekdays:
        parts.append("BYDAY=" + ",".join(WEEKDAYS[weekday] for weekday in sorted(rule.weekdays)))
    if rule.until is not None:
        parts.append(f"UNTIL={rule.until:%Y%m%d}")
    if rule.count is not None:
        parts.append(f"COUNT={rule.count}")
    if rule.week_start:
        parts.append(f"WKST={WEEKDAYS[rule.week_start]}")
    return ";".join(parts)


def read_rule(value: str) -> Rule:
    """The repetition of an RRULE. Raises `RuleNotUnderstood` for every part that we could not keep exactly."""
    pairs = [part.partition("=") for part in value.upper().split(";")]
    parts = {name: said for name, _, said in pairs}
    if len(parts) != len(pairs) or parts.keys() - {"FREQ", "INTERVAL", "BYDAY", "UNTIL", "COUNT", "WKST"}:
        raise RuleNotUnderstood(value)
    try:
        return Rule(
            frequency=Frequency(parts["FREQ"].lower()),
            interval=_number(parts.get("INTERVAL", "1")),
            weekdays=frozenset(map(WEEKDAYS.index, parts["BYDAY"].split(","))) if "BYDAY" in parts else frozenset(),
            until=_day(parts["UNTIL"]) if "UNTIL" in parts else None,
            count=_number(parts["COUNT"]) if "COUNT" in parts else None,
            week_start=WEEKDAYS.index(parts.get("WKST", "MO")),
        )
    except (KeyError, ValueError):
        raise RuleNotUnderstood(value) from None


def _number(said: str) -> int:
    if _SMALL_NUMBER.fullmatch(said) is None:
        raise ValueError(said)
    return int(said)


def _day(said: str) -> date:
    return datetime.strptime(said, "%Y%m%d").date()  # noqa: DTZ007 - a day, without a time
