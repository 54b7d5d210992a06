"""Bringing the database to the schema of this version, and knowing whether it is there."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from config.settings import Settings

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def migrate(settings: Settings) -> None:
    """Run what is missing, all of it or nothing. Not from inside an event loop."""
    command.upgrade(_config(settings), "head")


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
        config.attributes["store_url"] = settings.store_url
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
