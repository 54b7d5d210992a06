"""The weekly editor's form: what is typed, from what is kept and back. Pure.

Whatever somebody typed comes back as it was typed; only what can be read becomes hours.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from duty.clock_times import DAY, TimeNotUnderstood, clock, read_interval, read_time
from duty.hours import HoursNotUnderstood, OpeningHours, zone_named
from duty.proposal import LAST_START, NewHours
from duty.wall_clock import instant_of
from duty.week import Row, Week, read_rows, read_week, week_text
from operator_ui.posted import Posted
from operator_ui.slips import Slip, slips_of

MOST_ROWS = 84
LONGEST_MARGIN = 240
_MINUTE = timedelta(minutes=1)
_MIDNIGHT = datetime.min.time()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursForm:
    """The fields. `revision`: of the draft it was made from, empty when there was none.

    `later`: in force from `valid_day` and `valid_time` on, else at once. `as_text`: the text counts, not the rows.
    """

    rows: tuple[Row, ...] = ()
    holidays_closed: bool = True
    last_start: str = str(LAST_START // _MINUTE)
    later: bool = False
    valid_day: str = ""
    valid_time: str = ""
    as_text: bool = False
    expression: str = ""
    zone: str
    country: str
    revision: str = ""
    typed_week: str = ""

    def with_rows(self, rows: Sequence[Row]) -> "HoursForm":
        """The same with other rows: every weekday keeps one to type into, days stay in order."""
        empty = [Row(day, "", "") for day in range(7) if all(row.weekday != day for row in rows)]
        return replace(self, rows=tuple(sorted([*rows, *empty], key=lambda row: row.weekday)[:MOST_ROWS]))

    def with_row(self, weekday: int) -> "HoursForm":
        """One more row on a day."""
        return self.with_rows([*self.rows, Row(weekday, "", "")])

    def without_row(self, number: int) -> "HoursForm":
        """Without the row of a number, counted from 1."""
        return self.with_rows([row for place, row in enumerate(self.rows, 1) if place != number])


def form_of(hours: NewHours, now: datetime, revision: str = "") -> HoursForm:
    """The form that shows some hours. `now`: a reading of the clock on the wall."""
    since = hours.valid_from.astimezone(hours.hours.zone) if hours.valid_from is not None else None
    form = HoursForm(
        last_start=str(hours.last_start // _MINUTE),
        later=since is not None,
        valid_day=f"{since:%Y-%m-%d}" if since is not None else "",
        valid_time=f"{since:%H:%M}" if since is not None else "",
        expression=hours.hours.expression,
        zone=hours.hours.zone.key,
        country=hours.hours.country,
        revision=revision,
    )
    week = read_week(hours.hours, now)
    return replace(form, as_text=True) if week is None else _filled(form, week)


def read_form(sent: Posted) -> HoursForm:
    """What was typed."""
    numbers = [number for number in range(1, MOST_ROWS + 1) if f"row-{number}-day" in sent]
    rows = [
        Row(
            weekday=int(day) if (day := sent.one(f"row-{number}-day")) in set("0123456") else 0,
            starts=sent.one(f"row-{number}-starts"),
            ends=sent.one(f"row-{number}-ends"),
            languages=frozenset(sent.all(f"row-{number}-languages")),
        )
        for number in numbers
    ]
    form = HoursForm(
        holidays_closed=sent.one("holidays") == "closed",
        last_start=sent.one("last_start"),
        later=sent.one("begin") == "later",
        valid_day=sent.one("valid_day"),
        valid_time=sent.one("valid_time"),
        as_text=sent.one("editing") == "text",
        expression=sent.one("expression"),
        zone=sent.one("zone"),
        country=sent.one("country").upper(),
        revision=sent.one("revision"),
        typed_week=sent.one("typed_week"),
    )
    return form.with_rows(rows)


def understood(form: HoursForm) -> tuple[NewHours | None, list[Slip]]:
    """The hours that a form says, or what is wrong with it."""
    text, wrong = _text(form)
    margin, late = _margin(form.last_start)
    hours, unread = _hours(text, form) if text is not None else (None, [])
    since, untimely = _since(form, hours)
    slips = [*wrong, *late, *unread, *untimely]
    if hours is None or margin is None or slips:
        return None, slips
    return NewHours(hours, margin, since), []


def as_text(form: HoursForm) -> HoursForm:
    """Go on with the text; what the rows say becomes the text when it can be read."""
    text, _ = _text(form)
    return replace(form, as_text=True, expression=text if text is not None else form.expression)


def as_table(form: HoursForm, now: datetime) -> HoursForm | None:
    """Go on with the rows; None: the text says more than rows can."""
    try:
        week = read_week(OpeningHours(form.expression, zone_named(form.zone), form.country), now)
    except HoursNotUnderstood:
        return None
    return None if week is None else _filled(replace(form, as_text=False), week)


def week_of(form: HoursForm) -> Week | None:
    """The week that the rows say; None: they cannot be read."""
    intervals, wrong = read_rows(form.rows)
    return None if wrong else Week(intervals, form.holidays_closed)


def night_of(row: Row) -> bool:
    """Whether a row, as far as it can be read, ends on the next day."""
    try:
        return read_interval(row.starts, row.ends).passes_midnight
    except TimeNotUnderstood:
        return False


def _filled(form: HoursForm, week: Week) -> HoursForm:
    rows = [
        Row(one.weekday, clock(one.interval.starts), clock(one.interval.ends), one.languages) for one in week.intervals
    ]
    return replace(form.with_rows(rows), holidays_closed=week.holidays_closed)


def _text(form: HoursForm) -> tuple[str | None, list[Slip]]:
    if form.as_text:
        return form.expression, []
    intervals, wrong = read_rows(form.rows)
    return (None, slips_of(wrong)) if wrong else (week_text(Week(intervals, form.holidays_closed)), [])


def _margin(typed: str) -> tuple[timedelta | None, list[Slip]]:
    minutes = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else -1
    if 0 <= minutes <= LONGEST_MARGIN:
        return minutes * _MINUTE, []
    return None, [Slip("slip.last_start", "last_start", {"most": str(LONGEST_MARGIN)})]


def _hours(text: str, form: HoursForm) -> tuple[OpeningHours | None, list[Slip]]:
    try:
        zone = zone_named(form.zone)
    except HoursNotUnderstood:
        return None, [Slip("slip.zone", "zone", {"typed": form.zone})]
    try:
        OpeningHours("24/7", zone, form.country)
    except HoursNotUnderstood:
        return None, [Slip("slip.country", "country", {"typed": form.country})]
    try:
        return OpeningHours(text, zone, form.country), []
    except HoursNotUnderstood:
        return None, [Slip("finding.not_understood", "expression")]


def _since(form: HoursForm, hours: OpeningHours | None) -> tuple[datetime | None, list[Slip]]:
    if not form.later or hours is None:
        return None, []
    day, wrong = read_day(form.valid_day, "valid_day")
    try:
        minutes = read_time(form.valid_time or "0")
    except TimeNotUnderstood as problem:
        return None, [*wrong, Slip(f"finding.{problem.code}", "valid_time", problem.values)]
    if day is None:
        return None, wrong
    return instant_of(datetime.combine(day, _MIDNIGHT) + min(minutes, DAY) * _MINUTE, hours.zone), []


def read_day(typed: str, place: str) -> tuple[date | None, list[Slip]]:
    """A day as `2026-11-24`, or as `24.11.2026` for browsers without a field for dates."""
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            day = datetime.strptime(typed.strip(), form).date()  # noqa: DTZ007 - a day, without a time
        except ValueError:
            continue
        if 2000 <= day.year <= 2199:
            return day, []
    return None, [Slip("slip.day", place, {"typed": typed})]
