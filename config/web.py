"""The web processes: one in this process, or several on one socket under a supervisor."""

import asyncio
import contextlib
import gc
import multiprocessing
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import wait
from multiprocessing.context import SpawnContext, SpawnProcess
from types import FrameType

import structlog
import uvicorn
import uvloop
from starlette.types import ASGIApp

from config.asgi import create_app
from config.assembly import opened
from config.house import House, Place
from config.jobs import running
from config.listener import listening_socket, server_config
from config.logs import configure_logs, told_by_loop
from config.settings import Mode, Settings
from config.stopping import CANNOT_START, FAILED, CannotStart, stop_signals
from storage.clock import Clock, SystemClock

HEALTHY_SECONDS = 60.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
#: How much longer than a worker's own grace the supervisor waits before it kills.
EXTRA_SECONDS = 5.0
#: Objects made and not yet freed before Python looks for cycles, by generation. Its own 700 takes a tenth of the time
#: under load, and finds next to nothing: what a connection leaves in cycles is freed when it ends, or a moment later.
GARBAGE_THRESHOLDS = (20000, 20, 20)

Ready = Callable[[], None]
Application = Callable[[House], ASGIApp]


def serve(settings: Settings, *, ready: Ready | None = None) -> int:
    """Serve until told to stop; the exit code. `ready` is called once, when the first request would be answered."""
    with listening_socket(settings.host, settings.port) as listening:
        if settings.web_workers == 1:
            return serve_here(settings, listening, ready=ready)
        return Supervisor(settings=settings, listening=listening, clock=SystemClock()).run(ready=ready)


def serve_here(
    settings: Settings, listening: socket.socket, *, ready: Ready | None = None, application: Application = create_app
) -> int:
    """Serve in this process. Raises `CannotStart`."""
    uvloop.run(_serve(settings, listening, ready, application))
    return 0


async def _serve(settings: Settings, listening: socket.socket, ready: Ready | None, application: Application) -> None:
    asyncio.get_running_loop().set_exception_handler(told_by_loop)
    async with opened(settings) as house:
        server = Server(server_config(application(house), graceful_seconds=settings.graceful_seconds))
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GARBAGE_THRESHOLDS)
        with stop_signals(partial(_stop, house, server), server.stop_now):
            async with running(house.tasks(Place.WEB), closing=house.closing):
                await server.serve_on(listening, ready)
    structlog.get_logger().info("web_stopped")


def _stop(house: House, server: "Server") -> None:
    house.stop_connections()
    server.stop()


class Server(uvicorn.Server):
    """uvicorn's server without its signal handling, which ends the process by the signal it was asked to handle."""

    async def serve_on(self, listening: socket.socket, ready: Ready | None) -> None:
        """Serve until `stop`."""
        structlog.get_logger().info("web_started", number=multiprocessing.current_process().pid)
        if ready is not None:
            ready()
        await self._serve([listening])

    def stop(self) -> None:
        """Take nothing new, close sockets with 1012, let requests finish."""
        self.should_exit = True

    def stop_now(self) -> None:
        """Wait for nothing."""
        self.should_exit = True
        self.force_exit = True


class Supervisor:
    """Keeps `web_workers` processes on one socket. One that dies is replaced, with back-off when it dies young."""

    def __init__(self, *, settings: Settings, listening: socket.socket, clock: Clock) -> None:
        self._settings = settings
        self._listening = listening
        self._clock = clock
        self._context: SpawnContext = multiprocessing.get_context("spawn")
        self._seats = [_Seat(number) for number in range(1, settings.web_workers + 1)]
        self._stopping = False

    def run(self, *, ready: Ready | None = None) -> int:
        """Until SIGTERM or SIGINT, or until a worker says that starting again is no use. The exit code."""
        log = structlog.get_logger()
        code = 0
        with self._signals() as wake:
            for seat in self._seats:
                self._fill(seat)
            if ready is not None:
                ready()
            while not self._stopping:
                wait([*(seat.process.sentinel for seat in self._seats if seat.process), wake], self._next_start())
                for seat in self._seats:
                    ended = self._ended(seat)
                    if ended == CANNOT_START:
                        code, self._stopping = CANNOT_START, True
                    elif ended is not None and not self._stopping:
                        log.warning("worker_died", worker=seat.number, exit_code=ended, seconds=seat.pause)
                    elif seat.process is None and self._clock.monotonic() >= seat.start_at and not self._stopping:
                        self._fill(seat)
            self._drain()
        log.info("supervisor_stopped")
        return code

    def _fill(self, seat: "_Seat") -> None:
        seat.started = self._clock.monotonic()
        seat.process = self._context.Process(
            target=_worker, args=(self._settings, self._listening), name=f"web-{seat.number}"
        )
        seat.process.start()

    def _ended(self, seat: "_Seat") -> int | None:
        """The exit code of a worker that has just ended, with the time of its replacement decided."""
        if seat.process is None or seat.process.exitcode is None:
            return None
        code = seat.process.exitcode
        seat.process.close()
        seat.process = None
        now = self._clock.monotonic()
        young = now - seat.started < HEALTHY_SECONDS
        seat.pause = min(max(seat.pause * 2, FIRST_PAUSE), LONGEST_PAUSE) if young else FIRST_PAUSE
        seat.start_at = now + seat.pause
        return code

    def _next_start(self) -> float | None:
        """Seconds until an empty seat is filled; None when all are taken."""
        due = [seat.start_at for seat in self._seats if seat.process is None]
        return max(0.0, min(due) - self._clock.monotonic()) if due else None

    def _drain(self) -> None:
        alive = [seat.process for seat in self._seats if seat.process is not None]
        for process in alive:
            process.terminate()
        until = self._clock.monotonic() + self._settings.graceful_seconds + EXTRA_SECONDS
        for process in alive:
            process.join(max(0.0, until - self._clock.monotonic()))
            if process.exitcode is None:
                process.kill()
                process.join()

    @contextmanager
    def _signals(self) -> Iterator[socket.socket]:
        """SIGTERM and SIGINT stop the loop; the answer becomes readable when one came."""
        wake, waker = socket.socketpair()
        waker.setblocking(False)  # noqa: FBT003 - the standard library's

        def stop(_number: int, _frame: FrameType | None) -> None:
            self._stopping = True
            with contextlib.suppress(OSError):
                waker.send(b".")

        before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield wake
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            wake.close()
            waker.close()


class _Seat:
    """A worker's place: its process, and when it is filled again."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.process: SpawnProcess | None = None
        self.started = 0.0
        self.start_at = 0.0
        self.pause = 0.0


def _worker(settings: Settings, listening: socket.socket) -> None:
    """A web process of the supervisor's."""
    configure_logs(readable=settings.mode is not Mode.PRODUCTION)
    try:
        sys.exit(serve_here(settings, listening))
    except CannotStart as refused:
        structlog.get_logger().error("cannot_start", reason=refused.code)
        sys.stderr.write(f"{refused}\n")
        sys.exit(CANNOT_START)
    except Exception as error:  # noqa: BLE001 - the supervisor tries again
        structlog.get_logger().error("worker_failed", exc_info=error)
        sys.exit(FAILED)
