"""Shifts: who answers where and when, in wall clock time, once or repeating (RFC 5545).

A shift has a first day (DTSTART, DTEND, TZID), perhaps a repetition (RRULE), and changes to single days: removed
(EXDATE), cancelled or different (RECURRENCE-ID). Times mean what the clock on the wall shows (`duty.wall_clock`): a
night shift from 22:00 to 07:00 ends at 07:00 also in the night when the clock changes, and is an hour shorter or longer.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NewType
from zoneinfo import ZoneInfo

from duty.repetition import Rule
from duty.wall_clock import instant_of
from storage.ids import StaffId

ShiftId = NewType("ShiftId", str)

#: On-call weeks are the longest shifts there are.
LONGEST = timedelta(days=7)
_DAY = timedelta(days=1)


class Channel(StrEnum):
    """Which door somebody answers."""

    chat = "chat"
    phone = "phone"
    both = "both"

    def serves(self, asked: "Channel") -> bool:
        """Whether a shift on this channel answers `asked`. For `both`: either will do."""
        return self is asked or Channel.both in {self, asked}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who, where, when. `starts` and `ends` are readings of the wall clock. `tier`: 1 is rung first."""

    staff_id: StaffId
    channel: Channel
    languages: frozenset[str]
    starts: datetime
    ends: datetime
    tier: int = 1

    def on(self, day: date) -> "Plan":
        """The same plan, beginning on another day."""
        starts = datetime.combine(day, self.starts.time())
        return replace(self, starts=starts, ends=starts + (self.ends - self.starts))


class Fate(StrEnum):
    """What happened to one day of a shift."""

    removed = "removed"  # was never meant: EXDATE
    cancelled = "cancelled"  # the person cannot come: STATUS:CANCELLED
    changed = "changed"  # another person, time or place


@dataclass(frozen=True, slots=True)
class Change:
    """What holds for one day instead. `plan` None: that of the shift."""

    fate: Fate
    plan: Plan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A shift as it is kept. `changes` by the day on which the shift would have begun.

    `version` counts edits; an edit names the version it was made on. `uid`: the name an imported calendar gave it.
    """

    id: ShiftId
    plan: Plan
    zone: ZoneInfo
    rule: Rule | None = None
    changes: Mapping[date, Change] = field(default_factory=dict)
    version: int = 1
    uid: str | None = None

    @property
    def first(self) -> date:
        """The first day."""
        return self.plan.starts.date()

    def begins_on(self, day: date) -> bool:
        """Whether `day` names an occurrence, also a cancelled or removed one."""
        return day == self.first if self.rule is None else self.rule.includes(self.first, day)

    def days(self, early: date, late: date) -> Iterator[date]:
        """The days that name occurrences, from `early` to `late`, both inclusive."""
        if self.rule is not None:
            return self.rule.days(self.first, early, late)
        return iter([self.first] if early <= self.first <= late else [])

    def occurrence(self, day: date) -> "Occurrence | None":
        """What happens on a day that names an occurrence; None: removed, or no such day."""
        return _occurrence(self, day, self.changes.get(day)) if self.begins_on(day) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One concrete shift. Half-open from `starts` to `ends` (UTC). `day` names it within its shift.

    `ends` may equal `starts`: all of it falls into the hour that spring skips. Cancelled ones serve nobody.
    """

    shift_id: ShiftId
    day: date
    version: int
    plan: Plan
    zone: ZoneInfo
    starts: datetime
    ends: datetime
    cancelled: bool = False

    @property
    def staff_id(self) -> StaffId:
        """Who answers."""
        return self.plan.staff_id


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody rostered now. `until`: when this shift ends (UTC)."""

    staff_id: StaffId
    tier: int
    languages: frozenset[str]
    until: datetime


def expand(shifts: Iterable[Shift], start: datetime, end: datetime) -> list[Occurrence]:
    """Every occurrence that touches the window from `start` to `end` (aware), cancelled ones too, in time order."""
    found = [
        occurrence
        for shift in shifts
        for occurrence in _of(shift, start, end)
        if occurrence.starts < end and (occurrence.ends > start or occurrence.starts >= start)
    ]
    return sorted(found, key=lambda one: (one.starts, one.ends, one.plan.tier, one.staff_id, one.shift_id, one.day))


def on_duty(
    occurrences: Iterable[Occurrence], now: datetime, channel: Channel, language: str | None = None
) -> tuple[OnDuty, ...]:
    """Who is rostered at `now`, each person once, lowest tier first; with a language, only those who speak it."""
    people: dict[StaffId, OnDuty] = {}
    for one in occurrences:
        plan = one.plan
        if one.cancelled or not one.starts <= now < one.ends or not plan.channel.serves(channel):
            continue
        if language is not None and language not in plan.languages:
            continue
        before = people.get(plan.staff_id)
        mine = OnDuty(plan.staff_id, plan.tier, plan.languages, one.ends)
        people[plan.staff_id] = mine if before is None else _joined(before, mine)
    return tuple(sorted(people.values(), key=lambda person: (person.tier, person.staff_id)))


def tiers(people: Iterable[OnDuty]) -> tuple[tuple[StaffId, ...], ...]:
    """Whom to ring together, tier after tier."""
    grouped: dict[int, list[StaffId]] = {}
    for person in people:
        grouped.setdefault(person.tier, []).append(person.staff_id)
    return tuple(tuple(grouped[tier]) for tier in sorted(grouped))


def reach(shift: Shift) -> tuple[datetime, datetime | None]:
    """The instants between which all of a shift lies, its changes included; None: it goes on for ever."""
    plans = [shift.plan, *(change.plan for change in shift.changes.values() if change.plan is not None)]
    begins = min(instant_of(plan.starts, shift.zone) for plan in plans)
    if shift.rule is not None:
        last = shift.rule.last(shift.first)
        if last is None:
            return begins, None
        plans.append(shift.plan.on(max(last, shift.first)))
    return begins, max(instant_of(plan.ends, shift.zone) for plan in plans)


def _joined(one: OnDuty, other: OnDuty) -> OnDuty:
    """Two shifts of a person at the same time."""
    return OnDuty(one.staff_id, min(one.tier, other.tier), one.languages | other.languages, max(one.until, other.until))


def _of(shift: Shift, start: datetime, end: datetime) -> Iterator[Occurrence]:
    """Occurrences that could touch the window: those of its days as planned, and those that were changed."""
    early = start.astimezone(shift.zone).date() - (shift.plan.ends - shift.plan.starts) - 2 * _DAY
    late = end.astimezone(shift.zone).date() + _DAY
    for day in shift.days(early, late):
        if day not in shift.changes:
            yield _made(shift, day, shift.plan.on(day))
    for day in shift.changes:
        occurrence = shift.occurrence(day)
        if occurrence is not None:
            yield occurrence


def _occurrence(shift: Shift, day: date, change: Change | None) -> Occurrence | None:
    if change is None:
        return _made(shift, day, shift.plan.on(day))
    if change.fate is Fate.removed:
        return None
    return _made(shift, day, change.plan or shift.plan.on(day), cancelled=change.fate is Fate.cancelled)


def _made(shift: Shift, day: date, plan: Plan, *, cancelled: bool = False) -> Occurrence:
    return Occurrence(
        shift_id=shift.id,
        day=day,
        version=shift.version,
        plan=plan,
        zone=shift.zone,
        starts=instant_of(plan.starts, shift.zone),
        ends=instant_of(plan.ends, shift.zone),
        cancelled=cancelled,
    )
