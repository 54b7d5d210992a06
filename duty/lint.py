"""Everything there is to remark about hours before they are published, in a shift lead's terms. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from duty.findings import Finding
from duty.hours import LONGEST_TEXT, OpeningHours
from duty.lint_calendar import lint_calendar
from duty.lint_effects import lint_effects
from duty.lint_exceptions import lint_exception
from duty.lint_rules import lint_rules
from duty.proposal import LAST_START, NewException, NewHours, Proposal
from duty.rule_text import rules


def lint(proposal: Proposal, now: datetime) -> list[Finding]:
    """Remarks about a change, as if published at `now` (aware)."""
    base = proposal.base
    match proposal.change:
        case NewHours(hours, last_start):
            return [*lint_hours(hours, proposal.effective(now), last_start), *_version(proposal, now)]
        case NewException(exception) if base is not None:
            return lint_exception(exception, base, now)
        case _:
            return []


def lint_hours(hours: OpeningHours, now: datetime, last_start: timedelta = LAST_START) -> list[Finding]:
    """Remarks about hours on their own, from `now` on."""
    if len(hours.expression) > LONGEST_TEXT:
        length = {"length": str(len(hours.expression)), "most": str(LONGEST_TEXT)}
        return [Finding("text_too_long", "expression", length)]
    parts = rules(hours.expression)
    return [
        *lint_rules(hours, parts),
        *lint_effects(hours, parts, now.astimezone(hours.zone).date()),
        *lint_calendar(hours, last_start, now),
    ]


def _version(proposal: Proposal, now: datetime) -> Iterator[Finding]:
    change, base = proposal.change, proposal.base
    assert isinstance(change, NewHours)
    local = (change.valid_from or now).astimezone(change.hours.zone)
    when = {"day": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M}"}
    if change.valid_from is not None and change.valid_from < now:
        yield Finding("valid_from_over", "valid_from", when)
    if base is None:
        return
    effective = proposal.effective(now)
    old = base.in_force(effective)
    if old is not None and _same(change, old.hours, old.last_start):
        yield Finding("nothing_changes", "expression")
    stretch = base.timeline(effective - timedelta(days=2), effective + timedelta(days=2)).at(effective)
    if stretch is not None and stretch.opens < effective:
        opens, closes = (at.astimezone(change.hours.zone) for at in (stretch.opens, stretch.closes))
        yield Finding("cuts_interval", "valid_from", when | {"starts": f"{opens:%H:%M}", "ends": f"{closes:%H:%M}"})


def _same(change: NewHours, hours: OpeningHours, last_start: timedelta) -> bool:
    new = change.hours
    return (new.expression, new.zone, new.country, change.last_start) == (
        hours.expression,
        hours.zone,
        hours.country,
        last_start,
    )
