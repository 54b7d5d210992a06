"""The roster on the screen: shifts, conflicts, swaps, absences, coverage."""

import re

import pytest

from contacts.people import Role
from tests.house import Worker
from tests.operator_ui.lead_site import ABSENCE, COVERAGE, ROSTER, SHIFT, Browser, browser_of, field, shown

pytestmark = pytest.mark.anyio
WEEK = f"{ROSTER}?week=2026-W48"


def _shift(person: str, **changed: str) -> list[tuple[str, str]]:
    fields = {"do": "save", "scope": "whole", "person": person, "channel": "both", "languages": "fi", "tier": "1"}
    fields |= {"first": "2026-11-25", "starts": "9", "ends": "17", "repeat": "none", "interval": "1"} | changed
    return list(fields.items())


async def _edit(browser: Browser, day: str = "2026-11-25") -> str:
    found = re.search(rf'href="({SHIFT}\?id=[^"]*day={day})"', (await browser.get(WEEK)).text)
    assert found is not None
    return found[1].replace("&amp;", "&")


async def test_a_repeating_shift_is_added_changed_for_a_day_and_ended(here: Worker) -> None:
    anna = await here.signed_in("anna", languages=("fi", "sv"))
    async with browser_of(here, "kaisa") as browser:
        fields = _shift(anna.staff_id, repeat="weekly", starts="22", ends="7")
        page = await browser.followed(await browser.post(SHIFT, [*fields, ("weekdays", "2"), ("weekdays", "3")]))
        assert "The shift is saved." in shown(page)
        assert "22:00–07:00 (Thu) Anna" in shown(page)
        assert "every week on Wed, Thu" in shown(page)
        form = await browser.get(await _edit(browser, "2026-11-26"))
        names = ("id", "day", "version")
        one_day = {name: field(form, name) for name in names} | {"scope": "day", "first": "2026-11-26", "ends": "6"}
        page = await browser.followed(await browser.post(SHIFT, _shift(anna.staff_id, **one_day, starts="22")))
        assert "22:00–06:00 (Fri) Anna" in shown(page)
        assert "changed for this day" in shown(page)
        form = await browser.get(await _edit(browser))
        await browser.post(SHIFT, [("do", "end"), *((name, field(form, name)) for name in names)])
        text = shown(await browser.get(WEEK))
        assert "until Wed, 25 Nov 2026" in text
        assert "(Fri) Anna" not in text


async def test_refusals_lead_to_their_fields(here: Worker) -> None:
    anna = await here.signed_in("anna")
    async with browser_of(here, "kaisa") as browser:
        for changed, sentence, place in (
            ({"person": ""}, "Choose who takes this shift", "person"),
            ({"languages": "ar"}, "Anna does not speak Arabic", "languages"),
            ({"tier": "x"}, "“x” is not a number", "tier"),
            ({"starts": "25"}, "There is no time “25”", "starts"),
            ({"last": "2026-12-20"}, "A shift lasts 7 days at most", "ends"),
            ({"repeat": "weekly", "until": "2026-11-01"}, "The last day is before the first one", "until"),
        ):
            fields: dict[str, str] = changed
            answer = await browser.post(SHIFT, _shift(**{"person": anna.staff_id, **fields}))
            assert (answer.status_code, sentence in shown(answer)) == (422, True), changed
            assert f'href="#{place}"' in answer.text


async def test_of_two_leads_the_second_sees_the_shift_as_it_is_now(here: Worker) -> None:
    anna = await here.signed_in("anna")
    async with browser_of(here, "kaisa") as kaisa, browser_of(here, "liisa") as liisa:
        await kaisa.post(SHIFT, _shift(anna.staff_id))
        form = await kaisa.get(await _edit(kaisa))
        names = {name: field(form, name) for name in ("id", "day", "version")}
        await liisa.post(SHIFT, _shift(anna.staff_id, **names, ends="18"))
        late = await kaisa.post(SHIFT, _shift(anna.staff_id, **names, ends="16.30"))
        assert late.status_code == 409
        assert "09:00–18:00" in shown(late)
        assert field(late, "ends") == "16.30"
        again = _shift(anna.staff_id, **names | {"version": field(late, "version")}, ends="16.30")
        assert "09:00–16:30" in shown(await kaisa.followed(await kaisa.post(SHIFT, again)))


async def test_operators_offer_and_take_their_own_shifts_and_edit_none(here: Worker) -> None:
    anna, bert = await here.signed_in("anna"), await here.signed_in("bert")
    async with (
        browser_of(here, "kaisa") as lead,
        browser_of(here, "anna", Role.OPERATOR) as hers,
        browser_of(here, "bert", Role.OPERATOR) as his,
    ):
        await lead.post(SHIFT, _shift(anna.staff_id))
        page = await hers.get(WEEK)
        assert SHIFT not in page.text
        offer = {"do": "offer", "id": field(page, "id"), "day": "2026-11-25", "to": bert.staff_id, "week": "2026-W48"}
        stolen = await his.post(ROSTER, offer.items())
        assert (stolen.status_code, "is not this person's" in shown(stolen)) == (409, True)
        offered = await hers.followed(await hers.post(ROSTER, offer.items()))
        assert "Your shift is on offer" in shown(offered)
        taken = [("do", "take"), ("offer", field(await his.get(WEEK), "offer")), ("week", "2026-W48")]
        assert "The shift is yours." in shown(await his.followed(await his.post(ROSTER, taken)))
        assert "09:00–17:00 Bert" in await lead.text(WEEK)
        assert "Bert took a shift: Anna" in await lead.text(WEEK)
        assert "not on offer any more" in shown(await his.post(ROSTER, taken))


async def test_somebody_who_cannot_come_leaves_a_gap_that_is_shown(here: Worker) -> None:
    anna = await here.signed_in("anna")
    async with browser_of(here, "kaisa") as browser:
        await browser.post(SHIFT, _shift(anna.staff_id, repeat="daily"))
        covered = await browser.text(f"{COVERAGE}?day=2026-11-25")
        assert "09:00–17:00 1: Finnish. Missing: English and Swedish 1: Finnish" in covered
        assert "Nobody answers the telephone: Wed, 25 Nov 2026, 17:00 – Thu, 26 Nov 2026, 09:00" in covered
        refused = await browser.post(ABSENCE, [("person", ""), ("first", "2026-11-25"), ("last", "2026-11-20")])
        assert "The last day is before the first" in shown(refused)
        gone = await browser.post(ABSENCE, [("person", anna.staff_id), ("first", "2026-11-25"), ("last", "2026-11-26")])
        assert "The shifts are cancelled" in shown(await browser.followed(gone))
        assert "00:00–24:00 Nobody Nobody" in await browser.text(f"{COVERAGE}?day=2026-11-25")
        form = await browser.get(await _edit(browser))
        back = [("do", "restore"), *((name, field(form, name)) for name in ("id", "day", "version"))]
        await browser.post(SHIFT, back)
        assert "09:00–17:00 1: Finnish" in await browser.text(f"{COVERAGE}?day=2026-11-25")
