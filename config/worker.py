"""The worker process: sweeps that one process does for all. Only useful with Redis; without, web does them."""

import asyncio

import structlog
import uvloop

from config.assembly import opened
from config.house import Place
from config.jobs import running
from config.logs import told_by_loop
from config.settings import Settings
from config.stopping import stop_signals


def work(settings: Settings) -> int:
    """Work until told to stop; the exit code. Raises `CannotStart`."""
    uvloop.run(_work(settings) if settings.redis_url.get_secret_value() else _idle())
    return 0


async def _work(settings: Settings) -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(told_by_loop)
    stop = asyncio.Event()
    async with opened(settings) as house:
        with stop_signals(stop.set):
            async with running(house.tasks(Place.WORKER), closing=house.closing):
                structlog.get_logger().info("worker_started")
                await stop.wait()
    structlog.get_logger().info("worker_stopped")


async def _idle() -> None:
    """Keep the Procfile's process alive: an exit would stop its siblings."""
    structlog.get_logger().info("worker_idle", reason="no_redis")
    stop = asyncio.Event()
    with stop_signals(stop.set):
        await stop.wait()
