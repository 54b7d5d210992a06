"""Records at the desk: plain requests, strict, guarded like the notes."""

import json
from typing import Any

import pytest

from contacts.contact import Refusal, Refused
from contacts.people import Role
from tests.operator_ui.desk_site import CONTACT, FakeHouse, browser_of, session

ADDRESS = f"/desk/contacts/{CONTACT}/record"


def revision(based_on: int = 0, **codes: list[str]) -> dict[str, Any]:
    return {"based_on": based_on, "codes": codes, "finished": False}


def test_a_record_is_saved_and_read_back() -> None:
    browser = browser_of(FakeHouse(), signed_in=True)
    first = browser.get(ADDRESS)
    assert first.headers["cache-control"] == "no-store"
    assert first.json() == {
        "revision": 0,
        "hidden": False,
        "codes": {},
        "finished": False,
        "by": None,
        "mine": True,
        "at": None,
        "remarks": [],
        "suggested": {},
        "automatic": {
            "door": "chat",
            "language": "fi",
            "opened_at": 1795431600,
            "waited": 60,
            "lasted": None,
            "ended_at": None,
            "ended_by": None,
        },
        "months": 12,
        "deleted_at": None,
    }
    saved = browser.post(ADDRESS, json=revision(who=["self"], party=["shelter"])).json()
    assert (saved["revision"], saved["by"], saved["mine"]) == (1, "Anna", True)
    assert saved["remarks"] == ["party_of_no_professional"]
    assert browser.get(ADDRESS).json() == saved
    assert "handles" not in saved


def test_the_day_of_deletion_is_told_once_the_contact_is_over() -> None:
    house = FakeHouse()
    house.records.ended = frozenset({CONTACT})
    told = browser_of(house, signed_in=True).get(ADDRESS).json()
    assert told["deleted_at"] - told["automatic"]["ended_at"] == 365 * 24 * 3600


def test_a_conflict_shows_what_stands_and_by_whom() -> None:
    house = FakeHouse()
    house.records.written_by_a_colleague(CONTACT, {"who": ("employer",)})
    answer = browser_of(house, signed_in=True).post(ADDRESS, json=revision(who=["self"]))
    assert (answer.status_code, answer.json()["error"]) == (409, "conflict")
    kept = answer.json()["kept"]
    assert (kept["revision"], kept["codes"], kept["by"], kept["mine"]) == (1, {"who": ["employer"]}, "Kaisa", False)


def test_faulty_codes_are_named() -> None:
    answer = browser_of(FakeHouse(), signed_in=True).post(ADDRESS, json=revision(who=["nobody"]))
    assert (answer.status_code, answer.json()) == (
        422,
        {"error": "bad_codes", "faults": [{"field": "who", "why": "unknown_code", "code": "nobody"}]},
    )


def test_the_list_of_what_is_left_to_finish_tells_no_words() -> None:
    house = FakeHouse()
    house.records.gone_from_list = [house.records.contact(CONTACT)]
    assert browser_of(house, signed_in=True).get("/desk/records").json() == [
        {
            "contact": CONTACT,
            "tag": "P3",
            "language": "fi",
            "door": "chat",
            "since": 1795431660,
            "ended_at": None,
            "begun": False,
        }
    ]


@pytest.mark.parametrize(("language", "status"), [("fi", 200), ("sv", 200), ("en", 200), ("xx", 404)])
def test_the_lists_are_told_in_the_languages_of_the_desk(language: str, status: int) -> None:
    answer = browser_of(FakeHouse(), signed_in=True).get(f"/desk/codes/{language}")
    assert answer.status_code == status
    assert status != 200 or answer.json()["lists"]["place"][0]["label"] in {"Suomi", "Finland"}


@pytest.mark.parametrize("address", [ADDRESS, "/desk/records", "/desk/codes/en"])
def test_without_a_session_a_locked_desk_or_a_key_nothing_is_told(address: str) -> None:
    assert browser_of(FakeHouse()).get(address).status_code == 401
    locked = browser_of(FakeHouse(), signed_in=True)
    locked.post("/desk/lock")
    assert locked.get(address).status_code == 401
    for role in (Role.ANALYST, Role.ADMIN):
        answer = browser_of(FakeHouse(session=session(role)), signed_in=True).get(address)
        assert (answer.status_code, answer.json()) == (404, {"error": "not_yours"})


def test_a_strangers_contact_and_an_absent_one_look_the_same() -> None:
    browser = browser_of(FakeHouse(), signed_in=True)
    addresses = [f"/desk/contacts/{contact}/record" for contact in ("d" * 32, "x", "%00", "%2e%2e")]
    answers = [browser.get(one) for one in addresses] + [browser.post(one, json=revision()) for one in addresses]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, '{"error":"not_yours"}')}


@pytest.mark.parametrize("origin", ["null", "https://evil.example"])
def test_a_record_from_another_origin_is_not_saved(origin: str) -> None:
    house = FakeHouse()
    answer = browser_of(house, signed_in=True).post(ADDRESS, json=revision(), headers={"origin": origin})
    assert (answer.status_code, house.records.kept) == (403, {})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        json.dumps(revision() | {"handles": {}}).encode(),
        json.dumps(revision() | {"codes": {"who": "self"}}).encode(),
        json.dumps({"codes": {}, "finished": True}).encode(),
        b'{"based_on":0,"based_on":1,"codes":{},"finished":false}',
        json.dumps(revision(who=["x" * 20_000])).encode(),
    ],
)
def test_anything_but_a_revision_is_refused(body: bytes) -> None:
    house = FakeHouse()
    answer = browser_of(house, signed_in=True).post(ADDRESS, content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.text, house.records.kept) == (400, '{"error":"bad_request"}', {})


@pytest.mark.parametrize(
    ("code", "status"), [(Refusal.CANNOT_OPEN, 403), (Refusal.UNAVAILABLE, 503), (Refusal.ENDED, 409)]
)
def test_a_refusal_carries_its_code(code: Refusal, status: int) -> None:
    house = FakeHouse()
    house.records.trouble = Refused(code)
    answer = browser_of(house, signed_in=True).get(ADDRESS)
    assert (answer.status_code, answer.json()) == (status, {"error": code.value})
