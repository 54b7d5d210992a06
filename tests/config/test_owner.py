"""PostgreSQL: one account owns and migrates, another serves and may do no more than it needs."""

import asyncio
import random
import uuid
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from config.migrate import migrate
from config.resources import make_app_key, resources
from config.settings import Mode, Settings, SettingsRefused
from config.stopping import CannotStart, Hindrance
from contacts.forwarding.refused import was_refused
from storage.clock import SystemClock
from storage.engine import Store
from tests.contacts.forwarding.consenting import Desk, desk_on
from tests.contacts.forwarding.forbidden import attempts
from tests.contacts.forwarding.gate_world import world_in
from tests.contacts.forwarding.test_withdrawing import one_race
from tests.servers.postgres import Databases

FORBIDDEN = "42501"


def as_role(url: str, role: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{role}@{parts.hostname}:{parts.port}"))


@pytest.fixture
def settings(postgres_databases: Databases, postgres_url: str, tmp_path: Path) -> Iterator[Settings]:
    """Two accounts, and a database that was migrated by one for the other."""
    role = f"serves {uuid.uuid4().hex[:8]}"  # a name that has to be quoted
    postgres_databases.execute(f'CREATE ROLE "{role}" LOGIN')
    made = Settings(
        mode=Mode.DEVELOPMENT,
        data_dir=tmp_path / "data",
        database_url=SecretStr(as_role(postgres_url, role.replace(" ", "%20"))),
        database_owner_url=SecretStr(postgres_url),
    )
    make_app_key(made)
    migrate(made)
    yield made
    postgres_databases.execute(f'DROP OWNED BY "{role}"', database=urlsplit(postgres_url).path.lstrip("/"))
    postgres_databases.execute(f'DROP ROLE "{role}"')


def on(settings: Settings, act: Callable[[Store], Coroutine[Any, Any, Any]]) -> Any:
    async def acted() -> Any:
        store = Store(url=settings.store_url)
        try:
            return await act(store)
        finally:
            await store.close()

    return asyncio.run(acted())


RULES = [
    "DROP TRIGGER gate_consents_update ON consents",
    "ALTER TABLE consents DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
    "CREATE OR REPLACE FUNCTION gate_consents_delete() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    "CREATE TABLE public.more (id integer)",
    "CREATE TEMP TABLE consents (id text)",
    "CREATE RULE none AS ON UPDATE TO consents DO INSTEAD NOTHING",
    "TRUNCATE contacts CASCADE",
    "DROP TABLE consents CASCADE",
    "UPDATE consents SET until = until + 1",
    "UPDATE consents SET digest = digest",
    "UPDATE forwardings SET organisation = organisation",
    "UPDATE outbox SET sealed = sealed",
    "UPDATE audit SET at = at",
    "DELETE FROM audit_head",
    "UPDATE alembic_version SET version_num = 'x'",
]


def test_who_serves_may_not_change_the_rules(settings: Settings) -> None:
    async def act(store: Store) -> None:
        for statement in RULES:
            with pytest.raises(DBAPIError) as refused:
                await run(store, statement)
            assert getattr(refused.value.orig, "sqlstate", None) == FORBIDDEN, statement

    async def run(store: Store, statement: str) -> None:
        async with store.write() as conn:
            await conn.execute(text(statement))

    on(settings, act)


def test_who_serves_can_start_and_everything_about_consents_works(settings: Settings) -> None:
    async def act(store: Store) -> None:
        desk = await desk_on(store, SystemClock())
        for seed in range(5):
            await one_race(desk, [Desk(**vars(desk)), Desk(**vars(desk))], random.Random(seed))

    async def start(_store: Store) -> None:
        async with resources(settings):
            pass

    on(settings, act)
    on(settings, start)
    migrate(settings)  # again: nothing changes


def test_who_serves_is_refused_everything_forbidden(settings: Settings) -> None:
    async def act(store: Store) -> None:
        world = await world_in(store)
        before, through = await world.rows(), []
        for what, statements in attempts(world, "postgresql"):
            try:
                async with store.write() as conn:
                    for statement in statements:
                        await conn.execute(statement)
                through.append(what)
            except DBAPIError as error:
                if not was_refused(error) and getattr(error.orig, "sqlstate", None) != FORBIDDEN:
                    raise
        assert through == []
        assert await world.rows() == before

    on(settings, act)


def test_a_role_that_is_not_there_is_said_in_a_sentence(postgres_url: str, tmp_path: Path) -> None:
    made = Settings(
        mode=Mode.DEVELOPMENT,
        data_dir=tmp_path,
        database_url=SecretStr(as_role(postgres_url, "nobody_of_this_name")),
        database_owner_url=SecretStr(postgres_url),
    )
    with pytest.raises(CannotStart) as refused:
        migrate(made)
    assert refused.value.code is Hindrance.NO_ROLE


@pytest.mark.parametrize(
    ("url", "owner"),
    [
        ("", "postgresql://owner@db/quietline"),
        ("sqlite+aiosqlite:///var/x.sqlite", "postgresql://owner@db/quietline"),
        ("postgresql://app@db/quietline", "sqlite+aiosqlite:///var/x.sqlite"),
        ("postgresql://app@db/quietline", "postgresql://app@db/quietline"),
        ("postgresql://app@db/quietline", "postgresql://owner@db/another"),
        ("postgresql://db/quietline", "postgresql://owner@db/quietline"),
    ],
)
def test_two_accounts_of_one_database_or_none(url: str, owner: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused):
        Settings(
            mode=Mode.DEVELOPMENT,
            data_dir=tmp_path,
            database_url=SecretStr(url),
            database_owner_url=SecretStr(owner),
        )


def test_one_account_is_enough(tmp_path: Path) -> None:
    made = Settings(mode=Mode.DEVELOPMENT, data_dir=tmp_path, database_url=SecretStr("postgresql://app@db/quietline"))
    assert made.owner_url == made.store_url
    assert made.database_role is None
