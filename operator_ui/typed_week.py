"""A whole week in one line, as leads say it: `Tue 13-15, Thu 9-11 and 14-20, Fri 21-02`. Pure."""

import re
from collections.abc import Mapping

from babel.dates import get_day_names

from duty.clock_times import TimeNotUnderstood, clock, read_intervals
from duty.week import WEEKDAYS, Row

_WORD = re.compile(r"[^\W\d_]+\.?")
_AND = re.compile(r"(?:[\s,;&/+]|\b(?:and|ja|och)\b)*", re.IGNORECASE)
_UNTIL = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")
_AT_ENDS = re.compile(r"^(?:[\s,;:&]|\b(?:and|ja|och|klo|kl)\b\.?)+|(?:[\s,;&.]|\b(?:and|ja|och)\b)+$", re.IGNORECASE)


def read_typed_week(typed: str, language: str) -> tuple[Row, ...]:
    """Rows of the editor. Days are named in `language`, in English or as `Tu`. Raises `TimeNotUnderstood`."""
    known = _day_names(language)
    days = [found for found in _WORD.finditer(typed) if found[0].rstrip(".").lower() in known]
    if not days or _AND.fullmatch(typed, 0, days[0].start()) is None:
        raise TimeNotUnderstood("no_day", typed=typed[: days[0].start()].strip() if days else typed.strip())
    rows: list[Row] = []
    group: list[int] = []
    until = False
    for number, found in enumerate(days):
        weekday = known[found[0].rstrip(".").lower()]
        group += _through(group.pop(), weekday) if until else [weekday]
        between = typed[found.end() : days[number + 1].start() if number + 1 < len(days) else len(typed)]
        until = _UNTIL.fullmatch(between) is not None
        last = number + 1 == len(days)
        if until or (_AND.fullmatch(between) is not None and not last):
            continue
        for interval in read_intervals(_AT_ENDS.sub("", between)):
            rows += [Row(one, clock(interval.starts), clock(interval.ends)) for one in group]
        group = []
    return tuple(sorted(rows, key=lambda row: (row.weekday, row.starts)))


def _through(first: int, last: int) -> list[int]:
    return [day % 7 for day in range(first, last + 1 + (7 if last < first else 0))]


def _day_names(language: str) -> Mapping[str, int]:
    names = {code.lower(): weekday for weekday, code in enumerate(WEEKDAYS)} if language == "en" else {}
    for tongue in ("en", language):
        for width in ("wide", "abbreviated", "short"):
            for form in ("format", "stand-alone"):
                for weekday, name in get_day_names(width, form, tongue).items():
                    names[name.rstrip(".").lower()] = weekday
    names |= {"tues": 1, "thur": 3, "thurs": 3, "weds": 2}
    return names
