from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from duty.wall_clock import Doubt, doubt, instant_of, reading_at

HELSINKI = ZoneInfo("Europe/Helsinki")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # changes by half an hour
MINUTE = timedelta(minutes=1)
SPRING, AUTUMN = datetime(2026, 3, 29), datetime(2026, 10, 25)  # noqa: DTZ001 - days of the change in Helsinki


def first_moments(zone: ZoneInfo, start: datetime, hours: int) -> dict[datetime, datetime]:
    """An independent oracle: watch the wall for some hours and note when each reading is first reached or passed."""
    reached: dict[datetime, datetime] = {}
    watched = start.astimezone(zone).replace(tzinfo=None, fold=0)
    for minute in range(hours * 60):
        instant = start + minute * MINUTE
        shown = instant.astimezone(zone).replace(tzinfo=None, fold=0)
        while watched <= shown:
            reached[watched] = instant
            watched += MINUTE
    return reached


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        (HELSINKI, datetime(2026, 3, 28, 12, tzinfo=UTC)),
        (HELSINKI, datetime(2026, 10, 24, 12, tzinfo=UTC)),
        (LORD_HOWE, datetime(2026, 4, 4, 3, tzinfo=UTC)),
        (LORD_HOWE, datetime(2026, 10, 3, 3, tzinfo=UTC)),
    ],
)
def test_a_reading_means_the_first_moment_the_wall_shows_it_or_a_later_one(zone: ZoneInfo, start: datetime) -> None:
    oracle = first_moments(zone, start, 36)
    assert len(oracle) > 34 * 60
    assert {reading: instant_of(reading, zone) for reading in oracle} == oracle


@pytest.mark.parametrize("start", [datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)])
def test_the_reading_at_an_instant_is_the_last_that_has_begun(start: datetime) -> None:
    for minute in range(36 * 60):
        instant = start + minute * MINUTE
        reading = reading_at(instant, HELSINKI)
        assert instant_of(reading, HELSINKI) <= instant
        assert instant_of(reading + timedelta(microseconds=1), HELSINKI) > instant


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (SPRING.replace(hour=2, minute=59), None),
        (SPRING.replace(hour=3), Doubt.skipped),
        (SPRING.replace(hour=3, minute=59), Doubt.skipped),
        (SPRING.replace(hour=4), None),
        (AUTUMN.replace(hour=2, minute=59), None),
        (AUTUMN.replace(hour=3), Doubt.twice),
        (AUTUMN.replace(hour=3, minute=59), Doubt.twice),
        (AUTUMN.replace(hour=4), None),
    ],
)
def test_times_that_do_not_exist_or_happen_twice_are_known(reading: datetime, expected: Doubt | None) -> None:
    assert doubt(reading, HELSINKI) is expected
