"""The roster in words: shifts, how they repeat, refusals, warnings and the history (after `duty.roster_words`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode

from duty.repetition import Frequency, Rule
from duty.roster_checks import Problem
from duty.roster_history import Event
from duty.roster_warnings import Code, RosterWarning
from duty.shifts import Occurrence, Plan, ShiftId
from operator_ui.hours_words import EXCEPTIONS
from operator_ui.lead_words import LeadWords
from operator_ui.slips import Remark

ROSTER = "/desk/roster"
SHIFT = "/desk/lead/shift"
COVERAGE = "/desk/lead/coverage"
_FIELDS = {"day": "first"}


@dataclass(frozen=True, slots=True)
class WarningTold:
    """A warning in words. `href`: where to put it right."""

    text: str
    href: str
    severity: str


def plan_told(words: LeadWords, plan: Plan) -> str:
    """`Aino, chat, Tue 24 Nov 2026, 13:00-15:00 (Finnish)`."""
    where = words.say(f"channel.{plan.channel}")
    when = words.readings(plan.starts, plan.ends)
    return f"{words.person(plan.staff_id)}, {where}, {when} ({words.languages(plan.languages)})"


def span_told(words: LeadWords, occurrence: Occurrence) -> str:
    """`13:00-15:00`, with the day of the end when it is another."""
    starts, ends = occurrence.plan.starts, occurrence.plan.ends
    span = f"{words.time(starts)}–{words.time(ends)}"
    if ends.date() == starts.date():
        return span
    name = words.weekday(ends.weekday(), short=True)
    return f"{span} ({name if ends - starts < timedelta(days=6) else words.short_day(ends.date())})"


def rule_told(words: LeadWords, rule: Rule | None, first_weekday: int) -> str:
    """`every week on Tue, Thu until 24 Dec 2026`; empty: once."""
    if rule is None:
        return ""
    one = "" if rule.interval == 1 else "_nth"
    if rule.frequency is Frequency.daily:
        told = words.say(f"repeat.daily{one}", n=rule.interval)
    else:
        days = _weekdays(words, sorted(rule.weekdays or {first_weekday}))
        told = words.say(f"repeat.weekly{one}", n=rule.interval, days=days)
    if rule.until is not None:
        told = words.say("repeat.until", told=told, day=words.day(rule.until))
    if rule.count is not None:
        told = words.say("repeat.count", told=told, n=rule.count)
    return told


def _weekdays(words: LeadWords, days: list[int]) -> str:
    """`Mon-Fri, Sun`; two in a row stay apart."""
    told = []
    for _, run in groupby(enumerate(days), key=lambda pair: pair[1] - pair[0]):
        names = [words.weekday(day, short=True) for _, day in run]
        told += [f"{names[0]}–{names[-1]}"] if len(names) > 2 else names
    return ", ".join(told)


def problems_told(words: LeadWords, problems: Iterable[Problem]) -> list[Remark]:
    """Refusals, each with the field it is about."""
    found = []
    for one in problems:
        text = words.say(
            f"problem.{one.code}",
            person=words.person(one.staff_id),
            languages=words.languages(one.languages),
            most=one.most,
            when="" if one.stretch is None else words.readings(*one.stretch),
            day="" if not one.days else words.day(one.days[0]),
            days=", ".join(words.day(day) for day in one.days),
        )
        place = _FIELDS.get(one.place, one.place)
        found.append(Remark(text, place, f"#{place}", refuse=True))
    return found


def warning_told(words: LeadWords, one: RosterWarning) -> WarningTold:
    """A warning as a sentence, and where to go."""
    starts, ends = words.at(one.starts), words.at(one.ends)
    reading = one.reading or starts
    text = words.say(
        _key(one),
        when=words.readings(starts, ends),
        person=words.person(one.staff_id),
        languages=words.languages(one.languages),
        rest=length_told(words, one.rest or timedelta()),
        day=words.day(one.day if one.reading is None and one.day is not None else reading.date()),
        reading=words.time(reading),
        meant=words.time(starts),
    )
    return WarningTold(text, _href(words, one), one.severity)


def event_told(words: LeadWords, event: Event) -> str:
    """What somebody did, without who and when."""
    before = "" if event.before is None else _was(words, event.before.plan, event.before.rule)
    after = "" if event.after is None else _was(words, event.after.plan, event.after.rule)
    day = "" if event.day is None else words.day(event.day)
    return words.say(f"event.{event.action}", before=before, after=after or words.say("event.nobody"), day=day)


def length_told(words: LeadWords, some: timedelta) -> str:
    """`8 h 30 min`."""
    hours, minutes = divmod(some // timedelta(minutes=1), 60)
    return words.say("lead.hours_minutes", hours=hours, minutes=minutes)


def shift_address(shift_id: ShiftId, day: object) -> str:
    """Where one day of a shift is edited."""
    return f"{SHIFT}?{urlencode({'id': shift_id, 'day': str(day)})}"


def slot_id(at: datetime) -> str:
    """The id of a half hour in the table of its day."""
    return f"t-{at:%H}-{'00' if at.minute < 30 else '30'}"


def _key(one: RosterWarning) -> str:
    if one.code is Code.language_not_covered:
        return f"warning.language_not_covered_{one.channel or 'both'}"
    if one.at_end:
        return f"warning.{one.code}_end"
    return f"warning.{one.code}"


def _href(words: LeadWords, one: RosterWarning) -> str:
    if one.code is Code.holiday_unconfirmed:
        return f"{EXCEPTIONS}#holiday-{one.day}"
    if one.shift_id is not None and one.day is not None:
        return shift_address(one.shift_id, one.day)
    local = words.at(one.starts)
    return f"{COVERAGE}?day={local.date()}#{slot_id(local)}"


def _was(words: LeadWords, plan: Plan, rule: Rule | None) -> str:
    told = plan_told(words, plan)
    repeats = rule_told(words, rule, plan.starts.weekday())
    return f"{told}, {repeats}" if repeats else told
