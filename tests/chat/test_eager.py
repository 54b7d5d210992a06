import asyncio

import pytest

from chat.eager import begun

pytestmark = pytest.mark.anyio


async def test_what_does_not_wait_is_done_at_once() -> None:
    done: list[str] = []

    async def quick() -> None:
        done.append("all of it")

    assert begun(quick()) is None
    assert done == ["all of it"]


async def test_what_waits_goes_on_in_a_task() -> None:
    first, second = asyncio.Event(), asyncio.Event()
    done: list[str] = []

    async def slow() -> None:
        done.append("begun")
        await first.wait()
        done.append("first")
        await second.wait()
        done.append("second")

    rest = begun(slow())
    assert rest is not None
    assert done == ["begun"]
    task = asyncio.ensure_future(rest)
    first.set()
    await asyncio.sleep(0.01)
    assert done == ["begun", "first"]
    second.set()
    await task
    assert done == ["begun", "first", "second"]


async def test_what_it_raises_comes_out_where_it_was_run() -> None:
    go = asyncio.Event()

    async def early() -> None:
        raise LookupError

    async def late() -> None:
        await go.wait()
        raise LookupError

    with pytest.raises(LookupError):
        begun(early())
    rest = begun(late())
    assert rest is not None
    go.set()
    with pytest.raises(LookupError):
        await rest


async def test_a_cancelled_rest_is_cleaned_up() -> None:
    never, cleaned = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        try:
            await never.wait()
        finally:
            cleaned.set()

    rest = begun(slow())
    assert rest is not None
    task = asyncio.ensure_future(rest)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert cleaned.is_set()
