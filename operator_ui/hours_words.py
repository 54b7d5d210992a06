"""Findings, versions, exceptions and the history of the hours, as sentences with a place to go to."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from duty.clock_times import TimeNotUnderstood, read_intervals
from duty.dated_exceptions import DatedException, Kind
from duty.hours import HoursNotUnderstood, OpeningHours, zone_named
from duty.hours_history import Action, Deed
from duty.rule_text import rules
from duty.week import WEEKDAYS, Row, read_week
from operator_ui.hours_form import HoursForm
from operator_ui.lead_words import LeadWords
from operator_ui.slips import Remark, Slip

EXCEPTIONS = "/desk/lead/exceptions"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TIME = re.compile(r"([0-9]{2}):([0-9]{2})", re.ASCII)
_WEEKDAY = re.compile("|".join(WEEKDAYS))


def remarks(words: LeadWords, slips: Iterable[Slip], form: HoursForm | None = None, page: str = "") -> list[Remark]:
    """Slips in words. `form`: the weekly editor's; `page`: where its fields are, when not on this page."""
    found: list[Remark] = []
    for slip in slips:
        told = _with_rows(slip, form.rows) if form is not None else slip
        text = words.say(told.key, **values_told(words, told.values))
        field = field_of(slip, form)
        href = f"{EXCEPTIONS}#{field}" if field.startswith("exception-") else f"{page}#{field}"
        remark = Remark(text, field, href, slip.refuse)
        if remark not in found:
            found.append(remark)
    return sorted(found, key=lambda one: not one.refuse)


def values_told(words: LeadWords, values: Mapping[str, str]) -> dict[str, str]:
    """Days and times as people write them here; the rest as it is."""
    return {name: _told(words, value) for name, value in values.items()}


def field_of(slip: Slip, form: HoursForm | None) -> str:
    """The id of the field that a place names."""
    kind, _, rest = slip.place.partition(":")
    if kind == "row":
        return f"row-{rest.replace(':', '-')}"
    if kind == "valid_from":
        return "valid_day"
    if kind == "exception":
        other = slip.values.get("id", "")
        return f"exception-{other}" if other else {"no_times": "times", "times_when_closed": "times"}.get(rest, "first")
    if kind in {"rule", "expression"} and form is not None and not form.as_text:
        return _field_of_rule(form, rest)
    return "expression" if kind == "rule" else kind


def week_told(words: LeadWords, hours: OpeningHours, now: datetime) -> list[str]:
    """Hours in lines a day, or the text when a week cannot say it."""
    week = read_week(hours, now)
    return words.week(week) if week is not None else [hours.expression]


def exception_told(words: LeadWords, one: DatedException) -> str:
    """`24 Dec 2026: closed`."""
    return words.say(
        f"exception.{one.kind}",
        days=_days(words, one.first, one.last),
        times=words.spans(one.times),
    ) + (f" ({words.languages(one.languages)})" if one.languages else "")


def deed_told(words: LeadWords, deed: Deed, now: datetime) -> str:
    """What somebody did, without who and when."""
    values = deed.values
    match deed.action:
        case Action.published | Action.withdrawn:
            return words.say(f"deed.{deed.action}", hours=_line(words, values, now), since=_since(words, values))
        case Action.exception_added | Action.exception_removed:
            return words.say(f"deed.{deed.action}", exception=exception_told(words, _exception(values)))
        case Action.holiday_confirmed:
            day = date.fromisoformat(values["day"])
            return words.say("deed.holiday_confirmed", day=words.day(day), hours=holiday_told(words, values["hours"]))
        case _:
            return words.say(f"deed.{deed.action}")


def holiday_told(words: LeadWords, hours: str) -> str:
    """`closed`, or the times."""
    if not hours:
        return words.say("exceptions.closed_then")
    try:
        return words.spans(read_intervals(hours))
    except TimeNotUnderstood:  # pieces that touch, or a night of many hours: say it as it was kept
        return hours


def _with_rows(slip: Slip, rows: Sequence[Row]) -> Slip:
    """Rows by what they say instead of their number."""
    numbers = {"row", "other"} if slip.key == "finding.rows_overlap" else set[str]()
    said = {name: _row(rows, value) if name in numbers else value for name, value in slip.values.items()}
    return replace(slip, values=said)


def _row(rows: Sequence[Row], number: str) -> str:
    row = rows[int(number) - 1]
    return f"{row.starts}–{row.ends}"


def _field_of_rule(form: HoursForm, number: str) -> str:
    if not number:
        return "week"
    found = rules(form.expression)
    selector = found[int(number) - 1].selector if int(number) <= len(found) else ""
    weekday = _WEEKDAY.search(selector)
    if "PH" in selector or weekday is None:
        return "holidays"
    return f"day-{WEEKDAYS.index(weekday[0])}"


def _told(words: LeadWords, value: str) -> str:
    if _DAY.fullmatch(value):
        return words.day(date.fromisoformat(value))
    time = _TIME.fullmatch(value)
    return words.clock(60 * int(time[1]) + int(time[2])) if time else value


def _days(words: LeadWords, first: date, last: date) -> str:
    return words.day(first) if first == last else f"{words.day(first)} – {words.day(last)}"


def _line(words: LeadWords, values: Mapping[str, str], now: datetime) -> str:
    try:
        hours = OpeningHours(values["expression"], zone_named(values["zone"]), values["country"])
    except HoursNotUnderstood:
        return values["expression"]
    week = read_week(hours, now)
    return words.week_line(week) if week is not None else values["expression"]


def _since(words: LeadWords, values: Mapping[str, str]) -> str:
    return words.instant(datetime.fromisoformat(values["valid_from"]))


def _exception(values: Mapping[str, str]) -> DatedException:
    return DatedException(
        kind=Kind(values["kind"]),
        first=date.fromisoformat(values["first"]),
        last=date.fromisoformat(values["last"]),
        times=read_intervals(values["times"]) if values["times"] else (),
        languages=frozenset(values["languages"].split()),
    )


def plain_reading(now: datetime, words: LeadWords) -> datetime:
    """The reading of the clock on the wall at an instant, for questions about a week."""
    return now.astimezone(words.zone).replace(tzinfo=None, second=0, microsecond=0)
