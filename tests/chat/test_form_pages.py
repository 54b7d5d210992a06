"""The contact form's addresses, on a door in memory."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from chat.form_pages import form_routes
from chat.page_builder import BUDGET, compressed
from chat.rate import Rate
from contacts.contact import Answer, Refusal, Urgency
from duty.availability import Availability, State
from storage.clock import ManualClock
from tests.chat.forms import FakeFormDoor, filled, posted
from tests.chat.visitor_site import NOW, ORIGIN, PAGE, TRANSLATIONS, facts

LANGUAGES = ("fi", "sv", "en")


@pytest.fixture
def door() -> FakeFormDoor:
    return FakeFormDoor()


def browser(door: FakeFormDoor, *, rate: Rate | None = None, clock: ManualClock | None = None) -> TestClient:
    routes = form_routes(
        door=door,
        page=PAGE,
        facts=facts(),
        translations=TRANSLATIONS,
        clock=clock or ManualClock(NOW),
        rate=rate or Rate(1.0, 100.0),
    )
    return TestClient(Starlette(routes=routes), base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False)


class Form(HTMLParser):
    """What stands in the fields of a page, and what is said to be wrong."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.invalid: list[str] = []
        self.summary: list[str] = []
        self.links: list[str] = []
        self._area = ""
        self.feed(text)
        block = re.search(r'<div id="problems".*?</div>', text, re.DOTALL)
        assert block is not None
        self.autofocus = "autofocus" in block[0]
        self.links = re.findall(r'<a href="#([a-z]+)">', block[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = dict(attrs)
        name = at.get("name") or ""
        if tag == "textarea":
            self._area = name
            self.values[name] = ""
        elif tag == "input" and (at.get("type") not in {"radio", "checkbox"} or "checked" in at):
            self.values[name] = at.get("value") or ""
        elif tag == "option" and "selected" in at:
            self.values["language"] = at.get("value") or ""
        if at.get("aria-invalid") == "true":
            self.invalid.append(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data.removeprefix("\n") if not self.values[self._area] else data


def test_the_form_needs_no_cookie_and_sets_none(door: FakeFormDoor) -> None:
    with browser(door) as site:
        page, sent = site.get("/en/write"), site.post("/en/write", data=posted())
        arrived = site.get("/en/received")
    for answer in (page, sent, arrived):
        assert "set-cookie" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
    assert (page.status_code, sent.status_code, arrived.status_code) == (200, 303, 200)
    assert sent.headers["location"] == "/en/received"


def test_every_page_has_an_id_of_its_own(door: FakeFormDoor) -> None:
    with browser(door) as site:
        ids = {Form(site.get("/en/write").text).values["page"] for _ in range(3)}
    assert len(ids) == 3


def test_what_is_sent_is_what_was_filled_in(door: FakeFormDoor) -> None:
    with browser(door) as site:
        fields = Form(site.get("/sv/write").text).values
        fields |= {"message": "Hej\r\ndu", "how": "email", "address": "a@b.fi", "urgent": "yes"}
        assert site.post("/sv/write", data=fields).status_code == 303
    (sent,) = door.messages
    assert (sent.page, sent.language, sent.words.reveal()) == (fields["page"], "sv", "Hej\ndu")
    assert (sent.urgency, sent.answer) == (Urgency.URGENT, Answer.WANTED)


def test_the_script_is_answered_with_data(door: FakeFormDoor) -> None:
    headers = {"accept": "application/json"}
    with browser(door) as site:
        assert site.post("/en/write", data=posted(), headers=headers).json() == {"ok": True}
        wrong = site.post("/en/write", data=posted(message=" "), headers=headers)
    assert wrong.status_code == 422
    assert wrong.json() == {"ok": False, "problems": [{"field": "message", "text": "Write a message."}]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_keeps_everything_that_was_typed_and_leads_to_the_field(door: FakeFormDoor, language: str) -> None:
    typed = posted(
        message="x" * 4003, how="telephone", address="<b>12", times='"ma" & ti', voice="no", urgent="yes", language="fi"
    )
    with browser(door) as site:
        answer = site.post(f"/{language}/write", data=typed)
    assert answer.status_code == 422
    form = Form(answer.text)
    assert form.values == typed | {"website": ""}
    assert form.invalid == ["message", "address"]
    assert form.links == ["message", "address"]
    assert form.autofocus
    assert "3" in answer.text
    assert door.messages == []


def test_a_text_that_begins_with_an_empty_line_keeps_its_place(door: FakeFormDoor) -> None:
    with browser(door) as site:
        answer = site.post("/en/write", data=posted(message="one\r\n\r\ntwo", how="email"))
    assert Form(answer.text).values["message"] == "one\n\ntwo"


def test_a_field_that_people_do_not_see_loses_nobody_a_message(door: FakeFormDoor) -> None:
    with browser(door) as site:
        first = site.post("/en/write", data=posted(website="http://x", message="Please help"))
        form = Form(first.text)
        assert (first.status_code, form.values["website"], form.values["message"]) == (422, "", "Please help")
        assert "A program filled in a hidden field" in first.text
        assert site.post("/en/write", data=form.values).status_code == 303
    assert len(door.messages) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_while_storage_is_away_the_text_stays_and_the_telephone_is_named(door: FakeFormDoor, language: str) -> None:
    door.refusal = Refusal.UNAVAILABLE
    with browser(door) as site:
        answer = site.post(f"/{language}/write", data=posted(message="Please help", times="ma"))
    form = Form(answer.text)
    assert (answer.status_code, form.values["message"], form.values["times"]) == (503, "Please help", "ma")
    assert (form.autofocus, form.links, form.invalid) == (True, [], [])
    assert 'href="tel:+358800123456"' in answer.text


def test_too_many_from_one_place_are_asked_to_wait_and_lose_nothing(door: FakeFormDoor) -> None:
    clock = ManualClock(NOW)
    with browser(door, rate=Rate(0.1, 1.0), clock=clock) as site:
        assert site.post("/en/write", data=posted()).status_code == 303
        waits = site.post("/en/write", data=posted(message="Please help"))
        assert (waits.status_code, Form(waits.text).values["message"]) == (429, "Please help")
        clock.advance(10)
        assert site.post("/en/write", data=posted()).status_code == 303
    assert len(door.messages) == 2


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ORIGIN + ".example", ORIGIN.upper()])
def test_a_post_from_elsewhere_is_not_taken(door: FakeFormDoor, origin: str) -> None:
    with browser(door) as site:
        assert site.post("/en/write", data=posted(), headers={"origin": origin}).status_code == 403
        del site.headers["origin"]
        assert site.post("/en/write", data=posted()).status_code == 403
    assert door.messages == []


#: Fixed, since what a test is called must be the same in every process that runs it.
SOME_PAGE = "8f14e45f-ceea-4e7a-9c3b-2d1f0a6b7c8d"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "page=1",
        f"message=%ff&page={SOME_PAGE}",
        "message=a&message=b",
        "&".join(f"x{n}=" for n in range(40)),
        f"language=en&message=x&page={SOME_PAGE}&how=pigeon",
    ],
)
def test_what_is_no_form_of_ours_gets_an_empty_one_and_a_sentence(door: FakeFormDoor, body: str) -> None:
    with browser(door) as site:
        answer = site.post("/en/write", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 400
    assert "We could not read the form" in answer.text
    assert door.messages == []


def test_a_fault_of_ours_tells_nothing(door: FakeFormDoor) -> None:
    door.fault = RuntimeError("secret words")
    with browser(door) as site:
        answer = site.post("/en/write", data=posted())
    assert answer.status_code == 503
    assert "secret" not in answer.text


def test_a_language_that_we_do_not_have_has_no_form(door: FakeFormDoor) -> None:
    with browser(door) as site:
        assert site.get("/xx/write").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_heaviest_form_is_within_the_budget(language: str) -> None:
    everything = dict.fromkeys(("message", "how", "address", "times", "", "website"), "Something is wrong with this.")
    html = PAGE.form(filled("", language=language), language, everything).html
    assert len(compressed(html)) <= BUDGET


@pytest.mark.parametrize("language", LANGUAGES)
def test_telephone_emergency_language_and_leave_stand_on_the_form_in_the_same_order(language: str) -> None:
    for html in (
        PAGE.form(filled(language=language), language, {}).html,
        PAGE.received(language, Availability(State.closed), NOW).html,
    ):
        marks = ['class="langs"', 'id="leave"', 'href="tel:+358800123456"', 'href="tel:112"', "<h1>"]
        places = [html.index(mark) for mark in marks]
        assert places == sorted(places)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_on_the_form_says_what_it_is_about_to_somebody_looking(language: str) -> None:
    text = PAGE.form(filled("", language=language), language, {}).html.lower()
    for word in ("victim", "traffick", "uhri", "ihmiskaup", "människohandel", "brottsoffer"):
        assert word not in text


@settings(max_examples=200)
@given(st.one_of(st.binary(max_size=300), st.text(st.sampled_from("pagemshow=&%+;0123456789abcdef-"), max_size=300)))
def test_whatever_is_posted_is_answered_and_never_a_fault(body: bytes | str) -> None:
    door = FakeFormDoor()
    site = browser(door)
    answer = site.post("/en/write", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code in {400, 422}
    assert door.messages == []
