"""What can honestly be said about how long somebody waits. Pure."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from contacts.log import Wait
from duty.line import FEWEST_WAITS, Waited, pace

#: Waits older than this say nothing about now, in seconds.
RECENT = 3 * 3600
_STEP = 5
_MINUTE = 60


def usual(waits: Iterable[Wait], language: str) -> tuple[int, int] | None:
    """From the middle wait to the ninetieth percentile, in minutes, each rounded up to five.

    Of this language if there are at least ten, else of all; None with fewer than ten: nobody knows.
    """
    everybody = list(waits)
    own = [wait for wait in everybody if wait.language == language]
    counted = own if len(own) >= FEWEST_WAITS else everybody
    if len(counted) < FEWEST_WAITS:
        return None
    seconds = sorted(wait.seconds for wait in counted)
    return _rounded(_percentile(seconds, 50)), _rounded(_percentile(seconds, 90))


def pace_of(waits: Iterable[Wait]) -> timedelta | None:
    """Time for each place in the line; None with fewer than ten waits."""
    return pace(Waited(wait.place, wait.seconds) for wait in waits)


def _percentile(ordered: Sequence[int], percent: int) -> int:
    """The nearest rank: the smallest value that so many percent do not exceed."""
    return ordered[max(-(-len(ordered) * percent // 100) - 1, 0)]


def _rounded(seconds: int) -> int:
    """Minutes, up to the next five, at least five."""
    return max(-(-seconds // (_STEP * _MINUTE)), 1) * _STEP
