import logging

import pytest
from starlette.requests import Request

from chat.pages import visitor_not_found
from chat.sentences import own_name
from contacts.contact import Refusal, Refused
from duty.availability import Availability, State
from tests.chat.fake_door import FakeDoor
from tests.chat.visitor_site import NOW, ORIGIN, PAGE, SENTENCES, browser_of, facts

JSON = {"accept": "application/json"}
COOKIE = "__Host-talk"
POSTS = ["/en/start", "/en/continue", "/en/end", "/en/say"]


def test_the_root_leads_to_the_page_in_the_browsers_language() -> None:
    answer = browser_of(FakeDoor()).get("/", headers={"accept-language": "sv-FI, en;q=0.5"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sv")
    assert answer.headers["vary"] == "Accept-Language"


def test_before_start_the_page_sets_no_cookie_and_opens_nothing() -> None:
    door = FakeDoor()
    answer = browser_of(door).get("/en")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert "clear-site-data" not in answer.headers
    assert door.talks == {}


def test_the_page_is_compressed_for_browsers_that_take_it() -> None:
    answer = browser_of(FakeDoor()).get("/en", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 15_000
    assert answer.text.startswith("<!doctype html>")
    plain = browser_of(FakeDoor()).get("/en", headers={"accept-encoding": "identity"})
    assert plain.text == answer.text


@pytest.mark.parametrize("path", ["/xx", "/xx/start", "/favicon.ico", "/EN"])
def test_a_language_we_do_not_have_is_not_found_and_the_languages_are_listed(path: str) -> None:
    browser = browser_of(FakeDoor())
    answer = browser.get(path) if not path.endswith("start") else browser.post(path)
    assert answer.status_code == 404
    for language in ("fi", "sv", "en"):
        assert own_name(language) in answer.text


def test_start_sets_the_cookie_and_the_script_hears_yes() -> None:
    door = FakeDoor()
    answer = browser_of(door).post("/en/start", headers=JSON)
    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    assert answer.headers["set-cookie"] == f"{COOKIE}=token-0; HttpOnly; Path=/; SameSite=strict; Secure"


def test_start_without_script_answers_with_the_page_in_conversation() -> None:
    answer = browser_of(FakeDoor()).post("/en/start")
    assert answer.status_code == 200
    assert 'data-now="talk"' in answer.text
    assert 'src="/en/stream"' in answer.text
    assert 'src="/en/composer"' in answer.text


def test_start_pressed_twice_finds_the_same_conversation() -> None:
    door = FakeDoor()
    browser = browser_of(door)
    browser.post("/en/start")
    browser.post("/en/start")
    assert list(door.talks) == ["token-0"]


def test_start_with_a_dead_cookie_begins_anew() -> None:
    door = FakeDoor()
    browser = browser_of(door)
    browser.post("/en/start")
    browser.post("/en/end", headers=JSON)
    browser.cookies.set(COOKIE, "token-0")
    assert "token-1" in browser.post("/en/start", headers=JSON).headers["set-cookie"]


def test_nobody_is_admitted_when_the_chat_is_closed_and_no_cookie_is_set() -> None:
    closed = Availability(State.closed)
    browser = browser_of(FakeDoor(closed))
    told = browser.post("/en/start", headers=JSON)
    text = SENTENCES.availability("en", closed, NOW)
    assert (told.status_code, told.json()) == (409, {"ok": False, "state": "closed", "text": text})
    page = browser.post("/en/start")
    assert (page.status_code, text in page.text) == (409, True)
    assert "set-cookie" not in told.headers | page.headers


def test_a_living_cookie_gets_the_neutral_card_without_a_word_of_the_conversation() -> None:
    door = FakeDoor()
    browser = browser_of(door)
    browser.post("/en/start")
    door.worker_says("token-0", "confidential words")
    page = browser.get("/en").text
    assert 'data-now="continue"' in page
    assert "Continue?" in page
    assert "confidential words" not in page
    assert "set-cookie" not in browser.get("/sv").headers


def test_a_dead_cookie_gets_the_first_page_and_is_taken_back() -> None:
    browser = browser_of(FakeDoor())
    browser.cookies.set(COOKIE, "gone")
    answer = browser.get("/en")
    assert 'data-now="start"' in answer.text
    assert "Max-Age=0" in answer.headers["set-cookie"]


def test_yes_without_script_shows_the_conversation_again() -> None:
    browser = browser_of(FakeDoor())
    browser.post("/en/start")
    assert 'data-now="talk"' in browser.post("/en/continue").text


def test_yes_after_the_end_says_so_and_takes_the_cookie_back() -> None:
    browser = browser_of(FakeDoor())
    browser.cookies.set(COOKIE, "gone")
    answer = browser.post("/en/continue")
    assert answer.status_code == 410
    assert 'data-now="gone"' in answer.text
    assert "Max-Age=0" in answer.headers["set-cookie"]


def test_end_ends_the_conversation_and_takes_the_cookie_back() -> None:
    door = FakeDoor()
    browser = browser_of(door)
    browser.post("/en/start")
    answer = browser.post("/en/end")
    assert 'data-now="ended"' in answer.text
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert door.talks["token-0"].entries[-1].code == "ended_by_visitor"


def test_end_may_be_said_again_when_everything_is_over() -> None:
    browser = browser_of(FakeDoor())
    assert browser.post("/en/end", headers=JSON).json() == {"ok": True}


def test_leave_by_beacon_revokes_and_clears_the_device() -> None:
    door = FakeDoor()
    browser = browser_of(door)
    browser.post("/en/start")
    answer = browser.post("/x")
    assert answer.status_code == 204
    assert door.left_tokens == ["token-0"]
    assert answer.headers["clear-site-data"] == '"cookies", "storage"'
    assert "Max-Age=0" in answer.headers["set-cookie"]


def test_leave_by_form_goes_to_the_neutral_site() -> None:
    door = FakeDoor()
    browser = browser_of(door)
    browser.post("/en/start")
    answer = browser.post("/x", data={"a": ""})
    assert (answer.status_code, answer.headers["location"]) == (303, "https://www.weather.example/")
    assert door.left_tokens == ["token-0"]
    assert answer.headers["clear-site-data"] == '"cookies", "storage"'
    assert "Max-Age=0" in answer.headers["set-cookie"]


@pytest.mark.parametrize("origin", ["", "null", "https://evil.example"])
def test_leave_from_elsewhere_goes_away_too_but_revokes_nothing(origin: str) -> None:
    door = FakeDoor()
    browser = browser_of(door)
    browser.post("/en/start")
    answer = browser.post("/x", data={"a": ""}, headers={"origin": origin})
    assert answer.headers["location"] == "https://www.weather.example/"
    assert door.left_tokens == []
    assert "set-cookie" not in answer.headers
    assert "clear-site-data" not in answer.headers


def test_leave_goes_away_even_when_the_house_is_on_fire() -> None:
    class Burning(FakeDoor):
        async def left(self, token: str) -> None:
            raise RuntimeError(token)

    browser = browser_of(Burning())
    browser.post("/en/start")
    answer = browser.post("/x", data={"a": ""})
    assert answer.status_code == 303
    assert "Max-Age=0" in answer.headers["set-cookie"]


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("origin", ["", "null", "https://evil.example", ORIGIN + "/", ORIGIN + ":443"])
def test_a_post_from_another_origin_changes_nothing(path: str, origin: str) -> None:
    door = FakeDoor()
    answer = browser_of(door).post(path, headers={"origin": origin})
    assert answer.status_code == 403
    assert "This did not come from our page" in answer.text
    assert "set-cookie" not in answer.headers
    assert door.talks == {}


def test_a_post_without_origin_changes_nothing() -> None:
    door = FakeDoor()
    browser = browser_of(door)
    del browser.headers["origin"]
    assert browser.post("/en/start", headers=JSON).status_code == 403
    assert door.talks == {}


def test_addresses_answer_to_their_method_only() -> None:
    browser = browser_of(FakeDoor())
    for path in ("/en/start", "/en/end", "/en/say", "/x"):
        assert browser.get(path).status_code in {404, 405}
    for path in ("/en/stream", "/en/new", "/status.json"):
        assert browser.post(path).status_code in {404, 405}


def test_the_status_needs_no_cookie_and_speaks_the_asked_language() -> None:
    availability = Availability(State.busy, frozenset({"fi", "en"}), NOW)
    door = FakeDoor(availability)
    answer = browser_of(door).get("/status.json?lang=en", headers={"origin": "https://elsewhere.example"})
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert answer.json() == {
        "state": "busy",
        "text": SENTENCES.availability("en", availability, NOW),
        "phone": "0800 123 456",
        "languages": ["en", "fi"],
        "next_change": int(NOW.timestamp()),
    }
    assert door.asked == ["en"]


def test_the_status_falls_back_to_the_browsers_language_and_may_not_know_when() -> None:
    browser = browser_of(FakeDoor(Availability(State.unknown)))
    told = browser.get("/status.json?lang=xx", headers={"accept-language": "sv"}).json()
    assert told["text"].startswith("Vi vet inte")
    assert told["next_change"] is None


def test_a_fault_says_to_call_and_not_what_happened(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    door = FakeDoor()
    door.fault = RuntimeError("secret of the database")
    browser = browser_of(door)
    page = browser.get("/en")
    assert page.status_code == 503
    assert "The fault is ours" in page.text
    assert "0800 123 456" in page.text
    told = browser.get("/status.json", headers=JSON)
    assert (told.status_code, told.json()) == (503, {"ok": False, "why": "fault"})
    assert "secret of the database" not in page.text + told.text + caplog.text


def test_a_house_without_storage_says_so_at_start() -> None:
    class Away(FakeDoor):
        async def started(self, language: str) -> str:
            self.asked.append(language)
            raise Refused(Refusal.UNAVAILABLE)

    answer = browser_of(Away()).post("/en/start", headers=JSON)
    assert answer.status_code == 503
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/en/confidentiality", "/fi/accessibility"])
def test_statements_need_no_conversation(path: str) -> None:
    assert browser_of(FakeDoor()).get(path).status_code == 200


def test_over_plain_http_the_development_cookie_is_used() -> None:
    known = facts(public_url="http://testserver", secure=False)
    browser = browser_of(FakeDoor(), known=known)
    browser.base_url = "http://testserver"
    answer = browser.post("/en/start", headers={"origin": "http://testserver"})
    assert answer.headers["set-cookie"].startswith("talk=token-0;")


@pytest.mark.anyio
async def test_an_address_no_route_knows_gets_the_same_page() -> None:
    headers = [(b"accept-language", b"sv")]
    answer = await visitor_not_found(page=PAGE, facts=facts())(Request({"type": "http", "headers": headers}))
    assert answer.status_code == 404
    assert "Sidan finns inte" in bytes(answer.body).decode()
