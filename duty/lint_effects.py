"""Remarks about what the rules of a text do to each other, found by leaving rules out and looking. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from duty.findings import Finding
from duty.hours import HoursNotUnderstood, OpeningHours, OpenReadings, holidays
from duty.rule_text import Rule, joined

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_YEAR = timedelta(days=400)
#: Rules about one year or one leap day show an effect only over a longer time.
_YEARS = timedelta(days=5 * 366)
_MIDNIGHT = datetime.min.time()


def lint_effects(hours: OpeningHours, parts: tuple[Rule, ...], today: date) -> Iterator[Finding]:
    """Remarks about overruled rules, replaced hours, holidays and cut nights, from `today` on."""
    start = datetime.combine(today, _MIDNIGHT)
    open_ = list(hours.readings(start, start + _YEAR))
    for number, rule in enumerate(parts):
        lost = list(_lost(hours, parts, number, start, open_)) if rule.opens else []
        replaced = any(finding.code == "hours_replaced" for finding in lost)
        overruled = [] if replaced else list(_overruled(hours, parts, number, start))
        yield from overruled or lost
    yield from _holidays(hours, parts, today)


def _overruled(hours: OpeningHours, parts: tuple[Rule, ...], number: int, start: datetime) -> Iterator[Finding]:
    """A rule that could as well be left out."""
    rule = parts[number]
    if len(parts) == 1 or (rule.about_holidays and rule.closes):
        return
    without = _reads(hours, parts[:number] + parts[number + 1 :])
    if without is not None and _same(hours, without, start):
        yield Finding("rule_without_effect", f"rule:{number + 1}", {"rule": rule.text})


def _lost(
    hours: OpeningHours, parts: tuple[Rule, ...], number: int, start: datetime, open_: list[OpenReadings]
) -> Iterator[Finding]:
    """Hours of one rule that a later rule takes away; once for each way of losing them."""
    rule = parts[number]
    alone = _reads(hours, (replace(rule, joint=""),))
    if alone is None:
        return
    told: set[tuple[str, str]] = set()
    for own in alone.readings(start + _DAY, start + _YEAR - _DAY):
        left = [one for one in open_ if one.starts < own.ends and own.starts < one.ends]
        if len(left) == 1 and left[0].starts <= own.starts and own.ends <= left[0].ends:
            continue
        for finding, other in _told_loss(hours, parts, number, own, left):
            if (finding.code, other) not in told:
                told.add((finding.code, other))
                yield finding


def _told_loss(
    hours: OpeningHours, parts: tuple[Rule, ...], number: int, own: OpenReadings, left: list[OpenReadings]
) -> Iterator[tuple[Finding, str]]:
    place, rule = f"rule:{number + 1}", parts[number]
    midnight = datetime.combine(own.starts.date(), _MIDNIGHT) + _DAY
    night = own.starts < midnight < own.ends and own.ends - own.starts <= _DAY
    evening = any(one.starts <= own.starts < one.ends for one in left)
    morning = any(one.starts <= midnight < one.ends for one in left)
    clock = {"ends": f"{own.ends:%H:%M}"}
    if night and evening and not morning:
        other = _taker(hours, parts, number, midnight)
        yield Finding("night_cut", place, clock | {"day": f"{own.starts:%Y-%m-%d}", "other": other}), other
    elif night and morning and not evening:
        yield Finding("night_left_over", place, clock | {"day": f"{midnight:%Y-%m-%d}"}), ""
    elif not left:
        other = _taker(hours, parts, number, own.starts)
        replaced = next((one for one in parts if one.text == other), None)
        if (
            replaced is not None
            and replaced.opens
            and replaced.joint == ";"
            and not (replaced.dated or replaced.about_holidays)
        ):
            values = {"rule": rule.text, "other": other, "starts": f"{own.starts:%H:%M}"}
            yield Finding("hours_replaced", place, values | clock | {"day": f"{own.starts:%Y-%m-%d}"}), other


def _taker(hours: OpeningHours, parts: tuple[Rule, ...], number: int, reading: datetime) -> str:
    """The later rule that closes a reading: the one without which it would be open, or the first of several."""
    later = range(number + 1, len(parts))
    tries = [(place, parts[:place] + parts[place + 1 :]) for place in later]
    tries += [(place, parts[:place]) for place in reversed(later)]
    for place, left in tries:
        without = _reads(hours, left)
        if without is not None and any(without.readings(reading, reading + _MINUTE)):
            return parts[place].text
    return ""


def _holidays(hours: OpeningHours, parts: tuple[Rule, ...], today: date) -> Iterator[Finding]:
    days = holidays(hours.country, today, today + _YEAR)
    closing = [number for number, rule in enumerate(parts) if rule.about_holidays and rule.closes]
    plain = _reads(hours, [rule for rule in parts if not rule.dated]) if closing else hours
    opened = [day for day in days if plain is not None and _begins(plain, day)]
    if opened and closing and not any(rule.about_holidays and rule.opens for rule in parts):
        values = {"rule": parts[closing[-1]].text, "day": opened[0].isoformat()}
        yield Finding("holidays_open", f"rule:{closing[-1] + 1}", values)
    elif opened and not any(rule.about_holidays or rule.selector == "24/7" for rule in parts):
        yield Finding("holidays_not_mentioned", "expression", {"day": opened[0].isoformat()})


def _begins(hours: OpeningHours, day: date) -> bool:
    """Whether something opens on a day, later than its first moment, or all of it is open."""
    start = datetime.combine(day, _MIDNIGHT)
    return any(one.starts > start or one.ends == start + _DAY for one in hours.readings(start, start + _DAY))


def _same(one: OpeningHours, other: OpeningHours, start: datetime) -> bool:
    return all(
        list(one.readings(start, start + length)) == list(other.readings(start, start + length))
        for length in (_YEAR, _YEARS)
    )


def _reads(hours: OpeningHours, parts: Iterable[Rule]) -> OpeningHours | None:
    rest = tuple(parts)
    try:
        return OpeningHours(joined(rest), hours.zone, hours.country) if rest else None
    except HoursNotUnderstood:
        return None
