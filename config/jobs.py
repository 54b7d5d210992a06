"""Work that nobody asks for: sweeps at intervals, and the tasks every process keeps running.

With the memory bus everything runs in the web process; with Redis, sweeps run in `worker`, one worker at a time.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

LONGEST_PAUSE = 30.0
#: Long enough for what a task does when it is told to end.
CANCELLED_AGAIN_SECONDS = 2.0


#: Takes or renews the right to sweep (storage/leases.py); False while another process has it.
Hold = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Job:
    """One sweep. `run` is idempotent: it may be run twice, late, or by two processes."""

    name: str
    every_seconds: float
    run: Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Service:
    """A task that runs as long as the process; started again when it fails."""

    name: str
    run: Callable[[], Awaitable[None]]


async def keep_running(service: Service) -> None:
    """Run a service until cancelled; after a failure, again, with back-off."""
    pause = 0.1
    while True:
        try:
            return await service.run()
        except Exception as error:  # noqa: BLE001 - whatever it was, the house goes on
            structlog.get_logger().error("service_failed", job=service.name, exc_info=error)
        await asyncio.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - jitter, not a secret
        pause = min(pause * 2, LONGEST_PAUSE)


async def sweep_for_ever(job: Job) -> None:
    """Run a job at its interval until cancelled; a failed round is told and the next one tried."""
    while True:
        try:
            await job.run()
        except Exception as error:  # noqa: BLE001 - the next round tries again
            structlog.get_logger().error("job_failed", job=job.name, exc_info=error)
        await asyncio.sleep(job.every_seconds * random.uniform(0.9, 1.1))  # noqa: S311 - jitter, not a secret


async def sweep_while_held(jobs: Sequence[Job], hold: Hold, *, renew_seconds: float) -> None:
    """Run all jobs while this process holds the lease; wait for it otherwise."""
    running: asyncio.Task[None] | None = None
    try:
        while True:
            held = await _held(hold)
            if held and running is None:
                running = asyncio.create_task(_all(jobs), name="jobs")
            if not held and running is not None:
                await ended(running)
                running = None
            await asyncio.sleep(renew_seconds)
    finally:
        if running is not None:
            await ended(running)


@asynccontextmanager
async def running(
    tasks: Sequence[Callable[[], Awaitable[None]]], *, closing: Callable[[], Awaitable[None]]
) -> AsyncIterator[None]:
    """Run these in the background for as long as the block lasts; `closing` comes before they are cancelled."""
    started = [asyncio.ensure_future(task()) for task in tasks]
    try:
        yield
        await closing()
    finally:
        await ended(*started)


async def ended(*tasks: asyncio.Future[None], again_seconds: float = CANCELLED_AGAIN_SECONDS) -> None:
    """Cancel them until they have ended: libraries swallow a cancellation that meets them at the wrong moment.

    A cancellation of our own is passed on at once, and raised when they have ended.
    """
    pending = set(tasks)
    cancelled: asyncio.CancelledError | None = None
    while pending:
        for task in pending:
            task.cancel()
        try:
            _, pending = await asyncio.wait(pending, timeout=again_seconds)
        except asyncio.CancelledError as own:
            cancelled = own
    if cancelled is not None:
        raise cancelled


async def _all(jobs: Sequence[Job]) -> None:
    # Not a task group, which passes on only the first cancellation; nor gather, which waits only for the first to end.
    sweeps = [asyncio.create_task(sweep_for_ever(job), name=f"job-{job.name}") for job in jobs]
    try:
        await asyncio.wait(sweeps)
    finally:
        await ended(*sweeps)


async def _held(hold: Hold) -> bool:
    try:
        return await hold()
    except Exception as error:  # noqa: BLE001 - no database, no lease
        structlog.get_logger().error("lease_failed", exc_info=error)
        return False
