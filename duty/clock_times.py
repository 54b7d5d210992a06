"""Clock times as people type them: `13`, `13.00`, `1300`, `13:00`, `24:00`, and intervals of a day.

An interval may pass midnight: `21`-`02` ends on the next day. Midnight at the end of a day is 24:00.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

DAY = 24 * 60
#: An interval that passes midnight and is longer was probably typed wrongly: 13-12 is 23 hours.
LONGEST_NIGHT = 16 * 60

_TIME = re.compile(r"(?P<hours>[0-9]{1,2})(?:[.:]?(?P<minutes>[0-9]{2}))?", re.ASCII)
_RANGE = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")
_LIST = re.compile(r"\s*(?:[,;&]|\b(?:and|ja|och)\b)\s*", re.IGNORECASE)


class TimeNotUnderstood(ValueError):
    """What was typed is no time or interval. `code` names the sentence, `values` what it mentions."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Minutes since the day's 00:00, half-open. `ends` after 24:00 is on the next day."""

    starts: int
    ends: int

    def __post_init__(self) -> None:
        if not (0 <= self.starts < DAY and self.starts < self.ends <= self.starts + DAY):
            raise ValueError("an interval starts on its day and lasts at most 24 hours")

    @property
    def passes_midnight(self) -> bool:
        """Whether it ends on the day after, later than 00:00."""
        return self.ends > DAY

    def __str__(self) -> str:
        return f"{clock(self.starts)}-{clock(self.ends)}"


def clock(minutes: int) -> str:
    """Minutes of a day as HH:MM; the end of a day is 24:00, later ones are told as the next day's."""
    shown = minutes - DAY if minutes > DAY else minutes
    return f"{shown // 60:02}:{shown % 60:02}"


def read_time(typed: str) -> int:
    """Minutes since 00:00, at most 1440. Raises `TimeNotUnderstood`."""
    found = _TIME.fullmatch(typed.strip())
    if found is None:
        raise TimeNotUnderstood("not_a_time", typed=typed.strip())
    minutes = 60 * int(found["hours"]) + int(found["minutes"] or 0)
    if minutes > DAY or int(found["minutes"] or 0) > 59:
        raise TimeNotUnderstood("no_such_time", typed=typed.strip())
    return minutes


def read_interval(starts: str, ends: str) -> Interval:
    """From two typed times. Raises `TimeNotUnderstood`."""
    begin, end = read_time(starts), read_time(ends)
    if begin == DAY:
        raise TimeNotUnderstood("starts_at_midnight")
    if begin == end:
        raise TimeNotUnderstood("no_length", time=clock(begin))
    if end == 0:
        end = DAY
    if end < begin:
        end += DAY
        if end - begin > LONGEST_NIGHT:
            raise TimeNotUnderstood("too_long", starts=clock(begin), ends=clock(end), hours=f"{(end - begin) / 60:.3g}")
    return Interval(begin, end)


def read_intervals(typed: str) -> tuple[Interval, ...]:
    """One or more intervals, `9-11, 14-20`, in the order of the day. Raises `TimeNotUnderstood`, also for overlaps."""
    found: list[Interval] = []
    for part in _LIST.split(typed.strip()):
        ends = _RANGE.split(part)
        if len(ends) != 2:
            raise TimeNotUnderstood("not_an_interval", typed=part)
        found.append(read_interval(*ends))
    found.sort()
    for earlier, later in pairwise(found):
        if later.starts < earlier.ends:
            raise TimeNotUnderstood("overlap", one=str(earlier), other=str(later))
    return tuple(found)


def times_text(intervals: tuple[Interval, ...]) -> str:
    """As `opening_hours` writes the times of a day: `09:00-11:00,21:00-02:00`. `read_intervals` reads it back."""
    return ",".join(str(interval) for interval in intervals)
