# P5: nothing of ours on the device. P14: with and without JavaScript, by keyboard, at 320 px (docs/promises.md).
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.async_api import Browser, Page, Route, expect

from contacts.contact import Answer, Refusal, Urgency
from tests.chat.browser_site import BrowserSite, browser_site

pytestmark = pytest.mark.anyio
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
SCRIPTS = [True, False]


@pytest.fixture
async def where() -> AsyncIterator[BrowserSite]:
    async with browser_site() as site:
        yield site


@asynccontextmanager
async def visit(browser: Browser, where: BrowserSite, **options: Any) -> AsyncIterator[Page]:
    """The form in English in a fresh browser; an error in its script, or anything left on the device, fails the test."""
    context = await browser.new_context(**options)
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    await page.goto(where.url + "/en/write")
    yield page
    assert await context.cookies() == []
    await context.close()
    assert faults == []


async def passes_axe(page: Page) -> None:
    await page.evaluate(AXE.read_text())
    found = await page.evaluate("axe.run().then((all) => all.violations.map((one) => [one.id, one.nodes[0].html]))")
    assert found == []


async def test_the_first_page_leads_to_the_form(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser, where) as page:
        await page.goto(where.url + "/en")
        await page.get_by_role("link", name="Write a message").click()
        await page.wait_for_url("**/en/write")


@pytest.mark.parametrize("javascript", SCRIPTS)
async def test_a_message_is_written_and_sent_by_keyboard_alone_at_320_px(
    browser: Browser, where: BrowserSite, javascript: bool
) -> None:
    async with visit(browser, where, java_script_enabled=javascript, viewport={"width": 320, "height": 640}) as page:
        keys = page.keyboard
        await page.focus("#message")
        await keys.type("Please help.\nI wait.")
        await keys.press("Tab")
        await keys.press("Space")  # by telephone
        await keys.press("Tab")
        await keys.type("+358 40 123")
        await keys.press("Tab")
        await keys.type("Mondays")
        await keys.press("Tab")
        await keys.press("Tab")
        await keys.press("Tab")
        await keys.press("Space")  # urgent
        await keys.press("Tab")
        await keys.press("Enter")
        await page.wait_for_url("**/en/received")
        await expect(page.locator("h1")).to_have_text("We received your message")
        (sent,) = where.forms.messages
        assert sent.words.reveal() == "Please help.\nI wait."
        assert (sent.answer, sent.urgency, sent.language) == (Answer.WANTED, Urgency.URGENT, "en")
        assert sent.call_back is not None
        assert "Mondays" in sent.call_back.reveal()


@pytest.mark.parametrize("javascript", SCRIPTS)
async def test_errors_keep_the_text_take_the_focus_and_name_the_fields(
    browser: Browser, where: BrowserSite, javascript: bool
) -> None:
    async with visit(browser, where, java_script_enabled=javascript) as page:
        await page.fill("#message", "x" * 4005)
        await page.check("[value=email]")
        await page.fill("#times", "Mondays")
        await page.get_by_role("button", name="Send", exact=True).click()
        await expect(page.locator("#problems")).to_be_focused()
        await expect(page.locator("#problems li")).to_have_text(
            [
                "The message can have 4,000 characters. Characters too many: 5.",
                "Write your e-mail address, or choose another answer above it.",
            ]
        )
        await expect(page.locator("#address")).to_have_attribute("aria-invalid", "true")
        described = await page.locator("#address").get_attribute("aria-describedby")
        await expect(page.locator(f"#{described}")).to_contain_text("Write your e-mail address")
        await expect(page.locator("#message")).to_have_value("x" * 4005)
        await expect(page.locator("#times")).to_have_value("Mondays")
        await page.click("#problems a[href='#address']")
        await expect(page.locator("#address")).to_be_focused()
        await page.keyboard.type("a@b.fi")
        await page.fill("#message", "Short now")
        await page.get_by_role("button", name="Send", exact=True).click()
        await page.wait_for_url("**/en/received")
        assert [sent.words.reveal() for sent in where.forms.messages] == ["Short now"]


async def test_without_a_connection_the_text_stays_and_the_same_message_is_sent_again(
    browser: Browser, where: BrowserSite
) -> None:
    async with visit(browser, where) as page:
        lost: list[str] = []

        async def lose(route: Route) -> None:
            lost.append(str(route.request.post_data))
            await route.abort()

        await page.route("**/en/write", lose)
        await page.fill("#message", "Please help")
        await page.click(".send")
        await expect(page.locator("#problems li")).to_have_text(
            "There is no connection. Your text is kept. Please send again soon, or call us."
        )
        await expect(page.locator("#message")).to_have_value("Please help")
        await page.unroute("**/en/write")
        await page.click(".send")
        await page.wait_for_url("**/en/received")
        assert where.forms.messages[0].page in lost[0]


@pytest.mark.parametrize("javascript", SCRIPTS)
async def test_while_storage_is_away_the_text_stays(browser: Browser, where: BrowserSite, javascript: bool) -> None:
    where.forms.refusal = Refusal.UNAVAILABLE
    async with visit(browser, where, java_script_enabled=javascript) as page:
        await page.fill("#message", "Please help")
        await page.click(".send")
        await expect(page.locator("#problems")).to_contain_text("We cannot receive messages now.")
        await expect(page.locator("#message")).to_have_value("Please help")
        await expect(page.locator("a[href^='tel:+358']")).to_be_visible()


async def test_no_draft_leaves_the_device_before_send(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser, where) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.fill("#message", "x" * 3700)
        await page.fill("#address", "a@b.fi")
        await page.locator("#left").wait_for()
        await expect(page.locator("#left")).to_have_text("Characters left: 300.")
        await page.wait_for_timeout(300)
        assert asked == []
        assert await page.evaluate("localStorage.length + sessionStorage.length") == 0


async def test_the_whole_visit_is_one_entry_in_the_history(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser, where) as page:
        before = await page.evaluate("history.length")
        await page.click(".send")
        await page.click("#problems a")
        await page.fill("#message", "Please help")
        await page.click(".send")
        await page.wait_for_url("**/en/received")
        assert await page.evaluate("history.length") == before
        assert "#" not in page.url


async def test_leave_takes_the_text_away_in_the_same_task(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser, where) as page:
        await page.fill("#message", "amber lantern")
        await page.evaluate("window.kept = document.getElementById('message')")
        left = await page.evaluate(
            "document.querySelector('#leave button').click(), [kept.value, document.body.textContent, document.title]"
        )
        assert left == ["", "", "New tab"]
        await page.wait_for_url(where.neutral)


async def test_a_page_that_comes_back_has_no_text(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser, where) as page:
        await page.fill("#message", "amber lantern")
        await page.goto(where.neutral)
        await page.go_back()
        await expect(page.locator("#message")).to_have_value("")


@pytest.mark.parametrize("javascript", SCRIPTS)
async def test_a_form_that_is_going_out_is_sent_once(browser: Browser, where: BrowserSite, javascript: bool) -> None:
    async with visit(browser, where, java_script_enabled=javascript) as page:
        await page.fill("#message", "Please help")
        await page.dblclick(".send")
        await page.wait_for_url("**/en/received")
        assert len({sent.page for sent in where.forms.messages}) == 1


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 1280])
async def test_the_form_passes_axe_and_fits(browser: Browser, where: BrowserSite, width: int, dark: bool) -> None:
    scheme: Any = "dark" if dark else "light"
    async with visit(browser, where, viewport={"width": width, "height": 800}, color_scheme=scheme) as page:
        await passes_axe(page)
        await page.check("[value=email]")
        await page.click(".send")
        await expect(page.locator("#problems")).to_be_visible()
        await passes_axe(page)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        await page.goto(where.url + "/en/received")
        await passes_axe(page)


async def test_everything_to_press_is_large_enough(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser, where, viewport={"width": 320, "height": 800}) as page:
        small = await page.evaluate(
            "[...document.querySelectorAll('main button, main .pick, main select, main textarea, .field input')]"
            ".filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML)"
        )
        assert small == []
