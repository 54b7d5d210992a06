"""A record as a value: one spelling, every fault named, remarks that forbid nothing."""

import msgspec
import pytest

from contacts.codes.catalogue import LISTS
from contacts.codes.shapes import CodeList, coded
from contacts.contact import Contact, Door, EndedBy, State
from contacts.record import (
    Codes,
    Fault,
    Record,
    Remark,
    Why,
    automatic,
    counselled,
    faults,
    normal,
    read,
    remarks,
    suggested,
    written,
)
from contacts.words import Words
from storage.ids import ContactId, StaffId


def contact(**changed: object) -> Contact:
    values: dict[str, object] = {
        "id": ContactId("a" * 32),
        "door": Door.CHAT,
        "language": "fi",
        "tag": "K4",
        "state": State.ACTIVE,
        "opened_at": 1000,
        "operator": StaffId("s" * 32),
    }
    return msgspec.convert(values | changed, Contact)


def test_a_field_nobody_chose_for_was_not_asked() -> None:
    assert Record().of("age") == ("not_asked",)
    assert Record(codes={"age": ("u18",)}).of("age") == ("u18",)


def test_there_is_one_spelling_of_a_record() -> None:
    mixed = {"outcome": ["emergency_112", "advice", "strange"], "zzz": ["b"], "who": ["self"], "age": ["not_asked"]}
    assert normal(mixed) == {"who": ("self",), "outcome": ("advice", "emergency_112", "strange"), "zzz": ("b",)}
    assert list(normal(mixed)) == ["who", "outcome", "zzz"]
    assert normal({"who": []}) == {}


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ({"who": ("self",), "outcome": ("advice", "referral_consented"), "danger": ("not_known",)}, []),
        ({"shoe_size": ("44",)}, [Fault("shoe_size", Why.UNKNOWN_FIELD)]),
        ({"who": ("nobody",)}, [Fault("who", Why.UNKNOWN_CODE, "nobody")]),
        ({"who": ("self", "public")}, [Fault("who", Why.TOO_MANY)]),
        ({"outcome": ("advice", "advice")}, [Fault("outcome", Why.TWICE)]),
        ({"control": ("debt", "not_known")}, [Fault("control", Why.NOT_ALONE)]),
        ({"outcome": ("advice", "prank")}, [Fault("outcome", Why.COUNSELLED_AND_NOT, "prank")]),
        ({"outcome": ("test", "prank")}, [Fault("outcome", Why.COUNSELLED_AND_NOT, "test")]),
        ({"other_forms": ("begging",)}, [Fault("other_forms", Why.FURTHER_WITHOUT_MAIN)]),
        ({"form": ("begging",), "other_forms": ("other",)}, []),
        ({"form": ("not_known",), "other_forms": ("not_known",)}, []),
        (
            {"form": ("begging",), "other_forms": ("begging", "other")},
            [Fault("other_forms", Why.FURTHER_IS_MAIN, "begging")],
        ),
    ],
)
def test_every_fault_is_named(codes: Codes, expected: list[Fault]) -> None:
    assert faults(codes) == expected


def test_a_retired_code_may_stay_but_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LISTS, "gender", CodeList("gender", (coded("old", "v", "g", "o", until=0),)))
    assert faults({"gender": ("old",)}) == [Fault("gender", Why.RETIRED_CODE, "old")]
    assert faults({"gender": ("old",)}, {"gender": ("old",)}) == []


def test_what_does_not_fit_together_is_remarked_on() -> None:
    assert remarks({"age": ("u18",), "minor_when_exploited": ("no",)}) == [Remark.MINOR_BY_AGE]
    assert remarks({"who": ("self",), "party": ("shelter",)}) == [Remark.PARTY_OF_NO_PROFESSIONAL]
    assert remarks({"who": ("professional",), "party": ("shelter",)}) == []
    assert remarks({"party": ("shelter",)}) == []


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [((), None), (("not_known",), None), (("advice",), True), (("prank",), False), (("unheard_of",), None)],
)
def test_the_outcome_says_whether_it_was_counselling(chosen: tuple[str, ...], expected: bool | None) -> None:
    assert counselled({"outcome": chosen}) is expected


def test_what_the_house_knows_is_suggested() -> None:
    assert suggested(contact()) == {}
    assert suggested(contact(ended_by="worker")) == {}
    assert suggested(contact(ended_by=EndedBy.LEFT_QUICKLY, danger=True)) == {
        "outcome": ("left_quickly",),
        "danger": ("yes",),
    }


def test_level_zero_needs_nobody() -> None:
    live = automatic(contact(accepted_at=1060))
    assert (live.waited, live.lasted, live.ended_at) == (60, None, None)
    over = automatic(contact(accepted_at=1060, ended_at=1660, waited=45))
    assert (over.door, over.waited, over.lasted) == (Door.CHAT, 45, 600)
    assert automatic(contact(ended_at=1100)).lasted is None


def test_a_record_is_read_as_it_was_written() -> None:
    record = Record(codes={"outcome": ("emergency_112", "advice")}, finished=True, handles={"facts": "h1"})
    again = read(written(record))
    assert again.codes == {"outcome": ("advice", "emergency_112")}
    assert (again.finished, again.handles, again.version) == (True, {"facts": "h1"}, record.version)
    with pytest.raises(msgspec.MsgspecError):
        read(Words("{"))
