"""One holder at a time by the database's clock, the next when the first has fallen silent, and a fence between them."""

import asyncio

import pytest
from sqlalchemy import update

from storage.engine import Store
from storage.leases import fenced, held, leases, one_at_a_time

pytestmark = pytest.mark.anyio


async def take(store: Store, holder: str, *, name: str = "job") -> int | None:
    return await held(store, name=name, holder=holder, seconds=10)


async def run_out(store: Store, name: str = "job") -> None:
    """As if the ten seconds had passed."""
    async with store.write() as conn:
        await conn.execute(update(leases).where(leases.c.name == name).values(until=leases.c.until - 10))


async def test_who_came_first_holds_it_until_it_runs_out(store: Store) -> None:
    assert await take(store, "a") == 1
    assert await take(store, "b") is None
    await run_out(store)
    assert await take(store, "b") == 2
    assert await take(store, "a") is None


async def test_the_holder_renews_it_under_the_same_fence(store: Store) -> None:
    assert await take(store, "a") == 1
    await run_out(store)
    assert await take(store, "a") == 1
    assert await take(store, "b") is None


async def test_two_leases_have_nothing_to_do_with_each_other(store: Store) -> None:
    assert await take(store, "a", name="one") == 1
    assert await take(store, "b", name="other") == 1


async def test_who_slept_past_the_lease_is_fenced_out(store: Store) -> None:
    first = await take(store, "a")
    await run_out(store)
    second = await take(store, "b")
    assert (first, second) == (1, 2)
    async with store.write() as conn:
        assert not await fenced(conn, name="job", fence=1)
        assert await fenced(conn, name="job", fence=2)
        assert not await fenced(conn, name="never held", fence=1)


async def test_nobody_takes_over_while_a_fenced_transaction_writes(store: Store, other_store: Store) -> None:
    await take(store, "a")
    await run_out(store)
    async with store.write() as conn:
        assert await fenced(conn, name="job", fence=1)
        taking = asyncio.create_task(take(other_store, "b"))
        await asyncio.sleep(0.2)
        assert not taking.done()
    assert await taking == 2


@pytest.mark.parametrize("earlier", [False, True], ids=["the very first", "after one ran out"])
async def test_of_many_who_grasp_at_once_exactly_one_gets_it(store: Store, other_store: Store, earlier: bool) -> None:
    if earlier:
        await take(store, "old")
        await run_out(store)
    stores = [store, other_store] * 4
    got = await asyncio.gather(*(take(each, f"holder {number}") for number, each in enumerate(stores)))
    assert [fence for fence in got if fence is not None] == [2 if earlier else 1]


async def test_what_is_done_one_at_a_time_waits_for_the_other_to_end(store: Store, other_store: Store) -> None:
    async with store.write() as conn:
        await one_at_a_time(conn, "start")

        async def another() -> None:
            async with other_store.write() as other:
                await one_at_a_time(other, "start")

        waiting = asyncio.create_task(another())
        await asyncio.sleep(0.1)
        assert not waiting.done()
    await waiting
