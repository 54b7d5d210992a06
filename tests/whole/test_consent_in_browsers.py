# P14: the card for everybody. P2: an operator sets the consent (docs/promises.md).
"""Consent from question to withdrawal between a visitor's small telephone and an operator's desk, in real Chromium."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.served import Served, served

pytestmark = pytest.mark.anyio

PHONE = {"width": 320, "height": 640}
DESK = {"width": 1360, "height": 900}


@pytest.fixture(scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("consent-browsers") / "data") as running:
        yield running


@asynccontextmanager
async def _faultless(browser: Browser, viewport: dict[str, int]) -> AsyncIterator[Page]:
    """A page in which no script error and no complaint of the browser is allowed."""
    context = await browser.new_context(viewport=viewport, locale="en-GB")  # type: ignore[arg-type]
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda told: complaints.append(told.text) if told.type in {"error", "warning"} else None)
    yield page
    await context.close()
    assert complaints == []


async def _pictured(page: Page, name: str) -> None:
    if folder := os.environ.get("QUIETLINE_SHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def _sign_in(page: Page, service: Served, login: str = "aino") -> None:
    name, passphrase = service.sign_in(login)
    await page.goto(f"{service.url}/desk")
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Passphrase").fill(passphrase)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name="Contacts")).to_be_visible()


async def test_asked_on_a_card_set_told_and_taken_back(browser: Browser, service: Served) -> None:
    async with _faultless(browser, DESK) as desk, _faultless(browser, PHONE) as visitor:
        await _sign_in(desk, service)
        await visitor.goto(f"{service.url}/en")
        await visitor.get_by_role("button", name="Start the chat").click()
        await desk.get_by_role("button", name="Accept").first.click()
        await visitor.wait_for_selector("#status-card[data-state=active]")
        await desk.get_by_role("tab", name="Consent").click()
        tab = desk.locator(".consent-tab")
        await expect(tab).to_contain_text("There is no consent. Nothing can be sent.")
        await _pictured(desk, "desk-consent-empty")

        await tab.get_by_role("button", name="Ask for permission to send").click()
        await tab.get_by_role("button", name="Read it before you ask").click()
        await expect(tab.get_by_role("alert")).to_contain_text("Choose to whom it is sent.")
        await tab.get_by_label("To whom").select_option(index=1)
        await tab.get_by_role("checkbox", name="Nimi, jota käytetään").check()
        await tab.get_by_role("textbox", name="Nimi, jota käytetään").fill("Linh")
        await tab.get_by_label("Summary").fill("Needs a safe place to sleep from Friday on.")
        await tab.get_by_role("radio", name="No", exact=True).check()
        await _pictured(desk, "desk-consent-compose")
        await tab.get_by_role("button", name="Read it before you ask").click()
        await expect(tab).to_contain_text("The person sees this")
        await _pictured(desk, "desk-consent-read")
        await tab.get_by_role("button", name="Show the card to the person").click()
        await expect(tab).to_contain_text("Waiting for an answer.")

        card = visitor.locator(".consent")
        await expect(card).to_contain_text("Name to use: Linh")
        await expect(card).to_contain_text("Needs a safe place to sleep from Friday on.")
        assert await visitor.evaluate("document.documentElement.scrollWidth") <= 320
        await _pictured(visitor, "visitor-card")
        await card.get_by_role("button", name="Yes, you may send this").click()
        await expect(tab).to_contain_text("The person said yes.")
        await expect(tab).to_contain_text("Nothing has been sent.")

        await tab.get_by_role("button", name="Set the consent").click()
        await tab.get_by_role("radio", name="A representative", exact=True).check()
        await tab.get_by_label("Who the representative is").select_option("parent")
        await tab.get_by_role("radio", name="Suspected", exact=True).check()
        await expect(tab.get_by_role("alert")).to_contain_text("cannot consent for somebody else")
        await _pictured(desk, "desk-consent-suspected")
        await tab.get_by_role("button", name="I set it: consent was given").click()
        await expect(tab).to_contain_text("There is no consent. Nothing can be sent.")
        await tab.get_by_role("radio", name="The person themself").check()
        await tab.get_by_role("group", name="Did an interpreter take part?").get_by_label("No").check()
        await tab.get_by_role("button", name="I set it: consent was given").click()
        await expect(tab).to_contain_text("The consent is in force.")

        await tab.get_by_role("button", name="See what the receiver will get").click()
        await expect(tab).to_contain_text("The receiver gets this.")
        await _pictured(desk, "desk-consent-preview")
        await tab.get_by_role("button", name="I tell this on the telephone").click()
        await tab.get_by_label("Whom you told").fill("Officer Virta")
        await tab.get_by_role("button", name="I have told this").click()
        await expect(tab.locator(".sent")).to_contain_text("Sent")

        await visitor.get_by_role("button", name="I take my permission back").click()
        await expect(card.locator(".outcome")).to_contain_text("The information had already been passed on.")
        await _pictured(visitor, "visitor-taken-back")
        await expect(tab).to_contain_text("The consent was withdrawn")
        await expect(tab).to_contain_text("has not been told yet")
        await tab.get_by_role("button", name="I have told the receiver of the withdrawal").click()
        await expect(tab).to_contain_text("The receiver has been told that consent was withdrawn.")
        await _pictured(desk, "desk-consent-withdrawn")

        await tab.get_by_role("radio", name="Confidential: it stays with us").check()
        await expect(tab.get_by_role("button", name="Ask for permission to send")).to_be_disabled()
        await _pictured(desk, "desk-consent-confidential")
