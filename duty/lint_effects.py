"""Remarks about what the rules of a text do to each other, found by leaving rules out and looking. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import zip_longest

from duty.findings import Finding
from duty.hours import HoursNotUnderstood, OpeningHours, OpenReadings, holidays
from duty.rule_text import Rule, joined

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_YEAR = timedelta(days=400)
#: Rules about one year or one leap day show an effect only over a longer time.
_YEARS = timedelta(days=5 * 366)
_MIDNIGHT = datetime.min.time()


def lint_effects(hours: OpeningHours, parts: tuple[Rule, ...], today: date) -> Iterator[Finding]:
    """Remarks about overruled rules, replaced hours, holidays and cut nights, from `today` on."""
    start = datetime.combine(today, _MIDNIGHT)
    text = _Text(hours, parts, start)
    for number, rule in enumerate(parts):
        lost = list(_lost(text, number)) if rule.opens else []
        replaced = any(finding.code == "hours_replaced" for finding in lost)
        overruled = [] if replaced else list(_overruled(text, number))
        yield from overruled or lost
    yield from _holidays(hours, parts, today)


class _Text:
    """Hours, their rules, and what would be without some of them; worked out once each."""

    def __init__(self, hours: OpeningHours, parts: tuple[Rule, ...], start: datetime) -> None:
        self.hours = hours
        self.parts = parts
        self.start = start
        self._open = list(hours.readings(start, start + _YEAR))
        self._starts = [one.starts for one in self._open]
        self._ends = [one.ends for one in self._open]
        self._without: dict[tuple[int, int], OpeningHours | None] = {}

    def during(self, own: OpenReadings) -> list[OpenReadings]:
        """What is open at some moment of an interval."""
        return self._open[bisect_right(self._ends, own.starts) : bisect_left(self._starts, own.ends)]

    def without(self, first: int, beyond: int) -> OpeningHours | None:
        """The hours without the rules from `first` up to, not including, `beyond`; None: no rule is left."""
        key = first, beyond
        if key not in self._without:
            self._without[key] = _reads(self.hours, self.parts[:first] + self.parts[beyond:])
        return self._without[key]


def _overruled(text: _Text, number: int) -> Iterator[Finding]:
    """A rule that could as well be left out."""
    rule = text.parts[number]
    if rule.about_holidays and rule.closes:
        return
    without = text.without(number, number + 1)
    if without is not None and _same(text.hours, without, text.start):
        yield Finding("rule_without_effect", f"rule:{number + 1}", {"rule": rule.text})


def _lost(text: _Text, number: int) -> Iterator[Finding]:
    """Hours of one rule that a later rule takes away; once for each way of losing them."""
    alone = _reads(text.hours, (replace(text.parts[number], joint=""),))
    if alone is None:
        return
    met: set[tuple[int, time, bool]] = set()
    told: set[tuple[str, str]] = set()
    for own in alone.readings(text.start + _DAY, text.start + _YEAR - _DAY):
        left = text.during(own)
        if len(left) == 1 and left[0].starts <= own.starts and own.ends <= left[0].ends:
            continue
        way = own.starts.weekday(), own.starts.time(), bool(left)
        if way in met:
            continue
        met.add(way)
        for finding, other in _told_loss(text, number, own, left):
            if (finding.code, other) not in told:
                told.add((finding.code, other))
                yield finding


def _told_loss(text: _Text, number: int, own: OpenReadings, left: list[OpenReadings]) -> Iterator[tuple[Finding, str]]:
    place, parts = f"rule:{number + 1}", text.parts
    midnight = datetime.combine(own.starts.date(), _MIDNIGHT) + _DAY
    night = own.starts < midnight < own.ends and own.ends - own.starts <= _DAY
    evening = any(one.starts <= own.starts < one.ends for one in left)
    morning = any(one.starts <= midnight < one.ends for one in left)
    clock = {"ends": f"{own.ends:%H:%M}"}
    if night and evening and not morning:
        other = _taker(text, number, midnight)
        yield Finding("night_cut", place, clock | {"day": f"{own.starts:%Y-%m-%d}", "other": other}), other
    elif night and morning and not evening:
        yield Finding("night_left_over", place, clock | {"day": f"{midnight:%Y-%m-%d}"}), ""
    elif not left:
        other = _taker(text, number, own.starts)
        replaced = next((one for one in parts if one.text == other), None)
        if replaced is not None and _weekly(replaced):
            values = {"rule": parts[number].text, "other": other, "starts": f"{own.starts:%H:%M}"}
            yield Finding("hours_replaced", place, values | clock | {"day": f"{own.starts:%Y-%m-%d}"}), other


def _weekly(rule: Rule) -> bool:
    """A rule that replaces earlier hours of a weekday: perhaps not meant. On dates and holidays it surely is."""
    return rule.opens and rule.joint == ";" and not rule.dated and not rule.about_holidays


def _taker(text: _Text, number: int, reading: datetime) -> str:
    """The later rule that closes a reading: the one without which it would be open, or the first of several."""
    later = range(number + 1, len(text.parts))
    tries = [(place, place + 1) for place in later] + [(place, len(text.parts)) for place in reversed(later)]
    for place, beyond in tries:
        without = text.without(place, beyond)
        if without is not None and any(without.readings(reading, reading + _MINUTE)):
            return text.parts[place].text
    return ""


def _holidays(hours: OpeningHours, parts: tuple[Rule, ...], today: date) -> Iterator[Finding]:
    days = holidays(hours.country, today, today + _YEAR)
    closing = [number for number, rule in enumerate(parts) if rule.about_holidays and rule.closes]
    plain = _reads(hours, [rule for rule in parts if not rule.dated]) if closing else hours
    opened = [day for day in days if plain is not None and _begins(plain, day)]
    if opened and closing and not any(rule.about_holidays and rule.opens for rule in parts):
        values = {"rule": parts[closing[-1]].text, "day": opened[0].isoformat()}
        yield Finding("holidays_open", f"rule:{closing[-1] + 1}", values)
    elif opened and not any(rule.about_holidays or rule.selector == "24/7" for rule in parts):
        yield Finding("holidays_not_mentioned", "expression", {"day": opened[0].isoformat()})


def _begins(hours: OpeningHours, day: date) -> bool:
    """Whether something opens on a day, later than its first moment, or all of it is open."""
    start = datetime.combine(day, _MIDNIGHT)
    return any(one.starts > start or one.ends == start + _DAY for one in hours.readings(start, start + _DAY))


def _same(one: OpeningHours, other: OpeningHours, start: datetime) -> bool:
    end = start + _YEARS
    return all(a == b for a, b in zip_longest(one.readings(start, end), other.readings(start, end)))


def _reads(hours: OpeningHours, parts: Iterable[Rule]) -> OpeningHours | None:
    rest = tuple(parts)
    try:
        return OpeningHours(joined(rest), hours.zone, hours.country) if rest else None
    except HoursNotUnderstood:
        return None
