from datetime import UTC, datetime, timedelta, timezone

import pytest

from storage.clock import ManualClock, SystemClock, epoch_seconds
from tests.stores import NOON


def test_the_machines_clock_is_aware_and_goes_forward() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert clock.now() <= clock.now()
    assert clock.monotonic() <= clock.monotonic()


def test_a_manual_clock_stands_still_until_told() -> None:
    clock = ManualClock(NOON)
    assert (clock.now(), clock.monotonic()) == (NOON, 0.0)
    clock.advance(61.5)
    assert (clock.now(), clock.monotonic()) == (NOON + timedelta(seconds=61.5), 61.5)


def test_a_manual_clock_speaks_utc_wherever_it_started() -> None:
    helsinki = timezone(timedelta(hours=2))
    assert ManualClock(NOON.astimezone(helsinki)).now().tzinfo is UTC


def test_time_without_a_zone_and_time_that_goes_back_are_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        ManualClock(datetime(2026, 11, 24, 12, 0))  # noqa: DTZ001 - what is refused
    with pytest.raises(ValueError, match="back"):
        ManualClock(NOON).advance(-1)


def test_what_is_stored_is_whole_seconds() -> None:
    assert epoch_seconds(NOON + timedelta(milliseconds=999)) == int(NOON.timestamp())
