"""Opening hours: OpenStreetMap `opening_hours` text + IANA zone + country, evaluated at instants.

Everything that is awkward about the evaluator (traps.md) stays in this file. It is asked about wall clock readings
only, never about zones: its own zone arithmetic shows a false gap when an interval starts inside the hour that
happens twice in autumn. Our rule, for every boundary of an interval (after RFC 5545, 3.3.5):

- a reading that happens twice means its first occurrence: `02:30-03:30` ends once, `03:30-05:00` has no gap;
- a reading that is skipped in spring means the moment of the change.

Intervals are half-open: open at the first second, closed at the last.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours as Expression
from opening_hours import ParserError, State, UnknownCountryError  # type: ignore[attr-defined]  # missing in its stub

_TICK = timedelta(microseconds=1)
_MOST_CHANGES = 1000


class HoursNotUnderstood(ValueError):
    """The text, the zone or the country is not one we can evaluate; the message is a plain sentence."""


@dataclass(frozen=True, slots=True)
class HoursState:
    """What the hours say at one instant. `next_change`: when they will say something else (UTC), None: never."""

    open: bool
    next_change: datetime | None


class OpeningHours:
    """One service's hours. Immutable; raises `HoursNotUnderstood` for a text that cannot be evaluated."""

    def __init__(self, expression: str, zone: ZoneInfo, country: str) -> None:
        self.expression = expression
        self.zone = zone
        self.country = country
        try:
            self._expression = Expression(expression, country=country, auto_country=False, auto_timezone=False)
        except UnknownCountryError:
            raise HoursNotUnderstood(f"No public holidays are known for the country {country!r}.") from None
        except ParserError:
            raise HoursNotUnderstood(f"These opening hours cannot be understood: {expression!r}.") from None

    def state_at(self, instant: datetime) -> HoursState:
        """What the hours say at an instant (aware, any zone)."""
        is_open = self._open_at(instant)
        reading = _reading(instant, self.zone)
        for _ in range(_MOST_CHANGES):
            following = self._expression.next_change(reading)
            if following is None:
                break
            change = _instant(following, self.zone)
            if change > instant and self._open_at(change) is not is_open:
                return HoursState(open=is_open, next_change=change)
            reading = following
        return HoursState(open=is_open, next_change=None)

    def _open_at(self, instant: datetime) -> bool:
        return self._expression.state(_reading(instant, self.zone))[0] is State.OPEN


@dataclass(frozen=True, slots=True)
class Published:
    """The hours in force for one service, and what a lead decided on top.

    `last_start`: how long before closing nobody new joins the line. `paused`: a lead stopped admitting.
    """

    hours: OpeningHours
    last_start: timedelta
    paused: bool


def _instant(reading: datetime, zone: tzinfo) -> datetime:
    """The instant (UTC) of a wall clock reading; never decreases when the reading grows."""
    instant = reading.replace(tzinfo=zone, fold=0).astimezone(UTC)
    skipped = instant.astimezone(zone).replace(tzinfo=None) - reading
    if not skipped:
        return instant
    # A skipped reading was carried `skipped` past the change by the old offset: go back to the change itself.
    before = reading.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _change_between(before, instant, zone)


def _reading(instant: datetime, zone: tzinfo) -> datetime:
    """The largest wall clock reading whose `_instant` is not after this instant.

    Equal to the reading of the clock on the wall, except that the clock "stands" while an hour happens again.
    """
    local = instant.astimezone(zone)
    reading = local.replace(tzinfo=None, fold=0)
    if not local.fold:
        return reading
    repeated = local.astimezone(UTC) - local.replace(fold=0).astimezone(UTC)
    started = _change_between(local.astimezone(UTC) - repeated, local.astimezone(UTC), zone)
    return started.astimezone(zone).replace(tzinfo=None, fold=0) + repeated - _TICK


def _change_between(early: datetime, late: datetime, zone: tzinfo) -> datetime:
    """The first second with the new offset, by halving. Both are UTC with different offsets in `zone`."""
    offset = early.astimezone(zone).utcoffset()
    low, high = early, late
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)
