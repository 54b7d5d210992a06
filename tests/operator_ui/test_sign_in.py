"""Signing in and out by form."""

import pytest

from contacts.sign_in import SignInRefused
from contacts.stretching import Overloaded
from contacts.throttle import TooMany
from tests.operator_ui.desk_site import PASSPHRASE, TOKEN, FakeHouse, browser_of

FORM = {"login": "anna", "passphrase": PASSPHRASE}


def test_the_right_words_set_the_cookie_and_lead_to_the_desk() -> None:
    answer = browser_of(FakeHouse()).post("/desk/sign-in", data=FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    cookie = answer.headers.get_list("set-cookie")[0]
    assert cookie.startswith(f"__Host-desk={TOKEN}; ")
    assert {"HttpOnly", "Secure", "SameSite=strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "Max-Age" not in cookie
    assert "Domain" not in cookie


def test_an_unknown_name_and_wrong_words_get_the_same_answer() -> None:
    browser = browser_of(FakeHouse())
    unknown = browser.post("/desk/sign-in", data=FORM | {"login": "nobody"})
    wrong = browser.post("/desk/sign-in", data=FORM | {"passphrase": "wrong"})
    assert unknown.status_code == wrong.status_code == 403
    assert unknown.text.replace('value="nobody"', "") == wrong.text.replace('value="anna"', "")
    assert "set-cookie" not in wrong.headers
    assert "wrong" not in wrong.text.replace("is not right", "")


def test_what_was_typed_as_a_name_comes_back_escaped() -> None:
    answer = browser_of(FakeHouse()).post("/desk/sign-in", data=FORM | {"login": '"><script>x'})
    assert "<script>x" not in answer.text
    assert "&#34;&gt;&lt;script&gt;x" in answer.text


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "https://help.example.evil.example"])
def test_a_form_from_elsewhere_reaches_nothing(origin: str | None) -> None:
    house = FakeHouse()
    browser = browser_of(house, signed_in=True)
    del browser.headers["origin"]
    headers = {} if origin is None else {"origin": origin}
    assert browser.post("/desk/sign-in", data=FORM, headers=headers).status_code == 403
    assert browser.post("/desk/sign-out", headers=headers).status_code == 403
    assert house.buckets == []
    assert not house.signed_out


@pytest.mark.parametrize(
    ("trouble", "status", "words"),
    [
        (SignInRefused(), 403, "not right"),
        (TooMany(90), 429, "Too many attempts"),
        (Overloaded(), 503, "Many people are signing in"),
    ],
)
def test_each_refusal_has_its_sentence_and_status(trouble: Exception, status: int, words: str) -> None:
    answer = browser_of(FakeHouse(trouble=trouble)).post("/desk/sign-in", data=FORM)
    assert (answer.status_code, words in answer.text) == (status, True)
    assert answer.headers.get("retry-after") == ("90" if status == 429 else None)
    assert PASSPHRASE not in answer.text


def test_a_form_that_is_none_is_refused() -> None:
    house = FakeHouse()
    answer = browser_of(house).post("/desk/sign-in", content=b"x" * 40_000)
    assert (answer.status_code, house.buckets) == (400, [])


def test_a_code_is_asked_for_only_where_the_second_factor_is_on() -> None:
    off = browser_of(FakeHouse()).get("/desk/sign-in").text
    on = browser_of(FakeHouse(), second_factor=True).get("/desk/sign-in").text
    assert ("Second factor is off" in off, 'name="code"' in off) == (True, False)
    assert ("Second factor is off" in on, 'name="code"' in on) == (False, True)


def test_somebody_signed_in_goes_on_to_the_desk_without_counting_as_active() -> None:
    house = FakeHouse()
    answer = browser_of(house, signed_in=True).get("/desk/sign-in")
    assert (answer.headers["location"], house.asked_active) == ("/desk", [False])


def test_signing_out_ends_the_session_and_empties_the_browser() -> None:
    house = FakeHouse()
    answer = browser_of(house, signed_in=True).post("/desk/sign-out")
    assert house.signed_out
    assert answer.headers["location"] == "/desk/sign-in?told=signed_out"
    assert answer.headers["clear-site-data"] == '"cookies", "storage"'
    assert 'desk=""' in answer.headers.get_list("set-cookie")[0]


def test_signing_out_twice_is_no_error() -> None:
    assert browser_of(FakeHouse()).post("/desk/sign-out").status_code == 303


def test_the_address_can_tell_only_what_we_wrote() -> None:
    browser = browser_of(FakeHouse())
    assert "You are signed out." in browser.get("/desk/sign-in?told=signed_out").text
    assert 'class="told"' not in browser.get("/desk/sign-in?told=<b>hello").text


def test_a_chosen_language_is_kept_for_the_next_visit() -> None:
    browser = browser_of(FakeHouse())
    answer = browser.get("/desk/sign-in?lang=sv")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/sign-in")
    assert '<html lang="sv">' in browser.get("/desk/sign-in", headers={"accept-language": "fi"}).text
    assert "set-cookie" not in browser.get("/desk/sign-in?lang=xx").headers
