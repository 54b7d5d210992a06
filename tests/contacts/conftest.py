"""An installation on each database, for every test of contacts that asks for one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from contacts.session import Session
from storage.clock import ManualClock
from storage.engine import Store
from tests.contacts.installation import Installation, founded
from tests.kept_database import KeptDatabase
from tests.stores import clock, opened, other_store, sqlite_with_tables

__all__ = ["clock", "other_store"]


@pytest.fixture(scope="session")
def kept_database(kept_postgres: KeptDatabase) -> KeptDatabase:
    """The same for every conftest that imports this."""
    return kept_postgres


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of either kind with every table and no rows."""
    if request.param == "postgresql":
        kept: KeptDatabase = request.getfixturevalue("kept_database")
        await kept.empty()
        return kept.url
    return sqlite_with_tables(tmp_path / "store.sqlite")


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    async with opened(database_url) as store:
        yield store


@pytest.fixture
async def here(store: Store, clock: ManualClock) -> Installation:
    """A new installation without staff."""
    return await founded(store, clock)


@pytest.fixture
async def lead(here: Installation) -> Session:
    """The first lead, signed in."""
    return await here.signed_in(await here.first_lead())
