"""Are we open? The one answer for every door: hours AND somebody present with capacity AND the language served.

Pure. A missing row, an error or a doubt is `unknown`, which callers treat as `paused` ("call us"), never as open.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from duty.line import NOBODY_WAITS, Line
from duty.timeline import Stretch, Timeline
from storage.ids import StaffId

OPENING_SOON = timedelta(minutes=30)
#: How long the hours may say "open" with nobody there before we say so.
NOBODY_GRACE = timedelta(minutes=2)


class State(StrEnum):
    """What a visitor is told (chat.md section 1)."""

    closed = "closed"
    opening_soon = "opening_soon"
    open = "open"
    open_other_language = "open_other_language"
    busy = "busy"
    full = "full"
    closing = "closing"
    paused = "paused"
    unknown = "unknown"


_UTC = ZoneInfo("UTC")
_ADMITTING = frozenset({State.open, State.open_other_language, State.busy, State.closing})


class Status(StrEnum):
    """What a person at the desk has said about themself."""

    available = "available"
    break_ = "break"
    away = "away"


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody whose desk is alive. `capacity`: conversations at once."""

    staff_id: StaffId
    status: Status
    capacity: int
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Crew:
    """Who is here. `loads`: running conversations and offers of each; `last_available`: when anybody last was.

    Worked out once: `available`, those who take contacts; `room`, how many more they could take now; `languages`, what
    the available write; `free_languages`, what those with room write.
    """

    present: tuple[Present, ...] = ()
    loads: Mapping[StaffId, int] = field(default_factory=dict)
    last_available: datetime | None = None
    available: tuple[Present, ...] = field(init=False, compare=False)
    room: int = field(init=False, compare=False)
    languages: frozenset[str] = field(init=False, compare=False)
    free_languages: frozenset[str] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        available = tuple(person for person in self.present if person.status is Status.available)
        room = {person: max(person.capacity - self.loads.get(person.staff_id, 0), 0) for person in available}
        none: frozenset[str] = frozenset()
        object.__setattr__(self, "available", available)
        object.__setattr__(self, "room", sum(room.values()))
        object.__setattr__(self, "languages", none.union(*(person.languages for person in available)))
        object.__setattr__(self, "free_languages", none.union(*(one.languages for one, left in room.items() if left)))


@dataclass(frozen=True, slots=True)
class InForce:
    """The hours of one service, and what stands in their way. `paused`: by a lead; `fault`: by ourselves."""

    timeline: Timeline
    paused: bool = False
    fault: bool = False


@dataclass(frozen=True, slots=True)
class Availability:
    """The answer. `languages`: written by those available now; `next_change`: when the hours change (UTC)."""

    state: State
    languages: frozenset[str] = frozenset()
    next_change: datetime | None = None
    zone: ZoneInfo = _UTC

    @property
    def admits(self) -> bool:
        """Whether somebody new may start."""
        return self.state in _ADMITTING


UNKNOWN = Availability(State.unknown)


def availability(
    in_force: InForce | None, crew: Crew, language: str, now: datetime, line: Line = NOBODY_WAITS
) -> Availability:
    """What somebody writing `language` is told at `now` (aware); pure. Raises `OutsideTimeline`."""
    if in_force is None:
        return UNKNOWN
    timeline = in_force.timeline
    stretch = timeline.at(now)
    if stretch is None:
        following = timeline.next_after(now)
        change = following.opens if following is not None else None
        state = _while_closed(in_force, change, now)
    else:
        change = timeline.closes(stretch)
        left = change - now if change is not None else None
        if in_force.paused or in_force.fault or _nobody_for_long(stretch, crew, now):
            state = State.paused
        else:
            state = _while_staffed(crew, language, line, left=left, last_start=stretch.last_start)
    return Availability(state, crew.languages, change, timeline.zone_at(now))


def _while_closed(in_force: InForce, opens: datetime | None, now: datetime) -> State:
    if opens is None or opens - now > OPENING_SOON:
        return State.closed
    return State.paused if in_force.paused else State.opening_soon


def _while_staffed(crew: Crew, language: str, line: Line, *, left: timedelta | None, last_start: timedelta) -> State:
    """`left`: time until closing; None: no closing in sight."""
    somebody_free = crew.room > line.waiting  # those who wait come first
    if left is not None and left <= last_start:
        return State.closing if somebody_free else State.full
    if not somebody_free:
        return State.full if left is not None and line.too_long_for(left) else State.busy
    return State.open if language in crew.free_languages else State.open_other_language


def _nobody_for_long(stretch: Stretch, crew: Crew, now: datetime) -> bool:
    if crew.available:
        return False
    if now - stretch.opens < NOBODY_GRACE:
        return False  # just opened: somebody may be sitting down
    return crew.last_available is None or now - crew.last_available > NOBODY_GRACE
