"""What can be offered for forwarding, in whose words."""

import pytest

from contacts.codes.catalogue import FIELDS
from contacts.forwarding.offered import OURS, WRITTEN, items_of, language_name, offered
from contacts.forwarding.payload import Item

CODES = {
    "age": ("18-29",),
    "sector": ("cleaning", "car_wash"),
    "place": ("not_known",),
    "gender": ("not_asked",),
    "outcome": ("advice",),
    "nationality": ("VN",),
}


def names(language: str = "en") -> dict[str, str]:
    return {one.name: one.shown for one in offered(CODES, "vi", language, country="FI")}


def test_what_was_not_asked_is_not_known_or_is_our_own_work_is_not_offered() -> None:
    assert list(names()) == [*WRITTEN, "sector", "age", "nationality"]
    assert FIELDS.keys() >= OURS


def test_values_are_in_the_words_of_the_language_that_is_asked_for() -> None:
    assert names("en")["sector"] == "Cleaning, Car wash"
    assert names("en")["nationality"] == "Vietnam"
    assert names("fi")["language"] == "Vietnam"
    assert names("so")["age"] == names("en")["age"]


def test_items_are_what_was_ticked_with_what_was_written() -> None:
    called, _reached, _language, sector, *_ = offered(CODES, "vi", "en", country="FI")
    assert items_of([called, sector], {"called": " Linh ", "sector": "not from here"}) == (
        Item(field="called", label="Name to use", shown="Linh"),
        Item(field="sector", label="Sector of work", shown="Cleaning, Car wash", codes=("cleaning", "car_wash")),
    )


@pytest.mark.parametrize(("code", "name"), [("ckb", "Central Kurdish"), ("zz", "zz"), ("not a code!", "not a code!")])
def test_a_language_without_a_name_is_named_by_its_code(code: str, name: str) -> None:
    assert language_name(code, "en") == name
