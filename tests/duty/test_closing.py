from datetime import timedelta

import pytest

from duty.closing import Closing, Phase, closing
from tests.duty.made import helsinki, timetable

MINUTE = timedelta(minutes=1)
OPENS, CLOSES = helsinki(2026, 11, 24, 13), helsinki(2026, 11, 24, 15)
TUESDAYS = timetable("Tu 13:00-15:00").timeline(helsinki(2026, 11, 20), helsinki(2026, 12, 20))


@pytest.mark.parametrize(
    ("minutes", "phase", "left"),
    [(-120, Phase.open, 120), (-31, Phase.open, 31), (-30, Phase.margin, 30), (-1, Phase.margin, 1), (0, Phase.grace, 0),
     (29, Phase.grace, 0)],
)  # fmt: skip
def test_closing_goes_through_its_phases(minutes: int, phase: Phase, left: int) -> None:
    assert closing(TUESDAYS, CLOSES + minutes * MINUTE) == Closing(
        phase, CLOSES - 30 * MINUTE, CLOSES, CLOSES + 30 * MINUTE, left
    )


def test_minutes_are_rounded_up() -> None:
    found = closing(TUESDAYS, CLOSES - timedelta(seconds=61))
    assert found is not None
    assert found.minutes == 2


def test_without_a_closing_there_is_nothing_to_tell() -> None:
    assert closing(TUESDAYS, OPENS - MINUTE) is None
    assert closing(TUESDAYS, CLOSES + 30 * MINUTE) is None
    always = timetable("24/7").timeline(helsinki(2026, 11, 20), helsinki(2026, 12, 20))
    assert closing(always, CLOSES) is None


def test_grace_is_what_it_is_set_to() -> None:
    assert closing(TUESDAYS, CLOSES + 5 * MINUTE, grace=5 * MINUTE) is None
    assert closing(TUESDAYS, CLOSES + 4 * MINUTE, grace=5 * MINUTE) is not None


def test_a_margin_longer_than_the_opening_begins_with_it() -> None:
    short = timetable("Tu 13:00-13:20").timeline(helsinki(2026, 11, 20), helsinki(2026, 12, 20))
    found = closing(short, OPENS)
    assert found is not None
    assert (found.phase, found.last_start_at) == (Phase.margin, OPENS)


@pytest.mark.parametrize(
    ("since", "now", "notice"),
    [(-16, -15, 15), (-15, -14, None), (-6, -5, 5), (-20, -4, 5), (-1, 0, None), (-20, 1, None), (-17, -16, None)],
)
def test_each_notice_is_due_once(since: int, now: int, notice: int | None) -> None:
    found = closing(TUESDAYS, CLOSES - 20 * MINUTE)
    assert found is not None
    assert found.notice(CLOSES + since * MINUTE, CLOSES + now * MINUTE) == notice
