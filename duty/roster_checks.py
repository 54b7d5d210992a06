"""What a lead may put on the roster. Every refusal has a code, a place (the field to go to) and values.

Pure; `duty.roster_words` makes sentences of it. What is unwise but possible is a warning (`duty.roster_warnings`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from duty.colleagues import Colleagues, Standing
from duty.repetition import Frequency, Rule
from duty.shifts import LONGEST, Plan
from storage.ids import StaffId

TIERS = 9
MOST_OCCURRENCES = 1000
LONGEST_INTERVAL = {Frequency.daily: 366, Frequency.weekly: 52}
_YEARS = (2000, 2199)


class ProblemCode(StrEnum):
    """Why something was refused."""

    person_unknown = "person_unknown"
    person_left = "person_left"
    person_without_access = "person_without_access"
    no_language = "no_language"
    language_not_spoken = "language_not_spoken"
    tier_out_of_range = "tier_out_of_range"
    ends_before_start = "ends_before_start"
    too_long = "too_long"
    not_whole_minutes = "not_whole_minutes"
    too_far = "too_far"
    interval_out_of_range = "interval_out_of_range"
    count_out_of_range = "count_out_of_range"
    until_and_count = "until_and_count"
    until_before_start = "until_before_start"
    first_day_not_repeated = "first_day_not_repeated"
    repeats_into_itself = "repeats_into_itself"
    no_such_day = "no_such_day"
    days_decided = "days_decided"
    already_over = "already_over"
    cancelled = "cancelled"
    not_yours = "not_yours"
    to_oneself = "to_oneself"
    already_offered = "already_offered"
    offered_to_another = "offered_to_another"
    no_common_language = "no_common_language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One refusal. `place`: the field of a form, or `day`. `stretch`: readings of the wall clock."""

    code: ProblemCode
    place: str
    staff_id: StaffId | None = None
    languages: frozenset[str] = frozenset()
    days: Sequence[date] = ()
    stretch: tuple[datetime, datetime] | None = None
    most: int | None = None


class RosterRefused(Exception):
    """Nothing was changed; why, in `problems`, all of it at once."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


def refuse(*problems: Problem) -> None:
    """Raises `RosterRefused` when there is any problem."""
    if problems:
        raise RosterRefused(*problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a lead wants on the roster."""

    plan: Plan
    zone: ZoneInfo
    rule: Rule | None = None


def problems_of(draft: Draft, colleagues: Colleagues) -> list[Problem]:
    """Everything that stands against a draft; empty: it may be kept."""
    found = problems_of_plan(draft.plan, colleagues)
    if draft.rule is not None and not found:
        found += _of_rule(draft.plan, draft.rule)
    return found


def problems_of_plan(plan: Plan, colleagues: Colleagues) -> list[Problem]:
    """Everything that stands against who, where and when."""
    return [*_of_person(plan, colleagues), *_of_times(plan)]


def _of_person(plan: Plan, colleagues: Colleagues) -> Iterator[Problem]:
    person = plan.staff_id
    colleague = colleagues.get(person)
    if colleague is None:
        yield Problem(code=ProblemCode.person_unknown, place="person")
        return
    if colleague.standing is Standing.left:
        yield Problem(code=ProblemCode.person_left, place="person", staff_id=person)
    if colleague.standing is Standing.without_access:
        yield Problem(code=ProblemCode.person_without_access, place="person", staff_id=person)
    unspoken = plan.languages - colleague.languages
    if not plan.languages:
        yield Problem(code=ProblemCode.no_language, place="languages")
    elif unspoken:
        yield Problem(code=ProblemCode.language_not_spoken, place="languages", staff_id=person, languages=unspoken)
    if not 1 <= plan.tier <= TIERS:
        yield Problem(code=ProblemCode.tier_out_of_range, place="tier", most=TIERS)


def _of_times(plan: Plan) -> Iterator[Problem]:
    stretch = (plan.starts, plan.ends)
    if any(reading.second or reading.microsecond for reading in stretch):
        yield Problem(code=ProblemCode.not_whole_minutes, place="starts")
    if not _YEARS[0] <= plan.starts.year <= _YEARS[1]:
        yield Problem(code=ProblemCode.too_far, place="starts", days=(plan.starts.date(),))
    if plan.ends <= plan.starts:
        yield Problem(code=ProblemCode.ends_before_start, place="ends", stretch=stretch)
    elif plan.ends - plan.starts > LONGEST:
        yield Problem(code=ProblemCode.too_long, place="ends", stretch=stretch)


def _of_rule(plan: Plan, rule: Rule) -> Iterator[Problem]:
    first = plan.starts.date()
    if not 1 <= rule.interval <= LONGEST_INTERVAL[rule.frequency]:
        yield Problem(code=ProblemCode.interval_out_of_range, place="interval", most=LONGEST_INTERVAL[rule.frequency])
        return
    if rule.count is not None and not 1 <= rule.count <= MOST_OCCURRENCES:
        yield Problem(code=ProblemCode.count_out_of_range, place="count", most=MOST_OCCURRENCES)
        return
    if rule.count is not None and rule.until is not None:
        yield Problem(code=ProblemCode.until_and_count, place="until")
    if rule.until is not None and rule.until < first:
        yield Problem(code=ProblemCode.until_before_start, place="until", days=(first,))
    elif not rule.includes(first, first):
        yield Problem(code=ProblemCode.first_day_not_repeated, place="weekdays", days=(first,))
    elif _repeats_within(plan, rule):
        yield Problem(code=ProblemCode.repeats_into_itself, place="ends")


def _repeats_within(plan: Plan, rule: Rule) -> bool:
    """Whether an occurrence begins before the one before it has ended; the pattern returns within a year."""
    length = plan.ends - plan.starts
    if length <= timedelta(days=1):
        return False
    first = plan.starts.date()
    days = list(rule.days(first, first, first + timedelta(days=2 * 366)))
    return any(later - earlier < length for earlier, later in pairwise(days))
