"""Which way files leave is decided by the settings, and settings that would send in the clear are refused."""

from pathlib import Path
from typing import Any

import pytest

from config.forwarding import post_of
from config.settings import Mode, Settings, SettingsRefused
from contacts.forwarding.post import FolderPost, Letter, NoPost
from contacts.forwarding.smtp_post import SmtpPost
from storage.clock import SystemClock

MAIL: dict[str, Any] = {"smtp_host": "mail.example.org", "smtp_sender": "posti@palvelu.example"}


def settings(**given: Any) -> Settings:
    return Settings(mode=given.pop("mode", Mode.DEVELOPMENT), data_dir=Path("nowhere"), **given)


def test_a_mail_server_is_used_where_one_is_set_also_in_the_demo() -> None:
    for mode in (Mode.DEVELOPMENT, Mode.DEMO):
        assert isinstance(post_of(settings(mode=mode, **MAIL), SystemClock()), SmtpPost)
    signed_in = settings(**MAIL, smtp_user="quietline", smtp_password="tidal-canary-42")
    assert isinstance(post_of(signed_in, SystemClock()), SmtpPost)
    assert "tidal-canary-42" not in repr(signed_in)


def test_without_one_nothing_is_mailed() -> None:
    assert isinstance(post_of(settings(), SystemClock()), NoPost)


async def test_the_demo_puts_files_into_its_own_folder(tmp_path: Path) -> None:
    post = post_of(Settings(mode=Mode.DEMO, data_dir=tmp_path), SystemClock())
    assert isinstance(post, FolderPost)
    await post.hand_over(Letter("turva@majakka.example", b"age"))
    (file,) = (tmp_path / "demo" / "post").iterdir()
    assert (file.suffix, file.read_bytes()) == (".age", b"age")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"smtp_host": "mail.example.org"}, "SMTP_SENDER"),
        ({**MAIL, "smtp_tls": "none"}, "SMTP_TLS=none"),
        ({**MAIL, "smtp_user": "quietline"}, "SMTP_USER and SMTP_PASSWORD"),
        ({**MAIL, "smtp_password": "x"}, "SMTP_USER and SMTP_PASSWORD"),
    ],
)
def test_a_mail_server_that_is_half_set_or_in_the_clear_is_refused(given: dict[str, Any], problem: str) -> None:
    with pytest.raises(SettingsRefused, match=problem):
        settings(**given)


def test_without_tls_only_to_this_machine() -> None:
    assert settings(smtp_host="127.0.0.1", smtp_sender="a@b.example", smtp_tls="none").smtp_host == "127.0.0.1"
