"""One server process in a temporary folder of its own, run as `nobody` where we are root."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NotRequired, Self, TypedDict

START_SECONDS = 20
STOP_SECONDS = 20


class ServerProblem(Exception):
    """A server did not start, stop or answer; the message holds the end of its log."""


class _Account(TypedDict):
    cwd: Path
    user: NotRequired[int]
    group: NotRequired[int]
    extra_groups: NotRequired[list[str | int]]


class LocalServer(ABC):
    """A server on 127.0.0.1 with a port that stays the same across restarts.

    Subclasses say how to lay out the folder (`prepare`), what to run (`command`), and when it answers (`answers`).
    """

    name: str
    quick_stop = signal.SIGTERM

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"quietline-{self.name}-"))
        self.port = free_port()
        self._account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> Sequence[str | Path]:
        """What to run; it stays in the foreground."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether the server serves requests now."""

    @abstractmethod
    def prepare(self) -> None:
        """Lays out the folder, once."""

    @property
    def pid(self) -> int:
        """The process to send signals to."""
        if self._process is None:
            raise ServerProblem(f"{self.name} is not running")
        return self._process.pid

    @property
    def log(self) -> str:
        """All that the server printed so far."""
        path = self.folder / "server.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self) -> None:
        """Starts the process and returns when it answers.

        Raises:
            ServerProblem: it ended, or did not answer within `START_SECONDS`.
        """
        if self._process is not None:
            raise ServerProblem(f"{self.name} runs already")
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._leashed(self.command()), stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self._as_account()
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            ended = self._process.poll() is not None
            if ended or time.monotonic() > deadline:
                self.kill()
                raise ServerProblem(f"{self.name} did not start:\n{self.log[-2000:]}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Asks the server to end in order and waits until it has; does nothing when it does not run."""
        self._end(self.quick_stop)

    def kill(self) -> None:
        """Ends the server as a power cut would (SIGKILL); `start` brings it back with what it had on disk."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """`stop`, then `start`, on the same port and the same folder."""
        self.stop()
        self.start()

    def pause(self) -> None:
        """Freezes the process: connections stay open and nothing answers, until `resume`."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Ends a `pause`."""
        os.kill(self.pid, signal.SIGCONT)

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """`pause` for the length of a with statement."""
        self.pause()
        try:
            yield
        finally:
            self.resume()

    def close(self) -> None:
        """Stops the server and removes its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _launch(self) -> None:
        try:
            self.prepare()
            self.hand_over(self.folder)
            self.start()
        except BaseException:
            self.close()
            raise

    def _end(self, sign: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(sign)
        process.send_signal(signal.SIGCONT)  # a paused process must wake up to end
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def run(self, command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None) -> str:
        """Runs a program of the server's as the server's account; returns what it printed.

        Raises:
            ServerProblem: it failed; the message holds its complaint.
        """
        env = {**os.environ, **environment} if environment else None
        done = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            check=False,
            env=env,
            stdin=subprocess.DEVNULL,
            **self._as_account(),
        )
        if done.returncode:
            raise ServerProblem(f"{Path(command[0]).name} failed: {done.stderr.strip()[-2000:]}")
        return done.stdout

    def hand_over(self, path: Path) -> None:
        """Gives a folder, with all that is in it, to the account that the server runs as."""
        if self._account is None:
            return
        for each in (path, *path.rglob("*")):
            os.chown(each, self._account.pw_uid, self._account.pw_gid, follow_symlinks=False)

    def may_run(self, program: Path) -> bool:
        """Whether the server's account may reach and run a program (a folder above it may be closed to others)."""
        try:
            self.run([program, "--version"])
        except PermissionError:
            return False
        return True

    def _leashed(self, command: Sequence[str | Path]) -> list[str]:
        """The same command, ended by the kernel when the tests die without saying goodbye."""
        leash = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
        return [*leash, *(str(part) for part in command)]

    def _as_account(self) -> _Account:
        """Who to run as and where, for `subprocess`."""
        if self._account is None:
            return {"cwd": self.folder}
        account = self._account
        return {"cwd": self.folder, "user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
