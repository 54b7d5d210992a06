"""The weekly editor's model: intervals of a week with languages, to and from `opening_hours` text.

The text is what counts (docs/decisions): a week is read from it, and is None when the text says more than a week can.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from duty.clock_times import DAY, Interval, TimeNotUnderstood, clock, read_interval, read_intervals, times_text
from duty.findings import Finding
from duty.hours import OpeningHours, languages_in
from duty.rule_text import Rule, rules

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_WEEK = 7 * DAY
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
_AFTER_HOLIDAY = re.compile(r"PH \+1 day 00:00-[0-9:]{5} off")
#: Long enough to meet every weekday, both clock changes and the holidays of a year.
_COMPARED = timedelta(days=380)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the editor as typed. `weekday`: Monday is 0. `languages`: codes; none means as spoken."""

    weekday: int
    starts: str
    ends: str
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class WeeklyInterval:
    """An interval that begins on a weekday (Monday is 0)."""

    weekday: int
    interval: Interval
    languages: frozenset[str] = frozenset()

    @property
    def starts(self) -> int:
        """Minutes since Monday 00:00."""
        return self.weekday * DAY + self.interval.starts

    @property
    def ends(self) -> int:
        """Minutes since Monday 00:00; may lie in the next week."""
        return self.weekday * DAY + self.interval.ends


@dataclass(frozen=True, slots=True)
class Week:
    """All intervals, in order, and whether public holidays are closed."""

    intervals: tuple[WeeklyInterval, ...]
    holidays_closed: bool = True


def read_rows(rows: Sequence[Row]) -> tuple[tuple[WeeklyInterval, ...], tuple[Finding, ...]]:
    """What the rows say, and what is wrong with which row (counted from 1). Empty rows are left out."""
    found: list[tuple[int, WeeklyInterval]] = []
    wrong: list[Finding] = []
    for number, row in enumerate(rows, 1):
        if not row.starts.strip() and not row.ends.strip():
            continue
        try:
            found.append((number, WeeklyInterval(row.weekday, read_interval(row.starts, row.ends), row.languages)))
        except TimeNotUnderstood as problem:
            typed = problem.values.get("typed")
            field = "starts" if typed == row.starts.strip() or problem.code == "starts_at_midnight" else "ends"
            wrong.append(Finding(problem.code, f"row:{number}:{field}", problem.values))
        wrong += [
            Finding("not_a_language", f"row:{number}:languages", {"typed": code})
            for code in sorted(row.languages)
            if not _LANGUAGE.fullmatch(code)
        ]
    for place, (number, one) in enumerate(found):
        wrong += [
            Finding("rows_overlap", f"row:{later}:starts", {"row": str(number), "other": str(later)})
            for later, other in found[place + 1 :]
            if _overlap(one, other)
        ]
    return tuple(sorted((interval for _, interval in found), key=_order)), tuple(wrong)


def week_text(week: Week) -> str:
    """The week as `opening_hours` text.

    Rules are joined with commas, which add: a semicolon would end Friday's night at 00:00 wherever Saturday has hours
    too. The evaluator leaves the morning of a night whose beginning fell on a holiday: the last rule closes it, unless
    other intervals begin so early.
    """
    days: dict[str, list[int]] = {}
    for weekday in range(7):
        said: dict[str, list[Interval]] = {}
        for one in week.intervals:
            if one.weekday == weekday:
                said.setdefault(" ".join(sorted(one.languages)), []).append(one.interval)
        for languages, intervals in said.items():
            comment = f' "{languages}"' if languages else ""
            days.setdefault(times_text(tuple(sorted(intervals))) + comment, []).append(weekday)
    text = ", ".join(f"{_days_text(weekdays)} {body}" for body, weekdays in days.items()) or "24/7 off"
    if not week.holidays_closed or not week.intervals:
        return text
    morning = max(one.interval.ends for one in week.intervals) - DAY
    if morning <= 0 or any(one.interval.starts < morning for one in week.intervals):
        return f"{text}; PH off"
    return f"{text}; PH off; PH +1 day 00:00-{clock(morning)} off"


def read_week(hours: OpeningHours, now: datetime) -> Week | None:
    """The week that a text says, or None when the editor cannot show all of it. `now`: any reading (no zone)."""
    plain = [rule for rule in rules(hours.expression) if rule.text != "24/7 off"]
    endings = [rule for rule in plain if rule.text == "PH off" or _AFTER_HOLIDAY.fullmatch(rule.text)]
    found: list[WeeklyInterval] = []
    for rule in plain:
        if rule not in endings:
            intervals = _weekly(rule)
            if intervals is None:
                return None
            found += intervals
    week = Week(tuple(sorted(found, key=_order)), holidays_closed=bool(endings))
    if any(_overlap(one, other) for n, one in enumerate(week.intervals) for other in week.intervals[n + 1 :]):
        return None
    again = OpeningHours(week_text(week), hours.zone, hours.country)
    start = now.replace(hour=0, minute=0, second=0, microsecond=0)
    same = list(hours.readings(start, start + _COMPARED)) == list(again.readings(start, start + _COMPARED))
    return week if same else None


def _weekly(rule: Rule) -> list[WeeklyInterval] | None:
    if rule.text == "24/7":
        return [WeeklyInterval(weekday, Interval(0, DAY)) for weekday in range(7)]
    weekdays = _weekdays(rule.selector)
    if weekdays is None or not rule.opens or (rule.comment and not languages_in(rule.comment)):
        return None
    try:
        intervals = read_intervals(rule.times)
    except TimeNotUnderstood:
        return None
    languages = languages_in(rule.comment)
    return [WeeklyInterval(weekday, interval, languages) for weekday in weekdays for interval in intervals]


def _weekdays(selector: str) -> list[int] | None:
    found: list[int] = []
    for part in selector.split(",") if selector else ["Mo-Su"]:
        ends = part.strip().split("-")
        if len(ends) > 2 or any(end not in WEEKDAYS for end in ends):
            return None
        first, last = WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1])
        found += [day % 7 for day in range(first, last + 1 + (7 if last < first else 0))]
    return found


def _days_text(weekdays: Iterable[int]) -> str:
    """`Mo-We,Fr`."""
    runs: list[list[int]] = []
    for weekday in weekdays:
        if runs and weekday == runs[-1][-1] + 1:
            runs[-1].append(weekday)
        else:
            runs.append([weekday])
    return ",".join(WEEKDAYS[run[0]] + (f"-{WEEKDAYS[run[-1]]}" if len(run) > 1 else "") for run in runs)


def _overlap(one: WeeklyInterval, other: WeeklyInterval) -> bool:
    return any(one.starts + shift < other.ends and other.starts < one.ends + shift for shift in (-_WEEK, 0, _WEEK))


def _order(one: WeeklyInterval) -> tuple[int, int]:
    return one.starts, one.ends
