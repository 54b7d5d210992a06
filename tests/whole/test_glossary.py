"""docs/glossary.md is kept: no Finnish or Swedish text says what it rejects, or has English quotation marks."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from config.demo_wordings import WORDINGS

ROOT = Path(__file__).parents[2]
CATALOGUES = ("chat/locales", "operator_ui/locales", "operator_ui/locales/leads")


def rejected() -> list[str]:
    """Beginnings of words, in lower case, from the last column."""
    lines = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [line.split("|") for line in lines if "|" in line]
    return [word.strip() for row in rows[2:] for word in row[5].split(",") if word.strip()]


def texts(language: str) -> Iterator[tuple[str, str]]:
    """Where a text stands, and the text."""
    for folder in CATALOGUES:
        with (ROOT / folder / f"{language}.po").open("rb") as file:
            for message in read_po(file):
                forms = [message.string] if isinstance(message.string, str) else message.string or ()
                yield from ((f"{folder}: {message.id}", text) for text in forms if message.id)
    for line in (ROOT / f"hotline/prompts/{language}.txt").read_text(encoding="utf-8").splitlines():
        name, _, said = line.partition(":")
        yield f"hotline: {name}", said
    yield from ((f"demo: {purpose}", text) for purpose, text in WORDINGS[language].items())


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_nobody_is_told_a_word_that_the_glossary_rejects(language: str) -> None:
    words = re.compile(r"\b(?:" + "|".join(rejected()) + ")", re.IGNORECASE)
    assert len(rejected()) > 20
    assert [(place, text) for place, text in texts(language) if words.search(text)] == []


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_marks_are_those_of_the_language(language: str) -> None:
    english = re.compile(r"[“‘]|(?<!\w)'|\.\.\.|\w - \w")
    allowed = ("chat/locales: clock.day",)  # a pattern, not a text
    wrong = [(place, text) for place, text in texts(language) if english.search(text) and place not in allowed]
    assert wrong == []


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_a_voice_never_reads_a_figure_as_an_ordinal(language: str) -> None:
    spoken = [text for place, text in texts(language) if place.startswith("hotline:")]
    assert [text for text in spoken if re.search(r"\d|\{key\}\.", text)] == []


def test_finnish_has_a_comma_before_a_clause_of_before() -> None:
    assert [text for _, text in texts("fi") if re.search(r"[^,] ennen kuin ", text)] == []
