# P14: the card that asks for consent works for everybody (docs/promises.md).
"""The card in a real browser, with and without JavaScript."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.async_api import Browser, Page, expect

from chat.consent_card import Card, Item
from tests.browser import launch_chromium
from tests.chat.browser_site import BrowserSite, browser_site, say, started

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
ASK = "1" * 32
CARD = Card(
    lang="en",
    to="Harbour Shelter",
    wording="May we send what stands here to Harbour Shelter? We send it by 6 December 2026 at the latest.",
    version=3,
    items=(Item("Age", "18 to 29"), Item("Form of exploitation", "Forced labour"), Item("Language", "العربية")),
    summary="Needs a safe place to sleep from Friday on.\nPrefers to be called in the morning.",
    until="2026-12-06",
)


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with launch_chromium() as chromium:
        yield chromium


@pytest.fixture
async def where() -> AsyncIterator[BrowserSite]:
    async with browser_site() as site:
        yield site


@asynccontextmanager
async def visit(browser: Browser, **options: Any) -> AsyncIterator[Page]:
    """A fresh page on a small telephone; an error in its script fails the test."""
    context = await browser.new_context(**{"viewport": {"width": 320, "height": 640}, **options})
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    try:
        yield page
    finally:
        await context.close()
    assert faults == []


async def pictured(page: Page, name: str) -> None:
    """Keep a picture where QUIETLINE_SHOTS says, to be looked at."""
    if folder := os.environ.get("QUIETLINE_SHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def asked(page: Page, where: BrowserSite) -> None:
    """A conversation in which the worker asks."""
    await started(page, where)
    where.door.worker_joins(where.token, "Anna")
    where.door.worker_asks(where.token, ASK, CARD)
    await page.wait_for_selector(".consent")


def codes(where: BrowserSite) -> list[tuple[str | None, str | None]]:
    return [(entry.id, entry.code) for entry in where.talk.entries if entry.kind == "answer"]


async def test_the_card_shows_everything_that_would_be_sent_and_nothing_is_pressed_by_itself(
    browser: Browser, where: BrowserSite
) -> None:
    async with visit(browser) as page:
        await asked(page, where)
        card = page.locator(".consent")
        for words in (CARD.wording, CARD.to, "6 December 2026", *(item.value for item in CARD.items)):
            await expect(card).to_contain_text(words)
        await expect(card.locator("[data-of=summary]")).to_have_text(CARD.summary)
        await expect(card.locator("button:visible")).to_have_text(
            ["Yes, you may send this", "No", "I want to change something"]
        )
        assert await page.evaluate("document.activeElement.id") == "text"
        await expect(page.locator("#announcer")).to_contain_text("Anna: We ask for your permission")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320
        await pictured(page, "card-320")
        await say(page, "yes")
        await expect(page.locator(".own")).to_have_count(1)
        assert codes(where) == []
        await expect(card.locator("button:visible")).to_have_count(3)


async def test_yes_and_its_taking_back_by_keyboard_alone(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser) as page:
        await asked(page, where)
        card = page.locator(".consent")
        await card.locator("button[value=yes]").focus()
        await page.keyboard.press("Enter")
        await expect(card.locator(".outcome")).to_have_text("You gave permission to send this. Thank you.")
        await expect(page.locator("#log").get_by_text("You gave permission")).to_have_count(1)
        await expect(card.locator("button:visible")).to_have_text(["I take my permission back"])
        assert await page.evaluate("document.activeElement.localName") == "h3"
        await pictured(page, "card-yes-320")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Space")
        await expect(card.locator(".outcome")).to_contain_text("The permission is taken back.")
        await expect(card.locator("button:visible")).to_have_count(0)
        assert codes(where) == [(f"{ASK}.answer", "consent_yes"), (f"{ASK}.withdrawn", "consent_withdrawn")]
        await pictured(page, "card-withdrawn-320")


@pytest.mark.parametrize(("value", "code"), [("no", "consent_no"), ("change", "consent_change")])
async def test_no_and_change_leave_nothing_to_press(
    browser: Browser, where: BrowserSite, value: str, code: str
) -> None:
    async with visit(browser) as page:
        await asked(page, where)
        await page.click(f".consent button[value={value}]")
        await expect(page.locator(".consent .outcome")).to_contain_text("We send nothing.")
        await expect(page.locator(".consent button:visible")).to_have_count(0)
        assert codes(where) == [(f"{ASK}.answer", code)]


async def test_a_press_that_nobody_heard_is_said_again_until_an_entry_tells_of_it(
    browser: Browser, where: BrowserSite
) -> None:
    async with visit(browser) as page:
        await asked(page, where)
        where.socket.deaf = True
        await page.click(".consent button[value=yes]")
        await page.click(".consent button[value=no]")
        where.socket.deaf = False
        await where.socket.drop(1012)
        await expect(page.locator(".consent .outcome")).to_contain_text("You gave permission")
        assert codes(where) == [(f"{ASK}.answer", "consent_yes")]


async def test_a_card_that_is_not_asked_any_more_says_so(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser) as page:
        await asked(page, where)
        where.talk.entries = [entry for entry in where.talk.entries if entry.id != ASK]
        await page.click(".consent button[value=yes]")
        await expect(page.locator(".consent .outcome")).to_contain_text("We do not ask this any more.")
        await expect(page.locator(".consent button:visible")).to_have_count(0)


async def test_a_yes_taken_back_just_as_the_chat_ends_is_told_on_the_page_that_says_so(
    browser: Browser, where: BrowserSite
) -> None:
    async with visit(browser) as page:
        await asked(page, where)
        card = page.locator(".consent")
        await card.locator("button[value=yes]").click()
        await expect(card.locator(".outcome")).to_contain_text("You gave permission")
        where.socket.deaf = True
        await card.locator("button[value=withdraw]").click()
        where.door.end(where.token, "ended_by_worker")
        await expect(page.locator("[data-view=ended]")).to_be_visible()
        await expect(page.locator("#taken")).to_contain_text("The permission is taken back.")
        await pictured(page, "card-taken-back-at-the-end")
        assert codes(where) == [(f"{ASK}.answer", "consent_yes"), (f"{ASK}.withdrawn", "consent_withdrawn")]


async def test_where_nobody_can_hear_it_any_more_the_page_says_that(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser) as page:
        await asked(page, where)
        card = page.locator(".consent")
        await card.locator("button[value=yes]").click()
        await expect(card.locator(".outcome")).to_contain_text("You gave permission")
        where.socket.deaf = True
        await card.locator("button[value=withdraw]").click()
        where.door.left_tokens.append(where.token)  # the ten minutes are over
        where.door.end(where.token, "ended_silent")
        await expect(page.locator("#taken")).to_contain_text("We do not know whether your permission was taken back.")


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
async def test_the_card_has_no_obstacle_that_axe_finds(browser: Browser, where: BrowserSite, direction: str) -> None:
    async with visit(browser, bypass_csp=True) as page:
        await asked(page, where)
        await page.evaluate("(dir) => document.documentElement.dir = dir", direction)
        await page.add_script_tag(path=AXE)
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found = await page.evaluate("(tags) => axe.run({runOnly: tags})", tags)
        assert [problem["id"] for problem in found["violations"]] == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320
        heights = await page.eval_on_selector_all(
            ".consent button:not([hidden])", "(all) => all.map((one) => one.getBoundingClientRect().height)"
        )
        assert min(heights) >= 44
        await pictured(page, f"card-{direction}")


async def test_without_javascript_the_card_is_answered_and_the_yes_taken_back(
    browser: Browser, where: BrowserSite
) -> None:
    async with visit(browser, java_script_enabled=False) as page:
        await page.goto(where.url + "/en")
        await page.click("#start button")
        stream = page.frame_locator("iframe[name=stream]")
        where.door.worker_joins(where.token, "Anna")
        where.door.worker_asks(where.token, ASK, CARD)
        card = stream.locator(".consent")
        for words in (CARD.wording, CARD.to, "6 December 2026", CARD.summary.splitlines()[1], "18 to 29"):
            await expect(card).to_contain_text(words)
        await pictured(page, "card-plain")
        await card.locator("button[value=yes]").click()
        await expect(stream.locator(".line", has_text="You gave permission")).to_have_count(1)
        await expect(card.locator("button")).to_have_text(["I take my permission back"])
        await pictured(page, "card-plain-yes")
        await card.locator("button").click()
        await expect(stream.locator(".line", has_text="The permission is taken back.")).to_have_count(1)
        await expect(card.locator("button")).to_have_count(0)
        assert codes(where) == [(f"{ASK}.answer", "consent_yes"), (f"{ASK}.withdrawn", "consent_withdrawn")]


async def test_without_javascript_a_yes_taken_back_after_the_end_is_heard_and_told(
    browser: Browser, where: BrowserSite
) -> None:
    async with visit(browser, java_script_enabled=False) as page:
        await page.goto(where.url + "/en")
        await page.click("#start button")
        stream = page.frame_locator("iframe[name=stream]")
        where.door.worker_joins(where.token, "Anna")
        where.door.worker_asks(where.token, ASK, CARD)
        card = stream.locator(".consent")
        await card.locator("button[value=yes]").click()
        await expect(card.locator("button")).to_have_text(["I take my permission back"])
        where.talk.state = "ended"  # the telephone lost its network: this page has not heard of it
        await card.locator("button").click()
        await expect(stream.locator("body")).to_contain_text("The permission is taken back.")
        await expect(stream.locator("body")).to_contain_text("The chat has ended.")
        await pictured(page, "card-plain-taken-back-at-the-end")
        assert codes(where) == [(f"{ASK}.answer", "consent_yes"), (f"{ASK}.withdrawn", "consent_withdrawn")]
