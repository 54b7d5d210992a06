"""The desk in a real Chromium: what only a browser can show."""

import pytest
from playwright.async_api import Browser, expect

from tests.eventually import eventually
from tests.operator_ui.browser_desk import ROW, at_the_desk
from tests.operator_ui.desk_line import ANNE, BERT, WAITS
from tests.operator_ui.desk_site import PASSPHRASE

pytestmark = pytest.mark.anyio


async def test_a_message_and_a_note_go_their_own_ways(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        await desk.opens(ANNE)
        await desk.page.click("#record-tab-notes")
        await desk.page.fill("#note", "Prefers short sentences.")
        await desk.page.keyboard.press("Control+Enter")
        await expect(desk.page.locator(".note .text").first).to_have_text("Prefers short sentences.")
        await expect(desk.page.locator(".note.pending, .note.failed")).to_have_count(0)
        await desk.page.fill("#message", "Hei, olen Anna.")
        await desk.page.keyboard.press("Control+Enter")
        assert desk.server.of_kind("say") == []
        await desk.page.keyboard.press("Enter")
        await expect(desk.page.locator(".entry.worker .text")).to_have_text("Hei, olen Anna.")
        await expect(desk.page.locator(".entry.worker .delivery")).to_have_text("Received")
        assert list(desk.house.written.values()) == ["Prefers short sentences."]
        assert [frame["text"] for frame in desk.server.of_kind("say")] == ["Hei, olen Anna."]
        assert desk.complaints == []


async def test_markup_somebody_types_stays_text(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        await desk.opens(ANNE)
        nasty = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
        desk.server.arrives(ANNE, "visitor", nasty)
        await expect(desk.page.locator(".entry.visitor .text").last).to_have_text(nasty)
        assert await desk.page.locator(".log img, .log script").count() == 0
        assert "taken" not in await desk.page.title()


async def test_an_offer_does_not_take_the_focus_or_the_text(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        await desk.opens(ANNE)
        await desk.page.focus("#message")
        await desk.page.keyboard.type("I am in the middle of")
        desk.server.offer()
        await expect(desk.page.locator(".offer")).to_be_visible()
        await expect(desk.page.locator("#announcer")).to_contain_text("New offer: K4, English")
        await desk.page.keyboard.type(" a sentence")
        assert await desk.focus() == "message"
        await expect(desk.page.locator("#message")).to_have_value("I am in the middle of a sentence")
        desk.server.send({"t": "offer_gone", "contact": WAITS, "why": "taken"})
        await expect(desk.page.locator(".offer")).to_have_count(0)
        assert await desk.focus() == "message"


async def test_an_accepted_contact_is_shown_and_the_draft_of_the_other_is_kept(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        await desk.opens(ANNE)
        await desk.page.fill("#message", "half a sentence")
        desk.server.offer()
        await desk.page.click(".offer .primary")
        await desk.page.wait_for_selector(f"[data-log='{WAITS}']")
        await expect(desk.page.locator("#message")).to_have_value("")
        await desk.opens(ANNE)
        await expect(desk.page.locator("#message")).to_have_value("half a sentence")


async def test_a_lost_line_is_said_and_everything_goes_on_after_it(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        await desk.opens(ANNE)
        desk.server.mute = True
        await desk.page.fill("#message", "never answered")
        await desk.page.keyboard.press("Enter")
        await desk.until("say")
        await desk.page.fill("#message", "still writing")
        await desk.server.close(1011)
        await expect(desk.page.locator(".banner.warning")).to_contain_text("Connection lost")
        desk.server.mute = False
        desk.server.entries[ANNE].append(
            {"seq": 4, "kind": "message", "by": "visitor", "at": 1, "text": "meanwhile", "code": None, "id": None}
        )
        await expect(desk.page.locator(".banner.warning")).to_have_count(0, timeout=15_000)
        await expect(desk.page.locator(".entry.worker .text")).to_have_text("never answered")
        await expect(desk.page.locator(".entry.visitor .text").last).to_have_text("meanwhile")
        await expect(desk.page.locator("#message")).to_have_value("still writing")
        assert desk.server.of_kind("hello")[1]["open"][0] == {"contact": ANNE, "after": 3}
        assert len({frame["id"] for frame in desk.server.of_kind("say")}) == 1
        texts = await desk.page.locator(".entry .text").all_text_contents()
        assert texts.count("never answered") == 1


async def test_shown_is_told_only_of_what_somebody_can_see(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        await desk.page.wait_for_timeout(300)
        assert desk.server.of_kind("shown") == []
        await desk.opens(ANNE)
        await desk.until("shown")
        assert desk.server.of_kind("shown")[-1] == {"t": "shown", "contact": ANNE, "seq": 3}
        await desk.page.evaluate("document.hasFocus = () => false")
        desk.server.arrives(ANNE, "visitor", "unseen")
        await expect(desk.page.locator(".entry.visitor .text").last).to_have_text("unseen")
        await desk.page.wait_for_timeout(200)
        assert len(desk.server.of_kind("shown")) == 1
        await desk.page.evaluate("delete document.hasFocus; dispatchEvent(new Event('focus'))")
        await desk.until("shown", 2)


async def test_a_scrolled_up_reader_is_not_pulled_down(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        for n in range(40):
            desk.server.arrives(ANNE, "visitor", f"line {n}")
        await desk.opens(ANNE)
        await expect(desk.page.locator(".entry.visitor .text").last).to_be_in_viewport()
        await desk.page.eval_on_selector(".log", "log => { log.scrollTop = 0; }")
        await expect(desk.page.locator(".jump")).to_be_visible()
        desk.server.arrives(ANNE, "visitor", "the newest")
        await desk.page.wait_for_timeout(200)
        assert await desk.page.eval_on_selector(".log", "log => log.scrollTop") == 0
        await desk.page.click(".jump")
        await expect(desk.page.locator(".entry.visitor .text").last).to_be_in_viewport()
        await expect(desk.page.locator(".jump")).to_have_count(0)


async def test_ending_asks_first_and_the_composer_goes_with_the_conversation(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        await desk.opens(ANNE)
        await desk.page.click("[data-focus=end]")
        assert await desk.page.evaluate("document.activeElement.dataset.focus") == "keep-talking"
        assert desk.server.of_kind("end") == []
        await desk.page.click("[data-focus=end-it]")
        await expect(desk.page.locator(".foot.over")).to_contain_text("You ended the conversation.")
        assert await desk.page.locator("#message").count() == 0
        assert await desk.focus() != "BODY"
        await desk.page.click("[data-focus=set-aside]")
        await expect(desk.page.locator(ROW.format(ANNE))).to_have_count(0)


async def test_the_lock_takes_everything_off_the_page_and_only_the_passphrase_brings_it_back(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        await desk.opens(ANNE)
        await desk.page.fill("#message", "a draft")
        await desk.page.click("[data-focus=bar-lock]")
        await desk.page.wait_for_selector("#unlock")
        body = await desk.page.inner_text("body")
        assert not [word for word in ("Hei", "P3", "Finnish", "a draft") if word in body]
        assert await desk.page.locator("[data-log], #message, .row").count() == 0
        await desk.page.fill("#unlock", "a guess")
        await desk.page.keyboard.press("Enter")
        await expect(desk.page.locator("#unlock-error")).to_be_visible()
        await desk.page.fill("#unlock", PASSPHRASE)
        await desk.page.keyboard.press("Enter")
        await expect(desk.page.locator("#message")).to_have_value("a draft")


async def test_a_reload_does_not_open_a_locked_desk(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        desk.server.mine = []
        desk.server.line()
        await desk.page.click("[data-focus=bar-lock]")
        await desk.page.wait_for_selector("#unlock")
        connections = desk.server.connections
        async with desk.page.expect_response("**/desk"):
            await desk.page.reload()
        await desk.page.wait_for_selector("#unlock")
        assert desk.server.connections == connections
        await desk.page.fill("#unlock", PASSPHRASE)
        await desk.page.keyboard.press("Enter")
        await desk.page.wait_for_selector("desk-contacts .rows")


async def test_opened_elsewhere_it_waits_to_be_asked_back(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        await desk.opens(ANNE)
        await desk.server.close(4409)
        await expect(desk.page.get_by_role("heading", name="The desk is open elsewhere")).to_be_visible()
        assert await desk.page.locator("[data-log]").count() == 0
        await desk.page.wait_for_timeout(700)
        assert desk.server.connections == 1
        await desk.page.get_by_role("button", name="Use it here").click()
        await expect(desk.page.locator(".entry.visitor .text").first).to_have_text("Hei")


async def test_a_session_that_ended_leads_to_sign_in(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        desk.house.signed_out = True
        await desk.server.close(4401)
        await desk.page.wait_for_url("**/desk/sign-in*")


async def test_everything_is_reached_from_the_keyboard(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        press = desk.page.keyboard.press
        await press("Alt+ArrowDown")
        await desk.page.wait_for_selector(f"[data-log='{ANNE}']")
        await press("Alt+ArrowDown")
        await desk.page.wait_for_selector(f"[data-log='{BERT}']")
        await press("Alt+Shift+ArrowDown")
        await desk.page.wait_for_selector(f"[data-log='{ANNE}']")
        await press("Control+k")
        await desk.page.keyboard.type("write an internal")
        await press("Enter")
        await expect(desk.page.locator("#note")).to_be_focused()
        await press("F6")
        await expect(desk.page.locator(ROW.format(ANNE))).to_be_focused()
        await press("F6")
        await expect(desk.page.locator("#message")).to_be_focused()
        await press("Shift+F6")
        await expect(desk.page.locator(ROW.format(ANNE))).to_be_focused()
        await press("?")
        await expect(desk.page.locator("dialog")).to_contain_text("Next pane")
        await press("Escape")
        await expect(desk.page.locator("dialog")).to_be_hidden()
        await press("Control+k")
        await desk.page.keyboard.type("end the conv")
        await press("Enter")
        await expect(desk.page.locator(".confirm")).to_be_visible()
        assert desk.server.of_kind("end") == []


async def test_a_hidden_tabs_line_is_kept_alive_by_a_worker(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        await eventually(lambda: desk.page.workers)
        assert desk.page.workers[0].url.endswith("/operator_ui/static/js/ticker.js")
        assert desk.complaints == []


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (768, False), (390, True), (320, False)])
async def test_the_desk_is_accessible_and_fits(browser: Browser, width: int, dark: bool) -> None:
    async with at_the_desk(browser, width=width, dark=dark) as desk:
        desk.server.offer()
        await desk.opens(ANNE)
        await desk.page.fill("#message", "draft")
        await desk.page.wait_for_selector(".offer")
        await desk.passes_axe()
        assert await desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await desk.page.keyboard.press("Control+k")
        await desk.page.wait_for_selector("dialog[open]")
        await desk.passes_axe()
