"""Are we open? The one answer for every door: hours AND somebody present with capacity AND the language served.

Pure. A missing row, an error or a doubt is `unknown`, which callers treat as `paused` ("call us"), never as open.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from duty.hours import Published
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
    """Who is here. `loads`: running conversations of each; `last_available`: when anybody last was available."""

    present: tuple[Present, ...] = ()
    loads: Mapping[StaffId, int] = field(default_factory=dict)
    last_available: datetime | None = None

    @property
    def available(self) -> tuple[Present, ...]:
        """Those who take contacts."""
        return tuple(person for person in self.present if person.status is Status.available)

    @property
    def free(self) -> tuple[Present, ...]:
        """Those who could take one more now."""
        return tuple(person for person in self.available if self.loads.get(person.staff_id, 0) < person.capacity)


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


def availability(published: Published | None, crew: Crew, language: str, now: datetime) -> Availability:
    """What somebody writing `language` is told at `now`; pure."""
    if published is None:
        return UNKNOWN
    hours = published.hours.state_at(now)
    if hours.open:
        state = _while_open(published, crew, language, now, closes=hours.next_change)
    elif hours.next_change is not None and hours.next_change - now <= OPENING_SOON:
        state = State.opening_soon
    else:
        state = State.closed
    languages = frozenset[str]().union(*(person.languages for person in crew.available))
    return Availability(state, languages, hours.next_change, published.hours.zone)


def _while_open(published: Published, crew: Crew, language: str, now: datetime, *, closes: datetime | None) -> State:
    if published.paused or _nobody_for_long(published, crew, now):
        return State.paused
    if closes is not None and closes - now <= published.last_start:
        return State.closing if crew.free else State.full
    if not crew.free:
        return State.busy
    if any(language in person.languages for person in crew.free):
        return State.open
    return State.open_other_language


def _nobody_for_long(published: Published, crew: Crew, now: datetime) -> bool:
    if crew.available:
        return False
    if not published.hours.state_at(now - NOBODY_GRACE).open:
        return False  # just opened: somebody may be sitting down
    return crew.last_available is None or now - crew.last_available > NOBODY_GRACE
