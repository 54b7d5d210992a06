"""Everything that can stand in a review has words in three languages, and no two things have the same."""

import pytest

from contacts.codes.shapes import LANGUAGES
from contacts.release.catalogue import SPECS, Counted, Section, specs_with
from contacts.release.service import NAMES
from contacts.rendering.labels import dimension_label, label, period_label, table_title, unit_label
from contacts.rendering.words_review import SECTIONS, SERVICES

DIMENSIONS = {way.name: way for spec in specs_with(("fi", "sv", "uk", "ckb", "xx")) for way in spec.dimensions}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_the_catalogue_has_a_label_of_its_own(language: str) -> None:
    for name, way in DIMENSIONS.items():
        labels = [label(name, code, language, country="FI") for code in way.codes]
        assert all(labels)
        assert len(set(labels)) == len(labels), name
        assert dimension_label(name, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_and_number_of_the_service_has_words(language: str) -> None:
    titles = [
        table_title(spec.unit, (["month"] if spec.months else []) + [way.name for way in spec.dimensions], language)
        for spec in SPECS
    ]
    assert len(set(titles)) == len(titles)
    assert all(unit_label(unit, language) for unit in Counted)
    assert all(SECTIONS[section][language] for section in Section)
    assert all(SERVICES[name][language] for name in NAMES)


@pytest.mark.parametrize(
    ("period", "language", "said"),
    [
        ("2026H1", "fi", "1–6/2026"),
        ("2026H2", "sv", "7–12/2026"),
        ("2026H2", "en", "July–December 2026"),
        ("2026", "fi", "2026"),
        ("2026-03", "fi", "Maaliskuu"),
    ],
)
def test_periods_in_words(period: str, language: str, said: str) -> None:
    assert period_label(period, language) == said


def test_an_unknown_code_is_no_label() -> None:
    for dimension, code in (("form", "nothing"), ("nothing", "form")):
        with pytest.raises(KeyError):
            label(dimension, code, "fi", country="FI")


def test_countries_and_weekdays_by_cldr() -> None:
    assert label("nationality", "NG", "fi", country="FI") == "Nigeria"
    assert label("place", "finland", "sv", country="FI") == "Finland"
    assert label("weekday", "1", "fi", country="FI") == "Maanantai"
    assert label("language", "uk", "en", country="FI") == "Ukrainian"
