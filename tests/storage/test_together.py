import asyncio

import pytest

from storage.together import together


class Slow:
    """Works a little, also after it was told to stop."""

    ended = False

    async def work(self) -> str:
        try:
            await asyncio.sleep(0.05)
        finally:
            await asyncio.sleep(0.05)
            self.ended = True
        return "slow"


async def fails() -> str:
    raise KeyError


async def test_answers_come_in_order() -> None:
    async def quick() -> str:
        return "quick"

    assert await together(Slow().work(), quick()) == ["slow", "quick"]


async def test_an_error_is_raised_when_all_have_ended() -> None:
    slow = Slow()
    with pytest.raises(KeyError):
        await together(fails(), slow.work())
    assert slow.ended


async def test_cancelling_waits_until_all_have_ended() -> None:
    slow, quick = Slow(), asyncio.Event()
    task = asyncio.create_task(together(slow.work(), asyncio.create_task(quick.wait())))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert slow.ended
