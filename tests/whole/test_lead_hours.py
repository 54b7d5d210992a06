"""A lead enters hours, looks at the preview and publishes, in real Chromium against the demo as `make run` serves it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.served import Served, served, status

pytestmark = pytest.mark.anyio
HOURS, PREVIEW, EXCEPTIONS = "/desk/lead/hours", "/desk/lead/preview", "/desk/lead/exceptions"
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 700}


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path / "data") as running:
        yield running


@asynccontextmanager
async def at(
    browser: Browser, service: Served, login: str = "kaisa", *, script: bool = True, size: dict[str, int] = WIDE
) -> AsyncIterator[tuple[BrowserContext, Page]]:
    """A browser in which somebody has signed in."""
    context = await browser.new_context(viewport=size, locale="en-GB", java_script_enabled=script)  # type: ignore[arg-type]
    page = await context.new_page()
    name, passphrase = service.sign_in(login)
    await page.goto(f"{service.url}/desk/sign-in")
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Passphrase").fill(passphrase)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page).to_have_url(re.compile(r"/desk$"))
    yield context, page
    await context.close()


async def passes_axe(page: Page) -> None:
    found = (await Axe().run(page)).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def tab_to(page: Page, locator: str) -> None:
    """Only with the Tab key."""
    wanted = page.locator(locator).first
    for _ in range(120):
        if await wanted.evaluate("(element) => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{locator} is not reached with the Tab key")


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
async def test_a_week_is_entered_previewed_and_published_by_keyboard_alone(
    browser: Browser, service: Served, script: bool
) -> None:
    async with at(browser, service, script=script) as (_, page):
        await page.goto(f"{service.url}{HOURS}?lang=en")
        await _empty(page)
        for day, times in {1: [("13", "15")], 3: [("9", "11"), ("14.00", "2000")], 4: [("21", "02")]}.items():
            for number, (starts, ends) in enumerate(times):
                if number:
                    await tab_to(page, f"#add-{day}")
                    await page.keyboard.press("Enter")
                    await expect(page.locator(f"#day-{day} .interval")).to_have_count(number + 1)
                interval = page.locator(f"#day-{day} .interval").nth(number)
                field = await interval.locator("input.time").first.get_attribute("id")
                await tab_to(page, f"#{field}")
                await page.keyboard.type(starts)
                await page.keyboard.press("Tab")
                await page.keyboard.type(ends)
        await tab_to(page, "button[value=preview]")
        await page.keyboard.press("Enter")
        await expect(page).to_have_url(re.compile(re.escape(PREVIEW)))
        change = page.locator("section", has=page.get_by_role("heading", name="New weekly hours")).first
        for line in (
            "Tuesday: 13:00–15:00",
            "Thursday: 09:00–11:00, 14:00–20:00",
            "Friday: 21:00–02:00 (ends Saturday)",
        ):
            await expect(change).to_contain_text(line)
        sentence = await page.locator("#sentence").inner_text()
        await tab_to(page, "button.primary.large")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("The hours are published.")
        await expect(page.locator(".history li").first).to_contain_text("Kaisa")
        await expect(page.locator(".history li").first).to_contain_text("Fri 21:00–02:00")
        assert (await status(service))["text"] == sentence


async def _empty(page: Page) -> None:
    """Every row of the editor emptied, by keyboard."""
    for field in await page.locator(".interval input.time").all():
        await field.focus()
        await page.keyboard.press("ControlOrMeta+a")
        await page.keyboard.press("Delete")


async def test_a_week_is_typed_in_one_line(browser: Browser, service: Served) -> None:
    async with at(browser, service) as (_, page):
        await page.goto(f"{service.url}{HOURS}")
        await page.get_by_label("The whole week in one line").fill("Tue 13-15, Thu 9-11 and 14-20, Fri 21-02")
        await page.get_by_role("button", name="Fill in the rows").click()
        await expect(page.locator("#day-3 input.time").first).to_have_value("09:00")
        await expect(page.locator("#day-4 .night")).to_have_text("ends Saturday")
        await expect(page.locator("#day-0 input.time").first).to_have_value("")
