"""The maps to HTCDS 2.0 and Eurostat leave nothing to silence: a code goes somewhere, or is named as lost."""

import pytest

from contacts.codes.catalogue import LISTS
from contacts.codes.eurostat import EUROSTAT
from contacts.codes.htcds import HTCDS
from contacts.codes.mapping import Kept, Lost, Map

MAPS = [HTCDS, EUROSTAT]


@pytest.mark.parametrize("one", MAPS, ids=[one.name for one in MAPS])
def test_every_code_is_mapped_or_named_as_lost(one: Map) -> None:
    for codes in LISTS.values():
        for code in codes.names:
            found = one.of(codes.name, code)
            assert found.why if isinstance(found, Lost) else found.field and found.value


@pytest.mark.parametrize("one", MAPS, ids=[one.name for one in MAPS])
def test_nothing_is_declared_that_is_no_code_of_ours(one: Map) -> None:
    for name, code in [*one.kept, *one.lost]:
        assert LISTS[name].code(code) is not None, (name, code)
    assert set(one.whole) | set(one.lost_whole) <= set(LISTS)
    assert not set(one.kept) & set(one.lost)


@pytest.mark.parametrize("one", MAPS, ids=[one.name for one in MAPS])
def test_two_codes_with_one_value_say_what_they_lose(one: Map) -> None:
    values: dict[Kept, int] = {}
    for kept in one.kept.values():
        bare = Kept(kept.field, kept.value)
        values[bare] = values.get(bare, 0) + (kept.loses == "")
    assert all(same <= 1 for same in values.values()), [kept for kept, same in values.items() if same > 1]


def test_a_code_nobody_declared_is_an_error() -> None:
    with pytest.raises(KeyError):
        HTCDS.of("form", "something_new")


def test_countries_go_over_by_their_own_code() -> None:
    assert HTCDS.of("nationality", "FI") == Kept("prs_Citizenship", "FI")
    assert EUROSTAT.of("nationality", "SE").loses  # type: ignore[union-attr]
    assert isinstance(HTCDS.of("nationality", "not_asked"), Lost)


def test_the_whole_map_is_told_with_what_it_loses() -> None:
    told = HTCDS.declared()
    assert told["form"]["organ_removal"] == {"field": "vic_TypeOfExploitation", "value": "OrganRemoval"}
    assert told["form"]["benefit_fraud"]["loses"] == "that it was benefit fraud"
    assert "lost" in told["residence"]["visa"]
