"""The whole house on each database, with an operator on duty who writes Finnish."""

from collections.abc import AsyncIterator

import pytest

from contacts.session import Session
from storage.clock import ManualClock
from storage.engine import Store
from tests.contacts.conftest import database_url, kept_database, store
from tests.house import Worker, opened_house
from tests.stores import clock, other_store, told

__all__ = ["clock", "database_url", "kept_database", "other_store", "store", "told"]


@pytest.fixture
async def here(store: Store, clock: ManualClock) -> AsyncIterator[Worker]:
    """One web process."""
    async with opened_house(store, clock) as worker:
        yield worker


@pytest.fixture
async def anna(here: Worker) -> Session:
    """An operator, available at the desk."""
    return await here.on_duty("anna")
