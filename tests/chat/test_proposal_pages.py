"""The form for professionals: its addresses on a door in memory, and in a real browser."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect
from starlette.applications import Starlette
from starlette.testclient import TestClient

from chat.proposal_pages import proposal_routes
from chat.rate import Rate
from contacts.codes.parties import professional_parties
from contacts.contact import Refusal
from storage.clock import ManualClock
from tests.chat.browser_site import BrowserSite, browser_site
from tests.chat.forms import FakeFormDoor, FakeProposalDoor
from tests.chat.test_form_in_browser import passes_axe
from tests.chat.test_form_pages import LANGUAGES, Form
from tests.chat.test_proposal_form import posted
from tests.chat.visitor_site import NOW, ORIGIN, PAGE, TRANSLATIONS, facts


@pytest.fixture
def door() -> FakeProposalDoor:
    return FakeProposalDoor(FakeFormDoor())


def browser_of(door: FakeProposalDoor, rate: Rate | None = None) -> TestClient:
    routes = proposal_routes(
        door=door,
        page=PAGE,
        facts=facts(),
        translations=TRANSLATIONS,
        parties=professional_parties(),
        clock=ManualClock(NOW),
        rate=rate or Rate(1.0, 100.0),
    )
    return TestClient(Starlette(routes=routes), base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_there_in_every_language_and_sets_no_cookie(door: FakeProposalDoor, language: str) -> None:
    answer = browser_of(door).get(f"/{language}/professionals")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert professional_parties()["shelter"][language] in answer.text
    assert 'value="self"' not in answer.text


def test_a_proposal_is_sent_once_with_its_codes(door: FakeProposalDoor) -> None:
    answer = browser_of(door).post("/en/professionals", data=posted())
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/received")
    [message] = door.forms.messages
    assert message.words.reveal().startswith("Proposal to the assistance system. From: ")
    assert door.codes[0]["party"] == ("shelter",)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_keeps_everything_that_was_typed(door: FakeProposalDoor, language: str) -> None:
    fields = posted(message="A <b>safe</b> home", reach="Aino", party="police")
    del fields["agreed"]
    answer = browser_of(door).post(f"/{language}/professionals", data=fields)
    form = Form(answer.text)
    assert answer.status_code == 422
    assert form.links == ["agreed"]
    assert form.autofocus
    assert "A &lt;b&gt;safe&lt;/b&gt; home" in answer.text
    assert 'value="police" selected' in answer.text
    assert 'value="Aino"' in answer.text
    assert door.forms.messages == []


def test_a_house_that_cannot_keep_it_says_so_and_keeps_the_text(door: FakeProposalDoor) -> None:
    door.forms.refusal = Refusal.UNAVAILABLE
    answer = browser_of(door).post("/en/professionals", data=posted(message="A home"))
    assert (answer.status_code, "A home" in answer.text) == (503, True)


def test_a_flood_and_strangers_are_refused(door: FakeProposalDoor) -> None:
    browser = browser_of(door, Rate(0.1, 1.0))
    assert browser.post("/en/professionals", data=posted()).status_code == 303
    assert browser.post("/en/professionals", data=posted()).status_code == 429
    assert browser.post("/en/professionals", data=posted(party="nobody")).status_code == 400
    foreign = browser.post("/en/professionals", data=posted(), headers={"origin": "https://evil.example"})
    assert foreign.status_code == 403


def test_a_script_is_answered_in_data(door: FakeProposalDoor) -> None:
    browser = browser_of(door)
    json = {"accept": "application/json"}
    assert browser.post("/en/professionals", data=posted(), headers=json).json() == {"ok": True}
    told = browser.post("/en/professionals", data=posted(reach=""), headers=json).json()
    assert [one["field"] for one in told["problems"]] == ["reach"]


@pytest.fixture
async def where() -> AsyncIterator[BrowserSite]:
    async with browser_site() as site:
        yield site


@pytest.mark.anyio
@pytest.mark.parametrize("javascript", [True, False])
async def test_a_professional_proposes_somebody_at_320_px(
    browser: Browser, where: BrowserSite, javascript: bool
) -> None:
    context = await browser.new_context(java_script_enabled=javascript, viewport={"width": 320, "height": 640})
    page = await context.new_page()
    await page.goto(where.url + "/en")
    await page.get_by_role("link", name="For professionals").click()
    await page.get_by_label("Which body do you work for?").select_option(label="Shelter")
    await page.get_by_label("What does the person need?").fill("A safe place for tonight.")
    await page.get_by_label("How can we reach you?").fill("Aino, 029 000 0000")
    await page.get_by_role("button", name="Send the proposal").click()
    summary = page.locator("#problems")
    await expect(summary).to_contain_text("The person has to agree.")
    await expect(page.get_by_label("What does the person need?")).to_have_value("A safe place for tonight.")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    if javascript:
        await passes_axe(page)
    await page.get_by_label("The person has agreed").check()
    await page.get_by_role("button", name="Send the proposal").click()
    await page.wait_for_url("**/en/received")
    [sent] = where.forms.messages
    assert "A safe place for tonight." in sent.words.reveal()
    assert await context.cookies() == []
    await context.close()
