import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.types import EventDict

from storage.clock import ManualClock
from tests.hotline.exchange import NOON, BreakableStore, Exchange, Ready, exchange, ready
from tests.stores import told

__all__ = ["told"]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@pytest.fixture(scope="session")
def made_ready(tmp_path_factory: pytest.TempPathFactory) -> Ready:
    """Three operators, enrolled once for all tests of this process."""
    return ready(tmp_path_factory.mktemp("hotline") / "ready.sqlite")


@pytest.fixture
async def line(tmp_path: Path, clock: ManualClock, made_ready: Ready, told: list[EventDict]) -> AsyncIterator[Exchange]:
    """The house behind a telephone network, with nobody on call yet."""
    path = tmp_path / "store.sqlite"
    shutil.copy(made_ready.path, path)
    store = BreakableStore(url=f"sqlite+aiosqlite:///{path}")
    async with exchange(store, clock, tmp_path / "data", made_ready, logged=told) as made:
        yield made
    await store.close()
