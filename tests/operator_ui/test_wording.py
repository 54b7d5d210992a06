"""The staff pages' sentences: all there, all used."""

import re
from pathlib import Path

import pytest

from operator_ui.wording import LANGUAGES, Wording, best_language

ROOT = Path(__file__).parents[2] / "operator_ui"
LINES = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text()


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording()


def test_every_language_has_every_sentence(wording: Wording) -> None:
    for language in LANGUAGES:
        sentences = wording.for_browser(language)
        assert all(sentences.values())
        assert len(sentences) > 150


def test_every_key_named_in_templates_and_modules_exists(wording: Wording) -> None:
    sources = [*ROOT.glob("templates/*.html"), *ROOT.glob("static/js/**/*.js")]
    for path in sources:
        for key in re.findall(r'(?:say|count)\("([a-z_]+\.[a-z_]+)"', path.read_text()):
            assert key in wording.keys or f"{key}.other" in wording.keys, (path.name, key)


def test_every_line_and_error_of_the_protocol_has_a_sentence(wording: Wording) -> None:
    lines = LINES.split("## Codes of lines")[1].split("##")[0]
    errors = LINES.split("## Errors")[1].split("##")[0]
    for code in re.findall(r"^`(\w+)`|, `(\w+)`", lines.replace("\n", " ").replace("  ", "\n")):
        assert f"code.{code[0] or code[1]}" in wording.keys
    for code in re.findall(r"^\| `(\w+)` \|", errors, re.MULTILINE):
        assert code in {"blank", "id_taken"} or f"error.{code}" in wording.keys


def test_values_are_left_for_the_browser_to_put_in(wording: Wording) -> None:
    assert wording.for_browser("fi")["command.take"] == "Ota jonosta {tag} ({spoken})"
    assert wording.text("sv", "enrol.login_is", login="<b>") == "Du loggar in med namnet <b>."


@pytest.mark.parametrize(
    ("chosen", "accepted", "spoken", "expected"),
    [
        ("sv", "fi", ("fi",), "sv"),
        ("xx", "fi", (), "fi"),
        (None, "sv;q=0.5, fi", (), "fi"),
        (None, "sv", ("fi", "en"), "fi"),
        (None, "en", ("fi", "en"), "en"),
        (None, "", ("so",), "en"),
    ],
)
def test_the_device_decides_then_the_browser_within_the_account(
    chosen: str | None, accepted: str, spoken: tuple[str, ...], expected: str
) -> None:
    assert best_language(chosen=chosen, accepted=accepted, spoken=spoken) == expected
