"""Work that is heavy or handles strangers' words, each time in a process of its own.

So its time limit holds, and nothing is left behind. Words go in and out through pipes; no file is written, and the process is given no setting and no secret.
"""

import asyncio
import contextlib
import resource
import sys
from collections.abc import Callable
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
#: The whole environment of such a process.
_ENVIRONMENT = {"PYTHONUTF8": "1", "RAYON_NUM_THREADS": "1"}


class Failed(Exception):
    """The process took too long or could not do it. Says no more: what it was given is about somebody."""


class Apart:
    """Runs `python -m module` with bytes in and bytes out. `seconds`: each may take; `at_once`: how many may run."""

    def __init__(self, *, module: str, seconds: float, at_once: int = 1) -> None:
        self._module = module
        self._seconds = seconds
        self._free = asyncio.Semaphore(at_once)

    async def run(self, given: bytes) -> bytes:
        """What it answered. Raises `Failed`."""
        async with self._free:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                self._module,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd=_ROOT,
                env=_ENVIRONMENT,
            )
            try:
                async with asyncio.timeout(self._seconds):
                    answered, _ = await process.communicate(given)
            except TimeoutError:
                raise Failed from None
            finally:
                if process.returncode is None:
                    with contextlib.suppress(ProcessLookupError):
                        process.kill()
                    await process.communicate()
        if process.returncode != 0:
            raise Failed
        return answered


def confined(*, cpu_seconds: int) -> None:
    """Called first in such a process: no files, no core dump, and an end whatever happens to its parent."""
    for limit, most in ((resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_CPU, cpu_seconds)):
        _, hard = resource.getrlimit(limit)
        wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (wanted, wanted))


def talked(answer_of: Callable[[bytes], bytes], *, cpu_seconds: int) -> int:
    """The body of such a program: everything from stdin, the answer to stdout; the exit code. Says nothing of errors."""
    confined(cpu_seconds=cpu_seconds)
    try:
        answer = answer_of(sys.stdin.buffer.read())
    except Exception:  # noqa: BLE001 - a traceback could hold somebody's words
        return 1
    sys.stdout.buffer.write(answer)
    return 0
