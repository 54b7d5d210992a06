"""Reviews on the screen, on the real house, without JavaScript: preview, purpose, approval, download, the list."""

import io
import re
import zipfile

import pytest

from config.demo_figures import HALVES, facts
from contacts.people import Role
from tests.house import Worker
from tests.operator_ui.lead_site import Browser, browser_of, shown

pytestmark = pytest.mark.anyio
REVIEWS = "/desk/reviews"
REVIEW = f"{REVIEWS}/2026H1"
INSIDE = [("do", "make"), ("audience", "inside"), ("purpose", "The half-year’s review")]
OUTSIDE = [("do", "make"), ("audience", "outside"), ("purpose", "For the web site"), ("k", "10")]


@pytest.fixture
async def counted(here: Worker) -> Worker:
    """Where the demo's two half-years were counted."""
    await here.signed_in("kaisa", Role.LEAD, languages=("fi", "en"))
    saga = await here.signed_in("saga", Role.ANALYST, languages=("sv", "en"))
    async with here.house.resources.store.write() as conn:
        await here.house.office.statistics.grant(conn, here.sessions["lead"].keys, saga.staff_id)
        given = [(period, fact) for period in HALVES for fact in facts(period)]
        await here.house.reviewing.loading.bring(conn, given)
    return here


async def _link(browser: Browser) -> str:
    found = re.search(rf'href="({REVIEW}/files/[0-9a-f]+)"', (await browser.get(REVIEW)).text)
    assert found is not None
    return found[1]


async def test_an_analyst_previews_makes_and_downloads_and_a_lead_approves_what_is_published(counted: Worker) -> None:
    async with browser_of(counted, "saga", Role.ANALYST) as saga, browser_of(counted, "kaisa") as kaisa:
        assert REVIEWS in (await saga.get("/desk")).text
        assert REVIEW in (await saga.get(REVIEWS)).text
        preview = shown(await saga.post(REVIEW, [("do", "preview"), ("audience", "inside")]))
        assert re.search(r"Figures shown: \d+\. Figures hidden: \d+\.", preview)
        assert "when too few people stand behind it" in preview
        assert re.search(r"Decisions by outcome January–June 2026: \d+ of 7 figures are hidden\.", preview)
        assert "Nothing yet." in await saga.text(REVIEWS)
        missing = await saga.post(REVIEW, [("do", "make"), ("audience", "inside"), ("purpose", " ")])
        assert (missing.status_code, "what the review is for" in shown(missing)) == (422, True)
        told = [*INSIDE, ("words-clients-en", "There were 987 new clients.")]
        assert "987" in shown(await saga.post(REVIEW, told))
        made = shown(await saga.post(REVIEW, INSIDE))
        assert "Hiding figures, and trying to compute them back" in made
        assert "The review is ready." in made
        file = await saga.get(await _link(saga))
        assert file.headers["content-type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            assert "data.csv" in archive.namelist()
        assert "The half-year’s review" in await kaisa.text(REVIEWS)

        assert "waits for a second person" in shown(await saga.post(REVIEW, OUTSIDE))
        assert "Waits for a second person" in await saga.text(REVIEW)
        page = await kaisa.get(REVIEW)
        release = re.search(r'name="release" value="([0-9a-f]+)"', page.text)
        assert release is not None
        assert (await saga.get(f"{REVIEW}/files/{release[1]}")).status_code == 404
        approve = [("do", "approve"), ("release", release[1])]
        assert (await saga.post(REVIEW, approve)).status_code == 409
        assert "approved for publication" in shown(await kaisa.followed(await kaisa.post(REVIEW, approve)))
        assert (await saga.get(f"{REVIEW}/files/{release[1]}")).status_code == 200
        assert "Approved for publication" in await saga.text(REVIEWS)


async def test_an_analyst_without_the_key_is_told_so_and_other_periods_are_not_there(counted: Worker) -> None:
    async with browser_of(counted, "vieno", Role.ANALYST) as vieno:
        assert "lack a statistics key" in shown(await vieno.post(REVIEW, INSIDE))
        assert (await vieno.get(f"{REVIEWS}/2026H2")).status_code == 404
        assert (await vieno.post(REVIEW, [("do", "else")])).status_code == 400
        assert (await vieno.post(REVIEW, [("do", "approve"), ("release", "0")])).status_code == 404
        assert (await vieno.get(f"{REVIEW}/files/0")).status_code == 404
        assert (await vieno.get("/desk/lead/operations")).status_code == 404


async def test_leads_see_the_last_day_by_channel(here: Worker) -> None:
    await here.conversation(await here.on_duty("anna"))
    await here.visitor()
    async with browser_of(here, "kaisa") as kaisa:
        assert "Chat 2 1 0" in await kaisa.text("/desk/lead/operations")
