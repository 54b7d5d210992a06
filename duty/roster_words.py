"""Sentences about the roster, for shift leads. The catalogues of the screens translate `SENTENCES` and `PROBLEMS`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from duty.roster_checks import Problem, ProblemCode
from duty.roster_warnings import Code, RosterWarning
from duty.shifts import Channel
from storage.ids import StaffId

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CHANNELS = {Channel.chat: "chat", Channel.phone: "telephone", Channel.both: "chat and the telephone"}

SENTENCES: Mapping[Code, str] = {
    Code.phone_gap: "Nobody answers the telephone {when}.",
    Code.nobody_rostered: "The chat is open and nobody is rostered {when}.",
    Code.language_not_covered: "Nobody on the {channel} speaks {languages} {when}.",
    Code.person_left: "{person} does not work here any more but is rostered {when}. The shift does not count.",
    Code.person_without_access: "{person} has no access to contacts but is rostered {when}. The shift does not count.",
    Code.overlap: "{person} has two shifts at once {when}.",
    Code.short_rest: "{person} has only {rest} of rest, {when}. It should be 11 hours.",
    Code.holiday_unconfirmed: "{day} is a public holiday ({holiday}), and nobody has said whether we are open.",
    Code.time_skipped: "{person}'s shift {begins} on {day} at {reading}, which the clock skips. It counts from {meant}.",
    Code.time_twice: "{person}'s shift {begins} on {day} at {reading}, which happens twice. The first one counts.",
}

PROBLEMS: Mapping[ProblemCode, str] = {
    ProblemCode.person_unknown: "Choose who takes this shift.",
    ProblemCode.person_left: "{person} does not work here any more.",
    ProblemCode.person_without_access: "{person} has no access to contacts and cannot answer.",
    ProblemCode.no_language: "Choose at least one language.",
    ProblemCode.language_not_spoken: "{person} does not speak {languages}.",
    ProblemCode.tier_out_of_range: "Choose a step of the ladder from 1 to {most}.",
    ProblemCode.ends_before_start: "The shift ends before it begins: {when}.",
    ProblemCode.too_long: "A shift lasts 7 days at most; this one is {when}.",
    ProblemCode.not_whole_minutes: "Give times in whole minutes.",
    ProblemCode.too_far: "The first day, {day}, is too far away.",
    ProblemCode.interval_out_of_range: "Repeat after 1 to {most} days or weeks.",
    ProblemCode.count_out_of_range: "Repeat 1 to {most} times.",
    ProblemCode.until_and_count: "Say either the last day or how many times, not both.",
    ProblemCode.until_before_start: "The last day is before the first one, {day}.",
    ProblemCode.first_day_not_repeated: "The first day, {day}, is not one of the days on which the shift repeats.",
    ProblemCode.repeats_into_itself: "The shift would begin again before it has ended.",
    ProblemCode.no_such_day: "There is no such shift on {day}.",
    ProblemCode.days_decided: "Something was decided for {days}; with this change those days would be lost.",
    ProblemCode.already_over: "The shift on {day} is over.",
    ProblemCode.cancelled: "The shift on {day} is cancelled.",
    ProblemCode.not_yours: "The shift on {day} is not this person's.",
    ProblemCode.to_oneself: "A shift cannot be offered to the person who has it.",
    ProblemCode.already_offered: "The shift on {day} is on offer already.",
    ProblemCode.offered_to_another: "This shift is offered to somebody else.",
    ProblemCode.no_common_language: "{person} speaks none of the languages of this shift.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How to name what sentences are about: people, languages, and the zone of the clock on the wall."""

    zone: ZoneInfo
    names: Mapping[StaffId, str]
    languages: Mapping[str, str]

    def person(self, staff_id: StaffId | None) -> str:
        """The name to show."""
        return self.names.get(staff_id, "Somebody unknown") if staff_id is not None else "Nobody"

    def spoken(self, codes: Iterable[str]) -> str:
        """`Arabic, Finnish`."""
        return ", ".join(sorted(self.languages.get(code, code) for code in codes))

    def warning(self, one: RosterWarning) -> str:
        """A warning as a plain sentence."""
        starts, ends = one.starts.astimezone(self.zone), one.ends.astimezone(self.zone)
        reading = one.reading or starts
        return SENTENCES[one.code].format(
            when=stretch(starts, ends),
            person=self.person(one.staff_id),
            channel=_CHANNELS.get(one.channel or Channel.both, ""),
            languages=self.spoken(one.languages),
            rest=length(one.rest or timedelta()),
            day=on_day(one.day if one.reading is None and one.day is not None else reading),
            holiday=one.holiday,
            begins="ends" if one.at_end else "begins",
            reading=f"{reading:%H:%M}",
            meant=f"{starts:%H:%M}",
        )

    def problem(self, one: Problem) -> str:
        """A refusal as a plain sentence."""
        return PROBLEMS[one.code].format(
            person=self.person(one.staff_id),
            languages=self.spoken(one.languages),
            most=one.most,
            when="" if one.stretch is None else stretch(*one.stretch),
            day="" if not one.days else on_day(one.days[0]),
            days=", ".join(on_day(day) for day in one.days),
        )


def stretch(starts: datetime, ends: datetime) -> str:
    """`on Tue 24 Nov from 13:00 to 15:00`; with both days when they differ."""
    if starts.date() == ends.date():
        return f"on {on_day(starts)} from {starts:%H:%M} to {ends:%H:%M}"
    return f"from {on_day(starts)} {starts:%H:%M} to {on_day(ends)} {ends:%H:%M}"


def on_day(day: date) -> str:
    """`Tue 24 Nov 2026`."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def length(some: timedelta) -> str:
    """`8 h 30 min`."""
    hours, minutes = divmod(some // timedelta(minutes=1), 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
