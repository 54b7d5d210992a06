"""`export-statistics`, `load-records`, `codes`: on the demo's figures, made once for all of these tests."""

import json
import logging
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from config import cli
from config.cli_reviews import Bar, written
from config.demo import prepare
from config.settings import SETTINGS_FILE, Settings, read_demo_settings
from contacts.reviews.asked import Step
from contacts.reviews.records_file import MOST

CANNOT, FAILED = 78, 75
PROGRESS = """\
Opening what was counted ...
Protecting and attacking ...
Writing the files ...
Attacking the files ...
Writing it down ...
"""


@pytest.fixture(scope="module", name="demo")
def _demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the demo, and everybody's passphrase in a file. The process's own logging is put back afterwards."""
    here = tmp_path_factory.mktemp("demo")
    root = logging.getLogger()
    before = (root.handlers[:], root.level, logging.raiseExceptions, sys.excepthook)
    with pytest.MonkeyPatch.context() as patch:
        for name in [*Settings.model_fields, SETTINGS_FILE]:
            patch.delenv(name.upper(), raising=False)
        patch.setenv("DATA_DIR", str(here))
        patch.setenv("MODE", "demo")
        for login, words in re.findall(
            r"^(\w+) +(?:lead|operator|analyst) +(.+)$", prepare(read_demo_settings()), re.MULTILINE
        ):
            (here / login).write_text(f"{words}\n")
        yield here
    structlog.reset_defaults()
    root.handlers[:], root.level, logging.raiseExceptions, sys.excepthook = before


def run(*command: str) -> Result:
    return CliRunner().invoke(cli.app, command)


def export(out: Path, period: str, who: Path, *more: str) -> Result:
    asked = ["--period", period, "--out", str(out), "--as", who.name, "--passphrase-file", str(who)]
    return run("export-statistics", *asked, *more)


def load(folder: Path, *records: object) -> Result:
    lines = [each if isinstance(each, str) else json.dumps(each) for each in records]
    (folder / "records.jsonl").write_text("\n".join(lines))
    return run("load-records", str(folder / "records.jsonl"))


def contact(on: str, **more: object) -> dict[str, object]:
    return {"unit": "contact", "on": on, "channel": "phone", "language": "fi"} | more


def test_a_review_is_written_whole_and_again_as_the_same_bytes(demo: Path, tmp_path: Path) -> None:
    first = export(tmp_path / "first.zip", "2026H1", demo / "saga", "--purpose", "The half-year's review")
    assert (first.exit_code, first.stderr) == (0, PROGRESS), first.exception
    assert re.fullmatch(r"\S+first\.zip: \d+ figures shown, \d+ hidden\. Release [0-9a-f]+\.\n", first.stdout)
    with zipfile.ZipFile(tmp_path / "first.zip") as archive:
        assert {"review.fi.pdf", "review.sv.html", "review.en.xlsx", "data.csv"} <= set(archive.namelist())
    again = export(tmp_path / "again.zip", "2026H1", demo / "kaisa")
    assert (again.exit_code, again.stderr) == (0, "")
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "first.zip").read_bytes()
    outside = export(tmp_path / "outside.zip", "2026H1", demo / "saga", "--outside")
    assert outside.exit_code == 0
    assert outside.stdout.endswith("waits for the approval of a second person. Ask again afterwards.\n")
    assert {each.name for each in tmp_path.iterdir()} == {"first.zip", "again.zip"}
    released = load(tmp_path, contact("2025-08-01"), contact("2026-02-01"))
    assert (released.exit_code, released.stderr) == (
        CANNOT, "2026H1 was released already: nothing can be added to it.\nNothing was loaded.\n",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "code", "sentence"),
    [
        (("2026Q1", "saga", "out.zip"), CANNOT, "A period is a half-year such as 2026H1, or a year such as 2026."),
        (("2024H1", "saga", "out.zip"), FAILED, "Nothing was counted in this period."),
        (("2099H1", "saga", "out.zip"), FAILED, "This period still takes entries"),
        (("2026H1", "aino", "out.zip"), CANNOT, "Only analysts and leads make reviews"),
        (("2026H1", "nobody", "out.zip"), CANNOT, "This sign-in is not right."),
        (("2026H1", "absent", "out.zip"), CANNOT, "absent cannot be read."),
        (("2026H1", "saga", "there.zip"), CANNOT, "there.zip exists already."),
        (("2026H1", "saga", "nowhere/out.zip"), CANNOT, "nowhere is no folder."),
    ],
)
def test_a_review_that_cannot_be_made_is_refused_and_nothing_is_written(
    demo: Path, tmp_path: Path, asked: tuple[str, str, str], code: int, sentence: str
) -> None:
    period, who, name = asked
    (tmp_path / "there.zip").write_bytes(b"mine")
    (demo / "nobody").write_text("not the right words\n")
    done = export(tmp_path / name, period, demo / who)
    assert (done.exit_code, sentence in done.stderr) == (code, True), (done.output, done.exception)
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"there.zip": b"mine"}


def test_a_wrong_passphrase_is_not_right(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "saga").write_text("correct horse battery staple\n")
    done = export(tmp_path / "out.zip", "2026H1", tmp_path / "saga")
    assert (done.exit_code, done.stderr) == (CANNOT, "This sign-in is not right.\n")
    assert not (tmp_path / "out.zip").exists()


def test_a_full_disk_leaves_no_half_of_a_file(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            written(tmp_path / "out.zip", b"x" * 8192)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []
    written(tmp_path / "out.zip", b"x")
    assert [each.name for each in tmp_path.iterdir()] == ["out.zip"]


def test_the_progress_bar_fills_up(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Bar(live=True)
    bar(Step.OPENING, 5, 10)
    bar(Step.KEEPING, 0, 0)
    bar.end()
    shown = [line.strip() for line in capsys.readouterr().err.split("\r")[1:]]
    assert shown == [
        f"[{'#' * 3}{'.' * 27}] Opening what was counted",
        f"[{'#' * 24}{'.' * 6}] Writing it down",
        f"[{'#' * 30}] Done",
    ]


def test_every_mistake_of_a_file_is_named_and_nothing_of_it_is_loaded(demo: Path, tmp_path: Path) -> None:
    done = load(
        tmp_path,
        contact("2025-08-01"),
        "not JSON",
        contact("14.8.2025", channel="letter", count=0),
        contact("2025-08-01", codes={"who": ["nobody"], "mood": "sad"}, name="x"),
        {"unit": "ended", "on": "2025-08-01", "codes": {"decision": "lapsed"}},
    )
    assert done.exit_code == CANNOT
    assert done.stderr.splitlines() == [
        "Line 2, all of it: This is not a JSON object.",
        "Line 3, channel: It must be one of chat, form, phone.",
        "Line 3, count: It must be a whole number from 1.",
        "Line 3, on: It must be a date such as 2025-03-14.",
        "Line 4, codes.mood: There is no such field in the record.",
        "Line 4, codes.who: The list who has no such code: see the command `codes`.",
        "Line 4, name: There is no such field.",
        "Line 5, codes.decision: A decision is needed: for one that ended, an admission.",
        "Nothing was loaded.",
    ]
    many = load(tmp_path, *(contact("2025-08-01", count=MOST) for _ in range(2)))
    assert many.stderr.startswith(f"The whole file, count: The file has more than {MOST} records in all.")
    assert run("load-records", str(tmp_path / "absent")).stderr.endswith("absent cannot be read as UTF-8 text.\n")
    nothing = export(tmp_path / "out.zip", "2025H2", demo / "saga")
    assert nothing.stderr.strip() == "Nothing was counted in this period."
    loaded = load(tmp_path, contact("2024-08-01", count=3, codes={"who": "self"}), contact("2024-12-31"))
    assert (loaded.exit_code, loaded.stdout) == (0, "Loaded 4 records.\n"), loaded.exception


def test_the_code_lists_are_json_in_order() -> None:
    told = json.loads(run("codes", "--language", "sv", "--maps").stdout)
    assert told["maps"].keys() == {"HTCDS 2.0", "Eurostat crim_thb"}
    assert "tvångsarbete" in json.dumps(told, ensure_ascii=False).lower()
    assert run("codes", "--language", "de").stderr == "The lists are written in fi, sv, en.\n"
    assert run("codes").stdout.startswith("{\n")
