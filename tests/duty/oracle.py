"""Opening hours of a year worked out a second time, minute by minute, in plain Python: no evaluator, no code of ours.

One made-up service in Helsinki, 2026: two versions, nights, several intervals a day, languages, public holidays and
exceptions, some of them on the days of the clock changes.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

HELSINKI = ZoneInfo("Europe/Helsinki")
YEAR_BEGINS = datetime(2025, 12, 31, 22, 0, tzinfo=UTC)
MINUTES = 365 * 24 * 60
SECOND_VERSION = datetime(2026, 8, 31, 21, 0, tzinfo=UTC)  # Tuesday 1 September, 00:00

FIRST = (
    'Mo-Fr 09:00-11:00,13:00-15:30 "fi sv", We 18:00-20:00 "en", Fr 21:00-02:00 "fi", Su 03:15-04:45 "fi"'
    "; PH off; PH +1 day 00:00-02:00 off"
)
SECOND = 'Tu 13:00-15:00, Th 09:00-11:00,14:00-20:00 "fi", Sa-Su 22:00-03:30 "sv", Su 12:00-12:20; PH off'
MARGINS = (30, 15)

Interval = tuple[int, int, str]  # from, to (minutes of the day; later than 1440: the next day), languages

_WORKDAY: list[Interval] = [(540, 660, "fi sv"), (780, 930, "fi sv")]
_FIRST_WEEK: list[list[Interval]] = [
    _WORKDAY,
    _WORKDAY,
    [*_WORKDAY, (1080, 1200, "en")],
    _WORKDAY,
    [*_WORKDAY, (1260, 1560, "fi")],
    [],
    [(195, 285, "fi")],
]
_SECOND_WEEK: list[list[Interval]] = [
    [],
    [(780, 900, "")],
    [],
    [(540, 660, "fi"), (840, 1200, "fi")],
    [],
    [(1320, 1650, "sv")],
    [(720, 740, ""), (1320, 1650, "sv")],
]

HOLIDAYS = {
    date(2026, month, day)
    for month, day in [
        (1, 1), (1, 6), (4, 3), (4, 5), (4, 6), (5, 1), (5, 14), (5, 24),
        (6, 19), (6, 20), (10, 31), (12, 6), (12, 24), (12, 25), (12, 26),
    ]
} | {date(2027, 1, 1)}  # fmt: skip


@dataclass(frozen=True)
class Special:
    kind: str
    first: date
    last: date
    times: tuple[tuple[int, int], ...] = ()
    languages: str = ""


SPECIALS = (
    Special("closed", date(2026, 7, 10), date(2026, 7, 19)),  # begins on a Friday with a night
    Special("other", date(2026, 3, 29), date(2026, 3, 29), ((150, 225), (600, 720)), "sv"),  # spring
    Special("other", date(2026, 10, 24), date(2026, 10, 24), ((1380, 1440 + 210),), "fi"),  # ends in autumn's hour
    Special("extra", date(2026, 10, 25), date(2026, 10, 25), ((225, 300), (840, 900)), "en"),  # starts in it
    Special("other", date(2026, 12, 24), date(2026, 12, 24), ((600, 720),), "fi"),  # a holiday after all
    Special("extra", date(2026, 8, 31), date(2026, 9, 3), ((1320, 1500),), "fi"),  # nights, also across versions
    Special("closed", date(2026, 9, 6), date(2026, 9, 6)),  # a Sunday; Saturday's night stays
)


@dataclass(frozen=True)
class Minute:
    """What holds for a minute. `languages` None: closed. `margin`: minutes before closing, of the version."""

    languages: str | None
    margin: int


def year() -> list[Minute]:
    """Every minute from `YEAR_BEGINS` on, some days longer than the year: the last change must be in sight."""
    return [_minute(YEAR_BEGINS + timedelta(minutes=number)) for number in range(MINUTES + 5 * 24 * 60)]


def wall_minute(instant: datetime) -> int:
    """Minutes since 00:00 on the wall in Helsinki. An hour that has been stays at its last minute until it is over."""
    wall = instant.astimezone(HELSINKI)
    return 239 if wall.fold else wall.hour * 60 + wall.minute


def _minute(instant: datetime) -> Minute:
    second = instant >= SECOND_VERSION
    wall = instant.astimezone(HELSINKI)
    minute = wall_minute(instant)
    return Minute(_languages(wall.date(), minute, second=second), MARGINS[second])


def _languages(day: date, minute: int, *, second: bool) -> str | None:
    yesterday = day - timedelta(days=1)
    for owner, at in ((yesterday, minute + 1440), (day, minute)):
        special = [one for one in SPECIALS if one.first <= owner <= one.last]
        if all(one.kind == "extra" for one in special):
            found = _usual(owner, at, day, minute, second=second)
            if found is not None:
                return found
        for one in special:
            if any(starts <= at < ends for starts, ends in one.times):
                return one.languages
    return None


def _usual(owner: date, at: int, day: date, minute: int, *, second: bool) -> str | None:
    """The week's own hours that began on `owner`. A holiday closes its calendar day."""
    if day in HOLIDAYS:
        return None
    if not second and day - timedelta(days=1) in HOLIDAYS and minute < 120:
        return None
    week = _SECOND_WEEK if second else _FIRST_WEEK
    return next((languages for starts, ends, languages in week[owner.weekday()] if starts <= at < ends), None)
