"""An empty store on each database, with duty's tables."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from duty import tables
from storage.clock import ManualClock
from storage.engine import Store


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 24, 12, 0, tzinfo=UTC))


@pytest.fixture(params=["sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    url = f"sqlite+aiosqlite:///{tmp_path}/store.sqlite"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    store = Store(url=url)
    async with store.write() as conn:
        for table in (tables.presence, tables.published_hours, tables.pauses):
            await conn.run_sync(table.create)
    yield store
    await store.close()
