"""Internal notes: their own address, strict, and only for those who may."""

import json
import uuid
from typing import Any

import pytest

from contacts.contact import Refusal, Refused
from tests.operator_ui.desk_site import CONTACT, FakeHouse, browser_of

ADDRESS = f"/desk/contacts/{CONTACT}/notes"
ID = str(uuid.UUID(int=7))


def note(text: str = "hello", **other: Any) -> dict[str, Any]:
    return {"id": ID, "text": text, **other}


def test_a_note_is_written_once_and_read_back() -> None:
    house = FakeHouse()
    browser = browser_of(house, signed_in=True)
    for _ in range(2):
        assert browser.post(ADDRESS, json=note("safe until 15:30")).json() == {"seq": 1, "at": 1000}
    read = browser.get(ADDRESS)
    assert read.json()[0] == {"seq": 1, "at": 1001, "by": "Anna", "text": "safe until 15:30"}
    assert read.json()[-1] == {"seq": 9, "at": 1009, "by": "worker", "text": None}
    assert read.headers["cache-control"] == "no-store"


def test_without_a_session_nothing_is_read_or_written() -> None:
    house = FakeHouse()
    browser = browser_of(house)
    assert browser.get(ADDRESS).status_code == browser.post(ADDRESS, json=note()).status_code == 401
    assert house.written == {}


def test_a_locked_desk_reads_and_writes_nothing() -> None:
    house = FakeHouse()
    browser = browser_of(house, signed_in=True)
    browser.post("/desk/lock")
    assert browser.get(ADDRESS).status_code == browser.post(ADDRESS, json=note()).status_code == 401
    assert house.written == {}


def test_a_strangers_contact_and_an_absent_one_look_the_same() -> None:
    browser = browser_of(FakeHouse(), signed_in=True)
    answers = [browser.get(f"/desk/contacts/{contact}/notes") for contact in ("d" * 32, "x", "%2e%2e", "%00", "C" * 32)]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, '{"error":"not_yours"}')}


@pytest.mark.parametrize("origin", ["null", "https://evil.example"])
def test_a_note_from_another_origin_is_not_written(origin: str) -> None:
    house = FakeHouse()
    answer = browser_of(house, signed_in=True).post(ADDRESS, json=note(), headers={"origin": origin})
    assert (answer.status_code, house.written) == (403, {})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"id":"x","text":"y"}',
        json.dumps(note(more=1)).encode(),
        json.dumps({"id": ID}).encode(),
        b'{"id":"%s","text":"a","text":"b"}' % ID.encode(),
        b'{"id":"%s","text":"\xff"}' % ID.encode(),
        json.dumps(note("x" * 20_000)).encode(),
        b"[" * 10_000,
    ],
)
def test_anything_but_a_note_is_refused_and_not_repeated(body: bytes) -> None:
    house = FakeHouse()
    browser = browser_of(house, signed_in=True)
    answer = browser.post(ADDRESS, content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.text, house.written) == (400, '{"error":"bad_request"}', {})


def test_a_form_is_not_json() -> None:
    assert browser_of(FakeHouse(), signed_in=True).post(ADDRESS, data=note()).status_code == 400


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (Refusal.NOT_YOURS, 404),
        (Refusal.CANNOT_OPEN, 403),
        (Refusal.ENDED, 409),
        (Refusal.ID_TAKEN, 409),
        (Refusal.UNAVAILABLE, 503),
        (Refusal.TOO_LONG, 422),
        (Refusal.BLANK, 422),
    ],
)
def test_a_refusal_carries_its_code(code: Refusal, status: int) -> None:
    browser = browser_of(FakeHouse(trouble=Refused(code)), signed_in=True)
    for answer in (browser.get(ADDRESS), browser.post(ADDRESS, json=note())):
        assert (answer.status_code, answer.json()) == (status, {"error": code.value})
