"""Messages of the contact form at the desk: strict requests, only for those who may, and the list that is pushed."""

import json
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from chat.contact_form import CallBack, How, Voice
from chat.form_desk import ReadMessage
from chat.form_rules import OUTCOMES
from contacts.contact import Answer, EndedBy, Refusal, Refused, Urgency
from contacts.session import Session
from contacts.words import Words
from operator_ui.form_messages import form_message_routes
from storage.ids import ContactId
from tests.operator_ui.desk_site import CONTACT, ORIGIN, TOKEN, FakeHouse, facts

ADDRESS = f"/desk/forms/{CONTACT}"
POSTS: list[tuple[str, dict[str, Any]]] = [("/take", {}), ("/put-back", {}), ("/dealt-with", {"outcome": "answered"})]


class FakeForms:
    """Keeps the contract of operator_ui.form_messages.FormBook."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.refusal: Refusal | None = None
        self.text: Words | None = Words("Please help")
        self.call_back: CallBack | None = CallBack(how=How.EMAIL, address="a@b.fi", times="ma", voice=Voice.UNSAID)

    def _note(self, what: str, session: Session, contact: ContactId) -> None:
        assert session.alias == "Anna"
        if self.refusal is not None:
            raise Refused(self.refusal)
        self.done.append(f"{what} {contact[:1]}")

    async def taken(self, session: Session, contact: ContactId) -> ReadMessage:
        self._note("taken", session, contact)
        return self._read(contact)

    async def opened(self, session: Session, contact: ContactId) -> ReadMessage:
        self._note("opened", session, contact)
        return self._read(contact)

    async def put_back(self, session: Session, contact: ContactId) -> None:
        self._note("put back", session, contact)

    async def dealt_with(self, session: Session, contact: ContactId, outcome: EndedBy) -> None:
        self._note(outcome, session, contact)

    def _read(self, contact: ContactId) -> ReadMessage:
        return ReadMessage(
            contact=contact,
            tag="K7",
            language="fi",
            since=100,
            urgency=Urgency.URGENT,
            answer=Answer.WANTED,
            text=self.text,
            call_back=self.call_back,
        )


@pytest.fixture
def forms() -> FakeForms:
    return FakeForms()


def browser(forms: FakeForms, *, signed_in: bool = True, house: FakeHouse | None = None) -> TestClient:
    routes = form_message_routes(forms=forms, sessions=house or FakeHouse(), facts=facts())
    site = TestClient(Starlette(routes=routes), base_url=ORIGIN, headers={"origin": ORIGIN})
    if signed_in:
        site.cookies.set("__Host-desk", TOKEN, domain="help.example", path="/")
    return site


@pytest.mark.parametrize(("method", "address"), [("GET", ADDRESS), ("POST", f"{ADDRESS}/take")])
def test_a_message_is_read_in_words(forms: FakeForms, method: str, address: str) -> None:
    body: dict[str, str] | None = {} if method == "POST" else None
    answer = browser(forms).request(method, address, json=body)
    assert answer.json() == {
        "contact": CONTACT,
        "tag": "K7",
        "language": "fi",
        "since": 100,
        "urgency": "urgent",
        "answer": "wanted",
        "text": "Please help",
        "call_back": {"how": "email", "address": "a@b.fi", "times": "ma", "voice": ""},
    }
    assert answer.headers["cache-control"] == "no-store"


def test_what_cannot_be_opened_or_was_not_said_is_null(forms: FakeForms) -> None:
    forms.text = forms.call_back = None
    read = browser(forms).get(ADDRESS).json()
    assert (read["text"], read["call_back"]) == (None, None)


@pytest.mark.parametrize("outcome", sorted(OUTCOMES))
def test_every_outcome_can_be_said(forms: FakeForms, outcome: str) -> None:
    assert browser(forms).post(f"{ADDRESS}/dealt-with", json={"outcome": outcome}).json() == {"ok": True}
    assert forms.done == [f"{outcome} c"]


def test_put_back(forms: FakeForms) -> None:
    assert browser(forms).post(f"{ADDRESS}/put-back", json={}).json() == {"ok": True}
    assert forms.done == ["put back c"]


@pytest.mark.parametrize(("path", "body"), POSTS)
def test_nothing_is_done_without_a_session_from_elsewhere_or_at_a_locked_desk(
    forms: FakeForms, path: str, body: dict[str, Any]
) -> None:
    assert browser(forms, signed_in=False).post(ADDRESS + path, json=body).status_code == 401
    assert browser(forms).post(ADDRESS + path, json=body, headers={"origin": "https://x.example"}).status_code == 403
    house = FakeHouse()
    house.session.turned(1)
    locked = browser(forms, house=house)
    assert locked.post(ADDRESS + path, json=body).status_code == 401
    assert locked.get(ADDRESS).status_code == 401
    assert forms.done == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/take", '{"x":1}'),
        ("/take", "[]"),
        ("/put-back", "{"),
        ("/dealt-with", "{}"),
        ("/dealt-with", '{"outcome":"left_quickly"}'),
        ("/dealt-with", '{"outcome":"answered","outcome":"tried"}'),
        ("/dealt-with", json.dumps({"outcome": "x" * 20_000})),
    ],
)
def test_anything_but_the_expected_is_refused(forms: FakeForms, path: str, body: str) -> None:
    answer = browser(forms).post(ADDRESS + path, content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()) == (400, {"error": "bad_request"})
    assert forms.done == []


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Refusal.NOT_YOURS, 404),
        (Refusal.CANNOT_OPEN, 403),
        (Refusal.ALREADY_TAKEN, 409),
        (Refusal.ENDED, 409),
        (Refusal.UNAVAILABLE, 503),
        (Refusal.BLANK, 422),
    ],
)
def test_a_refusal_is_told_by_its_code(forms: FakeForms, refusal: Refusal, status: int) -> None:
    forms.refusal = refusal
    answer = browser(forms).post(f"{ADDRESS}/take", json={})
    assert (answer.status_code, answer.json()) == (status, {"error": refusal.value})
