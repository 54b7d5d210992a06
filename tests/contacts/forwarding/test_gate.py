import sqlite3
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import Executable, Table, delete, insert, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import registry

from config.schema import metadata
from contacts.forwarding import gate
from contacts.forwarding.gate_rules import RULES
from contacts.forwarding.refused import reason_of, was_refused
from contacts.forwarding.tables import consent_asks, consents, emergencies, forwardings, notices
from storage.engine import Dialect, Store
from tests.contacts.forwarding.forbidden import attempts
from tests.contacts.forwarding.gate_world import World, world_in
from tests.servers.postgres import Databases


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, anyio_backend: object
) -> AsyncIterator[World]:
    """One for all tests here: what is refused changes nothing, and what is allowed is rolled back."""
    databases: Databases = request.getfixturevalue("postgres_databases")
    if request.param == "postgresql":
        url = databases.create()
    else:
        url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('gate')}/gate.sqlite"
    store = Store(url=url)
    await store.create_all()
    yield await world_in(store)
    await store.close()
    if request.param == "postgresql":
        databases.drop(url)


class Rolled(Exception):
    """It was not refused; nothing of it stays."""


async def refusal(world: World, statements: list[Executable]) -> str | None:
    """Which rule refuses the last of these ("": a check or a key); None: it went through and was rolled back."""
    *before, forbidden = statements
    try:
        async with world.store.write() as conn:
            for statement in before:
                await conn.execute(statement)
            await conn.execute(forbidden)
            raise Rolled
    except Rolled:
        return None
    except DBAPIError as error:
        if not was_refused(error):
            raise
        return reason_of(error) or ""


async def test_nothing_forbidden_goes_through_however_it_is_attempted(world: World) -> None:
    before = await world.rows()
    through, count = [], 0
    for what, statements in attempts(world, world.store.dialect):
        count += 1
        try:
            if await refusal(world, statements) is None:
                through.append(what)
        except Exception as error:
            raise AssertionError(what) from error
    assert through == []
    assert count >= 21
    assert await world.rows() == before


async def test_every_rule_refuses_something(world: World) -> None:
    """A rule that no attempt meets could be missing without anybody noticing. SQLite says only one of several reasons."""
    if world.store.dialect == "sqlite":
        return
    said = set()
    for _, statements in attempts(world, world.store.dialect):
        said.add(await refusal(world, statements))
    erasing = {"this contact is erased", "an erased contact stays erased"}  # below
    assert {rule.says for rule in RULES} - said - erasing == set()


async def test_an_object_that_is_edited_and_flushed_is_refused_too(world: World) -> None:
    mapping = registry()

    class Mapped:
        id: str
        organisation: str
        until: int
        digest: bytes

    class Sent(Mapped): ...

    mapping.map_imperatively(Mapped, consents)
    mapping.map_imperatively(Sent, forwardings)
    tries: list[tuple[type[Mapped], str, str, Any]] = [
        (Mapped, "live", "until", world.now + 60 * 86_400),
        (Mapped, "withdrawn", "withdrawn_at", None),
        (Sent, "queued", "organisation", "o2"),
        (Sent, "over", "state", "sent"),
        (Sent, "sent", "state", "queued"),
    ]
    before = await world.rows()
    for kind, name, field, value in tries:
        async with AsyncSession(world.store._writer) as session:
            found = await session.get(kind, name)
            setattr(found, field, value)
            with pytest.raises(DBAPIError) as refused:
                await session.flush()
            assert was_refused(refused.value), (name, field)
    for name in ("live", "sent"):
        async with AsyncSession(world.store._writer) as session:
            await session.delete(await session.get(Mapped if name == "live" else Sent, name))
            with pytest.raises(DBAPIError):
                await session.flush()
    mapping.dispose()
    assert await world.rows() == before


async def test_somebody_with_a_shell_and_every_safeguard_of_the_connection_off_is_refused_too(world: World) -> None:
    """SQLite only: foreign keys, checks and recursive triggers belong to the connection; the triggers do not."""
    if world.store.dialect == "postgresql":
        return  # there they belong to the database
    before = await world.rows()
    path = world.store._writer.url.database
    assert path is not None
    plain = sqlite3.connect(path, isolation_level=None)
    for pragma in ("foreign_keys=OFF", "ignore_check_constraints=ON", "recursive_triggers=OFF", "trusted_schema=ON"):
        plain.execute(f"PRAGMA {pragma}")
    through = []
    for what, statements in attempts(world, "sqlite"):
        plain.execute("BEGIN IMMEDIATE")
        try:
            for statement in statements:
                compiled = statement.compile(dialect=world.store._writer.dialect)  # type: ignore[attr-defined]
                plain.execute(str(compiled), tuple(compiled.params[name] for name in compiled.positiontup or ()))
            through.append(what)
        except sqlite3.IntegrityError:
            pass
        finally:
            if plain.in_transaction:
                plain.execute("ROLLBACK")
    plain.close()
    assert through == []
    assert await world.rows() == before


async def test_what_is_allowed_goes_through(world: World) -> None:
    now = world.now
    allowed: list[list[Executable]] = [
        [insert(forwardings).values(world.forwarding("new"))],
        [update(forwardings).where(forwardings.c.id == "queued").values(state="sent", sent_at=now)],
        [update(forwardings).where(forwardings.c.id == "urgent").values(state="sent", sent_at=now)],
        [update(forwardings).where(forwardings.c.id == "sent").values(state="acknowledged", acknowledged_at=now)],
        [update(forwardings).where(forwardings.c.id == "too-late").values(state="withdrawn", withdrawn_at=now)],
        [update(consents).where(consents.c.id == "live").values(withdrawn_at=now + 5, withdrawn_by="visitor")],
        [update(consents).where(consents.c.id == "expired").values(withdrawn_at=now, withdrawn_by="operator")],
        [insert(consents).values(world.consent("new", "a-yes"))],
        [insert(consents).values(world.consent("new", "a-minor-lead", minor="yes", lead="leena"))],
        [
            insert(consents).values(
                world.consent(
                    "new",
                    "a-minor-lead",
                    minor="yes",
                    lead="leena",
                    giver="representative",
                    representative="child_welfare",
                    suspected="no",
                    child_heard="heard",
                )
            )
        ],
        [update(emergencies).where(emergencies.c.id == "danger").values(confirmed_by="leena", confirmed_at=now, verdict="disagreed")],
        [update(consent_asks).where(consent_asks.c.id == "a-open").values(answer="change", answered_at=now)],
        [update(notices).values(state="sent", sent_at=now)],
    ]  # fmt: skip
    for statements in allowed:
        assert await refusal(world, statements) is None, str(statements[0])


async def test_what_was_agreed_to_is_deleted_with_an_erased_contact_and_only_then(world: World) -> None:
    contacts = metadata.tables["contacts"]
    erased: Executable = update(contacts).where(contacts.c.id == "c1").values(erased_at=world.now)
    everything = [
        delete(metadata.tables["outbox"]),
        *(delete(table) for table in (notices, forwardings, consents, consent_asks, emergencies)),
    ]
    assert await refusal(world, [erased, *everything]) is None
    assert await refusal(world, [erased, update(contacts).values(erased_at=None)]) == "an erased contact stays erased"
    born: tuple[tuple[Table, dict[str, Any]], ...] = (
        (forwardings, world.forwarding("new")),
        (consents, world.consent("new", "a-yes")),
        (consent_asks, world.ask("new")),
        (emergencies, world.emergency("new")),
    )
    for table, row in born:
        assert await refusal(world, [erased, insert(table).values(row)]) is not None, table.name
    send = update(forwardings).where(forwardings.c.id == "queued").values(state="sent", sent_at=world.now)
    assert await refusal(world, [erased, send]) is not None


async def test_taking_the_triggers_away_and_making_them_again_leaves_the_same(world: World) -> None:
    names = {
        "sqlite": "SELECT name || sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'gate%' ORDER BY 1",
        "postgresql": "SELECT tgname || pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname LIKE 'gate%' ORDER BY 1",
    }
    dialect: Dialect = world.store.dialect
    try:
        async with world.store.write() as conn:
            before = list((await conn.execute(text(names[dialect]))).scalars())
            for statement in gate.removals(dialect):
                await conn.exec_driver_sql(statement)
            assert list((await conn.execute(text(names[dialect]))).scalars()) == []
            for statement in gate.statements(dialect):
                await conn.exec_driver_sql(statement)
            assert list((await conn.execute(text(names[dialect]))).scalars()) == before
            raise Rolled
    except Rolled:
        pass
