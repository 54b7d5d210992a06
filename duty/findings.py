"""What is wrong, or surprising, about hours: a code, the place to go to, and the values of its sentence.

Codes and values are for the screens, which have their own words in each language; `in_english` is for commands.

Places: `expression`, `rule:2` (the second rule of the text), `row:3:starts` (a field of the weekly editor),
`exception:<id>`, `day:2026-12-24`, `zone`, `country`, `last_start`, `valid_from`.
Values: days as 2026-12-24, weekdays as 0 (Monday) to 6, times as 13:00, the rest as it was typed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """`refuse`: cannot be published. `warn`: can, if it is meant."""

    refuse = "refuse"
    warn = "warn"


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark."""

    code: str
    place: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """Whether it stands in the way of publishing."""
        return _SENTENCES[self.code][0]

    def in_english(self) -> str:
        """One or two plain sentences for a shift lead."""
        return _SENTENCES[self.code][1].format_map(self.values)


def refusals(findings: Iterable[Finding]) -> list[Finding]:
    """Those that stand in the way."""
    return [finding for finding in findings if finding.severity is Severity.refuse]


_REFUSE, _WARN = Severity.refuse, Severity.warn
_SENTENCES: dict[str, tuple[Severity, str]] = {
    # what was typed
    "not_a_time": (_REFUSE, "“{typed}” is not a time. Write 13, 13.00, 1300 or 13:00."),
    "no_such_time": (_REFUSE, "There is no time “{typed}”: a day has 24 hours of 60 minutes."),
    "not_an_interval": (_REFUSE, "“{typed}” is not a start and an end. Write 9-11."),
    "starts_at_midnight": (_REFUSE, "24:00 is the end of a day. If it starts then, write 00:00 on the next day."),
    "no_length": (_REFUSE, "It starts and ends at {time}. For a whole day write 00:00 to 24:00."),
    "too_long": (
        _REFUSE,
        "{starts} to {ends} ends on the next day, {hours} hours later. If that is meant, write two rows: one until 24:00, one from 00:00 on the next day.",
    ),
    "overlap": (_REFUSE, "{one} and {other} overlap."),
    "rows_overlap": (_REFUSE, "Row {row} and row {other} overlap."),
    "not_a_language": (_REFUSE, "“{typed}” is not the code of a language."),
    # the text of the hours
    "not_understood": (_REFUSE, "{sentence}"),
    "text_too_long": (_REFUSE, "The text has {length} characters; at most {most} can be kept."),
    "school_holidays": (_REFUSE, "“{rule}”: nobody here knows the school holidays (SH). Write their dates."),
    "sun_times": (_REFUSE, "“{rule}”: times that follow the sun cannot be used. Write clock times."),
    "open_end": (_REFUSE, "“{rule}” has no end. Write one, for example 13:00-17:00."),
    "no_such_date": (_REFUSE, "“{rule}”: there is no {date} in any year."),
    "ends_before_start": (
        _REFUSE,
        "“{rule}”: {starts}-{ends} ends before it starts, so it lasts {hours} hours, until the next day. If that is meant, write two intervals: one until 24:00, one from 00:00 on the next day.",
    ),
    "whole_days": (_WARN, "“{rule}” has no times, so it is open day and night. If that is meant, write 00:00-24:00."),
    "perhaps": (_WARN, "“{rule}” says “perhaps”. Here, perhaps is closed."),
    "fallback": (_REFUSE, "“{rule}” stands behind “||”, which cannot be relied on. Write “;” instead."),
    "no_days_no_times": (_REFUSE, "“{rule}” names no days and no times: it would be open day and night."),
    "spelling": (_WARN, "{said}. It is understood all the same."),
    "comment_not_languages": (_WARN, "“{comment}” does not name languages (fi sv en): it is not used."),
    "rule_overlaps_itself": (_WARN, "“{rule}”: {one} and {other} overlap."),
    # what the rules do to each other
    "holidays_open": (
        _REFUSE,
        "“{rule}” should close public holidays, but a later rule opens them again, for example on {day}. Move it to the end.",
    ),
    "holidays_not_mentioned": (
        _WARN,
        "Public holidays are like other days, for example {day}. To close on them, add “; PH off” at the end.",
    ),
    "rule_without_effect": (_WARN, "“{rule}” changes nothing: a later rule replaces it, or its dates are over."),
    "hours_replaced": (
        _WARN,
        "“{other}” replaces “{rule}” on its days, for example on {day}, {starts}-{ends}. If both are meant, put a comma between the two rules, not a semicolon.",
    ),
    "night_cut": (
        _WARN,
        "The night that begins on {day} ends at 00:00 instead of {ends}: “{other}” replaces all of the next day.",
    ),
    "night_left_over": (
        _WARN,
        "On {day} it is open from 00:00 to {ends}: the end of a night whose beginning is closed.",
    ),
    # the calendar
    "never_open": (_REFUSE, "It is never open."),
    "closed_for_long": (_WARN, "Nothing is open for the next 14 days. It opens on {day} at {time}."),
    "time_skipped": (
        _WARN,
        "{day} at {time} does not exist: the clock is put forward. It means {means}.",
    ),
    "time_twice": (
        _WARN,
        "{day} at {time} happens twice: the clock is put back. It means the first time.",
    ),
    "margin_covers": (
        _WARN,
        "{day}, {starts}-{ends} is no longer than the last-start margin of {minutes} minutes: nobody could join the line.",
    ),
    "zone_elsewhere": (_WARN, "The time zone {zone} is not used in the country {country}."),
    # dated exceptions
    "days_reversed": (_REFUSE, "The last day, {last}, is before the first, {first}."),
    "days_too_many": (_REFUSE, "{first} to {last} is longer than a year."),
    "no_times": (_REFUSE, "Other or extra hours need times."),
    "times_when_closed": (_REFUSE, "A closed day has no times."),
    "exceptions_overlap": (_REFUSE, "This overlaps another exception, {first} to {last}. Change one of them."),
    "exception_over": (_WARN, "{last} is over: this changes nothing."),
    "closed_already": (_WARN, "{first} to {last} is closed anyway: this changes nothing."),
    "open_already": (_WARN, "{day}, {starts}-{ends} is open anyway: these extra hours overlap the usual ones."),
    "same_hours": (_WARN, "{first} to {last} is open at these times anyway: this changes nothing."),
    "night_before": (_WARN, "The night that begins on {day} still runs until {ends}. It belongs to the day before."),
    # versions
    "valid_from_over": (_REFUSE, "{day} {time} is over: hours can start now or later."),
    "cuts_interval": (_WARN, "The new hours start at {day} {time}, in the middle of {starts}-{ends}."),
    "nothing_changes": (_WARN, "These hours are the same as the published ones."),
}
CODES = frozenset(_SENTENCES)
