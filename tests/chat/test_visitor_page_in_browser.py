# P5: what the device holds before Start and after Leave. P14: the whole journey, for everybody (docs/promises.md).
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.async_api import Browser, BrowserContext, Page, Route, expect

from duty.availability import Availability, State
from tests.browser import launch_chromium
from tests.chat.browser_site import BrowserSite, browser_site, say, started

pytestmark = pytest.mark.anyio
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"


@pytest.fixture
async def where() -> AsyncIterator[BrowserSite]:
    async with browser_site() as site:
        yield site


@asynccontextmanager
async def visit(browser: Browser, **options: Any) -> AsyncIterator[Page]:
    """A fresh page; an error in its script fails the test."""
    context = await browser.new_context(**options)
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    try:
        yield page
    finally:
        await context.close()
    assert faults == []


async def kept_on_device(context: BrowserContext, page: Page) -> tuple[list[str], int]:
    """Names of cookies, and how many things are in the storages."""
    stored = await page.evaluate("localStorage.length + sessionStorage.length")
    return [str(cookie.get("name")) for cookie in await context.cookies()], stored


async def test_before_start_the_page_is_one_request_and_the_device_holds_nothing(
    browser: Browser, where: BrowserSite
) -> None:
    async with visit(browser) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        async with page.expect_request(where.url + "/en/status") as told:
            await page.goto(where.url + "/en", wait_until="load")
        # The page is one document. Once it stands, we tell it when the chat opens or closes: from the same address.
        assert [address for address in asked if not address.startswith("data:")] == [
            where.url + "/en",
            where.url + "/en/status",
        ]
        assert "cookie" not in await (await told.value).all_headers()
        assert await kept_on_device(page.context, page) == ([], 0)
        assert await page.evaluate("indexedDB.databases().then((all) => all.length)") == 0


async def test_a_conversation_shows_three_states_and_leaves_nothing_but_the_cookie(
    browser: Browser, where: BrowserSite
) -> None:
    async with visit(browser) as page:
        await started(page, where)
        assert await page.evaluate("document.activeElement.id") == "text"
        where.socket.deaf = True
        await say(page, "Hello")
        state = page.locator(".own .state")
        await expect(state).to_have_text("Sending")
        where.socket.deaf = False
        await where.socket.drop(1012)
        await expect(state).to_have_text("Received")
        where.door.worker_joins(where.token, "Anna")
        where.door.worker_says(where.token, "Good day")
        where.door.worker_saw(where.token)
        await expect(state).to_have_text("Shown to the worker")
        await expect(page.locator(".worker .words")).to_have_text("Good day")
        await expect(page.locator("#status")).to_have_text("You are active.")
        assert where.words() == ["Hello", "Good day"]
        assert await kept_on_device(page.context, page) == (["talk"], 0)


PRESS_AND_LOOK = """() => {
  document.querySelector("#leave button").click();
  const sheet = document.getElementById("sheet").getBoundingClientRect();
  return [document.title, document.body.textContent, sheet.width >= innerWidth && sheet.height >= innerHeight];
}"""


async def test_leave_takes_everything_away_in_the_same_task(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser) as page:
        await started(page, where)
        await say(page, "amber lantern")
        await page.fill("#text", "unsent")
        assert await page.evaluate(PRESS_AND_LOOK) == ["New tab", "", True]
        await page.wait_for_url(where.neutral)
        assert where.door.left_tokens == [where.token]
        assert await page.context.cookies() == []


async def test_after_leave_the_way_back_does_not_lead_to_us(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser) as page:
        await page.goto("about:blank")
        await page.goto(where.url + "/fi")
        await page.click(".langs summary")
        await page.click(".langs a[lang=en]")
        await page.wait_for_url("**/en")
        await page.click("footer a >> nth=0")
        await page.wait_for_url("**/en/confidentiality")
        await page.click("main a.second")
        await page.wait_for_url("**/en")
        await page.click("#start button")
        await page.wait_for_selector("#status-card[data-state=waiting]")
        length = await page.evaluate("history.length")
        await page.click("#leave button")
        await page.wait_for_url(where.neutral)
        assert await page.evaluate("history.length") == length == 2
        await page.go_back()
        assert page.url == "about:blank"


async def test_shift_three_times_leaves_also_while_typing(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser) as page:
        await started(page, where)
        await page.focus("#text")
        await page.keyboard.press("Shift+A")
        await page.keyboard.press("Shift")
        await expect(page.locator("#dots")).to_have_class("n1")
        await expect(page.locator("#announcer")).to_contain_text("Press Shift two more times to leave.")
        await page.keyboard.press("Shift")
        await expect(page.locator("#dots")).to_have_class("n2")
        await page.keyboard.press("Shift")
        await page.wait_for_url(where.neutral)
        assert where.door.left_tokens == [where.token]


async def test_capital_letters_never_leave(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser) as page:
        await started(page, where)
        await page.focus("#text")
        for letter in "ABCDE":
            await page.keyboard.press(f"Shift+{letter}")
        assert await page.input_value("#text") == "ABCDE"
        assert page.url == where.url + "/en"


async def test_the_hidden_second_stop_of_the_keyboard_leaves(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser) as page:
        await page.goto(where.url + "/en")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        focused = page.locator(":focus")
        await expect(focused).to_have_text("Leave this site quickly")
        await expect(focused).to_be_in_viewport()
        await page.keyboard.press("Enter")
        await page.wait_for_url(where.neutral)


async def test_the_skip_link_moves_the_focus_and_not_the_address(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser) as page:
        await page.goto(where.url + "/en")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        assert await page.evaluate("document.activeElement.id") == "main"
        assert page.url == where.url + "/en"


async def test_leave_works_without_script(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser, java_script_enabled=False) as page:
        await page.goto(where.url + "/en")
        await page.click("#start button")
        await page.wait_for_selector("iframe.stream")
        await page.click("#leave button")
        await page.wait_for_url(where.neutral)
        assert where.door.left_tokens == [where.token]
        assert await page.context.cookies() == []


async def test_a_reload_asks_first_and_shows_everything_after_yes(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser) as page:
        await started(page, where)
        await say(page, "amber")
        await expect(page.locator(".own .state")).to_have_text("Received")
        await page.reload()
        await expect(page.locator("#continue")).to_be_visible()
        assert "amber" not in await page.content()
        where.door.worker_joins(where.token, "Anna")
        where.door.worker_says(where.token, "meanwhile")
        await page.click("#continue button")
        await expect(page.locator(".words")).to_have_text(["amber", "meanwhile"])
        await expect(page.locator(".who")).to_have_text(["You", "Anna"])
        await say(page, "second")
        await expect(page.locator(".words")).to_have_text(["amber", "meanwhile", "second"])


async def test_no_after_a_reload_ends_the_conversation(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser) as page:
        await started(page, where)
        await page.reload()
        await page.click("#no button")
        await expect(page.locator("[data-view=ended]")).to_be_visible()
        await page.wait_for_function("fetch('/status.json').then(() => true)")
        assert where.talk.state == "ended"
        assert await page.context.cookies() == []


async def test_what_is_written_while_the_line_is_broken_arrives_once_and_in_order(
    browser: Browser, where: BrowserSite
) -> None:
    async with visit(browser) as page:
        await started(page, where)
        where.socket.deaf = True
        await say(page, "one")
        where.socket.refusing = True
        await where.socket.drop(1012)
        await expect(page.locator("#net")).to_have_text("The connection is lost. Your text is kept. We try again.")
        await say(page, "two")
        await say(page, "three")
        await page.fill("#text", "unsent")
        where.socket.deaf = where.socket.refusing = False
        await expect(page.locator(".own .state")).to_have_text(["Received"] * 3, timeout=20_000)
        await expect(page.locator("#net")).to_have_text("")
        assert where.words() == ["one", "two", "three"]
        assert await page.input_value("#text") == "unsent"


async def test_a_network_that_goes_away_is_noticed_and_so_is_its_return(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser) as page:
        await started(page, where)
        await page.context.set_offline(True)
        await expect(page.locator("#net")).not_to_have_text("")
        await say(page, "in the tunnel")
        await page.context.set_offline(False)
        await expect(page.locator(".own .state")).to_have_text("Received", timeout=20_000)


async def test_where_no_socket_lives_the_long_poll_carries_the_conversation(
    browser: Browser, where: BrowserSite
) -> None:
    where.socket.refusing = True
    async with visit(browser) as page:
        await page.goto(where.url + "/en")
        await page.click("#start button")
        await say(page, "over the poll")
        await expect(page.locator(".own .state")).to_have_text("Received", timeout=20_000)
        where.door.worker_joins(where.token, "Anna")
        where.door.worker_says(where.token, "heard you")
        await expect(page.locator(".worker .words")).to_have_text("heard you")
        await expect(page.locator("#status")).to_have_text("You are active.")
        assert where.words() == ["over the poll", "heard you"]


async def test_enter_sends_and_shift_enter_makes_a_line_and_an_input_method_is_left_alone(
    browser: Browser, where: BrowserSite
) -> None:
    async with visit(browser) as page:
        await started(page, where)
        await page.type("#text", "one")
        await page.keyboard.press("Shift+Enter")
        await page.type("#text", "two")
        composing = "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true})"
        await page.evaluate(f"document.getElementById('text').dispatchEvent({composing})")
        assert where.words() == []
        await page.keyboard.press("Enter")
        await expect(page.locator(".own .words")).to_have_text("one\ntwo")
        assert await page.input_value("#text") == ""


async def test_on_a_touch_screen_enter_makes_a_line(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser, has_touch=True, is_mobile=True, viewport={"width": 390, "height": 700}) as page:
        await started(page, where)
        await page.type("#text", "one")
        await page.keyboard.press("Enter")
        assert await page.input_value("#text") == "one\n"


async def test_a_message_that_is_too_long_stays_in_the_composer(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser) as page:
        await started(page, where)
        await say(page, "🙂" * 2001)
        await expect(page.locator("#left")).to_have_text("The message is too long. It can have 2,000 characters.")
        assert where.words() == []
        await say(page, "🙂" * 2000)
        await expect(page.locator(".own .state")).to_have_text("Received")


async def test_when_the_worker_ends_every_word_leaves_the_page_and_the_cookie_goes(
    browser: Browser, where: BrowserSite
) -> None:
    async with visit(browser) as page:
        await started(page, where)
        await say(page, "amber lantern")
        await page.fill("#text", "unsent")
        async with page.expect_response("**/en/end"):
            where.door.end(where.token, "ended_by_worker")
        await expect(page.locator("[data-view=ended]")).to_be_visible()
        assert "amber lantern" not in await page.content()
        assert await page.input_value("#text") == ""
        assert await page.evaluate("document.activeElement.textContent") == "The chat has ended"
        assert await page.context.cookies() == []


async def test_a_conversation_open_elsewhere_is_taken_back_only_when_asked(
    browser: Browser, where: BrowserSite
) -> None:
    async with visit(browser) as page:
        await started(page, where)
        await where.socket.drop(4409)
        await expect(page.locator("#net")).to_have_text("The chat is open in another window.")
        await page.click("#here")
        await expect(page.locator("#net")).to_have_text("")
        await say(page, "here")
        await expect(page.locator(".own .state")).to_have_text("Received")


async def test_a_conversation_that_is_gone_says_so_and_can_be_begun_again(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser) as page:
        await started(page, where)
        await say(page, "amber lantern")
        where.talk.state = "ended"
        await where.socket.drop(1012)
        await expect(page.locator("[data-view=gone]")).to_be_visible()
        assert "amber lantern" not in await page.content()
        await page.click("[data-view=gone] a")
        await expect(page.locator("#start")).to_be_visible()


async def test_start_that_is_refused_says_why_and_keeps_the_telephone(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser) as page:
        await page.goto(where.url + "/en")
        where.door.availability = Availability(State.paused)
        await page.click("#start button")
        await expect(page.locator("#availability")).to_have_text("The chat has a break. Please call us.")
        await expect(page.locator("#start")).to_be_hidden()
        await expect(page.locator("#call a")).to_be_visible()
        assert await page.context.cookies() == []


async def test_a_browser_that_keeps_no_cookie_is_told_to_call(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser) as page:

        async def without_cookie(route: Route) -> None:
            await route.fulfill(json={"ok": True})

        await page.route("**/en/start", without_cookie)
        await page.goto(where.url + "/en")
        await page.click("#start button")
        await expect(page.locator("#availability")).to_have_text("We could not connect. Please try again or call us.")


async def test_the_announcer_speaks_of_others_once_and_sums_up_a_burst(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser) as page:
        await started(page, where)
        announcer = page.locator("#announcer")
        await expect(announcer).to_contain_text("You are waiting.")
        await say(page, "my own words")
        where.door.worker_says(where.token, "Good day")
        await expect(announcer).to_have_text("Worker: Good day")
        for number in range(4):
            where.door.worker_says(where.token, f"message {number}")
        await expect(announcer).to_have_text("New messages: 4.")
        assert await page.get_attribute("[role=log]", "aria-live") == "off"


async def test_words_are_text_each_in_its_own_direction(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser) as page:
        await started(page, where)
        where.door.worker_says(where.token, "<img src=x onerror=document.title=1>")
        where.door.worker_says(where.token, "مرحبا")
        words = page.locator(".worker .words")
        await expect(words).to_have_text(["<img src=x onerror=document.title=1>", "مرحبا"])
        assert await words.last.evaluate("(found) => getComputedStyle(found.firstChild).direction") == "rtl"


async def test_everything_works_without_script(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser, java_script_enabled=False) as page:
        await page.goto(where.url + "/en")
        await page.click("#start button")
        composer, stream = page.frame_locator(".writer"), page.frame_locator(".stream")
        await composer.locator("textarea").fill("Hello")
        await composer.locator("button").click()
        await expect(composer.locator("#note")).to_have_text("We received your message.")
        await expect(stream.locator(".own .words")).to_have_text("Hello")
        where.door.worker_joins(where.token, "Anna")
        where.door.worker_says(where.token, "Good day")
        await expect(stream.locator(".worker .words")).to_have_text("Good day")
        await page.click(".not-js > form button")
        await expect(stream.locator(".words")).to_have_text(["Hello", "Good day"])
        await page.goto(where.url + "/en")
        await page.click("#continue button")
        await expect(stream.locator(".words")).to_have_text(["Hello", "Good day"])
        await page.click(".end summary")
        await page.click("#end button")
        await expect(page.locator("[data-view=ended]")).to_be_visible()
        assert await page.context.cookies() == []


async def test_without_script_the_end_takes_the_words_out_of_the_frame(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser, java_script_enabled=False) as page:
        await page.goto(where.url + "/en")
        await page.click("#start button")
        stream = page.frame_locator(".stream")
        where.door.worker_says(where.token, "amber lantern")
        await expect(stream.locator(".words")).to_have_text("amber lantern")
        where.door.end(where.token, "ended_by_worker")
        await expect(stream.locator("body")).to_contain_text("The chat has ended.")
        await expect(stream.locator(".words")).to_have_count(0)
        await stream.locator("a").click()
        await expect(page.locator("#start")).to_be_visible()


async def test_a_page_from_the_back_forward_cache_comes_back_without_its_words(where: BrowserSite) -> None:
    async with (
        launch_chromium(ignore_default_flags=["--disable-back-forward-cache"]) as browser,
        visit(browser) as page,
    ):
        await started(page, where)
        await say(page, "amber lantern")
        await page.goto(where.neutral)
        await page.go_back()
        await expect(page.locator("#continue")).to_be_visible()
        assert "amber lantern" not in await page.content()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("state", ["start", "waiting", "chatting", "lost", "continue", "ended", "statement"])
async def test_no_state_has_an_obstacle_axe_finds_or_scrolls_sideways(
    browser: Browser, where: BrowserSite, state: str, width: int
) -> None:
    scheme = "dark" if width == 320 else "light"
    async with visit(browser, viewport={"width": width, "height": 700}, color_scheme=scheme) as page:
        await bring_about(page, where, state)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert await obstacles(page) == []


async def bring_about(page: Page, where: BrowserSite, state: str) -> None:
    """Put the page into a state."""
    if state in {"start", "statement"}:
        await page.goto(where.url + ("/fi" if state == "start" else "/sv/accessibility"))
        return
    await started(page, where)
    if state == "waiting":
        return
    await say(page, "https://example.com/" + "a" * 300)
    where.door.worker_joins(where.token, "Anna")
    where.door.worker_says(where.token, "Donaudampfschifffahrtsgesellschaftskapitän " * 9)
    await expect(page.locator(".worker .words")).to_be_visible()
    if state == "lost":
        where.socket.refusing = True
        await where.socket.drop(1012)
        await expect(page.locator("#net")).not_to_have_text("")
    elif state == "continue":
        await page.reload()
    elif state == "ended":
        where.door.end(where.token, "ended_by_worker")
        await expect(page.locator("[data-view=ended]")).to_be_visible()


async def obstacles(page: Page) -> list[str]:
    """What axe-core finds (WCAG 2.0 to 2.2, A and AA, and good practice)."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = await page.evaluate("(tags) => axe.run({runOnly: tags})", tags)
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]]


@pytest.mark.parametrize("width", [320, 390])
async def test_every_target_is_at_least_44_pixels_high(browser: Browser, where: BrowserSite, width: int) -> None:
    async with visit(browser, viewport={"width": width, "height": 700}) as page:
        await started(page, where)
        heights = await page.evaluate(
            """[...document.querySelectorAll("a, button, summary, textarea")]
                 .filter((each) => each.checkVisibility() && !each.classList.contains("skip"))
                 .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect().height])"""
        )
        assert [(name, height) for name, height in heights if height < 44] == []


@pytest.mark.parametrize("height", [700, 400])
async def test_leave_composer_and_send_stay_in_sight_above_an_on_screen_keyboard(
    browser: Browser, where: BrowserSite, height: int
) -> None:
    async with visit(browser, viewport={"width": 360, "height": height}) as page:
        await started(page, where)
        for number in range(12):
            where.door.worker_says(where.token, f"message {number}")
        await expect(page.locator(".worker")).to_have_count(12)
        await page.focus("#text")
        for place in ("#leave button", "#text", "#composer button"):
            await expect(page.locator(place)).to_be_in_viewport(ratio=1)


async def test_right_to_left_the_page_is_its_own_mirror(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser, viewport={"width": 390, "height": 700}) as page:
        await started(page, where)
        await say(page, "mine")
        await page.evaluate("document.documentElement.dir = 'rtl'")
        leave, own = page.locator("#leave button"), page.locator(".own .words")
        assert (await leave.evaluate("(it) => it.getBoundingClientRect().left")) < 40
        assert (await own.evaluate("(it) => it.getBoundingClientRect().left")) < 40
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_in_forced_colours_the_sheet_is_the_systems_own(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser, forced_colors="active") as page:
        await started(page, where)
        await page.evaluate("document.getElementById('sheet').hidden = false")
        colour = "getComputedStyle(document.getElementById('sheet')).backgroundColor"
        assert await page.evaluate(colour) in {"rgb(0, 0, 0)", "rgb(255, 255, 255)"}


async def test_an_open_page_is_told_when_the_chat_closes_and_opens(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser) as page:
        await page.goto(where.url + "/en")
        start = page.get_by_role("button", name="Start the chat")
        await expect(start).to_be_visible()
        before = where.door.availability
        where.door.availability = Availability(State.paused)
        await expect(page.locator("#availability")).to_have_text("The chat has a break. Please call us.")
        await expect(start).to_be_hidden()
        await expect(page.locator("#announcer")).to_have_text("The chat has a break. Please call us.")
        where.door.availability = before
        await expect(start).to_be_visible()
        assert await kept_on_device(page.context, page) == ([], 0)


async def test_a_page_that_cannot_be_told_asks(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser) as page:
        await page.clock.install()
        await page.route("**/en/status", lambda route: route.fulfill(status=503))
        await page.goto(where.url + "/en")
        before = where.door.availability
        where.door.availability = Availability(State.paused)
        await page.clock.run_for(61_000)
        await expect(page.locator("#availability")).to_have_text("The chat has a break. Please call us.")
        where.door.availability = before


@pytest.mark.parametrize("yes", [True, False])
async def test_a_question_stands_until_the_visitor_answers_it(browser: Browser, where: BrowserSite, yes: bool) -> None:
    async with visit(browser) as page:
        await started(page, where)
        where.door.worker_joins(where.token, "Bertil")
        card = page.get_by_role("group", name="May I read?")
        await expect(card).to_be_hidden()
        where.talk.ask("read")
        await expect(card).to_be_visible()
        await expect(page.locator("#announcer")).to_contain_text("May I read?")
        await where.socket.drop(1012)  # a new line brings the question again
        await expect(card).to_be_visible()
        await card.get_by_role("button", name="Yes" if yes else "No").press("Enter")
        await expect(card).to_be_hidden()
        said = "The worker can read" if yes else "The worker cannot read"
        await expect(page.get_by_role("log")).to_contain_text(said)
        assert await page.evaluate("document.activeElement.id") == "text", "what had the focus is gone"


async def test_who_could_not_be_answered_is_told_so_with_the_telephone(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser) as page:
        await started(page, where)
        where.door.end(where.token, "ended_unserved")
        await expect(page.get_by_role("heading", name="We could not answer you")).to_be_visible()
        await expect(page.get_by_role("link", name="Call 0800 123 456")).to_be_visible()
        await expect(page.locator("#next")).to_have_text("The chat is open. A worker can answer you now.")


async def test_without_script_the_question_is_a_form_in_the_stream(browser: Browser, where: BrowserSite) -> None:
    async with visit(browser, java_script_enabled=False) as page:
        await page.goto(where.url + "/en")
        await page.get_by_role("button", name="Start the chat").click()
        stream = page.frame_locator("iframe[src*=stream]")
        await expect(stream.get_by_text("You are waiting.")).to_be_visible()
        where.talk.ask("read")
        await expect(stream.get_by_text("May I read?")).to_be_visible()
        await stream.get_by_role("button", name="Yes").click()
        await expect(stream.get_by_text("The worker can read what was written before.")).to_be_visible()
        await expect(stream.get_by_text("May I read?")).to_have_count(0)
        where.door.end(where.token, "ended_unserved")
        await expect(stream.get_by_text("We are sorry. The chat closed before a worker was free.")).to_be_visible()
        await expect(stream.get_by_text("The chat is open. A worker can answer you now.")).to_be_visible()
