"""Remarks about a dated exception, against what is published. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from duty.dated_exceptions import DatedException, Kind
from duty.findings import Finding
from duty.hours import OpenReadings
from duty.lint_calendar import doubts
from duty.timetable import Timetable, on_day

_DAY = timedelta(days=1)
_LONGEST = timedelta(days=366)
_PLACE = "exception:new"

_Days = dict[date, tuple[OpenReadings, ...]]


def lint_exception(new: DatedException, timetable: Timetable, now: datetime) -> list[Finding]:
    """Remarks about an exception that is not kept yet."""
    span = {"first": new.first.isoformat(), "last": new.last.isoformat()}
    if new.last < new.first:
        return [Finding("days_reversed", _PLACE, span)]
    if new.last - new.first >= _LONGEST:
        return [Finding("days_too_many", _PLACE, span)]
    if (new.kind is Kind.closed) == bool(new.times):
        return [Finding("times_when_closed" if new.times else "no_times", _PLACE)]
    overlapping = [one for one in timetable.exceptions if _overlap(one, new)]
    if overlapping:
        return [
            Finding("exceptions_overlap", _PLACE, {"first": f"{one.first}", "last": f"{one.last}", "id": one.id})
            for one in overlapping
        ]
    return list(_remarks(new, timetable, now, span))


def _remarks(new: DatedException, timetable: Timetable, now: datetime, span: dict[str, str]) -> Iterator[Finding]:
    zone = (timetable.in_force(now) or timetable.versions[0]).hours.zone
    if new.last < now.astimezone(zone).date():
        yield Finding("exception_over", _PLACE, span)
    changed = replace(timetable, exceptions=(*timetable.exceptions, new))
    days = [new.first + n * _DAY for n in range((new.last - new.first).days + 1)]
    before, after = {day: timetable.on(day) for day in days}, {day: changed.on(day) for day in days}
    if before == after:
        yield Finding("closed_already" if new.kind is Kind.closed else "same_hours", _PLACE, span)
    if new.kind is Kind.extra:
        yield from _open_already(new, before)
    else:
        yield from _night_before(new, timetable)
    times = [on_day(day, interval) for day in days for interval in new.times]
    yield from doubts(times, zone, _PLACE)


def _open_already(new: DatedException, before: _Days) -> Iterator[Finding]:
    for day, usual in before.items():
        for interval in new.times:
            extra = on_day(day, interval)
            if any(one.starts < extra.ends and extra.starts < one.ends for one in usual):
                times = {"starts": f"{extra.starts:%H:%M}", "ends": f"{extra.ends:%H:%M}"}
                yield Finding("open_already", _PLACE, {"day": day.isoformat(), **times})
                return


def _night_before(new: DatedException, timetable: Timetable) -> Iterator[Finding]:
    day = new.first - _DAY
    midnight = datetime.combine(new.first, datetime.min.time())
    for one in timetable.on(day):
        if one.ends > midnight:
            yield Finding("night_before", _PLACE, {"day": day.isoformat(), "ends": f"{one.ends:%H:%M}"})


def _overlap(one: DatedException, other: DatedException) -> bool:
    """Whether two exceptions contradict each other; two extra hours only where their times do."""
    if one.last < other.first or other.last < one.first:
        return False
    if not one.kind is other.kind is Kind.extra:
        return True
    return any(a.starts < b.ends and b.starts < a.ends for a in one.times for b in other.times)
