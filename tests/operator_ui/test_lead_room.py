"""Who may come into the leads' room, and that nothing typed there is lost."""

from dataclasses import replace

import httpx2
import pytest
from starlette.applications import Starlette

from config.leads import leading
from contacts.people import Role
from operator_ui.assets import Assets
from operator_ui.lead_room import LeadRoom
from operator_ui.lead_routes import lead_routes
from operator_ui.reception import Reception
from operator_ui.rendering import Rendering
from operator_ui.wording import Wording
from storage.engine import Store
from tests.house import Worker
from tests.operator_ui.lead_site import (
    ABSENCE,
    COVERAGE,
    EXCEPTIONS,
    HOURS,
    PREVIEW,
    ROSTER,
    SHIFT,
    browser_of,
    field,
    shown,
    week_fields,
)

pytestmark = pytest.mark.anyio
LEADS_ONLY = ("/desk/lead", HOURS, EXCEPTIONS, PREVIEW, SHIFT, ABSENCE, COVERAGE)
POSTED = (HOURS, EXCEPTIONS, PREVIEW, SHIFT, ABSENCE)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ANALYST, Role.ADMIN])
async def test_for_others_the_pages_of_leads_are_not_there(here: Worker, role: Role) -> None:
    async with browser_of(here, "other", role) as browser:
        absent = await browser.get("/desk/lead/nothing")
        assert absent.status_code == 404
        for path in LEADS_ONLY:
            answer = await browser.get(path)
            assert (answer.status_code, shown(answer)) == (404, shown(absent)), path
        for path in POSTED:
            assert (await browser.post(path, [("do", "pause")])).status_code == 404, path
        roster = await browser.get(ROSTER)
        assert roster.status_code == (200 if role is Role.OPERATOR else 404)
        assert "/desk/lead/" not in roster.text
    async with here.house.resources.store.read() as conn:
        in_force = await here.house.schedule.current(conn, "chat", here.clock.now())
        assert in_force is not None
        assert not in_force.paused


async def test_every_page_of_a_lead_is_there(here: Worker) -> None:
    async with browser_of(here, "kaisa") as browser:
        for path in (*LEADS_ONLY[1:], ROSTER):
            answer = await browser.get(path)
            assert answer.status_code == 200, path
            assert 'aria-current="page"' in answer.text


async def test_a_form_of_somebody_whose_session_is_over_is_held_and_can_be_sent_again(here: Worker) -> None:
    async with browser_of(here, "kaisa") as browser:
        cookies = browser.http.cookies
        browser.http.cookies = httpx2.Cookies()
        assert (await browser.get(HOURS)).headers["location"] == "/desk/sign-in"
        assert (await browser.get("/desk/here")).status_code == 401
        held = await browser.post(HOURS, week_fields())
        assert held.status_code == 401
        assert "Nothing was saved. Sign in in another tab" in shown(held)
        assert field(held, "row-5-ends") == "2000"
        browser.http.cookies = cookies
        assert (await browser.get("/desk/here")).status_code == 204
        saved = await browser.post(HOURS, [(name, field(held, name)) for name, _ in week_fields()])
        assert "The draft is saved" in shown(await browser.followed(saved))


async def test_a_locked_desk_shows_its_lock_and_holds_forms(here: Worker) -> None:
    async with browser_of(here, "kaisa") as browser:
        await browser.post("/desk/lock", [])
        assert (await browser.get(HOURS)).headers["location"] == "/desk"
        held = await browser.post(HOURS, week_fields())
        assert (held.status_code, field(held, "row-2-starts")) == (403, "13")


async def test_a_form_of_another_page_is_refused_and_not_repeated(here: Worker) -> None:
    async with browser_of(here, "kaisa") as browser:
        answer = await browser.post(HOURS, week_fields(), origin="https://evil.example")
        assert (answer.status_code, "2000" in answer.text) == (403, False)


async def test_while_the_database_is_away_nothing_typed_is_lost(here: Worker) -> None:
    away = Store(url="sqlite+aiosqlite:////nowhere/at/all.sqlite")
    ports = replace(leading(here.house), store=away)
    facts = here.house.facts
    room = LeadRoom(
        reception=Reception(sessions=here.house.office.sessions, facts=facts),
        rendering=Rendering(facts=facts, assets=Assets(), wording=Wording(), second_factor=False),
    )
    routes = lead_routes(room=room, leading=ports)
    async with browser_of(here, "kaisa", app=Starlette(routes=routes)) as browser:
        held = await browser.post(HOURS, week_fields())
        assert held.status_code == 503
        assert "The server cannot be reached. Nothing was saved." in shown(held)
        assert [field(held, name) for name, _ in week_fields()] == [value for _, value in week_fields()]
        assert "cannot be read" in shown(await browser.get(HOURS))
    await away.close()
