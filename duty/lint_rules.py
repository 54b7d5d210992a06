"""Remarks about an `opening_hours` text, rule by rule: what the evaluator takes without a word. Pure."""

import re
from collections.abc import Iterator

from duty.clock_times import DAY, LONGEST_NIGHT
from duty.findings import Finding
from duty.hours import OpeningHours, languages_in
from duty.rule_text import MONTHS, Rule

_SUN = re.compile(r"\b(?:dawn|sunrise|sunset|dusk)\b", re.IGNORECASE)
_SPAN = re.compile(r"(?P<from>[0-9]{1,2}:[0-9]{2})\s*-\s*(?P<to>[0-9]{1,2}:[0-9]{2})", re.ASCII)
_DATE = re.compile(rf"\b(?P<month>{'|'.join(MONTHS)})\s+(?P<day>[0-9]{{1,2}})\b(?!:)", re.IGNORECASE | re.ASCII)
_DAYS_IN = dict(zip(MONTHS, (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), strict=True))
_SCHOOL = re.compile(r"\bSH\b")


def lint_rules(hours: OpeningHours, parts: tuple[Rule, ...]) -> Iterator[Finding]:
    """Remarks about the rules of a text, in order."""
    for said in hours.warnings:
        yield Finding("spelling", "expression", {"said": said})
    for number, rule in enumerate(parts, 1):
        for code, values in _remarks(rule):
            yield Finding(code, f"rule:{number}", values)


def _remarks(rule: Rule) -> Iterator[tuple[str, dict[str, str]]]:
    told = {"rule": rule.text}
    if _SCHOOL.search(rule.selector):
        yield "school_holidays", told
    if _SUN.search(rule.times):
        yield "sun_times", told
    if "+" in _SUN.sub("", rule.times).replace("(+", ""):
        yield "open_end", told
    for found in _DATE.finditer(rule.selector):
        if int(found["day"]) > _DAYS_IN[found["month"].capitalize()]:
            yield "no_such_date", told | {"date": found[0]}
    if rule.opens and not (rule.selector or rule.times):
        yield "no_days_no_times", told
    elif rule.opens and not rule.times and rule.selector != "24/7":
        yield "whole_days", told
    if rule.modifier == "unknown":
        yield "perhaps", told
    elif rule.comment and not languages_in(rule.comment):
        yield "comment_not_languages", {"comment": rule.comment}
    if rule.joint == "||":
        yield "fallback", told
    if rule.opens:
        yield from _span_remarks(rule, told)


def _span_remarks(rule: Rule, told: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    spans: list[tuple[int, int, str]] = []
    for found in _SPAN.finditer(rule.times):
        starts, ends = _minutes(found["from"]), _minutes(found["to"])
        length = ends - starts + (DAY if ends <= starts else 0)
        if starts + length > DAY and length > LONGEST_NIGHT:
            values = {"starts": found["from"], "ends": found["to"], "hours": f"{length / 60:.3g}"}
            yield "ends_before_start", told | values
        spans.append((starts, starts + length, found[0]))
    spans.sort()
    for number, (_, until, one) in enumerate(spans):
        for starts, _, other in spans[number + 1 :]:
            if starts < until:
                yield "rule_overlaps_itself", told | {"one": one, "other": other}


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return 60 * int(hours) + int(minutes)
