"""Code lists: labels in three languages, an order, two codes that every list has, and codes that retire."""

import pytest

from contacts.codes.catalogue import FIELDS, LISTS, described, label, list_of
from contacts.codes.countries import COUNTRIES, country_name
from contacts.codes.shapes import LANGUAGES, NOT_ASKED, NOT_KNOWN, Code, CodeList, coded, listed

EVERY_CODE = [(one.name, code) for one in LISTS.values() for code in one.codes]


@pytest.mark.parametrize("one", LISTS.values(), ids=LISTS)
def test_every_list_ends_with_not_asked_and_not_known(one: CodeList) -> None:
    assert one.names[-2:] == (NOT_ASKED, NOT_KNOWN)
    assert len(set(one.names)) == len(one.names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_label_of_its_own_in_every_language(language: str) -> None:
    for one in LISTS.values():
        labels = [label(code, language, country="FI") for code in one.codes]
        assert all(labels), one.name
        assert "{" not in "".join(labels)
        assert len(set(labels)) == len(labels), one.name


def test_countries_have_names_and_are_as_many_as_iso_has() -> None:
    assert len(COUNTRIES) == 249
    assert all(country_name(code, language) != code for code in COUNTRIES for language in LANGUAGES)


def test_the_place_at_home_carries_the_deployments_own_country() -> None:
    home = list_of("place").code("finland")
    assert home is not None
    assert label(home, "fi", country="FI") == "Suomi"
    assert label(home, "en", country="EE") == "Estonia"


def test_what_is_published_together_has_one_group() -> None:
    assert {code.group for code in LISTS["residence"].codes if code.group} == {
        "citizen_eu",
        "permit",
        "visa",
        "asylum",
        "temporary_protection",
        "none",
    }
    abroad = list_of("place").code("abroad_then_finland")
    assert abroad is not None
    assert abroad.group == "finland"


def test_outcomes_tell_counselling_from_everything_else() -> None:
    not_counselling = [code.name for code in LISTS["outcome"].codes if not code.counselling]
    assert not_counselling[0] == "silent"
    assert len(not_counselling) == 10


def test_a_retired_code_is_not_offered_any_more_and_still_has_a_name() -> None:
    old = listed("old", coded("gone", "Pois", "Borta", "Gone", until=1), coded("new", "Uusi", "Ny", "New", since=2))
    gone, new = old.code("gone"), old.code("new")
    assert gone is not None
    assert new is not None
    assert [gone.is_offered(1), gone.is_offered(2), new.is_offered(1), new.is_offered(2)] == [True, False, False, True]
    assert label(gone, "sv", country="FI") == "Borta"
    assert old.code("never") is None


def test_fields_name_lists_that_exist() -> None:
    assert {field.list for field in FIELDS.values()} <= set(LISTS)
    assert [field.name for field in FIELDS.values() if field.many] == ["outcome", "other_forms", "sector", "control"]


def test_the_lists_are_told_in_order_and_in_one_language(monkeypatch: pytest.MonkeyPatch) -> None:
    told = described("sv", country="FI")
    assert told["version"] == 1
    lists = told["lists"]
    assert isinstance(lists, dict)
    assert [one["label"] for one in lists["gender"]] == ["Kvinna", "Man", "Annat", "Inte frågat", "Inte känt"]
    assert next(one for one in lists["outcome"] if one["code"] == "prank")["counselling"] is False
    retired = CodeList("gender", (Code(name="x", labels={"sv": "X"}, until=0),))
    monkeypatch.setitem(LISTS, "gender", retired)
    lists = described("sv", country="FI")["lists"]
    assert isinstance(lists, dict)
    assert lists["gender"] == [{"code": "x", "label": "X", "retired": True}]
