"""One holder at a time, and the next when the first has fallen silent."""

import asyncio

import pytest

from storage.engine import Store
from storage.leases import held

pytestmark = pytest.mark.anyio


async def take(store: Store, holder: str, now: int, *, name: str = "job") -> bool:
    return await held(store, name=name, holder=holder, now=now, seconds=10)


async def test_who_came_first_holds_it_until_it_runs_out(store: Store) -> None:
    assert await take(store, "a", 100)
    assert not await take(store, "b", 109)
    assert await take(store, "b", 110)
    assert not await take(store, "a", 111)


async def test_the_holder_renews_it(store: Store) -> None:
    assert await take(store, "a", 100)
    assert await take(store, "a", 105)
    assert not await take(store, "b", 114)
    assert await take(store, "b", 115)


async def test_two_leases_have_nothing_to_do_with_each_other(store: Store) -> None:
    assert await take(store, "a", 100, name="one")
    assert await take(store, "b", 100, name="other")


@pytest.mark.parametrize("earlier", [None, 50], ids=["the very first", "after one ran out"])
async def test_of_many_who_grasp_at_once_exactly_one_gets_it(
    store: Store, other_store: Store, earlier: int | None
) -> None:
    if earlier is not None:
        assert await take(store, "old", earlier)
    stores = [store, other_store] * 4
    got = await asyncio.gather(*(take(each, f"holder {number}", 100) for number, each in enumerate(stores)))
    assert sum(got) == 1
