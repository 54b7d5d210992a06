"""Closing is a drain: who may still begin, when running conversations are told, and until when they go on. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from duty.timeline import Timeline

#: How long running conversations go on after closing; an operator may extend.
GRACE = timedelta(minutes=30)
#: Running conversations are told so many minutes before closing.
NOTICES = (15, 5)
_MINUTE = timedelta(minutes=1)


class Phase(StrEnum):
    """`open`: anybody may join the line. `margin`: only while somebody is free. `grace`: nobody begins."""

    open = "open"
    margin = "margin"
    grace = "grace"


@dataclass(frozen=True, slots=True)
class Closing:
    """The next closing, or the last one while its grace runs. `minutes`: until closing, rounded up, 0 from then on."""

    phase: Phase
    last_start_at: datetime
    closes_at: datetime
    grace_until: datetime
    minutes: int

    def notice(self, since: datetime, now: datetime) -> int | None:
        """Which notice became due after `since` and until `now`: 15 or 5 (minutes), the later one of several."""
        due = [left for left in NOTICES if since < self.closes_at - left * _MINUTE <= now < self.closes_at]
        return min(due, default=None)


def closing(timeline: Timeline, now: datetime, grace: timedelta = GRACE) -> Closing | None:
    """None: closed and no grace runs, or no closing in sight. Raises `OutsideTimeline`."""
    stretch = timeline.at(now)
    if stretch is not None and timeline.closes(stretch) is None:
        return None
    latest = stretch or timeline.last_before(now)
    if latest is None or now >= latest.closes + grace:
        return None
    last_start_at = max(latest.closes - latest.last_start, latest.opens)
    phase = Phase.grace if now >= latest.closes else Phase.margin if now >= last_start_at else Phase.open
    minutes = max(-((now - latest.closes) // _MINUTE), 0)
    return Closing(phase, last_start_at, latest.closes, latest.closes + grace, minutes)
