"""A lead enters hours, looks at the preview and publishes, in real Chromium against the demo as `make run` serves it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.served import Served, served

pytestmark = pytest.mark.anyio
HOURS, PREVIEW, EXCEPTIONS = "/desk/lead/hours", "/desk/lead/preview", "/desk/lead/exceptions"
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 700}
SCREENS = (
    HOURS,
    EXCEPTIONS,
    PREVIEW,
    f"{PREVIEW}?do=draft",
    "/desk/roster",
    "/desk/lead/shift",
    "/desk/lead/absence",
    "/desk/lead/coverage",
    "/desk/lead/telephone",
    "/desk/lead/telephone/provider",
    "/desk/lead/interpreters",
    "/desk/lead/organisations",
    "/desk/lead/organisations/new",
    "/desk/lead/organisations/import",
    "/desk/lead/wordings",
    "/desk/lead/emergencies",
    "/desk/lead/minors",
    "/desk/lead/live",
    "/desk/lead/audit",
    "/desk/lead/retention",
    "/desk/lead/statistics",
    "/desk/lead/operations",
    "/desk/reviews",
    "/desk/closed",
    "/desk/proposals",
)


@pytest.fixture(scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("leads") / "data") as running:
        yield running


@asynccontextmanager
async def at(
    browser: Browser, service: Served, *, script: bool = True, size: dict[str, int] = WIDE, dark: bool = False
) -> AsyncIterator[tuple[BrowserContext, Page]]:
    """A browser in which somebody has signed in."""
    context = await browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        locale="en-GB",
        java_script_enabled=script,
        color_scheme="dark" if dark else "light",
    )
    page = await context.new_page()
    name, passphrase = service.sign_in("kaisa")
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


async def _empty(page: Page) -> None:
    """Every row of the editor emptied or taken away, by keyboard."""
    while await page.locator("#day-3 .interval").count() > 1:
        await tab_to(page, "#day-3 button.remove")
        await page.keyboard.press("Enter")
        await expect(page.locator("#add-3")).to_be_focused()
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


async def test_a_server_that_is_away_is_said_and_nothing_typed_is_lost(browser: Browser, service: Served) -> None:
    async with at(browser, service) as (context, page):
        await page.goto(f"{service.url}{HOURS}")
        await page.locator("#row-1-starts").fill("8.15")
        await context.set_offline(True)
        await page.get_by_role("button", name="Save the draft").click()
        alert = page.get_by_role("alert")
        await expect(alert).to_contain_text("The server cannot be reached. Nothing was saved.")
        await expect(alert).to_be_focused()
        await expect(page.locator("#row-1-starts")).to_have_value("8.15")
        await context.set_offline(False)
        await page.locator("#row-1-ends").fill("1015")
        await page.get_by_role("button", name="Save the draft").click()
        await expect(page.get_by_role("status")).to_contain_text("The draft is saved.")
        await expect(page.locator("#row-1-ends")).to_have_value("10:15")


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
async def test_a_refusal_takes_the_focus_and_leads_to_the_field(
    browser: Browser, service: Served, script: bool
) -> None:
    async with at(browser, service, script=script) as (_, page):
        await page.goto(f"{service.url}{HOURS}")
        await page.locator("#row-1-starts").fill("noon")
        await page.locator("#row-1-ends").fill("14")
        await page.locator("#row-1-ends").press("Enter")
        summary = page.get_by_role("alert")
        await expect(summary).to_be_focused()
        await expect(page).to_have_title(re.compile("^Error:"))
        if script:
            await passes_axe(page)
        await summary.get_by_role("link").first.press("Enter")
        await expect(page.locator("#row-1-starts")).to_be_focused()
        await expect(page.locator("#row-1-starts")).to_have_value("noon")
        await expect(page.locator("#row-1-ends")).to_have_value("14")


async def test_of_two_leads_the_second_is_told_and_keeps_what_was_typed(browser: Browser, service: Served) -> None:
    async with at(browser, service) as (context, page):
        await page.goto(f"{service.url}{HOURS}")
        other = await context.new_page()
        await other.goto(f"{service.url}{HOURS}")
        await other.locator("#row-1-starts").fill("7")
        await other.locator("#row-1-ends").fill("9")
        await other.get_by_role("button", name="Save the draft").click()
        await expect(other.get_by_role("status")).to_contain_text("The draft is saved.")
        await page.locator("#row-1-starts").fill("10")
        await page.locator("#row-1-ends").fill("12")
        await page.get_by_role("button", name="Save the draft").click()
        await expect(page.get_by_role("alert")).to_contain_text("Not saved: Kaisa changed the draft")
        await expect(page.get_by_role("alert")).to_contain_text("07:00–09:00")
        await expect(page.locator("#row-1-starts")).to_have_value("10")
        await passes_axe(page)
        await page.get_by_role("button", name="Save the draft").click()
        await expect(page.locator("#row-1-starts")).to_have_value("10:00")


@pytest.mark.parametrize(("size", "dark"), [(NARROW, False), (WIDE, True)], ids=["narrow-light", "wide-dark"])
async def test_every_screen_is_accessible(browser: Browser, service: Served, size: dict[str, int], dark: bool) -> None:
    """What lies where depends on the width, colours on the scheme: two of the four pairs see all of both."""
    async with at(browser, service, size=size, dark=dark) as (_, page):
        for path in SCREENS:
            answer = await page.goto(f"{service.url}{path}", wait_until="domcontentloaded")
            assert answer is not None, path
            assert answer.status == 200, path
            await page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
            await passes_axe(page)
        await page.goto(f"{service.url}/desk/roster")
        await page.get_by_role("link", name=re.compile("^Edit")).first.click()
        await expect(page.get_by_role("heading", name="A shift")).to_be_visible()
        await passes_axe(page)


async def test_a_lead_finds_every_page_in_the_menu(browser: Browser, service: Served) -> None:
    async with at(browser, service) as (_, page):
        await page.goto(f"{service.url}{HOURS}")
        links = page.get_by_role("navigation").first.get_by_role("link")
        addresses = [await one.get_attribute("href") for one in await links.all()]
        subpages = {f"{PREVIEW}?do=draft", "/desk/lead/shift", "/desk/lead/absence"}
        beneath = {"/desk/lead/organisations/new", "/desk/lead/organisations/import", "/desk/lead/telephone/provider"}
        assert {*SCREENS} - subpages - beneath <= {*addresses}


async def test_the_desk_leads_to_the_pages_of_leads_and_back(browser: Browser, service: Served) -> None:
    async with at(browser, service) as (context, page):
        async with context.expect_page() as opened:
            await page.get_by_role("link", name="Hours and roster").click()
        lead = await opened.value
        for name in ("Exceptions", "Preview", "Roster", "Coverage", "Weekly hours"):
            await lead.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
            await expect(lead.get_by_role("navigation").get_by_role("link", name=name)).to_have_attribute(
                "aria-current", "page"
            )
        await lead.get_by_role("link", name="Desk").click()
        await expect(lead).to_have_url(re.compile(r"/desk$"))


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
async def test_a_week_is_entered_previewed_and_published_by_keyboard_alone(
    browser: Browser, service: Served, script: bool
) -> None:
    async with at(browser, service, script=script) as (_, page):
        await page.goto(f"{service.url}{HOURS}?lang=en")
        await _empty(page)
        for day, times in {1: [("13", "15")], 3: [("9", "11"), ("14.00", "2000")], 4: [("21", "02")]}.items():
            for number, (starts, ends) in enumerate(times):
                if await page.locator(f"#day-{day} .interval").count() == number:
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
        live = await (await page.request.get(f"{service.url}/status.json?lang=en")).json()
        assert live["text"] == sentence
