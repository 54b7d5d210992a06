"""The hours of a service over the years: published versions, each valid from an instant, and dated exceptions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from duty.clock_times import Interval
from duty.dated_exceptions import DatedException, rule_for
from duty.hours import OpeningHours, OpenReadings, languages_in
from duty.timeline import Piece, Timeline, stretches
from duty.wall_clock import instant_of, reading_at

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_MIDNIGHT = datetime.min.time()


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """Hours that hold from an instant on. `last_start`: how long before closing nobody new joins the line."""

    hours: OpeningHours
    valid_from: datetime
    last_start: timedelta
    id: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """Open readings that belong to the day on which they begin."""

    day: date
    readings: OpenReadings
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Timetable:
    """Versions in order of `valid_from`, at least one; exceptions in the order in which they were made."""

    versions: tuple[Version, ...]
    exceptions: tuple[DatedException, ...] = ()

    def __post_init__(self) -> None:
        if not self.versions or any(a.valid_from >= b.valid_from for a, b in pairwise(self.versions)):
            raise ValueError("a timetable has versions, in order")

    def in_force(self, now: datetime) -> Version | None:
        """The version of an instant; None before the first."""
        return next((version for version in reversed(self.versions) if version.valid_from <= now), None)

    def on(self, day: date) -> tuple[OpenReadings, ...]:
        """What begins on a day, by the version in force as the day begins (or the first)."""
        since = datetime.combine(day, _MIDNIGHT, self.versions[0].hours.zone)
        version = self.in_force(since) or self.versions[0]
        return tuple(begun.readings for begun in begun_with(version.hours, self.exceptions, day, day))

    def timeline(self, start: datetime, end: datetime) -> Timeline:
        """All open time from `start` to `end` (aware). Before the first version nothing is open."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        ends = [*(version.valid_from for version in self.versions[1:]), end]
        pieces = [
            (piece, version.last_start)
            for version, until in zip(self.versions, ends, strict=True)
            for piece in _pieces(version.hours, self.exceptions, max(version.valid_from, start), min(until, end))
        ]
        zones = [(version.valid_from, version.hours.zone) for version in self.versions]
        return Timeline(start=start, end=end, stretches=stretches(pieces), zones=zones)


def begun_on(hours: OpeningHours, first: date, last: date) -> Iterator[Begun]:
    """The week's own hours that begin on the days from `first` to `last`, without exceptions.

    What is open without a break for less than a day belongs whole to the day it begins on; what is open for longer is
    cut at each midnight.
    """
    run: list[OpenReadings] = []
    start, end = datetime.combine(first, _MIDNIGHT) - _DAY, datetime.combine(last, _MIDNIGHT) + 2 * _DAY
    for readings in hours.readings(start, end):
        if run and run[-1].ends != readings.starts:
            yield from _owned(run, first, last)
            run = []
        run.append(readings)
    yield from _owned(run, first, last)


def _pieces(
    hours: OpeningHours, exceptions: tuple[DatedException, ...], start: datetime, end: datetime
) -> Iterator[Piece]:
    """Open pieces from `start` to `end`, which are cut there."""
    if start >= end:
        return
    zone = hours.zone
    first, last = reading_at(start, zone).date() - _DAY, reading_at(end, zone).date()
    for begun in begun_with(hours, exceptions, first, last):
        opens = max(instant_of(begun.readings.starts, zone), start)
        closes = min(instant_of(begun.readings.ends, zone), end)
        if opens < closes:
            yield Piece(opens, closes, begun.languages)


def begun_with(hours: OpeningHours, exceptions: tuple[DatedException, ...], first: date, last: date) -> Iterator[Begun]:
    """What begins on the days from `first` to `last`, exceptions included, in order and apart."""
    return _laid_out(_with_exceptions(hours, exceptions, first, last))


def _with_exceptions(
    hours: OpeningHours, exceptions: tuple[DatedException, ...], first: date, last: date
) -> Iterator[Begun]:
    ruled = {
        day: rule_for(day, exceptions)
        for one in exceptions
        for day in _days(max(one.first, first), min(one.last, last))
    }
    for begun in begun_on(hours, first, last):
        if ruled.get(begun.day, (True,))[0]:
            yield begun
    for day, (_, instead) in ruled.items():
        for one in instead:
            for interval in one.times:
                yield Begun(day, on_day(day, interval), one.languages)


def on_day(day: date, interval: Interval) -> OpenReadings:
    """An interval of a day as readings."""
    midnight = datetime.combine(day, _MIDNIGHT)
    return OpenReadings(midnight + interval.starts * _MINUTE, midnight + interval.ends * _MINUTE)


def _laid_out(begun: Iterable[Begun]) -> Iterator[Begun]:
    """In order and apart: where two overlap, the one that began first goes on."""
    until = None
    for one in sorted(begun, key=lambda one: one.readings):
        starts = max(one.readings.starts, until or one.readings.starts)
        if starts < one.readings.ends:
            until = one.readings.ends
            yield Begun(one.day, OpenReadings(starts, until), one.languages)


def _owned(run: list[OpenReadings], first: date, last: date) -> Iterator[Begun]:
    if not run:
        return
    whole = run[-1].ends - run[0].starts <= _DAY
    for readings in run:
        starts = readings.starts
        while starts < readings.ends:
            midnight = datetime.combine(starts.date(), _MIDNIGHT) + _DAY
            ends = readings.ends if whole else min(readings.ends, midnight)
            day = run[0].starts.date() if whole else starts.date()
            if first <= day <= last:
                yield Begun(day, OpenReadings(starts, ends), languages_in(readings.comment))
            starts = ends


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + number * _DAY
