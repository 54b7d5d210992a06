"""What was done without consent waits for a lead who did not do it."""

import pytest

from contacts.forwarding.consent import Authority, Basis, Danger, Verdict
from contacts.forwarding.emergencies import Act, Emergencies
from contacts.people import Role
from contacts.session import Session
from tests.house import Worker
from tests.operator_ui.lead_site import browser_of, shown

pytestmark = pytest.mark.anyio
EMERGENCIES = "/desk/lead/emergencies"


def emergencies(here: Worker) -> Emergencies:
    return Emergencies(clock=here.house.resources.clock, audit=here.house.office.audit)


async def acted(here: Worker, by: Session) -> str:
    """Somebody called the police because a life was in danger."""
    talk = await here.visitor()
    act = Act(
        contact=talk.contact,
        authority=Authority.POLICE,
        reason=Danger.DANGER_TO_LIFE,
        basis=Basis.VITAL_INTERESTS,
        fields=("summary",),
    )
    async with here.house.resources.store.write() as conn:
        return await emergencies(here).act(conn, act, by=by)


async def test_a_lead_who_did_not_act_says_whether_it_was_right(here: Worker) -> None:
    operator = await here.on_duty("anna")
    emergency = await acted(here, operator)
    async with browser_of(here, "kaisa") as browser:
        text = await browser.text(EMERGENCIES)
        for said in ("Danger to life", "Anna acted on Tue, 24 Nov 2026, 14:00. Told: the police.", "vital interests",
                     "Please answer before Wed, 25 Nov 2026, 14:00.", "Waiting: 1. Later than 24 hours: 0."):  # fmt: skip
            assert said in text
        unsaid = await browser.post(EMERGENCIES, [("id", emergency)])
        assert (unsaid.status_code, "Choose yes or no first." in shown(unsaid)) == (422, True)
        answer = [("id", emergency), ("verdict", Verdict.AGREED)]
        page = await browser.followed(await browser.post(EMERGENCIES, answer))
        assert "Your answer is recorded." in shown(page)
        assert "No emergency waits for you." in shown(page)
        again = await browser.post(EMERGENCIES, answer)
        assert (again.status_code, "could not be recorded" in shown(again)) == (409, True)


async def test_after_a_day_it_is_late(here: Worker) -> None:
    await acted(here, await here.on_duty("anna"))
    here.staff.clock.advance(24 * 3600)
    async with browser_of(here, "kaisa") as browser:
        assert "Later than 24 hours: 1." in await browser.text(EMERGENCIES)
        assert "This should have been answered before" in await browser.text(EMERGENCIES)


async def test_a_lead_who_acted_leaves_the_answer_to_another(here: Worker) -> None:
    await here.on_duty("anna")
    await acted(here, await here.signed_in("kaisa", Role.LEAD))
    async with browser_of(here, "kaisa") as browser:
        text = await browser.text(EMERGENCIES)
        assert "You acted yourself. Another lead must look at this." in text
        assert "Record my answer" not in text
