"""The form of a shift: what is typed, from what is kept and back. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from duty.clock_times import DAY, TimeNotUnderstood, read_time
from duty.repetition import Frequency, Rule
from duty.roster_checks import Draft
from duty.shifts import Channel, Occurrence, Plan, Shift
from operator_ui.hours_form import read_day
from operator_ui.posted import Posted
from operator_ui.slips import Slip
from storage.ids import StaffId

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


class Scope(StrEnum):
    """How much of a repeating shift an edit is about."""

    day = "day"
    following = "following"
    whole = "whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftForm:
    """The fields. `id`, `day` and `version`: of the shift and its day that are edited; empty: a new one.

    `last` empty: it ends on the first day, or on the next when it ends before it starts. `repeat`: none, daily, weekly.
    """

    id: str = ""
    day: str = ""
    version: str = ""
    scope: str = Scope.day
    person: str = ""
    channel: str = Channel.chat
    languages: Sequence[str] = field(default=())
    tier: str = "1"
    first: str = ""
    starts: str = ""
    last: str = ""
    ends: str = ""
    repeat: str = "none"
    interval: str = "1"
    weekdays: Sequence[str] = field(default=())
    until: str = ""
    count: str = ""


def read_shift_form(sent: Posted) -> ShiftForm:
    """What was typed."""
    several = {"languages", "weekdays"}
    names = [name for name in ShiftForm.__dataclass_fields__ if name not in several]
    return ShiftForm(
        **{name: sent.one(name) for name in names},
        languages=tuple(sent.all("languages")),
        weekdays=tuple(sent.all("weekdays")),
    )


def form_of_day(shift: Shift, occurrence: Occurrence) -> ShiftForm:
    """The form that shows one day of a shift, with how it repeats."""
    plan, rule = occurrence.plan, shift.rule
    ends_next = plan.ends.date() - plan.starts.date() == _DAY and plan.ends.time() <= plan.starts.time()
    shown_last = plan.ends.date() != plan.starts.date() and not ends_next
    return ShiftForm(
        id=shift.id,
        day=occurrence.day.isoformat(),
        version=str(shift.version),
        scope=Scope.day if rule is not None else Scope.whole,
        person=plan.staff_id,
        channel=plan.channel,
        languages=tuple(sorted(plan.languages)),
        tier=str(plan.tier),
        first=plan.starts.date().isoformat(),
        starts=f"{plan.starts:%H:%M}",
        last=plan.ends.date().isoformat() if shown_last else "",
        ends=f"{plan.ends:%H:%M}",
        repeat=rule.frequency if rule is not None else "none",
        interval=str(rule.interval) if rule is not None else "1",
        weekdays=tuple(str(day) for day in sorted(rule.weekdays)) if rule is not None else (),
        until=rule.until.isoformat() if rule is not None and rule.until is not None else "",
        count=str(rule.count) if rule is not None and rule.count is not None else "",
    )


def draft_of(form: ShiftForm, zone: ZoneInfo) -> tuple[Draft | None, list[Slip]]:
    """The shift that a form says, or what cannot be read."""
    channel = next((one for one in Channel if one == form.channel), None)
    tier, wrong = _number(form.tier, "tier")
    slips = [*([] if channel is not None else [Slip("slip.channel", "channel")]), *wrong]
    stretch, untimely = _stretch(form)
    rule, unruly = _rule(form)
    slips += [*untimely, *unruly]
    if slips or channel is None or stretch is None or tier is None:
        return None, slips
    plan = Plan(
        staff_id=StaffId(form.person),
        channel=channel,
        languages=frozenset(form.languages),
        starts=stretch[0],
        ends=stretch[1],
        tier=tier,
    )
    return Draft(plan=plan, zone=zone, rule=rule), []


def _stretch(form: ShiftForm) -> tuple[tuple[datetime, datetime] | None, list[Slip]]:
    first, slips = read_day(form.first, "first")
    starts, late = _time(form.starts, "starts")
    ends, never = _time(form.ends, "ends")
    last, undated = read_day(form.last, "last") if form.last else (first, [])
    slips = [*slips, *late, *never, *undated]
    if slips or first is None or last is None or starts is None or ends is None:
        return None, slips
    begin, end = _reading(first, starts), _reading(last, ends)
    if not form.last and end <= begin:
        end += _DAY
    return (begin, end), []


def _rule(form: ShiftForm) -> tuple[Rule | None, list[Slip]]:
    if form.repeat not in set(Frequency):
        return None, []
    interval, slips = _number(form.interval, "interval")
    until, undated = read_day(form.until, "until") if form.until else (None, [])
    count, uncounted = _number(form.count, "count") if form.count else (None, [])
    slips = [*slips, *undated, *uncounted]
    if slips or interval is None:
        return None, slips
    weekdays = frozenset(int(day) for day in form.weekdays if day in set("0123456"))
    weekly = form.repeat == Frequency.weekly
    return Rule(
        frequency=Frequency(form.repeat),
        interval=interval,
        weekdays=weekdays if weekly else frozenset(),
        until=until,
        count=count,
    ), []


def _reading(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time()) + minutes * _MINUTE


def _time(typed: str, place: str) -> tuple[int | None, list[Slip]]:
    try:
        minutes = read_time(typed)
    except TimeNotUnderstood as problem:
        return None, [Slip(f"finding.{problem.code}", place, problem.values)]
    if minutes == DAY and place == "starts":
        return None, [Slip("finding.starts_at_midnight", place)]
    return minutes, []


def _number(typed: str, place: str) -> tuple[int | None, list[Slip]]:
    if typed.isascii() and typed.isdigit() and len(typed) < 5:
        return int(typed), []
    return None, [Slip("slip.number", place, {"typed": typed})]
