import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import SecretStr
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from config.migrate import known_revisions, migrate, newest_revision, step_back
from config.resources import resources
from config.schema import metadata
from config.settings import Mode, Settings
from config.stopping import CannotStart, Hindrance
from contacts.app_key import AppKey
from storage.engine import Store
from storage.schema import revision_of
from tests.stores import database_url, every_table

__all__ = ["database_url"]


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(mode=Mode.DEVELOPMENT, database_url=SecretStr(database_url), data_dir=tmp_path)


def on(settings: Settings, ask: Callable[[Connection], Any]) -> Any:
    """Ask the database one thing."""

    async def asked() -> Any:
        store = Store(url=settings.store_url)
        try:
            async with store.write() as conn:
                return await conn.run_sync(ask)
        finally:
            await store.close()

    return asyncio.run(asked())


def differences(connection: Connection) -> list[Any]:
    options = {"compare_type": True, "compare_server_default": True}
    found = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    return [change for change in found if "alembic_version" not in str(change)]


def triggers(connection: Connection) -> set[str]:
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    return set(connection.execute(text(query[connection.dialect.name])).scalars())


def made_directly(settings: Settings, tmp_path: Path, fresh_url: str) -> Settings:
    other = settings.model_copy(update={"database_url": SecretStr(fresh_url)})

    async def make() -> None:
        store = Store(url=other.store_url)
        await store.create_all()
        await store.close()

    asyncio.run(make())
    return other


def test_the_schema_names_every_table_of_every_package() -> None:
    assert set(metadata.tables) == set(every_table().tables)


def test_a_migrated_database_is_the_schema_of_the_program(settings: Settings) -> None:
    migrate(settings)
    assert on(settings, differences) == []


def test_migrating_again_changes_nothing(settings: Settings) -> None:
    migrate(settings)
    migrate(settings)
    assert on(settings, differences) == []
    assert asyncio.run(_revision(settings)) == newest_revision()


def test_a_migrated_database_guards_the_audit_log_as_the_tests_of_contacts_do(
    settings: Settings, tmp_path: Path
) -> None:
    migrate(settings)
    if settings.store_url.startswith("sqlite"):
        other = made_directly(settings, tmp_path, f"sqlite+aiosqlite:///{tmp_path}/directly.sqlite")
        assert on(settings, triggers) == on(other, triggers) != set()
    else:
        assert {"audit_no_change", "audit_no_truncate", "audit_head_forward"} <= on(settings, triggers)
    row = "(number, at, action, prev, hash) VALUES (1, 0, 'x', :b, :b)"
    on(settings, lambda conn: conn.execute(text(f"INSERT INTO audit {row}"), {"b": b"x"}))
    with pytest.raises(DBAPIError):
        on(settings, lambda conn: conn.execute(text("DELETE FROM audit")))


def test_going_back_to_nothing_leaves_nothing(settings: Settings) -> None:
    migrate(settings)
    step_back(settings, "base")
    assert on(settings, triggers) == set()
    assert set(on(settings, lambda conn: inspect(conn).get_table_names())) == {"alembic_version"}
    migrate(settings)
    assert on(settings, differences) == []


def test_every_revision_is_known() -> None:
    assert newest_revision() in known_revisions()


def test_a_database_that_was_never_migrated_stops_the_start(settings: Settings) -> None:
    assert hindrance(settings) is Hindrance.NOT_MIGRATED


def test_a_database_of_a_newer_version_stops_the_start(settings: Settings) -> None:
    migrate(settings)
    on(settings, lambda conn: conn.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    assert hindrance(settings) is Hindrance.NEWER_SCHEMA


def hindrance(settings: Settings) -> Hindrance:
    settings.key_file.parent.mkdir(parents=True, exist_ok=True)
    AppKey.make_file(settings.key_file)

    async def start() -> None:
        async with resources(settings):
            raise AssertionError("it started")

    with pytest.raises(CannotStart) as refused:
        asyncio.run(start())
    return refused.value.code


async def _revision(settings: Settings) -> str | None:
    store = Store(url=settings.store_url)
    try:
        return await revision_of(store)
    finally:
        await store.close()
