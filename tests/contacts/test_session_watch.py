import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.distrust import Fault
from contacts.session import Ended, Session
from contacts.session_watch import INTERVAL, SessionWatch
from contacts.sessions import ABSOLUTE, IDLE
from contacts.tables_staff import sessions
from storage.bus import Bus, MemoryBus
from storage.engine import Store
from storage.redis_bus import RedisBus
from tests.contacts.installation import Colleague, Installation
from tests.servers import ValkeyServer

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def watching(there: Installation, interval: float = INTERVAL) -> AsyncIterator[SessionWatch]:
    watch = SessionWatch(
        store=there.store,
        sessions=there.sessions,
        bus=there.bus,
        clock=there.clock,
        alarm=there.alarms.append,
        interval=interval,
    )
    await there.bus.start()
    task = asyncio.create_task(watch.run())
    await asyncio.sleep(0)
    yield watch
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    await there.bus.close()


@pytest.fixture
async def otso(here: Installation, lead: Session) -> Colleague:
    colleague = await here.joined(lead, "otso")
    await here.signed_in(colleague)
    return colleague


async def elsewhere(here: Installation, otso: Colleague, bus: Bus | None = None) -> tuple[Installation, Session]:
    there = here.another_process(bus)
    session = await there.sessions.resolve(otso.cookie)
    assert session is not None
    return there, session


async def seconds_until_the_end(session: Session) -> float:
    ended = asyncio.Event()
    session.on_end(lambda _: ended.set())
    begun = asyncio.get_running_loop().time()
    await asyncio.wait_for(ended.wait(), 5)
    return asyncio.get_running_loop().time() - begun


async def test_a_revocation_reaches_other_workers_within_two_seconds_without_a_bus(
    here: Installation, otso: Colleague
) -> None:
    there, session = await elsewhere(here, otso)
    async with watching(there):
        await here.staff.leave(otso.staff_id)
        assert await seconds_until_the_end(session) < 2
    assert session.ended is Ended.REVOKED
    assert session.id not in there.sessions.live


async def test_a_revocation_reaches_other_workers_within_two_seconds_with_redis_down(
    here: Installation, otso: Colleague
) -> None:
    with ValkeyServer.launch() as server:
        url = server.url
        bus = RedisBus(url=url)
        there, session = await elsewhere(here, otso, bus)
        async with watching(there):
            server.kill()
            await here.staff.leave(otso.staff_id)
            assert await seconds_until_the_end(session) < 2


async def test_the_bus_makes_it_faster(here: Installation, otso: Colleague) -> None:
    bus = MemoryBus()
    there, session = await elsewhere(here, otso, bus)
    me = here.another_process(bus)
    async with watching(there, interval=60):
        await asyncio.sleep(0.05)
        await me.staff.leave(otso.staff_id)
        assert await seconds_until_the_end(session) < 1


async def test_a_gap_in_the_bus_is_a_reason_to_look(here: Installation, otso: Colleague) -> None:
    bus = MemoryBus()
    there, session = await elsewhere(here, otso, bus)
    async with watching(there, interval=60):
        await asyncio.sleep(0.05)
        await here.staff.leave(otso.staff_id)
        bus._subscriptions.gap()
        assert await seconds_until_the_end(session) < 1


async def test_the_one_who_is_replaced_is_told_so(here: Installation, otso: Colleague) -> None:
    there, session = await elsewhere(here, otso)
    await here.signed_in(otso)
    await there.watch.look()
    assert session.ended is Ended.REPLACED


@pytest.mark.parametrize(("seconds", "why"), [(IDLE, Ended.IDLE), (ABSOLUTE, Ended.EXPIRED)])
async def test_time_ends_a_session_everywhere(here: Installation, otso: Colleague, seconds: int, why: Ended) -> None:
    there, session = await elsewhere(here, otso)
    here.clock.advance(seconds)
    await there.watch.look()
    assert session.ended is why
    async with here.store.read() as conn:
        row = (await conn.execute(sessions.select().where(sessions.c.id == session.id))).one()
    assert (row.ended, row.seed) == (why, None)


async def test_a_session_that_vanished_is_over(here: Installation, otso: Colleague) -> None:
    there, session = await elsewhere(here, otso)
    async with here.store.write() as conn:
        await conn.execute(delete(sessions))
    await there.watch.look()
    assert session.ended is Ended.REVOKED


async def test_looking_with_nobody_signed_in_is_no_work(here: Installation) -> None:
    await here.watch.look()
    assert here.sessions.live == {}


class Away(Store):
    """A database that is away until told otherwise."""

    away = False

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        if self.away:
            raise ConnectionRefusedError
        async with super().read() as conn:
            yield conn


async def test_a_database_that_is_away_raises_the_alarm_and_is_asked_again(here: Installation, otso: Colleague) -> None:
    there, session = await elsewhere(here, otso)
    there.store = Away(url=here.store._writer.url.render_as_string(hide_password=False))
    there.store.away = True
    async with watching(there, interval=0.05):
        await asyncio.sleep(0.2)
        assert Fault.SESSIONS_UNCHECKED in there.alarms
        assert session.ended is None
        await here.staff.leave(otso.staff_id)
        there.store.away = False
        assert await seconds_until_the_end(session) < 2
    await there.store.close()
