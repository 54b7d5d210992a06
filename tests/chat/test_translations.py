import re
from pathlib import Path

import pytest
from markupsafe import Markup

from chat.translations import LOCALES, BrokenCatalogue, read_translations
from tests.chat.visitor_site import TRANSLATIONS

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
LANGUAGES = ("fi", "sv", "en")


def catalogue(folder: Path, language: str, *entries: str) -> None:
    (folder / f"{language}.po").write_text(HEADER + "\n\n".join(entries) + "\n", encoding="utf-8")


def entry(key: str, text: str) -> str:
    return f'msgid "{key}"\nmsgstr "{text}"'


def test_a_sentence_comes_in_the_asked_language_with_its_values() -> None:
    assert TRANSLATIONS.text("en", "status.closing_at", time="15:00").startswith("The chat closes at 15:00.")
    assert TRANSLATIONS.text("fi", "bar.leave") == "Poistu"
    assert TRANSLATIONS.languages == LANGUAGES


def test_a_number_chooses_the_plural_form() -> None:
    assert TRANSLATIONS.counted("en", "wait.before", 1) == "There is 1 person before you."
    assert TRANSLATIONS.counted("en", "wait.before", 2) == "There are 2 people before you."
    assert TRANSLATIONS.counted("fi", "wait.before", 2) == "Ennen sinua on 2 ihmistä."


def test_values_in_markup_are_escaped_unless_they_are_markup() -> None:
    assert "&lt;b&gt;" in TRANSLATIONS.markup("en", "phone.line", phone="<b>")
    assert "<b>" in TRANSLATIONS.markup("en", "phone.line", phone=Markup("<b>"))


def test_an_unknown_key_is_a_fault_and_not_shown() -> None:
    with pytest.raises(KeyError):
        TRANSLATIONS.text("en", "no.such")
    with pytest.raises(KeyError):
        TRANSLATIONS.counted("en", "no.such", 1)


def test_a_language_without_catalogue_is_refused() -> None:
    with pytest.raises(BrokenCatalogue, match="'xx'"):
        read_translations(("xx",))


def test_a_missing_sentence_is_refused_and_named(tmp_path: Path) -> None:
    catalogue(tmp_path, "en", entry("a", "A"), entry("b", "B"))
    catalogue(tmp_path, "fi", entry("a", "A"), entry("b", ""))
    with pytest.raises(BrokenCatalogue, match="fi: 'b' is missing"):
        read_translations(("fi",), tmp_path)


def test_a_sentence_under_review_counts_as_missing(tmp_path: Path) -> None:
    catalogue(tmp_path, "en", entry("a", "A"))
    catalogue(tmp_path, "fi", "#, fuzzy\n" + entry("a", "A"))
    with pytest.raises(BrokenCatalogue, match="fi: 'a' is missing"):
        read_translations(("fi",), tmp_path)


def test_a_sentence_too_many_is_refused(tmp_path: Path) -> None:
    catalogue(tmp_path, "en", entry("a", "A"))
    catalogue(tmp_path, "fi", entry("a", "A"), entry("c", "C"))
    with pytest.raises(BrokenCatalogue, match="not in the English"):
        read_translations(("fi",), tmp_path)


def test_a_sentence_that_takes_other_values_is_refused(tmp_path: Path) -> None:
    catalogue(tmp_path, "en", entry("a", "At {time}."))
    catalogue(tmp_path, "fi", entry("a", "Klo {aika}."))
    with pytest.raises(BrokenCatalogue, match="takes"):
        read_translations(("fi",), tmp_path)


def sentences(language: str) -> list[str]:
    text = (LOCALES / f"{language}.po").read_text(encoding="utf-8")
    return re.findall(r'^msgstr(?:\[\d\])? "(.+)"$', text, re.MULTILINE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_longer_than_fifteen_words(language: str) -> None:
    for text in sentences(language):
        for sentence in re.split(r"[.?!:](?:\s|$)", text):
            assert len(sentence.split()) <= 15, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_says_what_somebody_watching_must_not_read(language: str) -> None:
    said = " ".join(sentences(language)).lower()
    for word in ("victim", "traffick", "uhri", "ihmiskaup", "offer ", "människohandel", "exploit", "hyväksikäyt"):
        assert word not in said


def test_english_has_no_contractions() -> None:
    assert not re.search(r"\w['’](?:t|s|re|ll|ve|d|m)\b", " ".join(sentences("en")))
