from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from duty.hours import OpeningHours, Published
from duty.schedule import CHAT, Schedule
from storage.engine import Store
from storage.ids import StaffId

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LEAD = StaffId("lead")


def hours(expression: str) -> OpeningHours:
    return OpeningHours(expression, ZoneInfo("Europe/Helsinki"), "FI")


async def current(store: Store, now: datetime = NOW) -> Published | None:
    async with store.read() as conn:
        return await Schedule().current(conn, CHAT, now)


async def publish(store: Store, expression: str, valid_from: datetime) -> None:
    async with store.write() as conn:
        await Schedule().publish(conn, CHAT, hours(expression), valid_from=valid_from, last_start=timedelta(minutes=10))


async def test_nothing_published_is_none(store: Store) -> None:
    assert await current(store) is None


async def test_the_newest_version_that_has_begun_is_in_force(store: Store) -> None:
    await publish(store, "Mo-Fr 09:00-12:00", NOW - timedelta(days=2))
    await publish(store, "Tu 13:00-15:00", NOW)
    await publish(store, "24/7", NOW + timedelta(days=1))
    found = await current(store)
    assert found is not None
    assert (found.hours.expression, found.hours.zone.key, found.hours.country) == (
        "Tu 13:00-15:00",
        "Europe/Helsinki",
        "FI",
    )
    assert found.last_start == timedelta(minutes=10)
    assert not found.paused
    assert await current(store, NOW - timedelta(days=3)) is None


async def test_publishing_again_for_the_same_moment_replaces(store: Store) -> None:
    await publish(store, "24/7", NOW)
    await publish(store, "Tu 13:00-15:00", NOW)
    found = await current(store)
    assert found is not None
    assert found.hours.expression == "Tu 13:00-15:00"


async def test_a_lead_pauses_and_resumes(store: Store) -> None:
    await publish(store, "24/7", NOW)
    for _ in range(2):
        async with store.write() as conn:
            await Schedule().pause(conn, CHAT, by=LEAD, now=NOW)
    found = await current(store)
    assert found is not None
    assert found.paused
    async with store.write() as conn:
        await Schedule().resume(conn, CHAT)
    found = await current(store)
    assert found is not None
    assert not found.paused


@pytest.mark.parametrize("minutes", [0, 30])
async def test_the_last_start_margin_is_kept_in_minutes(store: Store, minutes: int) -> None:
    async with store.write() as conn:
        await Schedule().publish(conn, CHAT, hours("24/7"), valid_from=NOW, last_start=timedelta(minutes=minutes))
    found = await current(store)
    assert found is not None
    assert found.last_start == timedelta(minutes=minutes)
