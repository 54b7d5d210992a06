"""How long the waiting line is, as far as being open depends on it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

#: Fewer recent waits than this say nothing about the next one.
FEWEST_WAITS = 10


@dataclass(frozen=True, slots=True)
class Waited:
    """A recent visitor who was answered. `place`: in line when they came, 1 was next; `seconds`: until answered."""

    place: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Line:
    """`waiting`: visitors with no worker and no offer. `pace`: time per place in line; None: not known."""

    waiting: int = 0
    pace: timedelta | None = None

    def too_long_for(self, left: timedelta) -> bool:
        """Whether somebody who came now would probably not be answered within `left`. Not known means no."""
        return self.pace is not None and (self.waiting + 1) * self.pace >= left


NOBODY_WAITS = Line()


def pace(waits: Iterable[Waited]) -> timedelta | None:
    """Time per place in line; None with fewer than ten waits."""
    recent = [wait for wait in waits if wait.place > 0]
    if len(recent) < FEWEST_WAITS:
        return None
    return timedelta(seconds=sum(wait.seconds for wait in recent) / sum(wait.place for wait in recent))
