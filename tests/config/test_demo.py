import asyncio
import re
import signal
import sqlite3
import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from config.demo import SIGN_INS, prepare
from config.office import office
from config.resources import resources
from config.settings import Mode, Settings, SettingsRefused
from contacts.people import Role
from contacts.sign_in import SignInRefused
from contacts.words import Words
from tests.config.programs import running


def demo_in(folder: Path, **given: object) -> Settings:
    return Settings(mode=Mode.DEMO, data_dir=folder, **given)  # type: ignore[arg-type]


def test_make_run_makes_a_demo_and_keeps_its_sign_ins(tmp_path: Path) -> None:
    with running("demo", log=tmp_path / "first.log", DATA_DIR=str(tmp_path / "data")) as first:
        status = first.status()
        assert status["state"] == "paused"  # open hours, nobody at a desk
        assert status["phone"] == "+46 8 465 004 12"
        assert first.stop(signal.SIGINT) == 0
        shown = first.output
    for line in (
        f"http://localhost:{first.port}/\n",
        f"http://localhost:{first.port}/desk\n",
        "Sign in at the desk first: nobody is present yet.",
    ):
        assert line in shown
    kept = tmp_path / "data" / "demo" / SIGN_INS
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    people = kept.read_text()
    assert re.findall(r"^(\w+) +(\w+) +(?:[a-z]+ ?){6}$", people, flags=re.MULTILINE) == [
        ("kaisa", "lead"),
        ("aino", "operator"),
        ("eero", "operator"),
        ("saga", "analyst"),
    ]
    assert all(line in shown for line in people.splitlines())

    with running("demo", log=tmp_path / "second.log", DATA_DIR=str(tmp_path / "data")) as second:
        second.status()
        warm = second.processor_seconds()
        assert second.stop() == 0
    assert kept.read_text() == people
    assert all(line in second.output for line in people.splitlines())
    # "Serving within 5 seconds, warm" means an idle machine; what others do to this one's clock is not ours to fail on.
    assert warm < 4.0


def test_the_demo_is_refused_in_production(tmp_path: Path) -> None:
    with running("demo", log=tmp_path / "log", DATA_DIR=str(tmp_path / "data"), MODE="production") as program:
        assert program.process.wait(30) == 78
    assert program.output == "The demo is refused where MODE is not demo: its sign-ins lie in a file.\n"
    assert not (tmp_path / "data").exists()


def test_everybody_of_the_demo_can_sign_in_and_nobody_without_the_passphrase(tmp_path: Path) -> None:
    settings = demo_in(tmp_path)
    lines = prepare(settings).splitlines()

    async def roles() -> list[tuple[str, Role, tuple[str, ...]]]:
        found = []
        async with resources(settings) as held:
            people = office(held)
            for line in lines[:4]:
                login, _, passphrase = line.split(maxsplit=2)
                entered = await people.sign_in.sign_in(
                    login=login, passphrase=Words(passphrase), code="", bucket="test"
                )
                session = await people.sessions.resolve(entered.cookie)
                assert session is not None
                found.append((session.alias, session.role, session.languages))
            with pytest.raises(SignInRefused):
                await people.sign_in.sign_in(login="aino", passphrase=Words("six"), code="", bucket="test")
            async with held.store.read() as conn:
                assert await people.audit_check.verify(conn) is None
        return found

    assert asyncio.run(roles()) == [
        ("Kaisa", Role.LEAD, ("fi", "en")),
        ("Aino", Role.OPERATOR, ("fi", "sv", "en")),
        ("Eero", Role.OPERATOR, ("fi", "en")),
        ("Saga", Role.ANALYST, ("sv", "en")),
    ]


def test_no_passphrase_of_the_demo_lies_in_its_database(tmp_path: Path) -> None:
    settings = demo_in(tmp_path)
    lines = prepare(settings).splitlines()
    stored = b"".join(path.read_bytes() for path in settings.folder.glob("quietline.sqlite*"))
    for line in lines[:4]:
        assert line.split(maxsplit=2)[2].encode() not in stored
    assert sqlite3.connect(settings.folder / "quietline.sqlite").execute(
        "SELECT count(*) FROM staff WHERE seed IS NOT NULL"
    ).fetchone() == (4,)


def test_a_demo_that_was_cut_off_leaves_nothing_half_made(tmp_path: Path) -> None:
    half = tmp_path / "demo-left-behind" / "demo"
    half.mkdir(parents=True)
    assert "kaisa" in prepare(demo_in(tmp_path))


def test_a_folder_that_is_not_our_demo_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "thesis.txt").write_text("mine")
    with pytest.raises(SettingsRefused, match=r"without sign-ins\.txt: move it away"):
        prepare(demo_in(tmp_path))
    assert [path.name for path in tmp_path.rglob("*")] == ["demo", "thesis.txt"]


def test_a_demo_can_be_made_in_another_database(tmp_path: Path, postgres_url: str) -> None:
    settings = demo_in(tmp_path, database_url=SecretStr(postgres_url))
    first = prepare(settings)
    assert prepare(settings) == first
