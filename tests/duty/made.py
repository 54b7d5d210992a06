"""Hours, versions and readings for tests, in Helsinki."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from duty.clock_times import read_intervals
from duty.dated_exceptions import DatedException, Kind
from duty.hours import OpeningHours
from duty.timeline import Timeline
from duty.timetable import Timetable, Version

HELSINKI = ZoneInfo("Europe/Helsinki")
LONG_AGO = datetime(2020, 1, 1, tzinfo=HELSINKI)


def hours(expression: str, zone: ZoneInfo = HELSINKI, country: str = "FI") -> OpeningHours:
    return OpeningHours(expression, zone, country)


def helsinki(*parts: int) -> datetime:
    """An instant, as the clock in Helsinki shows it."""
    year, month, day, hour, minute = (*parts, 0, 0)[:5]
    return datetime(year, month, day, hour, minute, tzinfo=HELSINKI)


def wall(*parts: int) -> datetime:
    """A reading of the clock on the wall."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


def version(expression: str, since: datetime = LONG_AGO, *, minutes: int = 30, name: str = "") -> Version:
    return Version(hours=hours(expression), valid_from=since, last_start=timedelta(minutes=minutes), id=name)


def exception(kind: Kind, first: date, last: date | None = None, times: str = "", **other: object) -> DatedException:
    intervals = read_intervals(times) if times else ()
    return DatedException(kind=kind, first=first, last=last or first, times=intervals, **other)  # type: ignore[arg-type]


def timetable(expression: str, *exceptions: DatedException) -> Timetable:
    return Timetable((version(expression),), exceptions)


def spans(timeline: Timeline) -> list[tuple[str, str]]:
    """Open stretches as a person in Helsinki would write them: `Tue 24 13:00`."""
    return [
        (f"{one.opens.astimezone(HELSINKI):%a %d %H:%M}", f"{one.closes.astimezone(HELSINKI):%a %d %H:%M}")
        for one in timeline.stretches
    ]
