import asyncio
from collections.abc import AsyncIterator

import pytest

from storage.bus import MemoryBus
from storage.shared_list import SharedList
from tests.eventually import eventually


class Numbers(SharedList[int]):
    """What `there` holds; `away`: the database is not there."""

    there: tuple[int, ...] = ()
    away = False

    async def read(self) -> tuple[tuple[int, ...], int]:
        if self.away:
            raise ConnectionError
        return self.there[:2], len(self.there)


@pytest.fixture
async def bus() -> AsyncIterator[MemoryBus]:
    bus = MemoryBus()
    await bus.start()
    yield bus
    await bus.close()


@pytest.fixture
async def numbers(bus: MemoryBus) -> AsyncIterator[Numbers]:
    listed = Numbers(bus=bus, topics=["numbers"])
    task = asyncio.create_task(listed.run())
    yield listed
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_it_is_read_again_after_a_signal(bus: MemoryBus, numbers: Numbers) -> None:
    told: list[int] = []
    numbers.on_change(lambda: told.append(numbers.count))
    numbers.there = (1, 2, 3)
    await bus.publish("numbers", b"")
    await eventually(lambda: told == [3])
    assert numbers.rows == (1, 2)


async def test_what_is_the_same_is_not_told(numbers: Numbers) -> None:
    told: list[int] = []
    stop = numbers.on_change(lambda: told.append(numbers.count))
    numbers.there = (1,)
    await numbers.refresh()
    await numbers.refresh()
    assert told == [1]
    stop()
    numbers.there = (2,)
    await numbers.refresh()
    assert told == [1]


async def test_while_the_database_is_away_what_is_on_screen_stays(bus: MemoryBus, numbers: Numbers) -> None:
    numbers.there = (1,)
    await numbers.refresh()
    numbers.there, numbers.away = (1, 2), True
    await bus.publish("numbers", b"")
    await asyncio.sleep(0.2)
    assert numbers.rows == (1,)
    numbers.away = False
    await bus.publish("numbers", b"")
    await eventually(lambda: numbers.rows == (1, 2))
