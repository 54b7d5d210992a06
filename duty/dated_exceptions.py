"""What differs from the week on some days: closed, other hours, or extra hours.

Hours belong to the day on which they begin. "Closed on the 24th" leaves the night that began on the 23rd, and takes
away all of the night that begins on the 24th.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from duty.clock_times import Interval


class Kind(StrEnum):
    """What an exception does to its days."""

    closed = "closed"
    other = "other"
    extra = "extra"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedException:
    """`first` and `last` are days, both included. `languages`: none means as spoken. `id`: empty until kept."""

    kind: Kind
    first: date
    last: date
    times: tuple[Interval, ...] = ()
    languages: frozenset[str] = frozenset()
    id: str = ""

    def covers(self, day: date) -> bool:
        """Whether it is about a day."""
        return self.first <= day <= self.last


def rule_for(day: date, exceptions: Sequence[DatedException]) -> tuple[bool, tuple[DatedException, ...]]:
    """For a day: whether the week's own hours hold, and the exceptions whose hours come instead or in addition.

    Overlapping ones are refused by the lint; if some are kept all the same, closed wins, then the last `other`.
    """
    here = [one for one in exceptions if one.covers(day)]
    if any(one.kind is Kind.closed for one in here):
        return False, ()
    others = [one for one in here if one.kind is Kind.other]
    extras = tuple(one for one in here if one.kind is Kind.extra)
    return not others, (*others[-1:], *extras)
