"""An installation on each database, for every test of contacts that asks for one."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contacts import tables_audit, tables_keys, tables_log, tables_staff
from contacts.session import Session
from storage.clock import ManualClock
from storage.engine import Store
from tests.contacts.installation import Installation, founded

TABLES = (tables_audit, tables_keys, tables_log, tables_staff)
"""Imported so that `create_all` makes them."""


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 24, 12, 0, tzinfo=UTC))


@pytest.fixture(params=["sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    url = f"sqlite+aiosqlite:///{tmp_path}/store.sqlite"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    store = Store(url=url)
    await store.create_all()
    yield store
    await store.close()


@pytest.fixture
async def here(store: Store, clock: ManualClock) -> Installation:
    """A new installation without staff."""
    return await founded(store, clock)


@pytest.fixture
async def lead(here: Installation) -> Session:
    """The first lead, signed in."""
    return await here.signed_in(await here.first_lead())
