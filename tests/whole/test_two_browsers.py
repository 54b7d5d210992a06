"""A visitor with a phone-sized browser and an operator at a desk, in real Chromium, against the demo as `make run` serves it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.served import Served, served

pytestmark = pytest.mark.anyio

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1360, "height": 850}


@pytest.fixture(scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("two-browsers") / "data") as running:
        yield running


@asynccontextmanager
async def _faultless(browser: Browser, viewport: dict[str, int]) -> AsyncIterator[tuple[BrowserContext, Page]]:
    """A page in which no script error and no complaint of the browser is allowed."""
    context = await browser.new_context(viewport=viewport, locale="en-GB")  # type: ignore[arg-type]
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda told: complaints.append(told.text) if told.type in {"error", "warning"} else None)
    yield context, page
    await context.close()
    assert complaints == []


async def _sign_in(page: Page, service: Served, login: str = "aino") -> None:
    name, passphrase = service.sign_in(login)
    await page.goto(f"{service.url}/desk")
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Passphrase").fill(passphrase)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name="Contacts")).to_be_visible()
    await expect(page.get_by_role("combobox")).to_have_value("available")


async def _until_no_cookie(context: BrowserContext) -> None:
    """The page asks for the cookie to be taken back after it has emptied itself."""
    async with asyncio.timeout(5):
        while await context.cookies():  # noqa: ASYNC110 - the browser tells of no event
            await asyncio.sleep(0.02)


async def test_a_visitor_and_an_operator_talk_and_part(browser: Browser, service: Served) -> None:
    async with _faultless(browser, DESK) as (_, desk), _faultless(browser, PHONE) as (phone, visitor):
        await _sign_in(desk, service)
        await visitor.goto(f"{service.url}/en")
        assert await phone.cookies() == []
        await visitor.get_by_role("button", name="Start the chat").click()
        await expect(visitor.get_by_text("You are next")).to_be_visible()
        composer = visitor.get_by_label("Your message")
        await expect(composer).to_be_focused()
        await composer.fill("Hello, is somebody there?")
        await visitor.get_by_role("button", name="Send").click()
        await expect(visitor.get_by_role("log")).to_contain_text("Hello, is somebody there?")

        await desk.get_by_role("button", name="Accept").click()
        await expect(desk.get_by_role("log")).to_contain_text("Hello, is somebody there?")
        await expect(visitor.get_by_text("You are chatting with Aino.")).to_be_visible()
        answer = desk.get_by_label(re.compile("the visitor sees this"))
        await answer.fill("Hello. I am Aino. You can write here in peace.")
        await answer.press("Enter")
        await expect(visitor.get_by_role("log")).to_contain_text("You can write here in peace.")
        await expect(visitor.get_by_role("log")).to_contain_text("Shown to the worker")

        await desk.get_by_role("tab", name="Notes").click()
        note = desk.get_by_label(re.compile("the visitor never sees this"))
        await note.fill("Asked about a residence permit.")
        await note.press("Control+Enter")
        await expect(desk.get_by_text("Asked about a residence permit.")).to_be_visible()
        await expect(visitor.locator("body")).not_to_contain_text("residence permit")

        await visitor.reload()
        await expect(visitor.get_by_role("heading", name="Continue?")).to_be_visible()
        await expect(visitor.locator("body")).not_to_contain_text("in peace")
        await visitor.get_by_role("button", name="Yes").click()
        await expect(visitor.get_by_role("log")).to_contain_text("You can write here in peace.")

        await desk.get_by_role("button", name="End…").click()
        await desk.get_by_role("button", name="End the conversation").click()
        await expect(visitor.locator("body")).not_to_contain_text("in peace")
        await expect(visitor.get_by_role("heading", name="The chat has ended")).to_be_visible()
        await _until_no_cookie(phone)
        await desk.get_by_role("button", name="Sign out").click()
        await expect(desk.get_by_role("button", name="Sign in")).to_be_visible()


async def test_leave_goes_at_once_and_tells_the_operator(browser: Browser, service: Served) -> None:
    async with _faultless(browser, DESK) as (_, desk), _faultless(browser, PHONE) as (phone, visitor):
        await _sign_in(desk, service)
        await visitor.route("https://www.ilmatieteenlaitos.fi/**", lambda route: route.fulfill(body="weather"))
        await visitor.goto(f"{service.url}/en")
        await visitor.get_by_role("button", name="Start the chat").click()
        await visitor.get_by_label("Your message").fill("He is coming")
        await visitor.get_by_role("button", name="Send").click()
        await desk.get_by_role("button", name="Accept").click()
        await expect(desk.get_by_role("log")).to_contain_text("He is coming")
        for _ in range(3):
            await visitor.keyboard.press("Shift")
        await visitor.wait_for_url("https://www.ilmatieteenlaitos.fi/**")
        await expect(desk.get_by_role("log")).to_contain_text(re.compile("left quickly", re.IGNORECASE))
        await visitor.go_back()
        assert "Saarnilinja" not in await visitor.content()
        assert "He is coming" not in await visitor.content()
        assert await phone.cookies(service.url) == []


async def test_the_whole_talk_without_javascript(browser: Browser, service: Served) -> None:
    async with _faultless(browser, DESK) as (_, desk):
        await _sign_in(desk, service)
        context = await browser.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
        visitor = await context.new_page()
        await visitor.goto(f"{service.url}/en")
        await visitor.get_by_role("button", name="Start the chat").click()
        await expect(visitor.locator("iframe")).to_have_count(2)
        composer = visitor.frame_locator("iframe[src*=composer]")
        await composer.get_by_role("textbox").fill("No script here")
        await composer.get_by_role("button", name="Send").click()
        await desk.get_by_role("button", name="Accept").click()
        await expect(desk.get_by_role("log")).to_contain_text("No script here")
        answer = desk.get_by_label(re.compile("the visitor sees this"))
        await answer.fill("That is fine.")
        await answer.press("Enter")
        stream = visitor.frame_locator("iframe[src*=stream]")
        await expect(stream.locator("body")).to_contain_text("That is fine.")
        await context.close()
