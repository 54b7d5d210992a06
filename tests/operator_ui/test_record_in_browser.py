"""The record pane in a real Chromium: recorded in under a minute, with the mouse or without, and nothing lost."""

import re
import time
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Page, Route, expect

from contacts.contact import Refusal, Refused
from contacts.record import Codes
from tests.eventually import eventually
from tests.operator_ui.browser_desk import Desk, at_the_desk
from tests.operator_ui.desk_line import ANNE, BERT

pytestmark = pytest.mark.anyio
MOST_ACTIVATIONS = 8
A_CONSULTATION = {"who": ("self",), "topic": ("rights",), "outcome": ("advice", "organisation_details_given")}


@dataclass
class Hands:
    """Presses things and counts."""

    page: Page
    activations: int = 0

    async def chooses(self, field: str, code: str) -> None:
        await self.page.click(f"[data-field={field}] [data-code={code}]")
        self.activations += 1

    async def clicks(self, selector: str) -> None:
        await self.page.click(selector)
        self.activations += 1

    async def presses(self, key: str) -> None:
        await self.page.keyboard.press(key)
        self.activations += 1


def kept(desk: Desk, contact: str = ANNE) -> Codes:
    """What stands in the record now."""
    record = desk.house.records.kept[contact][-1].record
    assert record is not None
    return record.codes


async def at_the_record(desk: Desk, contact: str = ANNE) -> None:
    await desk.opens(contact)
    await expect(desk.page.locator("[data-field=who]")).to_be_visible()


async def saved(desk: Desk) -> None:
    await expect(desk.page.locator(".standing-text")).to_have_text(re.compile("Saved|Finished"))


async def test_a_consultation_is_recorded_with_the_mouse_in_eight_activations(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        await at_the_record(desk)
        hands, began = Hands(desk.page), time.monotonic()
        await hands.chooses("who", "self")
        await hands.chooses("topic", "rights")
        await hands.chooses("outcome", "advice")
        await hands.chooses("outcome", "organisation_details_given")
        await hands.chooses("danger", "no")
        await hands.chooses("repeat_contact", "no")
        await hands.clicks("[data-focus=record-finish]")
        await expect(desk.page.locator(".standing-text")).to_contain_text("Finished")
        assert hands.activations <= MOST_ACTIVATIONS
        assert time.monotonic() - began < 60
        assert kept(desk) == A_CONSULTATION | {"danger": ("no",), "repeat_contact": ("no",)}
        assert desk.complaints == []


async def test_a_consultation_is_recorded_with_the_keyboard_alone_in_eight_presses(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        await at_the_record(desk)
        await desk.page.focus("#message")
        hands = Hands(desk.page)
        await hands.presses("F6")
        await expect(desk.page.locator("[data-field=who] [data-code=self]")).to_be_focused()
        for key in ("1", "Tab", "5", "Tab", "1", "3", "Control+Enter"):
            await hands.presses(key)
        await expect(desk.page.locator(".standing-text")).to_contain_text("Finished")
        assert hands.activations <= MOST_ACTIVATIONS
        assert kept(desk) == A_CONSULTATION
        assert desk.house.records.kept[ANNE][-1].record.finished  # type: ignore[union-attr]


async def test_every_choice_is_saved_by_itself_and_can_be_taken_back(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        await at_the_record(desk)
        hands = Hands(desk.page)
        await hands.chooses("who", "professional")
        await hands.chooses("party", "shelter")
        await saved(desk)
        assert kept(desk) == {"who": ("professional",), "party": ("shelter",)}
        await hands.chooses("party", "shelter")
        await eventually(lambda: kept(desk) == {"who": ("professional",)}, within=10)
        await hands.clicks("[data-focus=outcome-others]")
        await hands.chooses("outcome", "prank")
        await eventually(lambda: kept(desk).get("outcome") == ("prank",), within=10)


async def test_indicators_are_one_tab_further(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        await at_the_record(desk)
        await desk.page.click("#record-tab-indicators")
        hands = Hands(desk.page)
        await hands.chooses("form", "forced_labour")
        await hands.chooses("other_forms", "begging")
        await hands.chooses("control", "debt")
        await hands.chooses("control", "threats")
        await desk.page.select_option("#field-nationality-list", "NP")
        expected = {
            "form": ("forced_labour",),
            "other_forms": ("begging",),
            "control": ("debt", "threats"),
            "nationality": ("NP",),
        }
        await eventually(lambda: ANNE in desk.house.records.kept and kept(desk) == expected, within=10)
        assert await desk.page.locator("[data-field=other_forms] [data-code=forced_labour]").count() == 0
        await desk.page.keyboard.press("Shift+Tab")
        await desk.page.click("#record-tab-basics")
        await expect(desk.page.locator("[data-field=who]")).to_be_visible()


async def test_a_colleagues_choices_and_mine_are_both_kept_and_a_clash_is_shown(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        await at_the_record(desk)
        hands = Hands(desk.page)
        await hands.chooses("who", "self")
        await saved(desk)
        desk.house.records.written_by_a_colleague(ANNE, {"who": ("self",), "danger": ("yes",)})
        await hands.chooses("topic", "rights")
        await expect(desk.page.locator(".standing-text")).to_contain_text("both are kept")
        assert kept(desk) == {"who": ("self",), "topic": ("rights",), "danger": ("yes",)}
        desk.house.records.written_by_a_colleague(ANNE, {"who": ("employer",), "topic": ("rights",)})
        await hands.chooses("who", "public")
        conflict = desk.page.locator(".conflict")
        await expect(conflict).to_contain_text("Kaisa saved something else meanwhile")
        await expect(conflict).to_contain_text("Here: Member of the public")
        await expect(conflict).to_contain_text("Saved: Employer")
        await desk.passes_axe()
        assert kept(desk)["who"] == ("employer",)
        await desk.page.click("[data-focus=keep-mine]")
        await eventually(lambda: kept(desk)["who"] == ("public",), within=10)
        assert [one.revision for one in desk.house.records.kept[ANNE]] == [1, 2, 3, 4, 5]


async def test_what_cannot_be_saved_is_kept_and_saved_later(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        await at_the_record(desk)
        desk.house.records.trouble = Refused(Refusal.UNAVAILABLE)
        await Hands(desk.page).chooses("who", "self")
        await expect(desk.page.locator(".standing-text")).to_contain_text("Not saved; kept here")
        await desk.opens(BERT)
        await desk.server.close(1011)
        desk.house.records.trouble = None
        await expect(desk.page.locator(".banner.warning")).to_have_count(0, timeout=15_000)
        await desk.opens(ANNE)
        await expect(desk.page.locator("[data-field=who] [data-code=self]")).to_have_attribute("aria-checked", "true")
        await eventually(lambda: ANNE in desk.house.records.kept, within=15)
        assert kept(desk) == {"who": ("self",)}


async def test_a_record_that_cannot_be_read_says_so_and_can_be_asked_for_again(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        desk.house.records.trouble = Refused(Refusal.UNAVAILABLE)
        await desk.opens(ANNE)
        await expect(desk.page.locator("#record-panel")).to_contain_text("The record could not be read.")
        desk.house.records.trouble = None
        await desk.page.click("[data-focus=record-load]")
        await expect(desk.page.locator("[data-field=who]")).to_be_visible()


async def test_while_it_is_read_the_pane_says_so(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        await desk.page.route("**/record", hold)
        await desk.opens(ANNE)
        await expect(desk.page.locator("#record-panel [aria-busy=true]")).to_be_visible()
        await eventually(lambda: held)
        await held[0].continue_()
        await expect(desk.page.locator("[data-field=who]")).to_be_visible()


async def test_a_contact_that_left_the_list_is_finished_from_a_list_of_its_own(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        records = desk.house.records
        gone = "c" * 32
        records.ended |= {gone}
        records.gone_from_list = [records.contact(gone)]
        await desk.page.reload()
        row = desk.page.locator("section[aria-labelledby=rows-finish] .row-face")
        await expect(row).to_contain_text("Ended, record open")
        await row.click()
        await Hands(desk.page).chooses("who", "self")
        records.gone_from_list = []
        await desk.page.click("[data-focus=record-finish]")
        await expect(desk.page.locator("section[aria-labelledby=rows-finish]")).to_have_count(0)
        assert kept(desk, gone) == {"who": ("self",)}


async def test_a_note_that_could_identify_somebody_is_warned_about_and_not_forbidden(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        await desk.opens(ANNE)
        await desk.page.click("#record-tab-notes")
        await expect(desk.page.locator("#record-panel")).to_contain_text("are deleted 12 months after")
        await desk.page.fill("#note", "Her number is 040 123 4567.")
        await expect(desk.page.locator(".note-warning")).to_contain_text("a telephone number")
        await desk.passes_axe()
        await desk.page.keyboard.press("Control+Enter")
        await expect(desk.page.locator(".note .text").first).to_have_text("Her number is 040 123 4567.")
        await expect(desk.page.locator(".note .who").first).to_contain_text("Anna")
        await expect(desk.page.locator(".note-warning")).to_have_count(0)


async def test_the_lock_takes_the_record_off_the_page(browser: Browser) -> None:
    async with at_the_desk(browser) as desk:
        await at_the_record(desk)
        await Hands(desk.page).chooses("who", "self")
        await desk.page.click("[data-focus=bar-lock]")
        await desk.page.wait_for_selector("#unlock")
        assert await desk.page.locator("[data-field], .record-foot").count() == 0


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (768, True), (320, False)])
async def test_the_record_is_accessible_and_fits(browser: Browser, width: int, dark: bool) -> None:
    async with at_the_desk(browser, width=width, dark=dark) as desk:
        await desk.opens(ANNE)
        if width < 1024:
            await desk.page.click("[data-focus=tab-record]")
        for tab in ("basics", "indicators", "notes"):
            await desk.page.click(f"#record-tab-{tab}")
            await expect(desk.page.locator(f"[data-tab={tab}]")).not_to_be_empty()
            if tab == "basics":
                await Hands(desk.page).chooses("who", "self")
                await saved(desk)
            await desk.passes_axe()
            assert await desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            body = "document.querySelector('#record-panel .pane-body')"
            assert await desk.page.evaluate(f"{body}.scrollWidth <= {body}.clientWidth")
