"""`attack`: 0 when nothing is exposed, 1 when something is, 2 when a file is not understood; a sentence each time."""

import json
from pathlib import Path

from typer.testing import CliRunner

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
