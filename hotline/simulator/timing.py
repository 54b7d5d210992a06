"""Time for the network: the real one, or one that jumps to the next thing that happens.

A task of the network waits only through `wait`. So virtual time knows when everybody waits, and moves on only then: a
scenario of minutes runs in a moment, and always in the same order.
"""

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol


class Timing(Protocol):
    """What the network needs of time."""

    def now(self) -> float:
        """Seconds since the network was made."""

    async def wait(self, woken: "asyncio.Future[None]", seconds: float | None) -> bool:
        """Until the future is done; False when `seconds` passed first."""

    def wake(self, woken: "asyncio.Future[None]") -> None:
        """Let whoever waits for this go on."""

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run this beside everything else."""


class RealTime:
    """The event loop's own time."""

    def __init__(self) -> None:
        self._start = asyncio.get_running_loop().time()
        self._tasks: set[asyncio.Task[None]] = set()

    def now(self) -> float:
        return asyncio.get_running_loop().time() - self._start

    async def wait(self, woken: "asyncio.Future[None]", seconds: float | None) -> bool:
        await asyncio.wait({woken}, timeout=seconds)
        return woken.done()

    def wake(self, woken: "asyncio.Future[None]") -> None:
        if not woken.done():
            woken.set_result(None)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End whatever still runs."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


class VirtualTime:
    """Stands still while anybody works.

    `advance` is told how many seconds pass (the house's clock); `settle` lets the house do what it does by itself, and is
    called before each step of at most `step` seconds.
    """

    def __init__(
        self, *, advance: Callable[[float], None], settle: Callable[[], Awaitable[None]], step: float = 1.0
    ) -> None:
        self._advance = advance
        self._settle = settle
        self._step = step
        self._now = 0.0
        self._busy = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._number = 0
        self._agenda: list[tuple[float, int, asyncio.Future[None]]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._timed_out: set[asyncio.Future[None]] = set()
        self.failures: list[BaseException] = []

    def now(self) -> float:
        return self._now

    async def wait(self, woken: "asyncio.Future[None]", seconds: float | None) -> bool:
        if woken.done():
            return True
        if seconds is not None:
            self._number += 1
            heapq.heappush(self._agenda, (self._now + seconds, self._number, woken))
        self._working(-1)
        await woken
        in_time = woken not in self._timed_out
        self._timed_out.discard(woken)
        return in_time

    def wake(self, woken: "asyncio.Future[None]") -> None:
        if not woken.done():
            self._working(1)
            woken.set_result(None)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self._working(1)
        task = asyncio.ensure_future(self._run(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def run(self, seconds: float, *, step: float | None = None) -> None:
        """Let so much time pass, with all that happens in it; in other steps if said."""
        until = self._now + seconds
        while True:
            await self._settled()
            if self._now >= until:
                return
            following = min(until, self._now + (step or self._step), *(at for at, _, _ in self._agenda[:1]))
            self._advance(following - self._now)
            self._now = following
            while self._agenda and self._agenda[0][0] <= self._now:
                _, _, woken = heapq.heappop(self._agenda)
                if not woken.done():
                    self._timed_out.add(woken)
                    self.wake(woken)

    async def close(self) -> None:
        """End whatever still runs."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _settled(self) -> None:
        while True:
            await self._quiet.wait()
            await self._settle()
            if self._busy == 0:
                return

    async def _run(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - a scenario tells of it
            self.failures.append(error)
        finally:
            self._working(-1)

    def _working(self, more: int) -> None:
        self._busy += more
        if self._busy:
            self._quiet.clear()
        else:
            self._quiet.set()
