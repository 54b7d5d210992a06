"""Every setting: read once, checked together, frozen. The only reader of the environment.

A setting is an environment variable, or a line `NAME=value` in the file that QUIETLINE_SETTINGS names (the environment
wins). docs/settings.md explains each one; `tests/config/test_settings.py` fails when one is missing there.
"""

import os
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from contacts.forwarding.smtp_post import Tls, is_this_machine
from duty.hours import HoursNotUnderstood, OpeningHours
from hotline.numbers import TelephoneNumber

SETTINGS_FILE = "QUIETLINE_SETTINGS"
_SEARCH_ENGINES = frozenset((
    "google", "bing", "duckduckgo", "yahoo", "yandex", "baidu", "ecosia", "startpage", "qwant", "brave", "kagi",
    "mojeek", "ask", "sogou", "naver", "seznam",
))  # fmt: skip
_ONE_PROCESS = "With more than one web process, REDIS_URL is needed: the bus inside one process reaches no other."


class SettingsRefused(Exception):
    """The settings cannot be used. `problems`: one plain sentence each, never a value."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Mode(StrEnum):
    """What this deployment is for."""

    PRODUCTION = "production"
    DEMO = "demo"
    DEVELOPMENT = "development"


class Settings(BaseSettings):
    """What a deployment decides. Field names in capitals are the names of the settings."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, env_ignore_empty=True, validate_default=True
    )

    mode: Mode = Mode.PRODUCTION

    # Where it listens and what it is called from outside
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_url: str = ""
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = ()
    web_workers: int = Field(default=1, ge=1, le=64)
    graceful_seconds: int = Field(default=10, ge=1, le=120)

    # Where things are kept
    data_dir: Path = Path("var")
    database_url: SecretStr = SecretStr("")
    database_owner_url: SecretStr = SecretStr("")
    redis_url: SecretStr = SecretStr("")
    app_key: SecretStr = SecretStr("")
    app_key_file: Path | None = None

    # What the public reads
    service_name: str = Field(default="Saarnilinja", min_length=1, max_length=80)
    service_number: str = "+46 8 465 004 12"
    neutral_url: str = "https://www.ilmatieteenlaitos.fi/"
    languages: Annotated[tuple[str, ...], NoDecode] = ("fi", "sv", "en")
    default_language: str = "fi"
    feedback: str = ""

    # When we are here
    zone: str = "Europe/Helsinki"
    country: str = Field(default="FI", pattern=r"^[A-Z]{2}$")

    # Staff
    second_factor: bool = True
    conversations_at_once: int = Field(default=2, ge=1, le=10)

    # The telephone company
    telephony_account: str = Field(default="", pattern=r"^[A-Za-z0-9]{0,64}$")
    telephony_token: SecretStr = SecretStr("")
    telephony_token_before: SecretStr = SecretStr("")
    telephony_api: str = Field(default="", pattern=r"^(https?://[A-Za-z0-9.:_-]+(/[A-Za-z0-9/_-]*)?)?$")
    ring_seconds: int = Field(default=25, ge=5, le=120)
    voicemail: bool = False

    # How files reach organisations
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_tls: Tls = Tls.STARTTLS
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_sender: str = Field(default="", pattern=r"^([A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,253})?$")

    # How long things last
    transcript_days: int = Field(default=30, ge=0, le=365)
    record_months: int = Field(default=12, ge=0, le=120)
    payload_days: int = Field(default=7, ge=0, le=90)
    callback_days: int = Field(default=7, ge=1, le=90)
    audit_months: int = Field(default=24, ge=12, le=120)

    # Who watches the watchers
    audit_witness: Path | None = None
    audit_witness_token: SecretStr = SecretStr("")
    openings_per_hour: int = Field(default=3, ge=0, le=60)

    @field_validator("languages", "trusted_proxies", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("languages")
    @classmethod
    def _language_codes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value or len(set(value)) < len(value) or not all(c.isalpha() and c.islower() for c in value):
            raise ValueError("name each language once by its code, with commas between: fi, sv, en")
        return value

    @field_validator("service_number")
    @classmethod
    def _number(cls, value: str) -> str:
        TelephoneNumber.parse(value)
        return value

    @field_validator("public_url", "neutral_url")
    @classmethod
    def _address(cls, value: str, info: ValidationInfo) -> str:
        if value == "" and info.field_name == "public_url":
            return value
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.fragment:
            raise ValueError("an address such as https://www.example.org is needed")
        if info.field_name == "public_url" and (parts.path not in {"", "/"} or parts.query):
            raise ValueError("only scheme, host and port belong here: https://chat.example.org")
        return value

    @field_validator("database_url", "database_owner_url")
    @classmethod
    def _database(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value()
        for prefix in ("postgres://", "postgresql://"):
            if url.startswith(prefix):
                url = "postgresql+asyncpg://" + url.removeprefix(prefix)
        if url and not url.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
            raise ValueError("the address starts with postgresql:// or sqlite+aiosqlite:///")
        if url.startswith("sqlite") and (":memory:" in url or url.removeprefix("sqlite+aiosqlite:///") == ""):
            raise ValueError("a database in memory forgets every contact; name a file")
        return SecretStr(url)

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and urlsplit(value.get_secret_value()).scheme not in {"redis", "rediss", "unix"}:
            raise ValueError("the address starts with redis://, rediss:// or unix://")
        return value

    @model_validator(mode="after")
    def _together(self) -> Self:
        problems = [*self._address_problems(), *self._place_problems(), *self._mail_problems(), *self._owner_problems()]
        if self.web_workers > 1 and not self.redis_url.get_secret_value():
            problems.append(_ONE_PROCESS)
        if self.app_key.get_secret_value() and self.app_key_file is not None:
            problems.append("Give APP_KEY or APP_KEY_FILE, not both.")
        if bool(self.telephony_account) != bool(self.telephony_token.get_secret_value()):
            problems.append("TELEPHONY_ACCOUNT and TELEPHONY_TOKEN are needed together.")
        if self.default_language not in self.languages:
            problems.append("DEFAULT_LANGUAGE is not one of LANGUAGES.")
        if 0 < len(self.audit_witness_token.get_secret_value()) < 32:
            problems.append("AUDIT_WITNESS_TOKEN has to have at least 32 characters.")
        if self.mode is Mode.PRODUCTION:
            problems.extend(self._production_problems())
        if problems:
            raise SettingsRefused(problems)
        return self

    def _address_problems(self) -> list[str]:
        ours, neutral = urlsplit(self.address).hostname or "", urlsplit(self.neutral_url).hostname or ""
        if neutral == ours or neutral.endswith("." + ours) or ours.endswith("." + neutral):
            return ["NEUTRAL_URL is on our own domain: Leave would lead back to us."]
        if _SEARCH_ENGINES & set(neutral.split(".")):
            return ["NEUTRAL_URL is a search engine: it may show what this person searched for."]
        return []

    def _owner_problems(self) -> list[str]:
        ours, owners = (urlsplit(url.get_secret_value()) for url in (self.database_url, self.database_owner_url))
        if not owners.scheme:
            return []
        if not ours.scheme.startswith("postgresql") or not owners.scheme.startswith("postgresql"):
            return ["DATABASE_OWNER_URL is for PostgreSQL only, and DATABASE_URL has to be there too."]
        if ours.username is None or ours.username == owners.username:
            return ["DATABASE_OWNER_URL and DATABASE_URL have to name two accounts."]
        if (ours.hostname, ours.port, ours.path) != (owners.hostname, owners.port, owners.path):
            return ["DATABASE_OWNER_URL and DATABASE_URL have to name the same database."]
        return []

    def _place_problems(self) -> list[str]:
        try:
            OpeningHours("24/7", ZoneInfo(self.zone), self.country)
        except HoursNotUnderstood as problem:
            return [f"COUNTRY: {problem}"]
        except (KeyError, ValueError, OSError):  # ZoneInfo: unknown, badly formed, or a folder
            return ["ZONE is not a time zone such as Europe/Helsinki."]
        return []

    def _mail_problems(self) -> list[str]:
        if not self.smtp_host:
            return []
        problems = [] if self.smtp_sender else ["SMTP_SENDER has to be set where SMTP_HOST is."]
        if self.smtp_tls is Tls.NONE and not is_this_machine(self.smtp_host):
            problems.append("SMTP_TLS=none is only for a mail server on this very machine.")
        if bool(self.smtp_user) != bool(self.smtp_password.get_secret_value()):
            problems.append("SMTP_USER and SMTP_PASSWORD belong together.")
        return problems

    def _production_problems(self) -> list[str]:
        given = self.model_fields_set
        problems = [
            f"{name.upper()} has to be set in production."
            for name in ("public_url", "service_name", "service_number", "neutral_url")
            if name not in given
        ]
        if "public_url" in given and urlsplit(self.public_url).scheme != "https":
            problems.append("PUBLIC_URL has to be https in production: cookies and words would travel in the clear.")
        if not self.second_factor:
            problems.append("SECOND_FACTOR cannot be switched off in production.")
        return problems

    @property
    def address(self) -> str:
        """Where browsers reach us, without a slash at the end."""
        return self.public_url.rstrip("/") or f"http://localhost:{self.port}"

    @property
    def needs_second_factor(self) -> bool:
        """Whether staff sign in with a second factor; never in the demo."""
        return self.second_factor and self.mode is not Mode.DEMO

    @property
    def secure(self) -> bool:
        """Whether browsers reach us over https."""
        return self.address.startswith("https:")

    @property
    def folder(self) -> Path:
        """Where this deployment keeps its files; the demo has a folder of its own inside DATA_DIR."""
        return self.data_dir / "demo" if self.mode is Mode.DEMO else self.data_dir

    @property
    def store_url(self) -> str:
        """The database, as `storage.engine.Store` takes it."""
        return self.database_url.get_secret_value() or f"sqlite+aiosqlite:///{self.folder / 'quietline.sqlite'}"

    @property
    def owner_url(self) -> str:
        """The database as migrations connect to it: as its owner, where the service itself does not."""
        return self.database_owner_url.get_secret_value() or self.store_url

    @property
    def database_role(self) -> str | None:
        """Who serves, where that is not the owner: migrations give this role its rights."""
        if not self.database_owner_url.get_secret_value():
            return None
        return unquote(urlsplit(self.store_url).username or "")

    @property
    def key_file(self) -> Path:
        """Where the app key lies when APP_KEY is not set."""
        return self.app_key_file or self.folder / "keys" / "app.key"

    @property
    def marks_file(self) -> Path:
        """Where the high-water marks lie: beside the app key."""
        return self.key_file.with_name("marks")

    @property
    def telephone(self) -> TelephoneNumber:
        """The number the public calls."""
        return TelephoneNumber.parse(self.service_number)

    @property
    def ordered_languages(self) -> tuple[str, ...]:
        """The languages as shown, the default first."""
        return (self.default_language, *(code for code in self.languages if code != self.default_language))


def read_settings(**given: Any) -> Settings:
    """From the environment and the optional file; `given` (by field name) wins over both. Raises `SettingsRefused`."""
    path = os.environ.get(SETTINGS_FILE) or None
    if path is not None and not Path(path).is_file():
        raise SettingsRefused([f"{SETTINGS_FILE} names a file that is not there."])
    try:
        return Settings(_env_file=path, **given)  # type: ignore[call-arg]  # pydantic-settings' own argument
    except ValidationError as refused:
        raise SettingsRefused([_sentence(error["loc"], error["msg"]) for error in refused.errors()]) from None


class _Stated(BaseSettings):
    """Only what MODE was said to be."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)
    mode: Mode | None = None


def read_demo_settings() -> Settings:
    """As `read_settings`, for the demo. Raises `SettingsRefused` when MODE was said to be anything else."""
    stated = _Stated(_env_file=os.environ.get(SETTINGS_FILE) or None)  # type: ignore[call-arg]  # as above
    if stated.mode not in {None, Mode.DEMO}:
        raise SettingsRefused(["The demo is refused where MODE is not demo: its sign-ins lie in a file."])
    return read_settings(mode=Mode.DEMO)


def _sentence(where: tuple[int | str, ...], message: str) -> str:
    name = str(where[0]).upper() if where else "The settings"
    return f"{name}: {message.removeprefix('Value error, ').rstrip('.')}."
