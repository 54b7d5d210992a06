import base64
import os
from pathlib import Path

import pytest

from contacts.app_key import AppKey, AppKeyRefused, SettingSecrets
from contacts.distrust import Forged
from contacts.envelopes import Unopenable
from contacts.framing import Deployment
from contacts.words import Words

TEXT = base64.urlsafe_b64encode(bytes(range(32))).decode()


def test_a_key_made_in_a_file_is_read_from_it_again(tmp_path: Path) -> None:
    made = AppKey.make_file(tmp_path / "key")
    assert AppKey.from_file(tmp_path / "key").derive("x") == made.derive("x")


def test_the_file_belongs_to_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        AppKey.make_file(tmp_path / "key")
    finally:
        os.umask(before)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    AppKey.make_file(tmp_path / "key")
    with pytest.raises(FileExistsError):
        AppKey.make_file(tmp_path / "key")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o610])
def test_a_file_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    AppKey.make_file(tmp_path / "key")
    (tmp_path / "key").chmod(mode)
    with pytest.raises(AppKeyRefused, match="0600"):
        AppKey.from_file(tmp_path / "key")


def test_a_link_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    AppKey.make_file(tmp_path / "key")
    (tmp_path / "link").symlink_to(tmp_path / "key")
    (tmp_path / "folder").mkdir(mode=0o600)
    for name in ("link", "missing"):
        with pytest.raises(AppKeyRefused, match="opened"):
            AppKey.from_file(tmp_path / name)
    with pytest.raises((AppKeyRefused, IsADirectoryError)):
        AppKey.from_file(tmp_path / "folder")


@pytest.mark.parametrize("text", [TEXT, TEXT.rstrip("="), f" {TEXT}\n"])
def test_a_key_is_read_from_the_environment(text: str) -> None:
    assert AppKey.from_text(text).derive("x") == AppKey(bytes(range(32))).derive("x")


@pytest.mark.parametrize("text", ["", "x", TEXT[:-4], TEXT + "AAAA", "ö" * 43, TEXT[:-2] + "+/"])
def test_a_malformed_key_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(AppKeyRefused) as refused:
        AppKey.from_text(text)
    assert not text or text not in str(refused.value)


def test_labels_derive_different_keys() -> None:
    key = AppKey.fresh()
    assert len({key.derive("a"), key.derive("b"), AppKey.fresh().derive("a"), key.mac("a"), key.derive("mac/a")}) == 5


def test_a_code_verifies_for_its_label_and_fields_only() -> None:
    key = AppKey.fresh()
    code = key.mac("wrap", "a", 1)
    key.verify(code, "wrap", "a", 1)
    for label, fields in [("epoch", ("a", 1)), ("wrap", ("a", 2)), ("wrap", ("a1",)), ("wrap", ("a", 1, ""))]:
        with pytest.raises(Forged):
            key.verify(code, label, *fields)
    with pytest.raises(Forged):
        AppKey.fresh().verify(code, "wrap", "a", 1)


def test_the_key_prints_nothing_of_itself() -> None:
    assert repr(AppKey.fresh()) == "AppKey(...)"


def test_a_setting_secret_opens_under_its_own_name_only() -> None:
    secrets = SettingSecrets(app_key=AppKey.fresh(), deployment=Deployment("d"))
    sealed = secrets.seal("smtp-password", Words("hunter2"))
    assert secrets.open("smtp-password", sealed) == Words("hunter2")
    with pytest.raises(Unopenable):
        secrets.open("telephone", sealed)
