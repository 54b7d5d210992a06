# P5: nothing of ours on the device. P14: with and without JavaScript, by keyboard, at 320 px (docs/promises.md).
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.async_api import Browser, Page, Request, expect

from tests.chat.browser_site import BrowserSite, browser_site

pytestmark = pytest.mark.anyio
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"


@pytest.fixture
async def where() -> AsyncIterator[BrowserSite]:
    async with browser_site() as site:
        yield site


@asynccontextmanager
async def visit(browser: Browser, where: BrowserSite, **options: Any) -> AsyncIterator[Page]:
    """The first page in English; anything asked of a stranger, or left on the device, fails the test."""
    context = await browser.new_context(**options)
    page = await context.new_page()
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    await page.goto(where.url + "/en")
    yield page
    assert await context.cookies() == []
    await context.close()
    assert all(url.startswith((where.url, where.neutral, "data:")) for url in asked)


@pytest.mark.parametrize("javascript", [True, False])
async def test_somebody_finds_the_list_by_keyboard_at_320_px_and_leaves_it_quickly(
    browser: Browser, where: BrowserSite, javascript: bool
) -> None:
    small = {"width": 320, "height": 640}
    async with visit(browser, where, java_script_enabled=javascript, viewport=small) as page:
        await page.get_by_role("link", name="Other places that help you").first.focus()
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/en/organisations")
        await expect(page.get_by_role("heading", level=2).first).to_have_text("Harbour House")
        call = page.get_by_role("link", name="+358 9 000 0000")
        box = await call.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        if javascript:
            assert await page.evaluate("document.documentElement.scrollWidth") <= small["width"]
            assert await page.evaluate("history.length") == 2  # about:blank, and one for all of our site
        await page.get_by_role("button", name="Leave", exact=True).click()
        await page.wait_for_url(where.neutral)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(browser: Browser, where: BrowserSite, scheme: str) -> None:
    async with visit(browser, where, color_scheme=scheme) as page:
        await page.goto(where.url + "/en/organisations")
        await page.evaluate(AXE.read_text())
        found = await page.evaluate("axe.run().then((all) => all.violations.map((one) => [one.id, one.nodes[0].html]))")
        assert found == []
