import json
import logging
import re
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from config import cli
from config.demo import SIGN_INS, prepare
from config.settings import SETTINGS_FILE, Settings, SettingsRefused, read_demo_settings

WORDS = re.compile(r"^(?:[a-z]+ ){23}[a-z]+$", re.MULTILINE)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Commands work in this folder; the process's own logging is put back afterwards."""
    for name in [*Settings.model_fields, SETTINGS_FILE]:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MODE", "development")
    root = logging.getLogger()
    before = (root.handlers[:], root.level, logging.raiseExceptions, sys.excepthook)
    yield tmp_path
    structlog.reset_defaults()
    root.handlers[:], root.level, logging.raiseExceptions, sys.excepthook = before


def run(*command: str, typed: str = "") -> Result:
    return CliRunner().invoke(cli.app, command, input=typed)


def done(*command: str, typed: str = "") -> str:
    result = run(*command, typed=typed)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def refused(*command: str, typed: str = "") -> str:
    result = run(*command, typed=typed)
    assert result.exit_code == 78, (result.output, result.exception)
    return result.stderr


def passphrase_of(folder: Path, login: str) -> str:
    text = (folder / "demo" / SIGN_INS).read_text()
    found = re.search(rf"^{login} +\w+ +(.*)$", text, flags=re.MULTILINE)
    assert found is not None
    return found[1] + "\n"


@pytest.fixture
def demo(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MODE", "demo")
    prepare(read_demo_settings())
    return folder


def test_setup_makes_a_service_and_shows_the_recovery_words_once(folder: Path) -> None:
    told = done("setup", "--login", "Kaisa", "--alias", "Kaisa", "--languages", "fi, sv")
    assert "Login name      kaisa" in told
    assert re.search(r"Enrolment code  (?:[2-9a-z]{5}-){3}[2-9a-z]{5}", told)
    assert "http://localhost:8000/desk/enrol" in told
    words = WORDS.search(told)
    assert words is not None
    for path in folder.rglob("*"):
        if path.is_file():
            assert words[0].encode() not in path.read_bytes()
            assert path.stat().st_mode & 0o077 == 0 or path.name.startswith("quietline.sqlite"), path.name
    assert "kaisa" in done("people", "list")
    assert refused("setup", "--login", "other", "--alias", "Other") == (
        "This service is set up already: `people add` invites more people.\n"
    )


def test_before_setup_every_command_says_what_to_do(folder: Path) -> None:
    for command in (("people", "list"), ("audit", "verify"), ("web",)):
        result = run(*command)
        assert "`python -m config.cli setup`" in str(result.exception)


def test_hours_are_published_or_refused_in_a_sentence(demo: Path) -> None:
    assert done("hours", "publish", "Tu 13:00-15:00; PH off") == "Published. Visitors see it at once.\n"
    assert refused("hours", "publish", "when we feel like it") == (
        "These opening hours cannot be understood: 'when we feel like it'.\n"
    )
    told = refused("hours", "publish", "PH off; Mo-Fr 09:00-17:00")
    assert told.startswith("refuse: “PH off” should close public holidays")
    assert told.endswith("Not published: what is published stays in force.\n")


def test_a_lead_adds_resets_and_grants_with_their_own_passphrase(demo: Path) -> None:
    lead = passphrase_of(demo, "kaisa")
    told = done("people", "add", "leena", "--by", "kaisa", "--alias", "Leena", "--languages", "so,en", typed=lead)
    assert re.search(r"Enrolment code  \S{23}\n", told)
    assert re.search(r"^leena +operator +invited +so,en +Leena$", done("people", "list"), flags=re.MULTILINE)
    assert "Somebody has this login name" in refused(
        "people", "add", "leena", "--by", "kaisa", "--alias", "L", typed=lead
    )
    assert "Enrolment code" in done("people", "reset", "aino", "--by", "kaisa", typed=lead)
    assert done("people", "grant", "eero", "--by", "kaisa", typed=lead).startswith("Granted ")


def test_a_wrong_passphrase_and_an_operator_may_nothing(demo: Path) -> None:
    add = ("people", "add", "leena", "--alias", "Leena", "--by")
    assert refused(*add, "kaisa", typed="not right\n") == "This sign-in is not right.\n"
    assert refused(*add, "nobody", typed="not right\n") == "This sign-in is not right.\n"
    assert refused(*add, "eero", typed=passphrase_of(demo, "eero")) == "Only a lead may do this, and not to themself.\n"
    assert "leena" not in done("people", "list")


def test_somebody_who_leaves_opens_nothing_and_a_lead_stays(demo: Path) -> None:
    assert done("people", "leave", "eero") == "eero can open nothing any more.\n"
    assert refused("people", "leave", "eero").startswith("Nobody has this login name")
    assert refused("people", "leave", "kaisa").startswith("Without this person there would be no lead")
    assert refused("people", "leave", "ghost").startswith("Nobody has this login name")


def test_the_recovery_words_enrol_a_lead_anew(demo: Path) -> None:
    words = re.search(r"^recovery words: (.*)$", (demo / "demo" / SIGN_INS).read_text(), flags=re.MULTILINE)
    assert words is not None
    assert "Enrolment code" in done("people", "recover", "kaisa", typed=f"{words[1]}\ny\n")
    assert refused("people", "recover", "kaisa", typed="abandon " * 24 + "\n").startswith("These are not")


def test_the_audit_log_is_verified_and_the_first_bad_row_named(demo: Path) -> None:
    assert re.search(r"^\d+ rows, all as they were written\. Head: [0-9a-f]{64}$", done("audit", "verify").strip())
    with sqlite3.connect(demo / "demo" / "quietline.sqlite") as database:
        database.execute("DROP TRIGGER audit_no_update")
        database.execute("UPDATE audit SET action = 'sign_out' WHERE number = 2")
    result = run("audit", "verify")
    assert (result.exit_code, result.output) == (1, "Row 2: changed.\n"), result.exception


def test_marks_are_accepted_only_when_somebody_says_so(demo: Path) -> None:
    (demo / "demo" / "keys" / "marks").unlink()
    assert "The file `marks` beside the app key is missing." in str(run("people", "list").exception)
    assert run("marks", typed="n\n").exit_code == 1
    assert "Accepted" in done("marks", typed="y\n")
    assert "kaisa" in done("people", "list")


def test_settings_are_shown_with_stars(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://:hunter2@localhost")
    shown = done("settings", "check")
    assert "hunter2" not in shown
    assert re.search(r"^REDIS_URL +\*+$", shown, flags=re.MULTILINE)
    assert re.search(r"^LANGUAGES +fi, sv, en$", shown, flags=re.MULTILINE)


def test_refusals_end_a_command_with_sentences_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZONE", "Moon")
    monkeypatch.setenv("PORT", "none")
    monkeypatch.setattr(sys, "argv", ["config.cli", "settings", "check"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 78
    assert capsys.readouterr().err == "PORT: Input should be a valid integer, unable to parse string as an integer.\n"


def test_a_database_that_is_away_is_said_in_one_sentence(
    demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://quiet:hunter2@127.0.0.1:9/quietline")
    monkeypatch.setattr(sys, "argv", ["config.cli", "people", "list"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 75  # a service manager may try again
    assert capsys.readouterr().err == "The database cannot be reached or does not answer.\n"


def test_another_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        cli.main()
    assert capsys.readouterr().err.startswith("Run this from Quietline's own folder")


def test_the_demo_command_refuses_another_mode() -> None:
    result = run("demo")
    assert isinstance(result.exception, SettingsRefused)


def test_receivers_are_told_the_services_key_and_it_stays_the_same(demo: Path) -> None:
    told = done("service-key")
    assert "-----BEGIN PUBLIC KEY-----" in told
    assert re.search(r"^Fingerprint: (?:[0-9a-f]{4} ?){16}$", told, flags=re.MULTILINE)
    assert done("service-key") == told


def test_organisations_go_out_and_come_in_again_or_not_at_all(demo: Path) -> None:
    file = demo / "organisations.json"
    done("organisations", "export", str(file))
    assert done("organisations", "export") == file.read_text()
    rows = json.loads(file.read_text())
    assert len(rows["organizations"]) == 3
    rows["organizations"][0]["name"] = "Toinen nimi"
    file.write_text(json.dumps(rows | {"total_items": 3}))
    told = run("organisations", "import", str(file))
    assert told.stdout == "3 organisations.\n"
    assert told.stderr == "Left out, there is no place for it: total_items\n"
    assert "Toinen nimi" in done("organisations", "export")
    rows["organizations"][1] |= {"email": "no", "name": ""}
    wrong = refused("organisations", "import", "-", typed=json.dumps(rows))
    assert wrong.splitlines() == [
        "organizations[1].name: missing", "organizations[1].email: not_email", "Nothing was taken.",
    ]  # fmt: skip
    assert "1 MiB" in refused("organisations", "import", "-", typed="x" * (1024 * 1024 + 1))
    with sqlite3.connect(demo / "demo" / "quietline.sqlite") as database:
        database.execute("UPDATE organisations SET name = 'Somebody else' WHERE name = 'Toinen nimi'")
    assert "somebody changed the database" in refused("organisations", "export")
