"""What left badly stands on a list of the leads, and turns health red after a day, until somebody sees to it."""

import httpx2
import pytest

from config.health import Sign
from contacts.forwarding.consent import Authority, Basis, Danger, Verdict, Withdrawer
from contacts.forwarding.emergencies import Act
from contacts.forwarding.post import MemoryPost, NotHandedOver, Reason, Unconfirmed
from contacts.forwarding.stuck import HANDING_OVER, Why, stuck
from contacts.organisations.tables import organisations
from operator_ui.cookies import session_cookie
from storage.clock import epoch_seconds
from storage.engine import Store
from tests.contacts.conftest import database_url, kept_database, store
from tests.contacts.forwarding.scene import Scene, scene
from tests.contacts.forwarding.test_sending import queued
from tests.contacts.forwarding.test_transmitter import consent_of
from tests.sockets import ORIGIN
from tests.stores import told

__all__ = ["database_url", "kept_database", "store", "told"]

pytestmark = pytest.mark.anyio
DAY = 86_400


async def found(here: Scene) -> list[Why]:
    async with here.store.read() as conn:
        return [one.why for one in await stuck(conn, now=epoch_seconds(here.worker.clock.now()))]


async def sign(here: Scene, name: str) -> Sign:
    here.worker.clock.advance(6)
    return (await here.worker.house.keeping.health.signs())[name]


async def page(here: Scene) -> str:
    cookies = {session_cookie(here.worker.house.facts): here.worker.colleagues["kaisa"].cookie}
    transport = httpx2.ASGITransport(app=here.worker.app)
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN, cookies=cookies) as http:
        answer = await http.get("/desk/lead/retention")
    assert answer.status_code == 200
    return answer.text


async def test_what_failed_is_seen_by_leads_until_it_was_sent_again(store: Store) -> None:
    post = MemoryPost()
    async with scene(store, post) as here:
        forwarding = await queued(here)
        assert await found(here) == []
        post.fails = [NotHandedOver(Reason.REFUSED)]
        await here.leaving.transmitter.run()
        assert (await found(here), await sign(here, "sending")) == ([Why.FAILED], Sign.OK)
        shown = await page(here)
        assert "Sitä ei voitu luovuttaa." in shown
        assert "Majakka ry" in shown
        here.worker.clock.advance(DAY)
        assert await sign(here, "sending") is Sign.LATE
        here.otso = await here.worker.signed_in("otso")
        await here.leaving.following.again(here.otso, here.contact, forwarding)
        assert (await found(here), await sign(here, "sending")) == ([], Sign.OK)


async def test_what_nobody_knows_of_and_a_notice_that_failed_are_seen_too(store: Store) -> None:
    post = MemoryPost()
    async with scene(store, post) as here:
        forwarding = await queued(here)
        post.fails = [Unconfirmed(), NotHandedOver(Reason.REFUSED)]
        await here.leaving.transmitter.run()
        assert await found(here) == [], "it may still be on its way"
        here.worker.clock.advance(HANDING_OVER)
        assert await found(here) == [Why.UNCONFIRMED]
        consent = await consent_of(here, forwarding)
        async with store.write() as conn:
            await here.worker.house.gate.consents.withdraw(conn, consent, by=Withdrawer.VISITOR)
        await here.leaving.transmitter.run()
        assert await found(here) == [Why.NOTICE]
        assert "suostumus on peruttu" in await page(here)


async def test_an_emergency_that_no_lead_looks_at_turns_health_red_after_a_day(store: Store) -> None:
    async with scene(store) as here:
        emergencies = here.worker.house.gate.emergencies
        act = Act(
            contact=here.contact,
            authority=Authority.POLICE,
            reason=Danger.DANGER_TO_LIFE,
            basis=Basis.VITAL_INTERESTS,
            fields=("summary",),
        )
        async with store.write() as conn:
            emergency = await emergencies.act(conn, act, by=here.otso)
        assert await sign(here, "emergencies") is Sign.OK
        here.worker.clock.advance(DAY)
        assert await sign(here, "emergencies") is Sign.LATE
        async with store.write() as conn:
            await emergencies.confirm(conn, emergency, Verdict.AGREED, by=here.lead)
        assert await sign(here, "emergencies") is Sign.OK


async def test_a_row_that_is_not_ours_turns_health_red(store: Store) -> None:
    async with scene(store) as here:
        assert await sign(here, "keys") is Sign.OK
        async with store.write() as conn:
            await conn.execute(organisations.update().values(name="Somebody else"))
        assert await sign(here, "keys") is Sign.FORGED
