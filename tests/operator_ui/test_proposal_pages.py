"""Proposals and the statistics key on the screen, on the real house, without JavaScript."""

import re

import httpx2
import pytest
from sqlalchemy import select

from contacts.audit import Action
from contacts.people import Role
from contacts.statistics.fact import Fact, Unit
from contacts.statistics.periods import Period
from contacts.tables_audit import audit
from tests.chat.forms import message
from tests.house import Worker
from tests.operator_ui.lead_site import Browser, browser_of, field, shown

pytestmark = pytest.mark.anyio
PROPOSALS, STATISTICS = "/desk/proposals", "/desk/lead/statistics"
GIVEN = {"who": ("professional",), "party": ("shelter",), "topic": ("how_to_refer",)}


@pytest.fixture
async def proposed(here: Worker) -> Worker:
    """Where a professional has proposed somebody."""
    await here.signed_in("kaisa", Role.LEAD, languages=("fi", "en"))
    await here.house.forms.proposing.sent(message("A safe place"), GIVEN)
    return here


async def _counted(here: Worker) -> list[Fact]:
    """All facts, moved without waiting for company."""
    here.house.counting.mover._at_least = 1
    await here.house.counting.mover.move()
    lead = here.sessions["lead"]
    return list(await here.house.counting.book.opened(lead, [Period("2026H2"), Period("2027H1")]))


async def _address(browser: Browser) -> str:
    found = re.search(rf'href="({PROPOSALS}/[0-9a-f]+)"', (await browser.get(PROPOSALS)).text)
    assert found is not None
    return found[1]


def _decision(page: httpx2.Response, **changed: str) -> list[tuple[str, str]]:
    fields = {"decision": "admitted_victim", "decided": "2026-11-24", "ended": "", "revision": field(page, "revision")}
    return list((fields | changed).items())


async def test_a_decision_is_recorded_counted_and_on_the_audit_log(proposed: Worker) -> None:
    async with browser_of(proposed, "kaisa") as browser:
        assert "Waiting for a decision (1)" in await browser.text(PROPOSALS)
        address = await _address(browser)
        page = await browser.get(address)
        assert "By the form for professionals" in shown(page)
        done = await browser.followed(await browser.post(address, _decision(page)))
        assert "The decision is recorded." in shown(done)
        assert "Decided (1)" in shown(done)
        again = await browser.get(address)
        assert 'value="admitted_victim" selected' in again.text
    facts = {fact.unit: fact for fact in await _counted(proposed)}
    assert facts[Unit.PROPOSAL].codes["party"] == ("shelter",)
    assert facts[Unit.DECISION].codes["decision"] == ("admitted_victim",)
    assert Unit.ENDED not in facts
    async with proposed.house.resources.store.read() as conn:
        rows = await conn.execute(select(audit.c.action).where(audit.c.contact.is_not(None)))
        actions = [row.action for row in rows]
    assert actions == [Action.OPEN, Action.PROPOSAL_DECIDED]


async def test_a_client_ends_and_a_wrong_decision_is_corrected(proposed: Worker) -> None:
    async with browser_of(proposed, "kaisa") as browser:
        address = await _address(browser)
        await browser.post(address, _decision(await browser.get(address), ended="2026-11-24"))
        units = [fact.unit for fact in await _counted(proposed)]
        assert sorted(units) == [Unit.DECISION, Unit.ENDED, Unit.PROPOSAL]
        await browser.post(address, _decision(await browser.get(address), decision="not_admitted"))
    facts = await _counted(proposed)
    assert [fact.codes["decision"] for fact in facts if fact.unit is Unit.DECISION] == [("not_admitted",)]
    assert not [fact for fact in facts if fact.unit is Unit.ENDED]


async def test_refusals_lead_to_their_fields_and_keep_what_was_typed(proposed: Worker) -> None:
    async with browser_of(proposed, "kaisa") as browser:
        address = await _address(browser)
        page = await browser.get(address)
        for changed, sentence, place in (
            ({"decided": ""}, "Write the date of the decision.", "decided"),
            ({"decision": ""}, "Choose the decision too", "decision"),
            ({"decided": "2027-01-01"}, "has not come yet", "decided"),
            ({"decided": "soon"}, "soon", "decided"),
            ({"ended": "2026-11-01"}, "The end comes before the decision.", "ended"),
            ({"ended": "2027-01-01"}, "The date of the end has not come yet.", "ended"),
            ({"decision": "lapsed", "ended": "2026-11-24"}, "Only an admission can end", "ended"),
        ):
            fields: dict[str, str] = changed
            answer = await browser.post(address, _decision(page, **fields))
            assert (answer.status_code, sentence in shown(answer)) == (422, True), changed
            assert f'href="#{place}"' in answer.text
        assert (await browser.post(address, _decision(page, decision="friend"))).status_code == 400


async def test_of_two_who_record_the_second_is_told(proposed: Worker) -> None:
    async with browser_of(proposed, "kaisa") as browser:
        address = await _address(browser)
        page = await browser.get(address)
        await browser.post(address, _decision(page))
        late = await browser.post(address, _decision(page, decision="lapsed"))
        assert (late.status_code, "Somebody else recorded" in shown(late)) == (409, True)
        assert 'value="lapsed" selected' in late.text
        again = _decision(late, decision="lapsed")
        assert (await browser.post(address, again)).status_code == 303


async def test_analysts_find_no_proposals_and_nobody_finds_what_is_not_there(proposed: Worker) -> None:
    async with browser_of(proposed, "saga", Role.ANALYST) as browser:
        assert (await browser.get(PROPOSALS)).status_code == 404
    async with browser_of(proposed, "kaisa") as browser:
        assert (await browser.get(f"{PROPOSALS}/{'0' * 32}")).status_code == 404


async def test_a_lead_gives_the_statistics_key_and_makes_a_new_one(here: Worker) -> None:
    await here.signed_in("saga", Role.ANALYST)
    async with browser_of(here, "kaisa") as browser, browser_of(here, "otso", Role.OPERATOR) as other:
        assert (await other.get(STATISTICS)).status_code == 404
        given = [("do", "give"), ("staff", here.sessions["saga"].staff_id)]
        page = await browser.text(STATISTICS)
        assert "Saga" in page
        async with here.house.resources.store.write() as conn:
            kaisa = here.sessions["kaisa"].staff_id
            await here.house.office.statistics.grant(conn, here.sessions["lead"].keys, kaisa)
        done = await browser.followed(await browser.post(STATISTICS, given))
        assert "Every analyst and lead holds all keys." in shown(done)
        new = await browser.followed(await browser.post(STATISTICS, [("do", "new")]))
        assert "There is a new key" in shown(new)
        assert (await browser.post(STATISTICS, [("do", "give"), ("staff", "nobody")])).status_code == 404
    async with here.house.resources.store.read() as conn:
        assert (await here.house.office.statistics.current(conn)).number == 2


async def test_the_record_begins_with_what_the_professional_said(here: Worker) -> None:
    aino = await here.signed_in("aino", Role.OPERATOR)
    await here.house.forms.proposing.sent(message("A safe place"), GIVEN)
    await here.house.forms.waiting.refresh()
    [listed] = here.house.forms.waiting.rows
    await here.house.forms.desk.taken(aino, listed.contact)
    door = here.house.recording.door
    assert (await door.current(aino, listed.contact)).given == GIVEN
    async with browser_of(here, "aino", Role.OPERATOR) as browser:
        told = (await browser.get(f"/desk/contacts/{listed.contact}/record")).json()
    assert {name: tuple(codes) for name, codes in told["suggested"].items()} == GIVEN
    await door.save(aino, listed.contact, based_on=0, codes={"who": ("self",)}, finished=False)
    assert (await door.current(aino, listed.contact)).given == {}
