"""Programs of this package, each in a process of its own; several at once, one a core."""

import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_ROOT: Final = Path(__file__).resolve().parents[2]
#: The whole environment of such a process.
_ENVIRONMENT: Final = {"PYTHONUTF8": "1", "RAYON_NUM_THREADS": "1"}


class CannotRender(Exception):
    """A program took too long or could not do it. Nothing of the review may be released.

    The text says which, and how it ended; never what it was given, or said.
    """


class Apart:
    """Runs `python -m module` with bytes in and bytes out. `seconds`: each may take; `at_once`: how many may run."""

    def __init__(self, *, seconds: float, at_once: int = 2) -> None:
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(at_once)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(cancel_futures=True)

    def start(self, module: str, given: bytes) -> Future[bytes]:
        """What it will answer. The result raises `CannotRender`."""
        return self._threads.submit(self._run, module, given)

    def _run(self, module: str, given: bytes) -> bytes:
        try:
            done = subprocess.run(  # noqa: S603 - our own programs
                [sys.executable, "-m", module],
                input=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=_ROOT,
                env=_ENVIRONMENT,
                timeout=self._seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise CannotRender(f"{module}: not done after {self._seconds:g} s") from None
        if done.returncode < 0:
            raise CannotRender(f"{module}: killed by signal {-done.returncode}")
        if done.returncode:
            raise CannotRender(f"{module}: could not do it")
        return done.stdout
