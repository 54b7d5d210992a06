import re
import uuid

import pytest
from starlette.testclient import TestClient

from chat.frames import EntryShown, Shown, Status, Writing
from chat.plain_pages import frame_of
from chat.plain_stream import Pace
from chat.shown import ShownEntry, ShownUpTo, StatusShown, WritingNow
from contacts.contact import Author, Kind, Refusal
from tests.chat.fake_door import FakeDoor
from tests.chat.visitor_site import browser_of

JSON = {"accept": "application/json"}
QUICK = Pace(heartbeat=0.05, restart=0.5, poll=0.2, gather=0.01)
ID = "7d3f4a52-9a0e-4c4e-9b8e-2f7c1d5a6b70"


def conversation() -> tuple[FakeDoor, TestClient]:
    door = FakeDoor()
    browser = browser_of(door, pace=QUICK)
    browser.post("/en/start", headers=JSON)
    return door, browser


def hidden_id(page: str) -> str:
    found = re.search(r'name="id" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_the_writing_frame_brings_a_message_id_of_its_own() -> None:
    _, browser = conversation()
    first, second = (hidden_id(browser.get("/en/composer").text) for _ in range(2))
    assert first != second
    assert str(uuid.UUID(first)) == first


def test_a_message_without_script_is_stored_once_however_often_it_is_posted() -> None:
    door, browser = conversation()
    for _ in range(2):
        answer = browser.post("/en/say", data={"id": ID, "text": "Hello\r\nyou"})
        assert "We received your message." in answer.text
        assert hidden_id(answer.text) != ID
    texts = [entry.text.reveal() for entry in door.talks["token-0"].entries if entry.text]
    assert texts == ["Hello\nyou"]


def test_the_script_gets_an_acknowledgement_as_a_frame() -> None:
    _, browser = conversation()
    answer = browser.post("/en/say", data={"id": ID, "text": "Hello"}, headers=JSON)
    assert answer.json() == {"t": "ack", "id": ID, "seq": 1, "at": 1795431600}
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(("text", "code"), [("x" * 2001, "too_long"), (" \n ", "blank")])
def test_a_refused_message_is_an_error_frame_for_the_script_and_kept_in_the_form(text: str, code: str) -> None:
    door, browser = conversation()
    told = browser.post("/en/say", data={"id": ID, "text": text}, headers=JSON)
    assert (told.status_code, told.json()) == (409, {"t": "error", "code": code, "id": ID})
    page = browser.post("/en/say", data={"id": ID, "text": text})
    assert hidden_id(page.text) == ID
    assert text.strip() in page.text
    assert door.talks["token-0"].entries == []


def test_an_id_that_is_taken_is_replaced_in_the_form() -> None:
    door, browser = conversation()
    door.refusal = Refusal.ID_TAKEN
    page = browser.post("/en/say", data={"id": ID, "text": "Hello"})
    assert hidden_id(page.text) != ID
    assert ">Hello</textarea>" in page.text


def test_a_house_without_storage_keeps_the_text_in_the_form() -> None:
    door, browser = conversation()
    door.refusal = Refusal.UNAVAILABLE
    page = browser.post("/en/say", data={"id": ID, "text": "Hello"})
    assert page.status_code == 503
    assert "Your text is kept." in page.text
    assert ">Hello</textarea>" in page.text


@pytest.mark.parametrize(
    "form", [{}, {"id": "1", "text": "x"}, {"id": ID.upper(), "text": "x"}, {"id": [ID, ID], "text": "x"}]
)
def test_a_form_that_is_not_ours_is_refused(form: dict[str, str]) -> None:
    door, browser = conversation()
    assert browser.post("/en/say", data=form).status_code == 400
    assert door.talks["token-0"].entries == []


def test_after_the_end_both_frames_say_so_and_lead_out() -> None:
    door, browser = conversation()
    door.talks["token-0"].state = "ended"
    for answer in (
        browser.get("/en/composer"),
        browser.get("/en/stream"),
        browser.post("/en/say", data={"id": ID, "text": "x"}),
    ):
        assert answer.status_code == 410
        assert "The chat has ended." in answer.text
        assert 'target="_top"' in answer.text
        assert "Max-Age=0" in answer.headers["set-cookie"]


def test_a_message_that_comes_just_after_the_end_is_told_so() -> None:
    door, browser = conversation()
    door.refusal = Refusal.ENDED
    assert "The chat has ended." in browser.post("/en/say", data={"id": ID, "text": "x"}).text


def test_without_a_cookie_there_is_nothing_to_read() -> None:
    browser = browser_of(FakeDoor(), pace=QUICK)
    assert browser.get("/en/stream").status_code == 410
    assert browser.get("/en/new?after=0", headers=JSON).status_code == 401


def test_the_long_poll_gives_what_follows_and_the_status() -> None:
    door, browser = conversation()
    door.worker_says("token-0", "one")
    door.worker_says("token-0", "two")
    frames = browser.get("/en/new?after=1&state=", headers=JSON).json()
    assert [(frame["t"], frame.get("seq"), frame.get("text")) for frame in frames] == [
        ("entry", 2, "two"),
        ("status", None, "You are waiting."),
    ]
    assert frames[0] == {
        "t": "entry", "seq": 2, "kind": "message", "by": "worker", "at": 1795431601, "text": "two", "code": None,
        "id": None,
    }  # fmt: skip


def test_the_long_poll_waits_when_the_page_knows_everything() -> None:
    door, browser = conversation()
    door.talks["token-0"].add(Author.VISITOR, "mine", client_id=ID)
    assert [frame["t"] for frame in browser.get("/en/new?after=1&state=waiting", headers=JSON).json()] == ["status"]
    assert door.talks["token-0"].followers == []


@pytest.mark.parametrize("after", ["-1", "x", "1e3", "99999999999"])
def test_a_number_that_is_none_is_refused(after: str) -> None:
    _, browser = conversation()
    assert browser.get(f"/en/new?after={after}", headers=JSON).status_code == 400


def test_the_stream_can_be_read_as_a_page_that_ends() -> None:
    door, browser = conversation()
    door.worker_says("token-0", "<b>Hello</b>")
    answer = browser.get("/en/stream?once=1")
    assert "&lt;b&gt;Hello&lt;/b&gt;" in answer.text
    assert answer.headers["x-accel-buffering"] == "no"
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"


def test_every_item_has_its_frame() -> None:
    assert frame_of(ShownUpTo(3)) == Shown(3)
    assert frame_of(WritingNow()) == Writing()
    assert frame_of(StatusShown("active", "Here.", "Anna")) == Status("active", "Here.", "Anna")
    unreadable = ShownEntry(1, Kind.MESSAGE, Author.WORKER, 5, None, None, None)
    assert frame_of(unreadable) == EntryShown(1, "message", "worker", 5, None, None, None)


def test_an_answer_comes_back_to_the_stream_and_a_stale_one_changes_nothing() -> None:
    door, browser = conversation()
    door.talks["token-0"].ask("read")
    fields = {"question": "read", "yes": "1"}
    answer = browser.post("/en/answer", data=fields, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/stream")
    assert [entry.code for entry in door.talks["token-0"].entries] == ["read_allowed"]
    assert browser.post("/en/answer", data=fields, headers=JSON).json() == {"ok": True}
    assert len(door.talks["token-0"].entries) == 1


@pytest.mark.parametrize("fields", [{}, {"question": "everything", "yes": "1"}, {"yes": "1"}])
def test_an_answer_to_nothing_is_refused(fields: dict[str, str]) -> None:
    _, browser = conversation()
    assert browser.post("/en/answer", data=fields, headers=JSON).status_code == 400


def test_without_a_conversation_there_is_nothing_to_answer() -> None:
    browser = browser_of(FakeDoor(), pace=QUICK)
    assert browser.post("/en/answer", data={"question": "read", "yes": "1"}, headers=JSON).status_code == 401


def test_the_long_poll_brings_a_question_the_page_does_not_show() -> None:
    door, browser = conversation()
    door.talks["token-0"].ask("read")
    asked = browser.get("/en/new?after=0&state=waiting&ask=", headers=JSON).json()
    assert {"t": "ask", "question": "read", "text": "May I read?"} in asked
