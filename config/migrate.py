"""Bringing the database to the schema of this version, and knowing whether it is there."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from config.schema import metadata
from config.settings import Settings
from config.stopping import CannotStart, Hindrance
from contacts.rights import RIGHTS
from storage.engine import Store
from storage.rights import NoSuchRole, grant
from storage.schema import VERSION_TABLE

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def migrate(settings: Settings) -> None:
    """Run what is missing, all of it or nothing; then give the role that serves its rights. Not from inside an event loop.

    Raises `CannotStart` when there is no such role.
    """
    command.upgrade(_config(settings), "head")
    if settings.database_role is not None:
        asyncio.run(_granted(settings, settings.database_role))


def step_back(settings: Settings, to: str) -> None:
    """Undo down to a revision, or `base`: everything in the tables that go is lost."""
    command.downgrade(_config(settings), to)


def newest_revision() -> str | None:
    """The revision this version of the program works with."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def known_revisions() -> frozenset[str]:
    """Every revision this version of the program knows."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def _config(settings: Settings | None = None) -> Config:
    config = Config()
    if settings is not None:
        config.attributes["store_url"] = settings.owner_url
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


async def _granted(settings: Settings, role: str) -> None:
    store = Store(url=settings.owner_url)
    try:
        await grant(store, role, [*metadata.tables, VERSION_TABLE], RIGHTS)
    except NoSuchRole:
        raise CannotStart(
            Hindrance.NO_ROLE, "DATABASE_URL names a role that is not there: deploy/postgresql.md says how to make it."
        ) from None
    finally:
        await store.close()
