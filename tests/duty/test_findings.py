import ast
from pathlib import Path

import pytest

from duty.findings import CODES, Finding, Severity, refusals

DUTY = Path(__file__).resolve().parents[2] / "duty"
#: Where findings are made, and the files whose codes become findings.
SOURCES = ["clock_times.py", "week.py", *(path.name for path in sorted(DUTY.glob("lint*.py")))]


class Anything(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return key


def test_every_code_has_a_sentence_and_every_sentence_is_used() -> None:
    texts = {
        node.value
        for name in SOURCES
        for node in ast.walk(ast.parse((DUTY / name).read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert texts >= CODES - {"not_understood"}  # the screens make this one of `HoursNotUnderstood`


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_says_how_bad_it_is_in_a_whole_sentence(code: str) -> None:
    finding = Finding(code, "expression", Anything())
    assert finding.severity in Severity
    assert finding.in_english().endswith((".", "sentence"))


def test_only_refusals_stand_in_the_way() -> None:
    warn, refuse = Finding("nothing_changes", "expression"), Finding("never_open", "expression")
    assert refusals([warn, refuse]) == [refuse]
