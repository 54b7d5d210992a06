"""Fixtures for every test: real servers, a real browser, and no network beyond this machine."""

import os
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from coverage import Coverage
from hypothesis import settings
from playwright.async_api import Browser

from tests.browser import launch_chromium
from tests.network import Guard
from tests.servers import PostgresServer, ValkeyServer
from tests.servers.postgres import Databases, wheel_programs
from tests.servers.valkey import flush
from tests.trespasses import TRESPASSES

if TYPE_CHECKING:
    from tests.kept_database import KeptDatabase

_SERVER_FIXTURES = frozenset({"postgres_server", "postgres_databases", "postgres_url", "valkey_server", "redis_url"})
# Two busy cores make any deadline per example a lie. (In CI hypothesis itself loads its profile "ci".)
settings.register_profile("default", deadline=None)
_NETWORK = pytest.StashKey[Guard]()
# The folders of tests that can cover a pure module by themselves.
_WITH_PURE = frozenset({"chat", "contacts", "duty", "hotline", "operator_ui"})
_AREA = len(Path(__file__).parts) - 1


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make coverage` measures every test; `make test` those that can cover a pure module by themselves."""
    parser.addoption("--measure", choices=("plain", "every"), default="plain", help="which tests --cov measures")


def pytest_configure(config: pytest.Config) -> None:
    """Shuts the network before any test module is imported."""
    config.stash[_NETWORK] = Guard()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks tests by the fixtures they use, so that `make test-fast` leaves out what it should."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "browser" in fixtures:
            item.add_marker(pytest.mark.browser)
        if fixtures & _SERVER_FIXTURES:
            item.add_marker(pytest.mark.servers)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measures the tests that wait for nothing: tracing makes the others, with all their libraries, half as slow again.

    A pure module never awaits, so a test that does proves nothing about its branches that a plain one cannot.
    """
    controller = getattr(item.config.pluginmanager.getplugin("_cov"), "cov_controller", None)
    if controller is not None and item.config.getoption("measure") == "plain":
        waits = "anyio_backend" in getattr(item, "fixturenames", ())
        measured = not waits and item.path.parts[_AREA] in _WITH_PURE and not item.get_closest_marker("no_cover")
        if measured and Coverage.current() is None:
            controller.resume()
        while (
            not measured and (running := Coverage.current()) is not None
        ):  # a process of xdist has two, one in the other
            running.stop()
    return (yield)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test fails the run: what is not tested there is tested nowhere."""
    report = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and report is not None and report.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        report.write_line("In CI no test may be skipped.", red=True)


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """Async tests and fixtures run on asyncio's own loop, one for the whole session."""
    return "asyncio", {"use_uvloop": False}


@pytest.fixture(scope="session")
def network_guard(pytestconfig: pytest.Config) -> Guard:
    """What keeps this session on this machine."""
    return pytestconfig.stash[_NETWORK]


@pytest.fixture(autouse=True)
def no_network(network_guard: Guard) -> Iterator[None]:
    """Fails a test that tried to leave this machine, also when the product swallowed the refusal."""
    yield
    attempts, network_guard.attempts[:] = list(network_guard.attempts), []
    assert not attempts, "this test tried to reach beyond this machine"


@pytest.fixture(scope="session", autouse=True)
def nothing_arrives_without_a_row() -> Iterator[None]:
    """P2: in the whole suite no letter reaches a mail server of ours that no row marked `sent` allows."""
    yield
    assert TRESPASSES == []


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL for the session; a test that stops it must start it again."""
    with PostgresServer.launch() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_databases(request: pytest.FixtureRequest) -> Databases:
    """Where databases are made: the server at TEST_PG_URL (on this machine), else the session's own."""
    if url := os.environ.get("TEST_PG_URL"):
        return Databases(url, wheel_programs() / "psql")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.databases


@pytest.fixture
def postgres_url(postgres_databases: Databases) -> Iterator[str]:
    """The address of an empty database of the test's own, `postgresql+asyncpg://...`."""
    url = postgres_databases.create()
    yield url
    postgres_databases.drop(url)


@pytest.fixture(scope="session")
def kept_postgres(postgres_databases: Databases) -> "Iterator[KeptDatabase]":
    """One database that tests take turns with."""
    from tests.kept_database import KeptDatabase  # noqa: PLC0415 - product code, not before coverage has begun

    url = postgres_databases.create()
    yield KeptDatabase(url)
    postgres_databases.drop(url)


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[ValkeyServer]:
    """One Valkey for the session; a test that stops it must start it again."""
    with ValkeyServer.launch() as server:
        yield server


@pytest.fixture
def redis_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty Redis database: TEST_REDIS_URL (it is flushed), else the session's own server."""
    url = os.environ.get("TEST_REDIS_URL")
    if url is None:
        server: ValkeyServer = request.getfixturevalue("valkey_server")
        url = server.url
    flush(url)
    return url


@pytest.fixture(scope="session")
async def browser(anyio_backend: object) -> AsyncIterator[Browser]:
    """One headless Chromium for the session; a test opens a context of its own: `await browser.new_context()`."""
    async with launch_chromium() as chromium:
        yield chromium
