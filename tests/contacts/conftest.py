"""An installation on each database, for every test of contacts that asks for one."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from contacts.session import Session
from storage.clock import ManualClock
from storage.engine import Store
from tests.contacts.installation import Installation, founded
from tests.kept_database import KeptDatabase
from tests.servers.postgres import Databases
from tests.stores import clock, every_table, other_store

__all__ = ["clock", "other_store"]


@pytest.fixture(scope="session")
def kept_database(postgres_databases: Databases) -> Iterator[KeptDatabase]:
    url = postgres_databases.create()
    yield KeptDatabase(url)
    postgres_databases.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of either kind with every table and no rows."""
    if request.param == "postgresql":
        kept: KeptDatabase = request.getfixturevalue("kept_database")
        await kept.empty()
        return kept.url
    return f"sqlite+aiosqlite:///{tmp_path}/store.sqlite"


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    every_table()
    store = Store(url=database_url)
    if store.dialect == "sqlite":
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
