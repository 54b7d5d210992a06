from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from duty.availability import InForce
from duty.hours import OpeningHours
from duty.hours_history import Action, history
from duty.schedule import CHAT, Schedule
from duty.tables import hours_versions
from duty.timeline import Timeline
from storage.engine import Store
from storage.ids import StaffId

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LEAD = StaffId("lead")


def hours(expression: str) -> OpeningHours:
    return OpeningHours(expression, ZoneInfo("Europe/Helsinki"), "FI")


async def current(store: Store, now: datetime = NOW) -> InForce | None:
    async with store.read() as conn:
        return await Schedule().current(conn, CHAT, now)


async def publish(store: Store, expression: str, valid_from: datetime) -> None:
    async with store.write() as conn:
        await Schedule().publish(conn, CHAT, hours(expression), valid_from=valid_from, last_start=timedelta(minutes=10))


async def test_nothing_published_is_none(store: Store) -> None:
    assert await current(store) is None


async def test_each_version_holds_from_its_moment_on(store: Store) -> None:
    await publish(store, "Mo-Fr 09:00-12:00", NOW - timedelta(days=2))
    await publish(store, "Tu 13:00-15:00", NOW - timedelta(hours=6))
    await publish(store, "24/7", NOW + timedelta(days=1))
    found = await current(store)
    assert found is not None
    assert [(one.opens, one.closes) for one in found.timeline.stretches[:3]] == [
        (NOW - timedelta(days=1, hours=5), NOW - timedelta(days=1, hours=2)),  # Monday 9-12
        (NOW - timedelta(hours=1), NOW + timedelta(hours=1)),  # Tuesday 13-15, not 9-12
        (NOW + timedelta(days=1), found.timeline.end),
    ]
    assert found.timeline.stretches[1].last_start == timedelta(minutes=10)
    assert found.timeline.zone_at(NOW).key == "Europe/Helsinki"
    assert not found.paused


async def test_before_the_first_version_nothing_is_open(store: Store) -> None:
    await publish(store, "24/7", NOW)
    found = await current(store, NOW - timedelta(days=1))
    assert found is not None
    assert found.timeline.at(NOW - timedelta(days=1)) is None


async def test_publishing_again_for_the_same_moment_replaces(store: Store) -> None:
    await publish(store, "24/7", NOW)
    await publish(store, "Tu 13:00-15:00", NOW)
    async with store.read() as conn:
        found = await Schedule().timetable(conn, CHAT)
    assert found is not None
    assert [version.hours.expression for version in found.versions] == ["Tu 13:00-15:00"]


async def test_hours_that_were_replaced_long_ago_need_not_be_understood(store: Store) -> None:
    await publish(store, "Mo-Fr 09:00-12:00", NOW - timedelta(days=60))
    await publish(store, "24/7", NOW - timedelta(days=30))
    async with store.write() as conn:
        old = hours_versions.c.expression == "Mo-Fr 09:00-12:00"
        await conn.execute(update(hours_versions).where(old).values(expression="open whenever"))
    assert await current(store) is not None


async def test_a_change_far_away_is_found(store: Store) -> None:
    await publish(store, "2028 Jan 3 10:00-12:00", NOW)
    found = await current(store)
    assert found is not None
    opens = found.timeline.next_after(NOW)
    assert opens is not None
    assert opens.opens == datetime(2028, 1, 3, 8, tzinfo=UTC)


async def test_a_timeline_is_kept_until_rows_change_or_days_pass(store: Store) -> None:
    await publish(store, "Tu 13:00-15:00", NOW - timedelta(days=9))
    schedule = Schedule()

    async def timeline(now: datetime) -> Timeline:
        async with store.read() as conn:
            found = await schedule.current(conn, CHAT, now)
        assert found is not None
        return found.timeline

    first = await timeline(NOW)
    assert await timeline(NOW + timedelta(days=2)) is first
    later = await timeline(NOW + timedelta(days=3))
    assert later is not first
    assert await timeline(NOW) is not later  # a clock that went back far
    await publish(store, "24/7", NOW)
    assert (await timeline(NOW)).at(NOW + timedelta(days=1)) is not None


async def test_a_lead_pauses_and_resumes(store: Store) -> None:
    await publish(store, "24/7", NOW)
    for _ in range(2):
        async with store.write() as conn:
            await Schedule().pause(conn, CHAT, by=LEAD, now=NOW)
    found = await current(store)
    assert found is not None
    assert found.paused
    async with store.write() as conn:
        await Schedule().resume(conn, CHAT, by=LEAD, now=NOW)
        await Schedule().resume(conn, CHAT, by=LEAD, now=NOW)
    found = await current(store)
    assert found is not None
    assert not found.paused


@pytest.mark.parametrize("minutes", [0, 30])
async def test_the_last_start_margin_is_kept_in_minutes(store: Store, minutes: int) -> None:
    async with store.write() as conn:
        await Schedule().publish(conn, CHAT, hours("24/7"), valid_from=NOW, last_start=timedelta(minutes=minutes))
    found = await current(store)
    assert found is not None
    assert found.timeline.stretches[0].last_start == timedelta(minutes=minutes)


async def test_what_was_done_is_told_once(store: Store) -> None:
    await publish(store, "24/7", NOW)
    for _ in range(2):
        async with store.write() as conn:
            await Schedule().pause(conn, CHAT, by=LEAD, now=NOW + timedelta(minutes=1))
    for _ in range(2):
        async with store.write() as conn:
            await Schedule().resume(conn, CHAT, by=LEAD, now=NOW + timedelta(minutes=2))
    async with store.read() as conn:
        deeds = await history(conn, CHAT)
        assert await history(conn, "another service") == []
    assert [(deed.action, deed.by) for deed in deeds] == [
        (Action.resumed, LEAD),
        (Action.paused, LEAD),
        (Action.published, None),
    ]
    assert deeds[-1].values == {
        "expression": "24/7",
        "zone": "Europe/Helsinki",
        "country": "FI",
        "last_start": "10",
        "valid_from": "2026-11-24T12:00:00+00:00",
    }
    assert deeds[-1].at == NOW
