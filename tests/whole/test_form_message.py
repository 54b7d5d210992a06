"""A message of the contact form, from a page without JavaScript to the operators who deal with it, against the real demo."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.served import Served, served

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("form-message") / "data") as running:
        yield running


@asynccontextmanager
async def at_the_desk(browser: Browser, service: Served, login: str) -> AsyncIterator[Page]:
    """A desk in English; nothing its browser complains of is allowed."""
    context = await browser.new_context(viewport={"width": 1360, "height": 850}, locale="en-GB")
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda told: complaints.append(told.text) if told.type in {"error", "warning"} else None)
    name, passphrase = service.sign_in(login)
    await page.goto(f"{service.url}/desk")
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Passphrase").fill(passphrase)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name="Form messages")).to_be_visible()
    yield page
    await context.close()
    assert complaints == []


async def write(browser: Browser, service: Served, text: str, *, urgent: bool = False) -> None:
    """Somebody without JavaScript writes, and wants to be called."""
    context = await browser.new_context(java_script_enabled=False, locale="en-GB")
    page = await context.new_page()
    await page.goto(f"{service.url}/en/write")
    await page.get_by_label("Your message").fill(text)
    await page.get_by_label("By telephone").check()
    await page.get_by_label("Telephone number or e-mail address").fill("+358 40 765 4321")
    await page.get_by_label("When is it safe to contact you?").fill("Mondays before noon")
    if urgent:
        await page.get_by_label("My message is urgent").check()
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("We received your message")
    assert await context.cookies() == []
    await context.close()


async def test_a_message_stays_until_somebody_deals_with_it(browser: Browser, service: Served) -> None:
    await write(browser, service, "Please help my sister.")
    async with at_the_desk(browser, service, "aino") as desk:
        forms = desk.get_by_role("region", name="Form messages")
        await expect(forms.get_by_role("listitem")).to_have_count(1)
        await write(browser, service, "Somebody follows me.", urgent=True)
        await expect(forms.get_by_role("listitem")).to_have_count(2)
        await expect(desk.locator("#announcer")).to_contain_text("New form message. It is urgent.")
        await expect(forms.get_by_role("listitem").first).to_contain_text("Urgent")
        await expect(desk.get_by_text("Somebody follows me.")).to_have_count(0)

        await forms.get_by_role("button", name="Take and read").first.click()
        await expect(desk.get_by_text("Somebody follows me.")).to_be_visible()
        await expect(desk.get_by_text("+358 40 765 4321")).to_be_visible()
        await expect(desk.get_by_text("Mondays before noon")).to_be_visible()
        assert (await Axe().run(desk)).response["violations"] == []
        await desk.get_by_role("tab", name="Notes").click()
        await desk.get_by_role("textbox", name="Internal note").fill("Nobody answers.")
        await desk.keyboard.press("Control+Enter")
        await expect(desk.locator(".note .text")).to_have_text("Nobody answers.")
        await desk.get_by_role("button", name="Put back").click()
        await expect(forms.get_by_role("button", name="Take and read")).to_have_count(2)
        await forms.get_by_role("button", name="Take and read").first.click()
        await expect(desk.locator(".note .text")).to_have_text("Nobody answers.")

    async with at_the_desk(browser, service, "aino") as desk:  # another day: it is still hers
        forms = desk.get_by_role("region", name="Form messages")
        mine = forms.get_by_role("listitem").filter(has_text="You have it")
        await mine.get_by_role("button").click()
        await expect(desk.get_by_text("Somebody follows me.")).to_be_visible()
        await desk.get_by_label("Tried, not reached").check()
        await desk.get_by_role("button", name="Dealt with").click()
        await expect(forms.get_by_role("listitem")).to_have_count(1)
        await expect(desk.get_by_text("Somebody follows me.")).to_have_count(0)


async def test_by_keyboard_alone_from_the_list_to_the_outcome(browser: Browser, service: Served) -> None:
    await write(browser, service, "By keyboard.", urgent=True)
    async with at_the_desk(browser, service, "aino") as desk:
        keys = desk.keyboard
        await expect(desk.get_by_role("region", name="Form messages").get_by_text("Urgent").first).to_be_visible()
        await keys.press("Control+k")
        await keys.type("Read the form message")
        await keys.press("Enter")
        await expect(desk.get_by_text("By keyboard.")).to_be_visible()
        await desk.get_by_role("group", name="Message of").focus()
        await keys.press("Tab")
        await keys.press("Space")
        await expect(desk.get_by_label("Answered")).to_be_checked()
        await keys.press("Tab")
        await keys.press("Tab")
        await expect(desk.get_by_role("button", name="Dealt with")).to_be_focused()
        await keys.press("Enter")
        await expect(desk.get_by_text("By keyboard.")).to_have_count(0)
