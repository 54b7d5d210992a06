"""What visitors will see, worked out before it is so: the same function that answers them, at a simulated clock. Pure.

A preview assumes that promises are kept: while open, somebody is free who writes the languages of that interval.
`chat.sentences` turns what is shown into the sentence of the live page.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from duty.availability import OPENING_SOON, Availability, Crew, InForce, Present, Status, availability
from duty.timeline import Stretch, Timeline
from storage.ids import StaffId

PREVIEWED = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody reads from `at` on (UTC). Relative times in the sentence are those of `at`."""

    at: datetime
    availability: Availability


def shown_at(timeline: Timeline, language: str, at: datetime, spoken: frozenset[str]) -> Shown:
    """What somebody reads at one instant. `spoken`: who answers an interval without languages writes these."""
    stretch = timeline.at(at)
    promised = (stretch.languages_at(at) or spoken) if stretch is not None else spoken
    crew = Crew((Present(StaffId("preview"), Status.available, 1, promised),))
    return Shown(at, availability(InForce(timeline), crew, language, at))


def preview(
    timeline: Timeline, language: str, start: datetime, end: datetime, spoken: frozenset[str]
) -> tuple[Shown, ...]:
    """What is shown at `start`, and at every instant until `end` at which it becomes something else."""
    shown = [shown_at(timeline, language, at, spoken) for at in turns(timeline, start, end)]
    return tuple(
        one
        for before, one in pairwise([None, *shown])
        if one is not None and (before is None or before.availability != one.availability)
    )


def turns(timeline: Timeline, start: datetime, end: datetime) -> list[datetime]:
    """`start`, and the instants before `end` at which time alone may change what is shown."""
    found = {start}
    for stretch in timeline.stretches:
        found.add(stretch.opens - OPENING_SOON)
        found.add(max(stretch.closes - stretch.last_start, stretch.opens))
        found.update(edge for piece in stretch.pieces for edge in (piece.opens, piece.closes))
    return sorted(at for at in found if start <= at < end)


class Differs(StrEnum):
    """What new hours do to a piece of time."""

    opens = "opens"
    closes = "closes"
    languages = "languages"
    last_start = "last_start"


@dataclass(frozen=True, slots=True)
class Difference:
    """From `starts` to `ends` (UTC, half-open) the new hours differ from the old."""

    differs: Differs
    starts: datetime
    ends: datetime


def differences(old: Timeline, new: Timeline, start: datetime, end: datetime) -> tuple[Difference, ...]:
    """Where new hours differ, in order, as long as possible."""
    edges = sorted({start, end, *turns(old, start, end), *turns(new, start, end)})
    found: list[Difference] = []
    for starts, ends in pairwise(edges):
        differs = _differs(old, new, starts)
        if differs is None:
            continue
        last = found[-1] if found else None
        if last is not None and last.differs is differs and last.ends == starts:
            found[-1] = replace(last, ends=ends)
        else:
            found.append(Difference(differs, starts, ends))
    return tuple(found)


def _differs(old: Timeline, new: Timeline, at: datetime) -> Differs | None:
    before, after = old.at(at), new.at(at)
    if before is None or after is None:
        return None if before is after else Differs.opens if before is None else Differs.closes
    if before.languages_at(at) != after.languages_at(at):
        return Differs.languages
    return Differs.last_start if _in_margin(before, at) is not _in_margin(after, at) else None


def _in_margin(stretch: Stretch, at: datetime) -> bool:
    return stretch.closes - at <= stretch.last_start
