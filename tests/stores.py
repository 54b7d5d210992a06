"""The same store tests on both databases: `pytest.fixture`s to import into a conftest, and every table we have."""

import importlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine, text
from structlog.testing import capture_logs
from structlog.types import EventDict

from storage.clock import ManualClock
from storage.engine import Store
from storage.metadata import metadata

ROOT = Path(__file__).resolve().parent.parent
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@cache
def every_table() -> MetaData:
    """The whole schema, with every module imported that declares a part of it."""
    for package in ("storage", "contacts", "duty"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if "= Table(" in path.read_text():
                importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return metadata


def sqlite_with_tables(path: Path) -> str:
    """The address of a new SQLite database with every table and no rows: a copy, 2 ms instead of 80."""
    path.write_bytes(_empty_sqlite())
    return f"sqlite+aiosqlite:///{path}"


@cache
def _empty_sqlite() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sqlite"
        engine = create_engine(f"sqlite:///{path}")
        with engine.begin() as conn:
            conn.execute(text("PRAGMA journal_mode=wal"))
            every_table().create_all(conn)
        engine.dispose()  # the last connection moves the write-ahead log into the file
        return path.read_bytes()


@pytest.fixture(autouse=True)
def told() -> Iterator[list[EventDict]]:
    """What the product wrote to its log during this test."""
    with capture_logs() as lines:
        yield lines


@pytest.fixture
def clock() -> ManualClock:
    """A Tuesday noon in November."""
    return ManualClock(NOON)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of either kind."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return f"sqlite+aiosqlite:///{tmp_path}/store.sqlite"


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """A store with every table and no rows."""
    every_table()
    store = Store(url=database_url)
    await store.create_all()
    yield store
    await store.close()


@pytest.fixture
async def other_store(store: Store, database_url: str) -> AsyncIterator[Store]:
    """The same database, as another worker process sees it: connections of its own."""
    other = Store(url=database_url)
    yield other
    await other.close()
