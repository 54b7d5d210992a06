"""What could identify somebody is found in a note, by the same rules as at the desk."""

import json
from pathlib import Path

import pytest

from contacts.identifying import identifying

CASES = json.loads((Path(__file__).parents[1] / "fixtures" / "identifying.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_identifying_things_are_found_and_nothing_else(case: dict[str, list[str]]) -> None:
    assert identifying(str(case["text"])) == case["found"]
