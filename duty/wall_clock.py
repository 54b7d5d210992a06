"""Wall clock readings and instants: one rule for opening hours and for shifts.

A reading (a `datetime` without zone) means the first moment at which the clock on the wall shows it or a later one
(after RFC 5545, 3.3.5, which says the same for the hour that happens twice):

- a reading that happens twice in autumn means its first occurrence;
- a reading that is skipped in spring means the moment of the change.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

_TICK = timedelta(microseconds=1)


class Doubt(StrEnum):
    """Why a reading is not one plain moment."""

    skipped = "skipped"
    twice = "twice"


def instant_of(reading: datetime, zone: tzinfo) -> datetime:
    """The instant (UTC) of a wall clock reading; never decreases when the reading grows."""
    instant = reading.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None, fold=0) == reading:
        return instant
    # A skipped reading was carried past the change by the old offset: go back to the change itself.
    before = reading.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _change_between(before, instant, zone)


def reading_at(instant: datetime, zone: tzinfo) -> datetime:
    """The largest wall clock reading whose `instant_of` is not after this instant.

    Equal to the reading of the clock on the wall, except that the clock "stands" while an hour happens again.
    """
    local = instant.astimezone(zone)
    reading = local.replace(tzinfo=None, fold=0)
    if not local.fold:
        return reading
    repeated = local.astimezone(UTC) - local.replace(fold=0).astimezone(UTC)
    started = _change_between(local.astimezone(UTC) - repeated, local.astimezone(UTC), zone)
    return started.astimezone(zone).replace(tzinfo=None, fold=0) + repeated - _TICK


def doubt(reading: datetime, zone: tzinfo) -> Doubt | None:
    """Whether a reading is skipped or happens twice in a zone; None: it is one plain moment."""
    first = reading.replace(tzinfo=zone, fold=0)
    if first.utcoffset() == reading.replace(tzinfo=zone, fold=1).utcoffset():
        return None
    shown = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0)
    return Doubt.twice if shown == reading else Doubt.skipped


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
