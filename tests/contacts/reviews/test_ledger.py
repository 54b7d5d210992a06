"""The ledger of releases is append-only, and shows it when somebody went around it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contacts.distrust import Fault, Forged
from contacts.reviews.ledger_only import statements
from tests.contacts.reviews.releasing import NOW, Releasing

pytestmark = pytest.mark.anyio


@pytest.fixture
async def released(releasing: Releasing) -> Releasing:
    await releasing.people(NOW, contacts=30, people=25)
    await releasing.asked(NOW)
    return releasing


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE releases SET purpose = 'x'",
        "DELETE FROM releases",
        "DELETE FROM release_files",
        "UPDATE release_files SET number = 9",
        "DELETE FROM release_head",
        "UPDATE release_head SET number = 7",
        "INSERT INTO release_head SELECT 2, 0, hash, mac FROM release_head",
    ],
)
async def test_the_database_refuses_every_change(released: Releasing, change: str) -> None:
    with pytest.raises(DBAPIError):
        async with released.here.store.write() as conn:
            await conn.execute(text(change))


async def test_a_change_behind_the_triggers_is_noticed(released: Releasing) -> None:
    store = released.here.store
    triggers = [each.split()[2] for each in statements(store.dialect) if each.startswith("CREATE TRIGGER")]
    tables = [
        each.split(" ON ")[1].split()[0] for each in statements(store.dialect) if each.startswith("CREATE TRIGGER")
    ]
    async with store.write() as conn:
        for trigger, table in zip(triggers, tables, strict=True):
            on = f" ON {table}" if store.dialect == "postgresql" else ""
            await conn.execute(text(f"DROP TRIGGER {trigger}{on}"))
    (release,) = await released.rows()
    for change in (
        "UPDATE releases SET purpose = 'y'",
        "UPDATE releases SET purpose = 'The half-year''s review', k = 4",
    ):
        async with store.write() as conn:
            await conn.execute(text(change))
        with pytest.raises(Forged):
            await released.rows()
    assert Fault.FORGED in released.here.alarms
    with pytest.raises(Forged):
        await released.bytes_of(release)
