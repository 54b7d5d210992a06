from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from duty.availability import UNKNOWN, State, Status
from duty.closing import Phase
from duty.hours import OpeningHours
from duty.line import Line
from duty.opening import Duty, Loads, no_loads
from duty.presence import Presence
from duty.schedule import CHAT, Schedule
from duty.tables import hours_versions
from storage.clock import ManualClock
from storage.engine import Store
from storage.ids import StaffId

AINO = StaffId("aino")


def duty(store: Store, clock: ManualClock, *, loads: Loads = no_loads) -> tuple[Duty, list[str]]:
    told: list[str] = []
    return (
        Duty(
            store=store,
            schedule=Schedule(),
            presence=Presence(clock=clock),
            clock=clock,
            loads=loads,
            report=lambda error: told.append(type(error).__name__),
        ),
        told,
    )


async def open_now(store: Store, clock: ManualClock) -> None:
    async with store.write() as conn:
        hours = OpeningHours("24/7", ZoneInfo("Europe/Helsinki"), "FI")
        await Schedule().publish(conn, CHAT, hours, valid_from=clock.now() - timedelta(days=1))
        await Presence(clock=clock).arrived(conn, AINO, capacity=1, languages=["fi"])


async def test_hours_and_a_present_operator_are_open(store: Store, clock: ManualClock) -> None:
    await open_now(store, clock)
    house, told = duty(store, clock)
    assert (await house.availability("fi")).state is State.open
    assert (await house.availability("so")).state is State.open_other_language
    assert told == []


async def test_running_conversations_take_capacity(store: Store, clock: ManualClock) -> None:
    async def one_each(conn: AsyncConnection) -> Mapping[StaffId, int]:
        return {AINO: 1}

    await open_now(store, clock)
    house, _ = duty(store, clock, loads=one_each)
    assert (await house.availability("fi")).state is State.busy


async def test_an_empty_store_is_unknown(store: Store, clock: ManualClock) -> None:
    house, told = duty(store, clock)
    assert await house.availability("fi") == UNKNOWN
    assert told == []


async def test_a_store_that_fails_is_unknown_and_only_the_type_is_told(store: Store, clock: ManualClock) -> None:
    await open_now(store, clock)
    async with store.write() as conn:
        await conn.execute(update(hours_versions).values(expression="open whenever"))
    house, told = duty(store, clock)
    assert await house.availability("fi") == UNKNOWN
    assert told == ["HoursNotUnderstood"]


async def test_a_fault_needs_no_listener(store: Store, clock: ManualClock) -> None:
    async def away(conn: AsyncConnection) -> Mapping[StaffId, int]:
        raise TimeoutError

    house = Duty(store=store, schedule=Schedule(), presence=Presence(clock=clock), clock=clock, loads=away)
    assert await house.availability("fi") == UNKNOWN


async def test_the_answer_is_kept_for_less_than_a_second(store: Store, clock: ManualClock) -> None:
    house, _ = duty(store, clock)
    assert (await house.availability("fi")).state is State.unknown
    await open_now(store, clock)
    clock.advance(0.9)
    assert (await house.availability("fi")).state is State.unknown
    clock.advance(0.1)
    assert (await house.availability("fi")).state is State.open


async def test_a_signal_makes_the_next_answer_fresh(store: Store, clock: ManualClock) -> None:
    house, _ = duty(store, clock)
    assert (await house.availability("fi")).state is State.unknown
    await open_now(store, clock)
    house.forget()
    assert (await house.availability("fi")).state is State.open


async def test_the_line_is_asked(store: Store, clock: ManualClock) -> None:
    async def one_waits(conn: AsyncConnection) -> Line:
        return Line(waiting=1)

    await open_now(store, clock)
    house = Duty(store=store, schedule=Schedule(), presence=Presence(clock=clock), clock=clock, line=one_waits)
    assert (await house.availability("fi")).state is State.busy


async def test_a_fault_of_ours_pauses_until_it_is_over(store: Store, clock: ManualClock) -> None:
    faults = [True]
    await open_now(store, clock)
    house = Duty(
        store=store, schedule=Schedule(), presence=Presence(clock=clock), clock=clock, faulty=lambda: bool(faults)
    )
    assert (await house.availability("fi")).state is State.paused
    faults.clear()
    assert (await house.availability("fi")).state is State.open


async def test_a_start_is_judged_by_what_is_true_at_that_moment(store: Store, clock: ManualClock) -> None:
    house, _ = duty(store, clock)
    await open_now(store, clock)
    assert (await house.availability("fi")).state is State.open
    async with store.write() as conn:
        await Presence(clock=clock).changed(conn, AINO, Status.break_)
        assert (await house.judged(conn, "fi")).state is not State.open
    assert (await house.availability("fi")).state is State.open  # up to a second old


async def test_the_closing_that_comes_is_told(store: Store, clock: ManualClock) -> None:
    house, _ = duty(store, clock)
    assert await house.phases() is None
    assert await house.next_turn() is None
    async with store.write() as conn:
        hours = OpeningHours("Tu 13:00-15:00", ZoneInfo("Europe/Helsinki"), "FI")
        await Schedule().publish(conn, CHAT, hours, valid_from=clock.now() - timedelta(days=1))
    house.forget()
    closing = await house.phases()  # Tuesday 14:00 in Helsinki
    assert closing is not None
    assert (closing.phase, closing.minutes) == (Phase.open, 60)
    assert await house.next_turn() == clock.now() + timedelta(minutes=30)
