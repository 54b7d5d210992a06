"""What can be asked for in a review, how far its making is, what it would show, and why it cannot be made."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct

from contacts.release.catalogue import THRESHOLDS, thresholds, year_before
from contacts.release.frame import Row, Status
from contacts.reviews.ledger import Audience, Release

#: People a group must have in what leaves the house, unless somebody asks for more.
OUTSIDE_K: Final = 10
MOST_K: Final = 50


class Step(StrEnum):
    """Where long work stands."""

    OPENING = "opening"
    WORKING = "working"
    RENDERING = "rendering"
    CHECKING = "checking"
    KEEPING = "keeping"


#: Told the step, how much of it is done, and how much there is (0: nobody knows).
Progress = Callable[[Step, int, int], None]
#: Section -> language -> the analyst's words.
Commentary = Mapping[str, Mapping[str, str]]


class Why(StrEnum):
    """Why a review cannot be made; a sentence each."""

    NOT_FROZEN = "not_frozen"
    NOT_SETTLED = "not_settled"
    NOTHING_COUNTED = "nothing_counted"
    INSIDE_FIRST = "inside_first"
    ANOTHER_K = "another_k"
    CANNOT_PROTECT = "cannot_protect"
    OUT_OF_TIME = "out_of_time"
    EXPOSED = "exposed"
    BROKEN = "broken"
    WORDS = "words"
    """The commentary names numbers that the tables do not show."""
    BUSY = "busy"


class CannotBeMade(Exception):
    """There is no such review, and nothing was written."""

    def __init__(self, why: Why, named: tuple[str, ...] = ()) -> None:
        super().__init__(why.value)
        self.why = why
        self.named = named


class Asked(Struct, frozen=True, kw_only=True):
    """A request. `k`: of a release for people outside."""

    period: str
    audience: Audience = Audience.INSIDE
    k: int = OUTSIDE_K
    purpose: str = ""
    commentary: Commentary = {}

    @property
    def least(self) -> Mapping[str, int]:
        """The threshold of each unit."""
        return THRESHOLDS if self.audience is Audience.INSIDE else thresholds(self.k)


class Group(Struct, frozen=True):
    """A table of a period with hidden figures: how many, of how many."""

    table: str
    period: str
    hidden: int
    all: int


class Preview(Struct, frozen=True, kw_only=True):
    """What a review would show. `release`: it was made already. `groups`: where something is hidden."""

    period: str
    release: Release | None
    shown: int
    hidden: int
    groups: tuple[Group, ...]


def groups(rows: Iterable[Row]) -> list[Group]:
    """Where something is hidden."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for row in rows:
        for period, status in ((row.period, row.status), (year_before(row.period), row.prev_status)):
            if status is not Status.NOT_COUNTED:
                hidden, everything = found.get((row.table, period), (0, 0))
                found[row.table, period] = (hidden + (status is Status.HIDDEN), everything + 1)
    return [Group(*key, *numbers) for key, numbers in found.items() if numbers[0]]
