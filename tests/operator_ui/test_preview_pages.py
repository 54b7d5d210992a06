"""The preview says what the live page will say, and nothing is published unseen."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest

from tests.house import Worker
from tests.operator_ui.lead_site import HOURS, PREVIEW, Browser, browser_of, field, published, shown, week_fields

pytestmark = pytest.mark.anyio
HELSINKI = ZoneInfo("Europe/Helsinki")
INSTANTS = (
    "2026-11-24 14:20", "2026-11-24 14:30", "2026-11-24 14:59", "2026-11-24 15:00", "2026-11-26 08:29",
    "2026-11-26 08:30", "2026-11-26 10:45", "2026-11-26 12:00", "2026-11-27 23:59", "2026-11-28 00:00",
    "2026-11-28 01:31", "2026-11-28 02:00", "2026-12-06 12:00",
)  # fmt: skip


async def _previewed(browser: Browser, query: str, language: str, local: datetime) -> str:
    page = await browser.get(f"{PREVIEW}?{query}&read={language}&day={local:%Y-%m-%d}&time={local:%H.%M}")
    found = re.search(r'<blockquote[^>]*id="sentence">(.*?)</blockquote>', page.text)
    assert found is not None
    return " ".join(unescape(found[1]).split())


async def test_the_preview_equals_what_the_live_page_says_at_that_minute(here: Worker) -> None:
    """One clock: first every sentence is previewed, then the hours are published and each minute comes."""
    instants = [datetime.fromisoformat(reading).replace(tzinfo=HELSINKI) for reading in INSTANTS]
    languages = here.house.facts.languages
    async with browser_of(here, "kaisa") as browser:
        await browser.post(HOURS, week_fields())
        seen = {
            (at, language): await _previewed(browser, "do=draft", language, at)
            for at in instants
            for language in languages
        }
        here.clock.advance(1)
        await published(browser, "do=draft")
        for at in instants:
            here.clock.advance((at.astimezone(UTC) - here.clock.now()) / timedelta(seconds=1))
            await here.on_duty("anna", languages=languages)
            for language in languages:
                here.house.duty.forget()
                live = await browser.get(f"/status.json?lang={language}")
                assert " ".join(live.json()["text"].split()) == seen[at, language], (at, language)
                page = await browser.get(f"/{language}")
                assert seen[at, language] in shown(page), (at, language)


async def test_fourteen_days_are_told_with_what_changes(here: Worker) -> None:
    async with browser_of(here, "kaisa") as browser:
        await browser.post(HOURS, week_fields())
        text = await browser.text(f"{PREVIEW}?do=draft&read=sv")
        assert "Tue, 24 Nov 2026 Open 00:00–15:00" in text
        assert "Fri, 27 Nov 2026 Open 21:00–24:00" in text
        assert "Sun, 6 Dec 2026 Closed all day" in text
        assert "Closes: Tue, 24 Nov 2026, 15:00 – Thu, 26 Nov 2026, 09:00" in text
        assert "Chatten" in text


async def test_nothing_is_published_that_was_not_seen(here: Worker) -> None:
    async with browser_of(here, "kaisa") as kaisa, browser_of(here, "liisa") as liisa:
        await kaisa.post(HOURS, week_fields())
        unseen = await kaisa.post(PREVIEW, [("do", "draft"), ("digest", "00")])
        assert (unseen.status_code, "Look at it as it is now" in shown(unseen)) == (409, True)
        digest = field(await kaisa.get(f"{PREVIEW}?do=draft"), "digest")
        revision = field(await liisa.get(HOURS), "revision")
        await liisa.post(HOURS, week_fields([(0, "10", "12")], revision=revision))
        await liisa.get(f"{PREVIEW}?do=draft")
        moved = await kaisa.post(PREVIEW, [("do", "draft"), ("digest", digest)])
        assert moved.status_code == 409
        assert "Monday: 10:00–12:00" in shown(moved)
        await published(liisa, "do=draft")
        gone = await kaisa.post(PREVIEW, [("do", "draft"), ("digest", digest)])
        assert "This change is not there any more" in shown(gone)


async def test_hours_with_something_to_correct_have_no_button(here: Worker) -> None:
    async with browser_of(here, "kaisa") as browser:
        await browser.post(HOURS, week_fields((), editing="text", expression="PH off; Mo-Su 09:00-17:00"))
        page = await browser.get(f"{PREVIEW}?do=draft")
        assert "This cannot be published before it is corrected" in shown(page)
        assert 'name="digest"' not in page.text


async def test_a_preview_that_does_not_show_the_beginning_publishes_nothing(here: Worker) -> None:
    async with browser_of(here, "kaisa") as browser:
        await browser.post(HOURS, week_fields(begin="later", valid_day="2027-02-01"))
        late = await browser.get(f"{PREVIEW}?do=draft")
        assert 'name="digest"' in late.text  # begins where the change begins
        early = await browser.get(f"{PREVIEW}?do=draft&day=2026-11-24&time=12")
        assert 'name="digest"' not in early.text
        assert "The change begins on Mon, 1 Feb 2027, 00:00" in shown(early)


@pytest.mark.parametrize("typed", ["day=soon&time=12", "day=2026-11-24&time=noon", "day=2098-01-01&time=12"])
async def test_a_clock_that_cannot_be_read_is_said(here: Worker, typed: str) -> None:
    async with browser_of(here, "kaisa") as browser:
        assert "Please correct this" in await browser.text(f"{PREVIEW}?{typed}")
