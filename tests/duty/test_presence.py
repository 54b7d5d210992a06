from datetime import UTC, datetime, timedelta

from duty.availability import Present, Status
from duty.presence import Presence
from storage.clock import ManualClock
from storage.engine import Store
from storage.ids import StaffId

AINO, EERO = StaffId("aino"), StaffId("eero")
START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


async def sit_down(store: Store, presence: Presence, staff_id: StaffId = AINO) -> str:
    async with store.write() as conn:
        return await presence.arrived(conn, staff_id, capacity=2, languages=["sv", "fi"])


async def present(store: Store, presence: Presence) -> list[Present]:
    async with store.read() as conn:
        return await presence.present(conn)


async def last_available(store: Store, presence: Presence) -> datetime | None:
    async with store.read() as conn:
        return await presence.last_available(conn)


async def test_who_arrives_is_present_with_capacity_and_languages(store: Store, clock: ManualClock) -> None:
    presence = Presence(clock=clock)
    await sit_down(store, presence)
    assert await present(store, presence) == [Present(AINO, Status.available, 2, frozenset({"fi", "sv"}))]


async def test_silence_of_thirty_seconds_is_absence(store: Store, clock: ManualClock) -> None:
    presence = Presence(clock=clock)
    await sit_down(store, presence)
    clock.advance(29)
    assert await present(store, presence)
    clock.advance(1)
    assert await present(store, presence) == []


async def test_a_heartbeat_keeps_somebody_present(store: Store, clock: ManualClock) -> None:
    presence = Presence(clock=clock)
    seat = await sit_down(store, presence)
    clock.advance(29)
    async with store.write() as conn:
        assert await presence.heartbeat(conn, [seat]) == {seat}
    clock.advance(29)
    assert await present(store, presence)


async def test_the_older_seat_of_a_person_has_no_say(store: Store, clock: ManualClock) -> None:
    presence = Presence(clock=clock)
    older = await sit_down(store, presence)
    newer = await sit_down(store, presence)
    async with store.write() as conn:
        assert await presence.heartbeat(conn, [older]) == frozenset()
        assert not await presence.left(conn, AINO, older)
    assert await present(store, presence)
    async with store.write() as conn:
        assert await presence.left(conn, AINO, newer)
    assert await present(store, presence) == []


async def test_a_break_and_a_call_are_seen(store: Store, clock: ManualClock) -> None:
    presence = Presence(clock=clock)
    await sit_down(store, presence)
    async with store.write() as conn:
        await presence.changed(conn, AINO, Status.break_)
    assert [person.status for person in await present(store, presence)] == [Status.break_]
    async with store.write() as conn:
        await presence.changed(conn, AINO, Status.available, capacity=0)
    assert [person.capacity for person in await present(store, presence)] == [0]


async def test_the_last_time_anybody_was_available_is_known(store: Store, clock: ManualClock) -> None:
    presence = Presence(clock=clock)
    assert await last_available(store, presence) is None
    seat = await sit_down(store, presence)
    clock.advance(20)
    async with store.write() as conn:
        await presence.changed(conn, AINO, Status.break_)
    clock.advance(20)
    async with store.write() as conn:
        await presence.left(conn, AINO, seat)
    assert await last_available(store, presence) == START + timedelta(seconds=20)


async def test_the_sweep_marks_the_silent_away_as_of_their_last_sign(store: Store, clock: ManualClock) -> None:
    presence = Presence(clock=clock)
    await sit_down(store, presence, AINO)
    clock.advance(15)
    await sit_down(store, presence, EERO)
    clock.advance(15)
    async with store.write() as conn:
        assert await presence.sweep(conn) == [AINO]
        assert await presence.sweep(conn) == []
    assert await last_available(store, presence) == START + timedelta(seconds=15)
    clock.advance(15)
    async with store.write() as conn:
        assert await presence.sweep(conn) == [EERO]
