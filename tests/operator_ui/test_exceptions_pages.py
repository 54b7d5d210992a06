"""Exceptions, holidays and the pause."""

import pytest

from tests.house import Worker
from tests.operator_ui.lead_site import COVERAGE, EXCEPTIONS, browser_of, published, recorded, shown

pytestmark = pytest.mark.anyio
OTHER = {"do": "check", "kind": "other", "first": "2026-11-25", "last": "2026-11-26", "times": "10-12, 21-02"}


async def test_an_exception_is_previewed_published_and_removed(here: Worker) -> None:
    async with browser_of(here, "kaisa") as browser:
        answer = await browser.post(EXCEPTIONS, [*OTHER.items(), ("languages", "fi")])
        query = answer.headers["location"].partition("?")[2]
        page = await published(browser, query)
        told = "Wed, 25 Nov 2026 – Thu, 26 Nov 2026: open 10:00–12:00, 21:00–02:00 instead (Finnish)"
        assert told in shown(page)
        overlapping = await browser.post(EXCEPTIONS, [*OTHER.items()])
        assert "This overlaps another exception" in shown(overlapping)
        exception = page.text.partition("do=remove&amp;id=")[2][:32]
        assert f'href="{EXCEPTIONS}#exception-{exception}"' in overlapping.text
        assert told not in shown(await published(browser, f"do=remove&id={exception}"))
    assert [detail for detail, _ in await recorded(here)] == ["exception_added", "exception_removed"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"kind": ""}, "Choose what happens"),
        ({"first": "tomorrow"}, "is not a day"),
        ({"last": "2026-11-20"}, "is before the first"),
        ({"times": ""}, "need times"),
        ({"times": "10"}, "is not a start and an end"),
    ],
)
async def test_what_cannot_be_an_exception_is_said_and_kept(
    here: Worker, changed: dict[str, str], sentence: str
) -> None:
    async with browser_of(here, "kaisa") as browser:
        answer = await browser.post(EXCEPTIONS, (OTHER | changed).items())
        assert (answer.status_code, sentence in shown(answer)) == (422, True)
        assert (OTHER | changed)["times"] in answer.text


async def test_pause_now_stops_new_starts_for_everybody_and_resume_lets_them_begin(here: Worker) -> None:
    await here.on_duty("anna")
    async with browser_of(here, "kaisa") as browser:
        assert (await browser.get("/status.json?lang=fi")).json()["state"] == "open"
        page = await browser.followed(await browser.post(EXCEPTIONS, [("do", "pause")]))
        assert "The chat is paused. Nobody new can start." in shown(page)
        status = (await browser.get("/status.json?lang=fi")).json()
        assert (status["state"], status["text"] in shown(page)) == ("paused", True)
        assert "Kaisa paused it on Tue, 24 Nov 2026, 14:00" in await browser.text(EXCEPTIONS)
        await browser.post(EXCEPTIONS, [("do", "pause")])
        await browser.post(EXCEPTIONS, [("do", "resume")])
        assert (await browser.get("/status.json?lang=fi")).json()["state"] == "open"
    assert [detail for detail, _ in await recorded(here)] == ["paused", "resumed"]


async def test_a_holiday_is_warned_about_until_somebody_confirms_it(here: Worker) -> None:
    async with browser_of(here, "kaisa") as browser:
        assert "Sun, 6 Dec 2026 is a public holiday, and nobody has said" in await browser.text(COVERAGE)
        confirm = {"do": "confirm", "day": "2026-12-06", "hours": "00:00-24:00"}
        page = await browser.followed(await browser.post(EXCEPTIONS, confirm.items()))
        assert "The holiday is confirmed." in shown(page)
        assert "Sun, 6 Dec 2026 is a public holiday" not in await browser.text(COVERAGE)
        moved = await browser.post(EXCEPTIONS, (confirm | {"hours": "10:00-12:00"}).items())
        assert (moved.status_code, "have changed since you looked" in shown(moved)) == (409, True)
