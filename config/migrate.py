"""Bringing the database to the schema of this version, and knowing whether it is there."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from config.settings import Settings

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def migrate(settings: Settings, *, to: str = "head") -> None:
    """Run what is missing, all of it or nothing. Not from inside an event loop."""
    config = _config()
    config.attributes["store_url"] = settings.store_url
    command.upgrade(config, to)


def newest_revision() -> str | None:
    """The revision this version of the program works with."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def known_revisions() -> frozenset[str]:
    """Every revision this version of the program knows."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
