"""Starting our own programs as a person would, on free ports, and asking them things."""

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
#: Generous: two cores are shared with everything else that runs.
PATIENCE = 60.0


def free_port() -> int:
    """A port nobody listens on, below those the kernel gives to whoever connects: they could take it meanwhile."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Program:
    """One running command of ours. Its output goes to a file that `output` reads."""

    def __init__(self, *command: str, port: int, log: Path, **settings: str) -> None:
        clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
        self.port = port
        self._log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.cli", *command],
                cwd=ROOT,
                env={**clean, "PORT": str(port), **settings},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def status(self, within: float = PATIENCE) -> dict[str, Any]:
        """What /status.json says, as soon as it answers."""
        until = time.monotonic() + within
        while True:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/status.json", timeout=5) as answer,
            ):
                found: dict[str, Any] = json.load(answer)
                return found
            assert self.process.poll() is None, self.output
            assert time.monotonic() < until, self.output
            time.sleep(0.02)

    def processor_seconds(self) -> float:
        """What it has used so far, in user and system time (proc(5))."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def wait_for(self, said: str, times: int = 1) -> None:
        """Until the program has written this so many times."""
        until = time.monotonic() + PATIENCE
        while self.output.count(said) < times:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < until, self.output
            time.sleep(0.05)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """The exit code after a polite request."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@contextlib.contextmanager
def running(*command: str, log: Path, port: int | None = None, **settings: str) -> Iterator[Program]:
    program = Program(*command, port=port or free_port(), log=log, **settings)
    try:
        yield program
    finally:
        if program.process.poll() is None:
            os.killpg(program.process.pid, signal.SIGKILL)
        program.process.wait()


def children(pid: int) -> list[int]:
    """Processes that this one started, without Python's resource tracker."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes()]
