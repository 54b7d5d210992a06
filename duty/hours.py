"""Opening hours: OpenStreetMap `opening_hours` text + IANA zone + country, evaluated at instants.

Everything that is awkward about the evaluator (docs/decisions, traps) stays in this file. It is asked about readings of
the wall clock only, never about zones: its own zone arithmetic shows a false gap when an interval starts inside the
hour that happens twice in autumn. What a reading means is decided in `duty.wall_clock`.

The comment of a rule names the languages that are served: `Tu 13:00-15:00 "fi sv"` (docs/decisions).
Intervals are half-open: open at the first second, closed at the last.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from opening_hours import OpeningHours as Expression
from opening_hours import ParserError, State, UnknownCountryError  # type: ignore[attr-defined]  # missing in its stub

from duty.wall_clock import instant_of, reading_at

#: In characters. Longer texts are refused before they are kept.
LONGEST_TEXT = 1000
#: A change further away is no change. Without this bound the evaluator walks to the year 9999, for seconds.
HORIZON = timedelta(days=3653)
_MOST_CHANGES = 1000
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)


class HoursNotUnderstood(ValueError):
    """The text, the zone or the country is not one we can evaluate; the message is a plain sentence."""


@dataclass(frozen=True, slots=True)
class HoursState:
    """What the hours say at one instant. `next_change`: when they will say something else (UTC).

    None: not within ten years.
    """

    open: bool
    next_change: datetime | None


@dataclass(frozen=True, slots=True, order=True)
class OpenReadings:
    """Open from one reading of the wall clock to another (no zone, half-open), with a rule's comment."""

    starts: datetime
    ends: datetime
    comment: str = ""


class OpeningHours:
    """One service's hours. Immutable; raises `HoursNotUnderstood` for a text that cannot be evaluated."""

    def __init__(self, expression: str, zone: ZoneInfo, country: str) -> None:
        self.expression = expression
        self.zone = zone
        self.country = country
        if not expression.strip():  # the evaluator takes blanks for "always open"
            raise HoursNotUnderstood("There are no opening hours: the text is empty.")
        self._expression = _parsed(expression, country)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the evaluator had to guess, in its own words."""
        return tuple(self._expression.warnings)

    def state_at(self, instant: datetime) -> HoursState:
        """What the hours say at an instant (aware, any zone)."""
        is_open = self._open_at(instant)
        reading = reading_at(instant, self.zone)
        for _ in range(_MOST_CHANGES):
            following = self._expression.next_change(reading)
            if following is None:
                break
            change = instant_of(following, self.zone)
            if change > instant and self._open_at(change) is not is_open:
                return HoursState(open=is_open, next_change=change)
            reading = following
        return HoursState(open=is_open, next_change=None)

    def readings(self, start: datetime, end: datetime) -> Iterator[OpenReadings]:
        """The open intervals between two readings, in order, cut at both. "Perhaps open" is closed."""
        for starts, ends, state, comment in self._expression.intervals(start, end):
            if state is State.OPEN:
                yield OpenReadings(starts, ends, comment)

    def _open_at(self, instant: datetime) -> bool:
        return self._expression.state(reading_at(instant, self.zone))[0] is State.OPEN


def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises `HoursNotUnderstood`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # absent, a path, a folder
        raise HoursNotUnderstood(f"There is no time zone {name!r}: write one like Europe/Helsinki.") from None


def holidays(country: str, first: date, last: date) -> list[date]:
    """The country's public holidays from `first` to `last`, both included. Raises `HoursNotUnderstood`."""
    start, end = datetime.combine(first, datetime.min.time()), datetime.combine(last, datetime.min.time())
    days: list[date] = []
    for starts, ends, state, _ in _parsed("PH", country).intervals(start, end + timedelta(days=1)):
        if state is State.OPEN:
            days += [starts.date() + timedelta(days=n) for n in range((ends - starts).days)]
    return days


def languages_in(comment: str) -> frozenset[str]:
    """The languages a rule's comment names. Empty: it names none, or is a comment about something else."""
    words = comment.replace(",", " ").split()
    return frozenset(words) if all(_LANGUAGE.fullmatch(word) for word in words) else frozenset()


def _parsed(expression: str, country: str) -> Expression:
    try:
        return Expression(
            expression, country=country, auto_country=False, auto_timezone=False, max_interval_days=HORIZON.days
        )
    except UnknownCountryError:
        raise HoursNotUnderstood(f"No public holidays are known for the country {country!r}.") from None
    except (ParserError, ValueError, OverflowError):
        raise HoursNotUnderstood(f"These opening hours cannot be understood: {expression!r}.") from None
