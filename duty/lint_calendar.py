"""Remarks about hours as they fall in the calendar: clock changes, long pauses, margins, zone and country. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.core import get_global

from duty.findings import Finding
from duty.hours import OpeningHours, OpenReadings
from duty.timeline import Timeline
from duty.timetable import Timetable, Version
from duty.wall_clock import Doubt, doubt, instant_of

_YEAR = timedelta(days=400)
_FORTNIGHT = timedelta(days=14)
_FIVE_WEEKS = timedelta(days=35)
_MINUTE = timedelta(minutes=1)
_CODES = {Doubt.skipped: "time_skipped", Doubt.twice: "time_twice"}


def lint_calendar(hours: OpeningHours, last_start: timedelta, now: datetime) -> Iterator[Finding]:
    """Remarks about the time from `now` (aware) on."""
    yield from _zone(hours)
    yield from _silence(hours, now)
    start = now.astimezone(hours.zone).replace(tzinfo=None, fold=0, hour=0, minute=0, second=0, microsecond=0)
    inside = [one for one in hours.readings(start, start + _YEAR) if start < one.starts and one.ends < start + _YEAR]
    yield from doubts(inside, hours.zone, "expression")
    version = Version(hours=hours, valid_from=now - _FORTNIGHT, last_start=last_start)
    yield from _margins(Timetable((version,)).timeline(now - _FORTNIGHT, now + _FIVE_WEEKS), hours.zone, now)


def doubts(readings: Iterable[OpenReadings], zone: ZoneInfo, place: str) -> Iterator[Finding]:
    """Boundaries that do not exist or happen twice; each clock time once for each kind."""
    told: set[tuple[Doubt, str]] = set()
    for one in readings:
        for reading in (one.starts, one.ends):
            found, time = doubt(reading, zone), f"{reading:%H:%M}"
            if found is not None and (found, time) not in told:
                told.add((found, time))
                means = f"{instant_of(reading, zone).astimezone(zone):%H:%M}"
                yield Finding(_CODES[found], place, {"day": f"{reading:%Y-%m-%d}", "time": time, "means": means})


def _zone(hours: OpeningHours) -> Iterator[Finding]:
    territory = get_global("zone_territories").get(hours.zone.key)
    if territory != hours.country:
        yield Finding("zone_elsewhere", "zone", {"zone": hours.zone.key, "country": hours.country})


def _silence(hours: OpeningHours, now: datetime) -> Iterator[Finding]:
    state = hours.state_at(now)
    if state.open:
        return
    if state.next_change is None:
        yield Finding("never_open", "expression")
    elif state.next_change - now > _FORTNIGHT:
        opens = state.next_change.astimezone(hours.zone)
        yield Finding("closed_for_long", "expression", {"day": f"{opens:%Y-%m-%d}", "time": f"{opens:%H:%M}"})


def _margins(timeline: Timeline, zone: ZoneInfo, now: datetime) -> Iterator[Finding]:
    told: set[tuple[str, str]] = set()
    for stretch in timeline.stretches:
        closes = timeline.closes(stretch)
        if closes is None or closes <= now or closes - stretch.opens > stretch.last_start:
            continue
        opens, ends = stretch.opens.astimezone(zone), closes.astimezone(zone)
        key = f"{opens:%H:%M}", f"{ends:%H:%M}"
        if key not in told:
            told.add(key)
            times = {"starts": key[0], "ends": key[1], "minutes": str(stretch.last_start // _MINUTE)}
            yield Finding("margin_covers", "last_start", {"day": f"{opens:%Y-%m-%d}", **times})
