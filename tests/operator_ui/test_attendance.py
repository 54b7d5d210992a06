"""Being present: an open desk, for as long as nobody else takes the seat."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from contacts.session import Session
from contacts.sessions import ABSOLUTE, IDLE
from duty.presence import ALIVE
from operator_ui.attendance import SESSION_SECONDS, Activity
from storage.clock import ManualClock
from storage.engine import Store
from tests.contacts.conftest import database_url, kept_database, store
from tests.eventually import eventually
from tests.house import Worker, opened_house
from tests.stores import clock, other_store

__all__ = ["clock", "database_url", "kept_database", "other_store", "store"]

pytestmark = pytest.mark.anyio


@pytest.fixture
async def here(store: Store, clock: ManualClock) -> AsyncIterator[Worker]:
    async with opened_house(store, clock) as worker:
        yield worker


async def present(here: Worker) -> set[str]:
    async with here.house.resources.store.read() as conn:
        return {one.staff_id for one in await here.house.presence.present(conn)}


async def stays(here: Worker, session: Session, activity: Activity = Activity.NOTHING) -> "asyncio.Task[None]":
    seated = await here.house.attendance.arrived(session)
    task = asyncio.create_task(here.house.attendance.stay(session, seated.seat, doing=lambda: activity))
    await asyncio.sleep(0)
    return task


async def test_everybody_who_stays_is_kept_present_and_nobody_else(here: Worker, clock: ManualClock) -> None:
    anna, bertil, gone = [await here.signed_in(name) for name in ("anna", "bertil", "gone")]
    tasks = [await stays(here, anna), await stays(here, bertil)]
    await here.house.attendance.arrived(gone)
    clock.advance(ALIVE.total_seconds() - 1)
    await here.house.attendance.beat()
    clock.advance(ALIVE.total_seconds() - 1)
    assert await present(here) == {anna.staff_id, bertil.staff_id}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await here.house.attendance.beat()
    clock.advance(ALIVE.total_seconds() - 1)
    assert await present(here) == set()


async def test_who_sits_down_elsewhere_ends_the_older_stay(here: Worker) -> None:
    anna = await here.signed_in("anna")
    older = await stays(here, anna)
    newer = await stays(here, anna)
    await here.house.attendance.beat()
    await eventually(older.done)
    assert not newer.done()
    newer.cancel()


@pytest.mark.parametrize(
    ("activity", "seconds", "lives"),
    [
        (Activity.NOTHING, IDLE, False),
        (Activity.ACTING, IDLE, True),
        (Activity.ACTING, ABSOLUTE, False),
        (Activity.TALKING, ABSOLUTE, True),
    ],
)
async def test_a_session_does_not_run_out_under_somebody_who_works(
    here: Worker, clock: ManualClock, activity: Activity, seconds: int, lives: bool
) -> None:
    anna = await here.signed_in("anna")
    task = await stays(here, anna, activity)
    for _ in range(seconds // int(SESSION_SECONDS) + 1):
        clock.advance(SESSION_SECONDS)
        await here.house.attendance.keep_sessions()
    await here.house.office.session_watch.look()
    assert (anna.ended is None) is lives
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
