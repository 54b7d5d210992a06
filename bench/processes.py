"""Server processes on one core, and what they use: CPU time and memory from /proc (proc(5))."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from config.listener import listening_socket

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024
_STOP_SECONDS = 20.0


def cores() -> tuple[int, int]:
    """Two cores to use: the server's and the client's (the same one where there is only one)."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[0], allowed[-1]


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Whatever is started inside, with all its threads and children, stays on this core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class ServerProcess:
    """`python -m module DESCRIPTOR`, one process or more of it, serving on a socket that we opened for them.

    `beside`: process ids of servers that work for it (a database); their CPU time is counted too.
    """

    def __init__(
        self,
        module: str,
        *,
        processes: int = 1,
        environment: Mapping[str, str] | None = None,
        beside: Sequence[int] = (),
    ) -> None:
        with listening_socket("127.0.0.1", 0) as listening:
            self.port: int = listening.getsockname()[1]
            descriptor = listening.fileno()
            self._processes = [
                subprocess.Popen(  # noqa: S603 - our own module
                    [sys.executable, "-m", module, str(descriptor)],
                    stdout=subprocess.DEVNULL,
                    pass_fds=[descriptor],
                    cwd=Path(__file__).parents[1],
                    env={**os.environ, **(environment or {})},
                )
                for _ in range(processes)
            ]
        self._beside = tuple(beside)

    def check(self) -> None:
        """Raises RuntimeError when one of its processes has ended."""
        for process in self._processes:
            if process.poll() is not None:
                raise RuntimeError(f"the server ended with {process.returncode}")

    def cpu_seconds(self) -> float:
        """User and system time until now, of all processes and threads, with their ended children."""
        return sum(_cpu_ticks(pid) for pid in self._family()) / _TICKS

    def resident_kib(self) -> int:
        """Memory in use by the server's own processes."""
        own = _descendants(self._pids())
        return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in own) * _PAGE_KIB

    def stop(self) -> None:
        """End it in order; kill what does not."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _pids(self) -> list[int]:
        return [process.pid for process in self._processes]

    def _family(self) -> list[int]:
        return _descendants([*self._pids(), *self._beside])


def _cpu_ticks(pid: int) -> int:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(int(ticks) for ticks in fields[11:15])  # utime, stime, cutime, cstime
    return 0


def _descendants(roots: Sequence[int]) -> list[int]:
    """These processes and all that they started."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
    found = list(roots)
    for pid in found:  # grows while it is read
        found.extend(children.get(pid, ()))
    return found
