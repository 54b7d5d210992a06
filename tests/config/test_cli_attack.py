"""`attack`: 0 when nothing is exposed, 1 when something is, 2 when a file is not understood; a sentence each time."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from config.attacked_files import NO_RELEASE
from config.cli_attack import app
from tests.contacts.rendering.releases import few, files, repacked


def run(*paths: Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(path) for path in paths])
    return done.exit_code, done.output


def test_exit_codes_and_sentences(tmp_path: Path) -> None:
    safe, changed, broken, told = (tmp_path / name for name in ("safe.zip", "changed.zip", "broken.zip", "l.jsonl"))
    safe.write_bytes(few())
    held = files(few())
    page = held["review.fi.html"].decode().replace('<span class="sign">c</span>', "3", 1).encode()
    changed.write_bytes(repacked({**held, "review.fi.html": page}))
    broken.write_bytes(few()[:-40])
    told.write_text(json.dumps({"release": "earlier", "cells": [["proposals", "2026H1", [], 1]]}))
    code, said = run(safe)
    assert (code, "none can be computed" in said) == (0, True)
    code, said = run(changed)
    assert (code, "review.fi.html and data.csv do not say the same" in said) == (1, True)
    code, said = run(safe, told)
    assert (code, "two releases tell different figures" in said) == (1, True)
    assert run(broken)[0] == 2
    code, said = run(tmp_path / "absent.zip")
    assert (code, "cannot be opened" in said) == (2, True)


def test_any_single_file_of_a_release_is_read_by_itself_and_all_of_them_together(tmp_path: Path) -> None:
    (tmp_path / "whole.zip").write_bytes(few())
    _, everything = run(tmp_path / "whole.zip")
    names = ("data.csv", "data.json", *(f"review.{each}" for each in ("fi.html", "sv.xlsx", "en.pdf")))
    for name in names:
        (tmp_path / name).write_bytes(files(few())[name])
        assert run(tmp_path / name) == (0, everything), name
    assert run(*(tmp_path / name for name in names)) == (0, everything)
    (tmp_path / "decisions.svg").write_bytes(files(few())["charts/sv/decisions.svg"])
    code, said = run(tmp_path / "decisions.svg")
    assert (code, "none can be computed" in said) == (0, True)


def test_two_files_that_tell_one_figure_differently_are_named(tmp_path: Path) -> None:
    page = files(few())["review.fi.html"].decode().replace("<td>300</td>", "<td>301</td>")
    (tmp_path / "page.html").write_text(page)
    (tmp_path / "sheets.xlsx").write_bytes(files(few())["review.sv.xlsx"])
    code, said = run(tmp_path / "page.html", tmp_path / "sheets.xlsx")
    assert (code, "proposals 2026H1: two releases tell different figures." in said) == (1, True)


@pytest.mark.parametrize(
    ("name", "octets", "sentence"),
    [
        ("METHOD.md", b"# Saarnilinja", NO_RELEASE),
        ("picture.png", b"\x89PNG", NO_RELEASE),
        ("codes.csv", b"dimension,code,fi,sv,en\n", "codes.csv holds words only, no figures."),
        ("list.csv", b"name,number\n", "data.csv does not have the columns of a release."),
        ("datapackage.json", b'{"resources": []}', "datapackage.json describes data.csv and holds no figures."),
        ("other.json", b"[1]", "data.json is not in the form of a release."),
        ("page.html", b"<h1>Vuosikatsaus 2026</h1>", "This file holds no table of a release."),
        ("page.html", b"<table><thead><tr><th>a</th></tr></thead></table>", "This file does not say in words"),
        ("sheets.xlsx", b"PK", "A spreadsheet is no spreadsheet."),
        ("document.pdf", b"%PDF-1.7", "A document is not understood."),
        ("chart.svg", b"<svg>", "This chart does not say in words that we know what it is of."),
        ("page.html", b"\xff", "This file is damaged."),
    ],
)
def test_anything_else_is_refused_with_a_plain_sentence(
    tmp_path: Path, name: str, octets: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(octets)
    code, said = run(tmp_path / name)
    assert (code, sentence in said.replace("\n", " ")) == (2, True), said
    assert "Traceback" not in said
