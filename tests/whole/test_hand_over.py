"""From one operator to the next, as people meet it: the visitor is asked, and decides what the next one may read."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, expect

from tests.served import Served, served
from tests.talkers import Operator, Visitor

pytestmark = pytest.mark.anyio

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1360, "height": 850}


@pytest.fixture(scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("hand-over") / "data") as running:
        yield running


@asynccontextmanager
async def faultless(browser: Browser, viewport: dict[str, int], *, script: bool = True) -> AsyncIterator[Page]:
    """A page in which no script error and no complaint of the browser is allowed."""
    context = await browser.new_context(viewport=viewport, locale="en-GB", java_script_enabled=script)  # type: ignore[arg-type]
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda told: complaints.append(told.text) if told.type in {"error", "warning"} else None)
    try:
        yield page
    finally:
        await context.close()
    assert complaints == []


async def sign_in(page: Page, service: Served, login: str) -> None:
    name, passphrase = service.sign_in(login)
    await page.goto(f"{service.url}/desk")
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Passphrase").fill(passphrase)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("combobox")).to_have_value("available")


async def start(page: Page, service: Served, words: str) -> None:
    await page.goto(f"{service.url}/en")
    await page.get_by_role("button", name="Start the chat").click()
    await page.get_by_label("Your message").fill(words)
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("log")).to_contain_text(words)


async def write(desk: Page, words: str) -> None:
    box = desk.get_by_label(re.compile("the visitor sees this"))
    await box.fill(words)
    await box.press("Enter")


async def choose(desk: Page, colleague: str) -> None:
    options = desk.get_by_label("Colleague")
    value = await options.get_by_role("option", name=colleague).get_attribute("value")
    await options.select_option(value)


async def test_the_visitor_says_yes_and_the_next_operator_reads_on(browser: Browser, service: Served) -> None:
    async with (
        faultless(browser, DESK) as first,
        faultless(browser, DESK) as second,
        faultless(browser, PHONE) as visitor,
    ):
        await sign_in(first, service, "aino")
        await start(visitor, service, "I told this to Aino")
        await first.get_by_role("button", name="Accept").click()
        await expect(first.get_by_role("log")).to_contain_text("I told this to Aino")
        await sign_in(second, service, "eero")

        await first.get_by_role("button", name="Hand over…").click()
        await choose(first, "Eero")
        await first.get_by_role("button", name="Ask the visitor").click()
        card = visitor.get_by_role("group", name=re.compile("May another worker continue"))
        await expect(card).to_be_visible()
        await expect(second.get_by_role("button", name="Accept")).to_have_count(0)
        await card.get_by_role("button", name="No").click()
        await expect(visitor.get_by_role("log")).to_contain_text("The same worker continues with you.")
        await write(first, "Then we go on.")
        await expect(visitor.get_by_role("log")).to_contain_text("Then we go on.")

        await first.get_by_role("button", name="Flag as in danger").click()
        await expect(first.get_by_text("In danger")).to_be_visible()
        await first.get_by_role("button", name="Hand over…").click()
        await choose(first, "Eero")
        await first.get_by_role("button", name="Ask the visitor").click()
        await card.get_by_role("button", name="Yes").click()
        await expect(first.get_by_role("banner").get_by_text("goes on with another worker.")).to_be_visible()
        await expect(first.locator("body")).not_to_contain_text("I told this to Aino")

        await second.get_by_role("button", name="Accept").click()
        await expect(second.get_by_role("log")).to_contain_text("I told this to Aino")
        await expect(visitor.locator("#status")).to_have_text("You are chatting with Eero.")
        await write(second, "I am Eero.")
        await expect(visitor.get_by_role("log")).to_contain_text("I am Eero.")
        await expect(card).to_be_hidden()
        await second.get_by_role("button", name="End…").click()
        await second.get_by_role("button", name="End the conversation").click()
        await expect(visitor.get_by_role("heading", name="The chat has ended")).to_be_visible()


async def test_without_javascript_the_question_is_answered_in_the_stream(browser: Browser, service: Served) -> None:
    async with faultless(browser, DESK) as desk, faultless(browser, PHONE, script=False) as visitor:
        await sign_in(desk, service, "aino")
        await visitor.goto(f"{service.url}/en")
        await visitor.get_by_role("button", name="Start the chat").click()
        await desk.get_by_role("button", name="Accept").click()
        await desk.get_by_role("button", name="Hand over…").click()
        await desk.get_by_role("button", name="Ask the visitor").click()
        stream = visitor.frame_locator("iframe[src*=stream]")
        await expect(stream.get_by_text("May another worker continue with you?")).to_be_visible()
        await stream.get_by_role("button", name="Yes").click()
        await expect(stream.get_by_text("Another worker continues with you. Please wait.")).to_be_visible()
        await expect(desk.get_by_role("banner").get_by_text("goes on with another worker.")).to_be_visible()
        await visitor.get_by_text("End the chat").click()
        await visitor.get_by_role("button", name="End now").click()
        await expect(visitor.get_by_role("heading", name="The chat has ended")).to_be_visible()


async def test_by_raw_socket_the_former_operator_hears_nothing_more(service: Served) -> None:
    anna = await Operator.signed_in(service.url, *service.sign_in("aino"))
    await anna.come()
    visitor = await Visitor.started(service.url)
    await visitor.come()
    await visitor.say("for the first")
    row = (await anna.until(lambda f: f["t"] == "line" and bool(f["waiting"])))["waiting"][0]
    contact = row["contact"]
    await anna.take(contact)
    await anna.frame("entry", contact=contact, text="for the first")
    await anna.send({"t": "ask", "contact": contact, "question": "hand_over", "to": None})
    assert (await visitor.frame("ask", question="hand_over"))["text"].startswith("Aino asks:")
    await visitor.send({"t": "answer", "question": "hand_over", "yes": True})
    await anna.frame("gone", contact=contact, why="handed_over")
    await visitor.say("not for the first any more")

    eero = await Operator.signed_in(service.url, *service.sign_in("eero"))
    await eero.come()
    await eero.take(contact)
    await eero.frame("entry", contact=contact, text="for the first")
    await eero.frame("entry", contact=contact, text="not for the first any more")
    for frame in (
        {"t": "open", "contact": contact, "after": 0},
        {"t": "say", "contact": contact, "id": "00000000-0000-4000-8000-000000000001", "text": "still here"},
        {"t": "extend", "contact": contact},
    ):
        anna.frames.clear()
        await anna.send(frame)
        await anna.frame("error", code="not_yours")
    assert not any(frame.get("text") == "not for the first any more" for frame in anna.frames)
    await eero.send({"t": "end", "contact": contact})
    for talker in (visitor, anna, eero):
        await talker.close()
