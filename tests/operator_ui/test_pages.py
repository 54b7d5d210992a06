"""The desk's shell and its lock."""

import html
import json
import re
from typing import Any

import pytest

from contacts.people import Role
from contacts.stretching import Overloaded
from contacts.throttle import TooMany
from tests.operator_ui.desk_site import PASSPHRASE, FakeHouse, browser_of, facts, session


def told(page: str) -> dict[str, Any]:
    """What the shell hands to the modules."""
    found = re.search(r'data-facts="([^"]*)"', page)
    assert found is not None
    facts: dict[str, Any] = json.loads(html.unescape(found[1]))
    return facts


def test_without_a_session_the_desk_leads_to_sign_in() -> None:
    answer = browser_of(FakeHouse()).get("/desk")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/sign-in")


def test_the_shell_tells_the_modules_name_time_and_sentences() -> None:
    page = browser_of(FakeHouse(), signed_in=True).get("/desk").text
    known = told(page)
    assert (known["name"], known["locale"], known["locked"]) == ("Saarnilinja", "en", False)
    assert known["now"] - known["since"] == 900
    assert known["words"]["end.question"] == "End the conversation with {tag}?"
    assert not [key for key in known["words"] if key.startswith(("door.", "enrol."))]
    assert [language["code"] for language in known["languages"]] == ["fi", "sv"]


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMIN])
def test_whoever_holds_no_keys_has_no_desk(role: Role) -> None:
    answer = browser_of(FakeHouse(session=session(role)), signed_in=True).get("/desk")
    assert (answer.status_code, "data-facts" in answer.text) == (403, False)
    assert "Sign out" in answer.text


@pytest.mark.parametrize(
    ("spoken", "accepted", "expected"),
    [(("fi", "sv"), "sv", "sv"), (("fi",), "en", "fi"), (("so", "ar"), "fi", "fi"), ((), "de", "en")],
)
def test_the_desk_speaks_a_language_of_the_account(spoken: tuple[str, ...], accepted: str, expected: str) -> None:
    browser = browser_of(FakeHouse(session=session(languages=spoken)), signed_in=True)
    assert told(browser.get("/desk", headers={"accept-language": accepted}).text)["locale"] == expected


def test_a_language_chosen_at_the_desk_is_kept() -> None:
    browser = browser_of(FakeHouse(), signed_in=True)
    assert browser.get("/desk?lang=fi").headers["location"] == "/desk"
    assert told(browser.get("/desk").text)["locale"] == "fi"


def test_a_reload_of_a_locked_desk_stays_locked_until_the_passphrase_is_given() -> None:
    browser = browser_of(FakeHouse(), signed_in=True)
    assert browser.post("/desk/lock").json() == {"ok": True}
    assert told(browser.get("/desk").text)["locked"] is True
    assert browser.post("/desk/unlock", json={"passphrase": "guess"}).status_code == 403
    assert told(browser.get("/desk").text)["locked"] is True
    assert browser.post("/desk/unlock", json={"passphrase": PASSPHRASE}).json() == {"ok": True}
    assert told(browser.get("/desk").text)["locked"] is False


@pytest.mark.parametrize("path", ["/desk/lock", "/desk/unlock"])
def test_the_lock_obeys_its_own_page_and_session_only(path: str) -> None:
    body = {"passphrase": PASSPHRASE}
    assert browser_of(FakeHouse()).post(path, json=body).status_code == 401
    foreign = browser_of(FakeHouse(), signed_in=True).post(path, json=body, headers={"origin": "https://evil.example"})
    assert (foreign.status_code, "set-cookie" in foreign.headers) == (403, False)


@pytest.mark.parametrize(("trouble", "status"), [(TooMany(60), 429), (Overloaded(), 503)])
def test_guessing_at_the_lock_is_throttled(trouble: Exception, status: int) -> None:
    browser = browser_of(FakeHouse(trouble=trouble), signed_in=True)
    assert browser.post("/desk/unlock", json={"passphrase": "guess"}).status_code == status


def test_nonsense_does_not_unlock() -> None:
    browser = browser_of(FakeHouse(), signed_in=True)
    nonsense: list[object] = [{}, {"passphrase": PASSPHRASE, "more": 1}, {"passphrase": 5}, []]
    for body in nonsense:
        assert browser.post("/desk/unlock", json=body).status_code == 400


def test_the_pages_allow_only_our_own_files() -> None:
    headers = browser_of(FakeHouse(), signed_in=True).get("/desk").headers
    policy = headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"} <= set(policy)
    assert {"require-trusted-types-for 'script'", "trusted-types quietline-desk"} <= set(policy)
    assert f"connect-src 'self' {facts().socket_origin}" in policy
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


def test_no_page_has_inline_script_or_style() -> None:
    browser = browser_of(FakeHouse(offer_factor=True), second_factor=True)
    pages = [browser.get("/desk/sign-in").text, browser.post("/desk/enrol", data={"code": "good"}).text]
    pages.append(browser_of(FakeHouse(), signed_in=True).get("/desk").text)
    for page in pages:
        assert not re.findall(r"<style|\sstyle=|\son\w+=|javascript:", page)
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))
