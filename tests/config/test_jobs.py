import asyncio
import contextlib

import pytest

from config.jobs import Job, Service, ended, keep_running, running, sweep_for_ever, sweep_while_held


async def until(condition: "asyncio.Event", seconds: float = 10.0) -> None:
    await asyncio.wait_for(condition.wait(), seconds)


async def test_a_service_that_fails_is_started_again() -> None:
    runs = 0

    async def fails_once() -> None:
        nonlocal runs
        runs += 1
        if runs == 1:
            raise ConnectionError

    await asyncio.wait_for(keep_running(Service("once", fails_once)), 10)
    assert runs == 2


async def test_a_job_that_fails_is_tried_again() -> None:
    rounds = 0
    third = asyncio.Event()

    async def fails() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 3:
            third.set()
        raise ConnectionError

    task = asyncio.create_task(sweep_for_ever(Job("fails", 0.01, fails)))
    await until(third)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_jobs_run_only_while_the_lease_is_held() -> None:
    answers = iter([False, True, True])
    ran, stopped = asyncio.Event(), asyncio.Event()
    running_now = 0

    async def hold() -> bool:
        nonlocal running_now
        answer = next(answers, None)
        if answer is None:
            raise ConnectionError  # the database is away: no lease
        if running_now == 0 and ran.is_set():
            stopped.set()
        return answer

    async def sweep() -> None:
        nonlocal running_now
        running_now += 1
        ran.set()
        try:
            await asyncio.Event().wait()
        finally:
            running_now -= 1
            stopped.set()

    task = asyncio.create_task(sweep_while_held([Job("sweep", 10, sweep)], hold, renew_seconds=0.02))
    await until(ran)
    await until(stopped)
    assert running_now == 0
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_jobs_stop_with_the_process() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def sweep() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def hold() -> bool:
        return True

    task = asyncio.create_task(sweep_while_held([Job("sweep", 10, sweep)], hold, renew_seconds=0.02))
    await until(begun)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


class Deaf:
    """Work whose first cancellation is swallowed, as by a library; and the next is not."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.ended = asyncio.Event()

    async def run(self) -> None:
        self.begun.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        try:
            await asyncio.Event().wait()
        finally:
            self.ended.set()


async def test_work_that_swallows_a_cancellation_ends_all_the_same() -> None:
    deaf = Deaf()
    task = asyncio.create_task(deaf.run())
    await until(deaf.begun)
    await ended(task, again_seconds=0.02)
    assert deaf.ended.is_set()


async def test_a_job_that_swallows_a_cancellation_ends_with_the_process() -> None:
    async def hold() -> bool:
        return True

    deaf = Deaf()
    task = asyncio.create_task(sweep_while_held([Job("deaf", 10, deaf.run)], hold, renew_seconds=0.02))
    await until(deaf.begun)
    await ended(task, again_seconds=0.02)
    assert deaf.ended.is_set()


async def test_every_job_has_ended_when_the_process_goes_on_to_close_the_store() -> None:
    begun, ended_jobs = asyncio.Event(), 0

    async def slow_to_end() -> None:
        nonlocal ended_jobs
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.05)
            ended_jobs += 1

    async def quick_to_end() -> None:
        begun.set()
        await asyncio.Event().wait()

    async def hold() -> bool:
        return True

    jobs = [Job("slow", 10, slow_to_end), Job("quick", 10, quick_to_end)]
    task = asyncio.create_task(sweep_while_held(jobs, hold, renew_seconds=0.02))
    await until(begun)
    await ended(task)
    assert ended_jobs == 1


async def test_what_was_taken_is_written_before_tasks_are_cancelled() -> None:
    told: list[str] = []
    begun = asyncio.Event()

    async def service() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            told.append("cancelled")
            raise

    async def closing() -> None:
        told.append("closing")

    async with running([service], closing=closing):
        await until(begun)
    assert told == ["closing", "cancelled"]
