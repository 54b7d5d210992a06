import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from config.migrate import migrate
from config.resources import make_app_key, resources
from config.schema import metadata, triggers
from config.settings import Mode, Settings
from config.stopping import CannotStart, Hindrance
from storage.engine import Store
from storage.fingerprint import differences, expected, fingerprint, found
from tests.stores import database_url

__all__ = ["database_url"]


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """A deployment that has been set up."""
    made = Settings(mode=Mode.DEVELOPMENT, database_url=SecretStr(database_url), data_dir=tmp_path / "data")
    make_app_key(made)
    migrate(made)
    return made


def compared(settings: Settings) -> list[str]:
    async def look() -> list[str]:
        store = Store(url=settings.store_url)
        try:
            async with store.read() as conn:
                there = await found(conn, metadata)
        finally:
            await store.close()
        return differences(expected(metadata, triggers(store.dialect), store.dialect), there)

    return asyncio.run(look())


def by_hand(settings: Settings, *statements: str) -> None:
    async def act() -> None:
        store = Store(url=settings.store_url)
        try:
            async with store.write() as conn:
                for statement in statements:
                    await conn.execute(text(statement))
        finally:
            await store.close()

    asyncio.run(act())


def started(settings: Settings) -> None:
    async def start() -> None:
        async with resources(settings):
            pass

    asyncio.run(start())


#: What is done by hand, and what the sentence names.
SQLITE = [
    (["DROP TRIGGER gate_forwardings_update_3"], "trigger gate_forwardings_update_3"),
    (["DROP TRIGGER audit_no_delete"], "trigger audit_no_delete"),
    (
        [
            "DROP TRIGGER gate_consents_delete_1",
            (
                "CREATE TRIGGER gate_consents_delete_1 BEFORE DELETE ON consents WHEN 1 = 0"
                " BEGIN SELECT RAISE(ABORT, 'a consent is not deleted'); END"
            ),
        ],
        "trigger gate_consents_delete_1",
    ),
    (["CREATE TRIGGER more AFTER INSERT ON consents BEGIN SELECT 1; END"], "trigger more"),
    (["ALTER TABLE consents ADD COLUMN more TEXT"], "column consents.more"),
    (["ALTER TABLE contacts RENAME COLUMN erased_at TO gone_at"], "column contacts.erased_at"),
]
POSTGRESQL = [
    (["DROP TRIGGER gate_forwardings_update ON forwardings"], "trigger gate_forwardings_update"),
    (["ALTER TABLE consents DISABLE TRIGGER gate_consents_update"], "trigger gate_consents_update"),
    (["ALTER TABLE audit DISABLE TRIGGER ALL"], "trigger audit_no_change"),
    (
        ["ALTER FUNCTION gate_consents_insert() SET search_path = pg_temp, public"],
        "function gate_consents_insert",
    ),
    (
        [
            (
                "CREATE OR REPLACE FUNCTION gate_consents_delete() RETURNS trigger LANGUAGE plpgsql"
                " SET search_path = public, pg_temp AS 'BEGIN RETURN OLD; END'"
            )
        ],
        "function gate_consents_delete",
    ),
    (["CREATE RULE no_withdrawal AS ON UPDATE TO consents DO INSTEAD NOTHING"], "rule no_withdrawal"),
    (["ALTER TABLE consents ALTER COLUMN until TYPE integer"], "column consents.until"),
    (["ALTER TABLE consents ALTER COLUMN digest DROP NOT NULL"], "column consents.digest"),
    (["ALTER TABLE forwardings DROP CONSTRAINT fk_forwardings_consent_exactly"], "reference forwardings(consent"),
    (["ALTER TABLE consents DROP CONSTRAINT uq_consents_ask"], "unique consents(ask)"),
    (["ALTER TABLE consents ADD COLUMN more text"], "column consents.more"),
]


def test_a_migrated_database_is_what_this_version_makes_and_starts(settings: Settings) -> None:
    assert compared(settings) == []
    started(settings)


def test_a_schema_changed_by_hand_refuses_to_start_with_one_sentence(settings: Settings) -> None:
    """One after the other: each further change is named in its turn."""
    harms = SQLITE if settings.store_url.startswith("sqlite") else POSTGRESQL
    known: set[str] = set()
    for statements, named in harms:
        by_hand(settings, *statements)
        fresh = set(compared(settings)) - known
        if fresh:  # else it concerns what was harmed before
            assert any(one.startswith(named) for one in fresh), (statements, fresh)
        else:
            assert any(one.startswith(named) for one in known), statements
        known |= fresh
    with pytest.raises(CannotStart) as refused:
        started(settings)
    assert refused.value.code is Hindrance.SCHEMA_CHANGED
    assert str(refused.value).count(".") <= 3
    assert str(refused.value).endswith(".")


def test_a_schema_has_a_name_of_64_characters() -> None:
    ours = expected(metadata, triggers("sqlite"), "sqlite")
    assert len(fingerprint(ours)) == 64
    assert fingerprint(ours) != fingerprint(expected(metadata, triggers("postgresql"), "postgresql"))
    assert differences(ours, ours) == []


def test_a_function_that_is_written_otherwise_is_noticed_when_it_is_written() -> None:
    with pytest.raises(ValueError, match="is written"):
        expected(metadata, ["CREATE FUNCTION x() RETURNS trigger AS $$ $$ LANGUAGE plpgsql"], "postgresql")
