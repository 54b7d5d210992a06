"""Calls at a desk in a real Chromium, against the real demo and its telephones: answered, joined, ended, called back."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.served import Served, served

pytestmark = pytest.mark.anyio

DESK = {"width": 1360, "height": 850}
NIGHT = {"width": 400, "height": 780}
CALLER = "+46313900601"


@pytest.fixture(scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("calls") / "data") as running:
        yield running


class Phones:
    """The demo's telephones."""

    def __init__(self, service: Served) -> None:
        self._http = httpx2.AsyncClient(base_url=service.url)

    async def does(self, who: str, what: str, **more: str) -> None:
        await self._http.post("/demo/phone/press", json={"who": who, "does": what, **more})

    async def state(self) -> dict[str, dict[str, str]]:
        answer: dict[str, dict[str, str]] = (await self._http.get("/demo/phone/state")).json()
        return answer

    async def until(self, who: str, state: str = "ringing") -> None:
        for _ in range(200):
            if (await self.state())["phones"].get(who) == state:
                return
            await asyncio.sleep(0.1)
        raise AssertionError((who, state, await self.state()))

    async def picks_up_and_presses(self, who: str, key: str = "1") -> None:
        await self.until(who)
        await self.does(who, "answer")
        await asyncio.sleep(0.6)
        await self.does(who, key)

    async def free_operator(self) -> str:
        """Somebody at the desk whose phone does not ring by itself at this hour."""
        on_call = (await self.state())["on_call"]
        return next(name for name in ("aino", "eero") if name not in on_call)

    async def closed(self) -> None:
        for who in ("caller", "aino", "eero", "reko", "veera"):
            await self.does(who, "hang up")
        await self._http.aclose()


@asynccontextmanager
async def phones(service: Served) -> AsyncIterator[Phones]:
    made = Phones(service)
    yield made
    await made.closed()


@asynccontextmanager
async def at_the_desk(
    browser: Browser, service: Served, login: str, size: dict[str, int] = DESK
) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport=size, locale="en-GB")  # type: ignore[arg-type]
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda told: complaints.append(told.text) if told.type in {"error", "warning"} else None)
    name, passphrase = service.sign_in(login)
    await page.goto(f"{service.url}/desk")
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Passphrase").fill(passphrase)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.locator("#presence")).to_have_value("available")
    yield page
    await context.close()
    assert complaints == []


async def photographed(page: Page, name: str) -> None:
    """Kept only where somebody wants to look."""
    if folder := os.environ.get("PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def test_a_call_is_answered_at_the_desk_joined_by_a_colleague_and_ended(
    browser: Browser, service: Served
) -> None:
    async with phones(service) as phone:
        who = await phone.free_operator()
        async with at_the_desk(browser, service, who) as desk:
            await desk.focus("#presence")
            await phone.does("caller", "dial", **{"from": CALLER})
            bar = desk.locator("desk-calls")
            await expect(bar).to_contain_text("A call is ringing")
            assert await desk.evaluate("document.activeElement.id") == "presence"
            await expect(desk.locator("#announcer")).to_contain_text("A call is ringing")
            await photographed(desk, "call-rings")
            await phone.does("caller", "3")
            await desk.get_by_role("button", name="own phone").click()
            await expect(bar).to_contain_text("Your phone is ringing")
            await phone.picks_up_and_presses(who)
            await expect(bar).to_contain_text("You are on a call", timeout=20_000)
            await expect(desk.locator("[data-field=who]")).to_be_visible()
            assert CALLER not in await desk.content()
            await bar.get_by_role("button", name="Ask somebody to join").click()
            choice = bar.get_by_label("Who is to join?")
            option = choice.get_by_role("option", name="Reko")
            await choice.select_option(await option.get_attribute("value"))
            await bar.get_by_role("button", name="Call", exact=True).click()
            await expect(bar).to_contain_text("Reko: the phone is ringing")
            assert [one["id"] for one in (await Axe().run(desk)).response["violations"]] == []
            await photographed(desk, "call-talks")
            await phone.picks_up_and_presses("reko")
            await expect(bar).to_contain_text("Reko has joined the call", timeout=20_000)
            await bar.get_by_role("button", name="End the call").click()
            await bar.get_by_role("button", name="Yes, end it").click()
            await expect(bar).to_contain_text("The call has ended", timeout=20_000)


async def test_a_missed_call_is_called_back_from_a_narrow_screen_at_night(browser: Browser, service: Served) -> None:
    async with phones(service) as phone:
        who = await phone.free_operator()
        async with at_the_desk(browser, service, who, NIGHT) as desk:
            await phone.does("caller", "dial", **{"from": CALLER})
            bar = desk.locator("desk-calls")
            await expect(bar).to_contain_text("A call is ringing")
            await photographed(desk, "night-rings")
            assert await desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
            for key in ("3", "1", "1", "1", "2"):  # English, call me back, this number, soon, do not say who you are
                await asyncio.sleep(2.5)
                await phone.does("caller", key)
            row = desk.get_by_role("region", name="Missed calls")
            await expect(row).to_contain_text("Wants to be called back", timeout=30_000)
            await row.get_by_role("button", name="Take missed call").click()
            await expect(desk.get_by_text("do not say who we are")).to_be_visible()
            await desk.get_by_role("button", name="Show the number").click()
            await expect(desk.locator(".call-number")).to_contain_text("+46")
            await photographed(desk, "night-missed")
            await desk.get_by_role("button", name="Call back").click()
            await phone.picks_up_and_presses(who)
            await phone.until("caller")
            await phone.does("caller", "answer")
            await expect(bar).to_contain_text("You are calling back", timeout=20_000)
            await photographed(desk, "night-back")
            await phone.does("caller", "hang up")
            await desk.get_by_label("Reached", exact=True).check()
            await desk.get_by_role("button", name="Dealt with").click()
            await expect(row).to_have_count(0)
            assert CALLER not in await desk.content()


async def test_a_lead_keeps_the_list_of_interpreters(browser: Browser, service: Served) -> None:
    context = await browser.new_context(viewport=DESK, locale="en-GB", java_script_enabled=False)  # type: ignore[arg-type]
    page = await context.new_page()
    name, passphrase = service.sign_in("kaisa")
    await page.goto(f"{service.url}/desk/sign-in")
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Passphrase").fill(passphrase)
    await page.get_by_role("button", name="Sign in").click()
    await page.goto(f"{service.url}/desk/lead/interpreters")
    await page.get_by_label("Name or service").fill("Amal")
    await page.locator("#language").select_option("ar")
    await page.get_by_label("Telephone number").fill("+46 8 4650 0431")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_role("row", name="Amal")).to_contain_text("Arabic")
    assert "0431" not in await page.content()
    await photographed(page, "interpreters")
    await page.get_by_role("button", name="Remove").click()
    await expect(page.get_by_text("Nobody is on the list yet.")).to_be_visible()
    await context.close()
