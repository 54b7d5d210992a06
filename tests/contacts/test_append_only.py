import pytest
from sqlalchemy import text

from contacts import append_only, segments_only
from contacts.tables_audit import audit, audit_head
from storage.engine import Dialect, Store
from tests.contacts.audit_vandals import without_triggers
from tests.contacts.installation import Installation

pytestmark = pytest.mark.anyio
NAMES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%' ORDER BY name",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'audit%' ORDER BY tgname",
}


async def triggers(store: Store) -> list[str]:
    async with store.read() as conn:
        return list((await conn.execute(text(NAMES[store.dialect]))).scalars())


async def test_create_all_makes_the_same_triggers_as_a_migration(here: Installation) -> None:
    made = await triggers(here.store)
    assert len(made) >= 6
    await without_triggers(here.store)
    assert await triggers(here.store) == []
    dialect = here.store.dialect
    async with here.store.write() as conn:
        for statement in (*append_only.statements(dialect), *segments_only.statements(dialect)):
            await conn.execute(text(statement))
    assert await triggers(here.store) == made


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_every_statement_makes_something_of_the_audit_log(dialect: Dialect) -> None:
    for statement in append_only.statements(dialect):
        assert statement.startswith(("CREATE TRIGGER audit_", "CREATE FUNCTION audit_"))


def test_the_triggers_are_made_after_both_tables() -> None:
    names = [table.name for table in audit.metadata.sorted_tables]
    assert names.index(audit.name) < names.index(audit_head.name)
