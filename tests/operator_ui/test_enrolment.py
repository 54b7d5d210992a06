"""Enrolment pages: shown once, typed back."""

import pytest

from contacts.stretching import Overloaded
from contacts.throttle import TooMany
from tests.operator_ui.desk_site import PASSPHRASE, FakeHouse, browser_of

BACK = {"code": "good", "ticket": "ticket", "passphrase": PASSPHRASE}
WORDS = PASSPHRASE.split()


def test_a_good_code_shows_six_words_and_the_name() -> None:
    page = browser_of(FakeHouse()).post("/desk/enrol", data={"code": "good"})
    assert page.status_code == 200
    assert all(f"<li>{word}</li>" in page.text for word in WORDS)
    assert "the name anna" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert '<svg class="segno' not in page.text


def test_the_second_factor_is_a_picture_and_the_same_in_letters() -> None:
    page = browser_of(FakeHouse(offer_factor=True), second_factor=True).post("/desk/enrol", data={"code": "good"}).text
    assert "<svg" in page.split('role="img"')[1]
    assert "JBSW Y3DP EHPK 3PXP" in page
    assert "otpauth:" not in page
    assert 'name="second_factor"' in page


def test_typed_back_rightly_the_account_is_ready() -> None:
    house = FakeHouse()
    answer = browser_of(house).post("/desk/enrol", data=BACK)
    assert (answer.headers["location"], house.finished) == ("/desk/sign-in?told=enrolled", True)


def test_a_slip_asks_again_without_showing_the_words_again() -> None:
    house = FakeHouse()
    page = browser_of(house).post("/desk/enrol", data=BACK | {"passphrase": "velvet"})
    assert (page.status_code, house.finished) == (422, False)
    assert "The words are not the ones you were shown" in page.text
    assert "orbit" not in page.text
    assert 'name="ticket" value="ticket"' in page.text


def test_a_wrong_code_of_the_app_is_told_apart() -> None:
    house = FakeHouse(offer_factor=True)
    page = browser_of(house, second_factor=True).post("/desk/enrol", data=BACK | {"second_factor": "000000"})
    assert (page.status_code, "The code from the app is not right" in page.text) == (422, True)


@pytest.mark.parametrize("data", [{"code": "bad"}, {}, BACK | {"ticket": "forged"}, BACK | {"code": "used"}])
def test_a_bad_code_or_ticket_leads_back_to_the_code(data: dict[str, str]) -> None:
    page = browser_of(FakeHouse()).post("/desk/enrol", data=data, headers=_as_form(data))
    assert (page.status_code, "This code is not right" in page.text) == (403, True)


@pytest.mark.parametrize(("trouble", "status"), [(TooMany(60), 429), (Overloaded(), 503)])
def test_too_many_attempts_are_told(trouble: Exception, status: int) -> None:
    browser = browser_of(FakeHouse(trouble=trouble))
    assert browser.post("/desk/enrol", data={"code": "good"}).status_code == status
    assert browser.post("/desk/enrol", data=BACK).status_code == status


def test_a_form_from_elsewhere_or_none_at_all_reaches_nothing() -> None:
    house = FakeHouse()
    browser = browser_of(house)
    assert browser.post("/desk/enrol", data=BACK, headers={"origin": "https://evil.example"}).status_code == 403
    assert browser.post("/desk/enrol", content=b"\xff").status_code == 400
    assert house.buckets == []


def test_the_first_page_asks_for_the_code_in_any_of_our_languages() -> None:
    browser = browser_of(FakeHouse())
    assert "Rekisteröintikoodi" in browser.get("/desk/enrol", headers={"accept-language": "fi"}).text
    assert browser.get("/desk/enrol?lang=sv").headers["location"] == "/desk/enrol"
    assert "Registreringskod" in browser.get("/desk/enrol").text


def _as_form(data: dict[str, str]) -> dict[str, str]:
    return {} if data else {"content-type": "application/x-www-form-urlencoded"}
