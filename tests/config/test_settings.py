import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from config.settings import SETTINGS_FILE, Mode, Settings, SettingsRefused, read_demo_settings, read_settings

PRODUCTION = {
    "PUBLIC_URL": "https://chat.example.org",
    "SERVICE_NAME": "Rowan Line",
    "SERVICE_NUMBER": "+46 8 465 004 12",
    "NEUTRAL_URL": "https://www.example.com/weather",
}
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*Settings.model_fields, SETTINGS_FILE]:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def problems() -> list[str]:
    with pytest.raises(SettingsRefused) as refused:
        read_settings()
    return refused.value.problems


def test_production_is_the_default_and_needs_its_own_names() -> None:
    assert problems() == [
        f"{name} has to be set in production."
        for name in ("PUBLIC_URL", "SERVICE_NAME", "SERVICE_NUMBER", "NEUTRAL_URL")
    ]


def test_a_complete_production_is_accepted(environment: pytest.MonkeyPatch) -> None:
    settings = read_settings()
    assert (settings.mode, settings.address, settings.secure) == (Mode.PRODUCTION, "https://chat.example.org", True)
    assert settings.needs_second_factor
    assert settings.telephone.tel == "tel:+46846500412"
    assert settings.store_url == "sqlite+aiosqlite:///var/quietline.sqlite"
    assert settings.key_file == Path("var/keys/app.key")
    assert settings.marks_file == Path("var/keys/marks")


def test_settings_cannot_be_changed(environment: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="frozen"):
        read_settings().port = 9000


def test_secrets_print_as_stars(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_URL", "postgresql://quiet:hunter2@db/quietline")
    environment.setenv("REDIS_URL", "redis://:hunter2@redis")
    environment.setenv("APP_KEY", "hunter2")
    settings = read_settings()
    assert "hunter2" not in f"{settings!r} {settings} {settings.model_dump()}"
    assert settings.store_url == "postgresql+asyncpg://quiet:hunter2@db/quietline"


def test_a_refused_value_is_never_repeated(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_URL", "mysql://quiet:hunter2@db/quietline")
    environment.setenv("REDIS_URL", "hunter2")
    assert problems() == [
        "DATABASE_URL: the address starts with postgresql:// or sqlite+aiosqlite:///.",
        "REDIS_URL: the address starts with redis://, rediss:// or unix://.",
    ]


def test_the_file_is_read_and_the_environment_wins(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "quietline.env"
    file.write_text("SERVICE_NAME=From file\nPORT=9001\nLANGUAGES=en, fi\nDEFAULT_LANGUAGE=fi\n")
    environment.setenv(SETTINGS_FILE, str(file))
    settings = read_settings()
    assert (settings.service_name, settings.port) == ("Rowan Line", 9001)
    assert settings.languages == ("en", "fi")
    assert settings.ordered_languages == ("fi", "en")


def test_a_misspelt_setting_in_the_file_is_refused(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "quietline.env"
    file.write_text("SERVCE_NAME=Rowan Line\n")
    environment.setenv(SETTINGS_FILE, str(file))
    (problem,) = problems()
    assert problem.startswith("SERVCE_NAME: ")


def test_a_missing_file_is_refused(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv(SETTINGS_FILE, str(tmp_path / "absent"))
    assert problems() == ["QUIETLINE_SETTINGS names a file that is not there."]


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("PUBLIC_URL", "http://chat.example.org", "PUBLIC_URL has to be https in production"),
        ("PUBLIC_URL", "chat.example.org", "PUBLIC_URL: an address such as"),
        ("PUBLIC_URL", "https://chat.example.org/help", "PUBLIC_URL: only scheme, host and port"),
        ("PUBLIC_URL", "https://user@chat.example.org", "PUBLIC_URL: an address such as"),
        ("NEUTRAL_URL", "https://chat.example.org/news", "NEUTRAL_URL is on our own domain"),
        ("NEUTRAL_URL", "https://example.org/", "NEUTRAL_URL is on our own domain"),
        ("NEUTRAL_URL", "https://www.google.fi/", "NEUTRAL_URL is a search engine"),
        ("NEUTRAL_URL", "https://duckduckgo.com/", "NEUTRAL_URL is a search engine"),
        ("SERVICE_NUMBER", "112", "SERVICE_NUMBER: A telephone number"),
        ("SERVICE_NUMBER", "call us", "SERVICE_NUMBER: A telephone number"),
        ("PORT", "0", "PORT: "),
        ("WEB_WORKERS", "2", "With more than one web process, REDIS_URL is needed"),
        ("DATABASE_URL", "sqlite+aiosqlite:///:memory:", "DATABASE_URL: a database in memory forgets"),
        ("DATABASE_URL", "sqlite+aiosqlite:///", "DATABASE_URL: a database in memory forgets"),
        ("LANGUAGES", "Finnish", "LANGUAGES: name each language once"),
        ("LANGUAGES", "fi,fi", "LANGUAGES: name each language once"),
        ("LANGUAGES", ",", "LANGUAGES: name each language once"),
        ("DEFAULT_LANGUAGE", "so", "DEFAULT_LANGUAGE is not one of LANGUAGES"),
        ("ZONE", "Helsinki", "ZONE is not a time zone"),
        ("ZONE", "../../etc", "ZONE is not a time zone"),
        ("COUNTRY", "XX", "COUNTRY: No public holidays"),
        ("COUNTRY", "Finland", "COUNTRY: "),
        ("SECOND_FACTOR", "no", "SECOND_FACTOR cannot be switched off in production"),
        ("MODE", "test", "MODE: "),
        ("TRUSTED_PROXIES", "nginx", "TRUSTED_PROXIES: "),
        ("TRANSCRIPT_DAYS", "-1", "TRANSCRIPT_DAYS: "),
        ("AUDIT_MONTHS", "11", "AUDIT_MONTHS: "),
        ("AUDIT_WITNESS_TOKEN", "short", "AUDIT_WITNESS_TOKEN has to have at least 32 characters"),
    ],
)
def test_what_would_harm_is_refused_in_one_sentence(
    environment: pytest.MonkeyPatch, name: str, value: str, problem: str
) -> None:
    environment.setenv(name, value)
    found = problems()
    assert found[0].startswith(problem)
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in found)


def test_several_web_processes_are_accepted_with_redis(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("WEB_WORKERS", "2")
    environment.setenv("REDIS_URL", "redis://localhost:6379/0")
    assert read_settings().web_workers == 2


def test_one_app_key_is_enough(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("APP_KEY", "x")
    environment.setenv("APP_KEY_FILE", "elsewhere.key")
    assert problems() == ["Give APP_KEY or APP_KEY_FILE, not both."]


def test_trusted_proxies_may_be_networks(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8, ::1")
    assert [str(network) for network in read_settings().trusted_proxies] == ["127.0.0.1/32", "10.0.0.0/8", "::1/128"]


def test_the_demo_lives_in_a_folder_of_its_own_without_second_factor() -> None:
    settings = read_demo_settings()
    assert settings.folder == Path("var/demo")
    assert settings.address == "http://localhost:8000"
    assert not settings.secure
    assert not settings.needs_second_factor


@pytest.mark.parametrize("mode", ["production", "development"])
def test_the_demo_is_refused_where_the_mode_is_another(environment: pytest.MonkeyPatch, mode: str) -> None:
    environment.setenv("MODE", mode)
    with pytest.raises(SettingsRefused, match="The demo is refused"):
        read_demo_settings()


def test_every_setting_is_documented_with_its_default_and_no_other() -> None:
    documented = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/settings.md").read_text(), flags=re.MULTILINE)
    assert sorted(documented) == sorted([*(name.upper() for name in Settings.model_fields), SETTINGS_FILE])


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_the_documented_default_is_the_real_one(name: str) -> None:
    row = re.search(rf"^\| `{name.upper()}` \| ([^|]*) \|", (ROOT / "docs/settings.md").read_text(), flags=re.MULTILINE)
    assert row is not None
    default = Settings.model_fields[name].default
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    shown = (
        ",".join(default)
        if isinstance(default, tuple)
        else str(default).lower()
        if isinstance(default, bool)
        else default
    )
    assert row[1].strip() == ("empty" if shown in ("", None) else f"`{shown}`")


def test_nothing_else_reads_the_environment() -> None:
    for package in ("config", "operator_ui", "chat", "hotline", "contacts", "duty", "storage", "migrations"):
        for path in (ROOT / package).rglob("*.py"):
            if path != ROOT / "config" / "settings.py":
                assert not re.search(r"\b(environ|getenv)\b", path.read_text()), path.name
