"""What a shift lead should know about a roster before somebody finds a door unanswered (console.md, "Shift lead").

Pure. A warning is a code, where and when, and values; `duty.roster_words` makes it a sentence. Nothing is refused here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from duty.colleagues import Colleagues, Standing, able, standing
from duty.coverage import Gap, Need, gaps
from duty.shifts import LONGEST, Channel, Occurrence, Shift, ShiftId, expand
from duty.wall_clock import Doubt, doubt, instant_of
from storage.ids import StaffId

#: Between two working days (Directive 2003/88/EC, article 3; in Finland Act 872/2019, section 25).
REST = timedelta(hours=11)
#: A day with a pause in it is one working day as long as 11 of its 24 hours are left.
LONGEST_DAY = timedelta(hours=24) - REST


class Code(StrEnum):
    """What is wrong."""

    phone_gap = "phone_gap"
    nobody_rostered = "nobody_rostered"
    language_not_covered = "language_not_covered"
    person_left = "person_left"
    person_without_access = "person_without_access"
    overlap = "overlap"
    short_rest = "short_rest"
    holiday_unconfirmed = "holiday_unconfirmed"
    time_skipped = "time_skipped"
    time_twice = "time_twice"


class Severity(StrEnum):
    """How bad: somebody meets a closed door; somebody should act; good to know."""

    urgent = "urgent"
    act = "act"
    know = "know"


SEVERITIES: Mapping[Code, Severity] = {
    Code.phone_gap: Severity.urgent,
    Code.nobody_rostered: Severity.urgent,
    Code.language_not_covered: Severity.act,
    Code.person_left: Severity.act,
    Code.person_without_access: Severity.act,
    Code.overlap: Severity.act,
    Code.short_rest: Severity.act,
    Code.holiday_unconfirmed: Severity.act,
    Code.time_skipped: Severity.know,
    Code.time_twice: Severity.know,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterWarning:
    """One thing a lead should know. `starts`, `ends`: aware, the stretch concerned.

    `shift_id`, `day`: where to go to put it right. `languages`, `rest`, `reading` (with `at_end`), `holiday`: of some codes.
    """

    code: Code
    starts: datetime
    ends: datetime
    channel: Channel | None = None
    staff_id: StaffId | None = None
    shift_id: ShiftId | None = None
    day: date | None = None
    languages: frozenset[str] = frozenset()
    rest: timedelta | None = None
    reading: datetime | None = None
    at_end: bool = False
    holiday: str | None = None

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return SEVERITIES[self.code]


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday for which nobody has said whether we are open. `name` in the lead's language."""

    day: date
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a roster is held against."""

    needs: Sequence[Need]
    colleagues: Colleagues
    zone: ZoneInfo
    unconfirmed: Sequence[Holiday] = field(default=())


def roster_warnings(
    shifts: Iterable[Shift], around: Circumstances, start: datetime, end: datetime
) -> list[RosterWarning]:
    """Everything that begins or goes on between `start` and `end` (aware), the worst first, then in time order."""
    everything = [one for one in expand(shifts, start - LONGEST, end) if not one.cancelled]
    works = able(everything, around.colleagues)
    found = [
        *(_of_gap(gap) for gap in gaps(works, around.needs)),
        *_cannot_come(everything, around.colleagues, start),
        *_of_people(works),
        *_doubtful(works),
        *_holidays(around),
    ]
    order = list(Severity)
    inside = [one for one in found if one.starts < end and (one.ends > start or one.starts >= start)]
    return sorted(inside, key=lambda one: (order.index(one.severity), one.starts, one.code, one.staff_id or ""))


def _of_gap(gap: Gap) -> RosterWarning:
    code = Code.phone_gap if gap.channel is Channel.phone else Code.nobody_rostered
    return RosterWarning(
        code=Code.language_not_covered if gap.languages else code,
        starts=gap.starts,
        ends=gap.ends,
        channel=gap.channel,
        languages=gap.languages,
    )


def _about(
    one: Occurrence, code: Code, *, starts: datetime | None = None, ends: datetime | None = None
) -> RosterWarning:
    return RosterWarning(
        code=code,
        starts=starts or one.starts,
        ends=ends or one.ends,
        staff_id=one.staff_id,
        shift_id=one.shift_id,
        day=one.day,
    )


def _cannot_come(everything: Iterable[Occurrence], colleagues: Colleagues, start: datetime) -> Iterator[RosterWarning]:
    """The first day of each shift concerned: more would say the same again."""
    codes = {Standing.left: Code.person_left, Standing.without_access: Code.person_without_access}
    told: set[tuple[ShiftId, StaffId]] = set()
    for one in everything:
        code = codes.get(standing(colleagues, one.staff_id))
        if code is not None and one.ends > start and (one.shift_id, one.staff_id) not in told:
            told.add((one.shift_id, one.staff_id))
            yield _about(one, code)


def _of_people(works: Iterable[Occurrence]) -> Iterator[RosterWarning]:
    mine: dict[StaffId, list[Occurrence]] = {}
    for one in works:
        if one.starts < one.ends:
            mine.setdefault(one.staff_id, []).append(one)
    for shifts in mine.values():
        yield from _overlaps(shifts)
        yield from _short_rests(shifts)


def _overlaps(shifts: Sequence[Occurrence]) -> Iterator[RosterWarning]:
    busy_until = shifts[0].starts
    for one in shifts:
        if one.starts < busy_until:
            yield _about(one, Code.overlap, ends=min(one.ends, busy_until))
        busy_until = max(busy_until, one.ends)


def _short_rests(shifts: Sequence[Occurrence]) -> Iterator[RosterWarning]:
    """Pauses under 11 hours, except within one day that leaves 11 hours free (9-11 and 14-20)."""
    day, day_begins, ended = shifts[0].plan.starts.date(), shifts[0].starts, shifts[0].ends
    for one in shifts:
        same_day = one.plan.starts.date() == day
        if not same_day:
            day, day_begins = one.plan.starts.date(), one.starts
        rest = one.starts - ended
        fits_in_a_day = same_day and one.ends - day_begins <= LONGEST_DAY
        if timedelta() < rest < REST and not fits_in_a_day:
            yield replace(_about(one, Code.short_rest, starts=ended, ends=one.starts), rest=rest)
        ended = max(ended, one.ends)


def _doubtful(works: Iterable[Occurrence]) -> Iterator[RosterWarning]:
    codes = {Doubt.skipped: Code.time_skipped, Doubt.twice: Code.time_twice}
    for one in works:
        for reading, meant, at_end in ((one.plan.starts, one.starts, False), (one.plan.ends, one.ends, True)):
            found = doubt(reading, one.zone)
            if found is not None:
                warning = _about(one, codes[found], starts=meant, ends=meant)
                yield replace(warning, reading=reading, at_end=at_end)


def _holidays(around: Circumstances) -> Iterator[RosterWarning]:
    for holiday in around.unconfirmed:
        midnight = datetime.combine(holiday.day, time())
        yield RosterWarning(
            code=Code.holiday_unconfirmed,
            starts=instant_of(midnight, around.zone),
            ends=instant_of(midnight + timedelta(days=1), around.zone),
            day=holiday.day,
            holiday=holiday.name,
        )
