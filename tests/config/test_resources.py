import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from config.migrate import migrate
from config.resources import make_app_key, read_app_key, resources
from config.settings import Mode, Settings
from config.stopping import CannotStart, Hindrance
from contacts.app_key import AppKey
from storage.bus import MemoryBus
from storage.redis_bus import RedisBus


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A deployment that has been set up."""
    found = Settings(mode=Mode.DEVELOPMENT, data_dir=tmp_path / "data")
    make_app_key(found)
    migrate(found)
    opened(found)
    return found


def opened(settings: Settings) -> str:
    """The deployment's id, and which bus it was given."""

    async def look() -> str:
        async with resources(settings) as held:
            assert isinstance(held.bus, RedisBus if settings.redis_url.get_secret_value() else MemoryBus)
            return held.deployment

    return asyncio.run(look())


def hindrance(settings: Settings) -> Hindrance:
    with pytest.raises(CannotStart) as refused:
        opened(settings)
    assert str(refused.value).endswith(".")
    return refused.value.code


def test_a_deployment_keeps_its_id_and_its_key(settings: Settings) -> None:
    key = settings.key_file.read_text()
    make_app_key(settings)
    assert settings.key_file.read_text() == key
    assert opened(settings) == opened(settings)
    assert settings.key_file.stat().st_mode & 0o777 == 0o600
    assert settings.key_file.parent.stat().st_mode & 0o777 == 0o700


def test_redis_is_used_where_it_is_named(settings: Settings, redis_url: str) -> None:
    opened(settings.model_copy(update={"redis_url": SecretStr(redis_url)}))


def test_the_key_may_come_from_the_environment(settings: Settings) -> None:
    given = settings.model_copy(update={"app_key": SecretStr(settings.key_file.read_text())})
    assert opened(given) == opened(settings)
    assert repr(read_app_key(given)) == "AppKey(...)"


def _other_key(settings: Settings) -> None:
    settings.key_file.unlink()
    AppKey.make_file(settings.key_file)


def _readable_by_all(settings: Settings) -> None:
    settings.key_file.chmod(0o644)


def _marks_gone(settings: Settings) -> None:
    settings.marks_file.unlink()


def _no_key(settings: Settings) -> None:
    settings.key_file.unlink()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (_no_key, Hindrance.APP_KEY),
        (_readable_by_all, Hindrance.APP_KEY),
        (_other_key, Hindrance.FORGED),
        (_marks_gone, Hindrance.MARKS),
    ],
)
def test_what_has_to_be_put_right_is_said_before_anything_is_served(
    settings: Settings, harm: Callable[[Settings], None], said: Hindrance
) -> None:
    harm(settings)
    assert hindrance(settings) is said


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(CannotStart) as refused:
        make_app_key(Settings(mode=Mode.DEVELOPMENT, data_dir=tmp_path / "data"))
    assert refused.value.code is Hindrance.FOLDER
