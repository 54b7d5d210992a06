"""Acting without consent: a page of its own, two steps, one person alone, and a lead who looks at it afterwards."""

import httpx2

from contacts.contact import Wish
from contacts.forwarding.consent import Authority, Basis, Danger
from operator_ui.cookies import session_cookie
from storage.engine import Store
from tests.contacts.conftest import database_url, kept_database, store
from tests.contacts.forwarding.scene import Scene, scene
from tests.sockets import ORIGIN
from tests.stores import told
from tests.whole.test_consent import at_desk

__all__ = ["database_url", "kept_database", "store", "told"]

CHOSEN = [
    ("reason", "danger_to_life"),
    ("basis", "vital_interests"),
    ("authority", "police"),
    ("told", "summary"),
    ("told", "language"),
]


def browser(here: Scene, name: str = "otso") -> httpx2.AsyncClient:
    worker = here.worker
    cookies = {session_cookie(worker.house.facts): worker.colleagues[name].cookie}
    headers = {"origin": ORIGIN}
    transport = httpx2.ASGITransport(app=worker.app)
    return httpx2.AsyncClient(transport=transport, base_url=ORIGIN, cookies=cookies, headers=headers)


async def sent(http: httpx2.AsyncClient, address: str, step: str, chosen: list[tuple[str, str]]) -> httpx2.Response:
    content = str(httpx2.QueryParams([*chosen, ("step", step)]))
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return await http.post(address, content=content, headers=headers)


async def test_one_person_acts_alone_in_two_steps_and_leads_hear_of_it_at_once(store: Store) -> None:
    async with scene(store) as here:
        heard: list[bytes] = []
        here.worker.house.resources.bus.subscribe("acted", heard.append)
        address = f"/desk/contacts/{here.contact}/emergency"
        async with browser(here) as http:
            first = (await http.get(address)).text
            assert "24 tunnin kuluessa" in first
            assert "Kysy kaikissa muissa tapauksissa suostumus." in first
            check = await sent(http, address, "check", CHOSEN)
            assert "Toimin nyt ilman suostumusta" in check.text
            async with here.store.read() as conn:
                assert await here.worker.house.gate.emergencies.of_contact(conn, here.contact) == []
            assert "Toimin nyt ilman suostumusta" not in (await sent(http, address, "back", CHOSEN)).text
            done = await sent(http, address, "act", CHOSEN)
            assert (done.status_code, done.headers["location"]) == (303, f"{address}?told=acted")
            assert (
                "Kirjattu. Vuorovastaava tarkistaa tämän 24 tunnin kuluessa."
                in (await http.get(f"{address}?told=acted")).text
            )
            assert heard == [b""]
            async with here.worker.desk("kaisa") as lead:
                lead.send("hello", open=[])
                await lead.next("emergencies", count=1)
                assert (await sent(http, address, "act", CHOSEN)).status_code == 303
                await lead.next("emergencies", count=2)
        async with here.store.read() as conn:
            case, _ = await here.worker.house.gate.emergencies.unconfirmed(conn)
        assert (case.act.reason, case.act.basis) == (Danger.DANGER_TO_LIFE, Basis.VITAL_INTERESTS)
        assert (case.act.authority, case.act.fields) == (Authority.POLICE, ("language", "summary"))
        assert case.acted_by == here.otso.staff_id
        assert case.confirm_by == case.acted_at + 86_400
        async with at_desk(
            here.worker, "otso", here.contact
        ) as desk:  # told by telephone: docs/decisions/emergencies.md
            assert (await desk.get(f"/forwardings/preview/{case.id}")).status_code == 404
            document = {"permission": case.id, "channel": "email", "seen": "0" * 64}
            assert await desk.refused("/forwardings", document) == (404, "not_there")
            told = {"permission": case.id, "told_to": "Päivystäjä Virta"}
            assert await desk.refused("/forwardings/spoken", told) == (404, "not_there")


async def test_nothing_is_recorded_until_everything_is_chosen(store: Store) -> None:
    async with scene(store) as here, browser(here) as http:
        address = f"/desk/contacts/{here.contact}/emergency"
        for left_out in ("reason", "basis", "authority", "told"):
            chosen = [pair for pair in CHOSEN if pair[0] != left_out]
            for step in ("check", "act"):
                answer = await sent(http, address, step, chosen)
                assert answer.status_code == 422
                assert 'role="alert"' in answer.text
        assert (await sent(http, address, "act", [*CHOSEN, ("told", "outcome")])).status_code == 422
        async with here.store.read() as conn:
            assert await here.worker.house.gate.emergencies.of_contact(conn, here.contact) == []


async def test_it_works_where_the_person_wants_nothing_shared_and_for_nobody_elses_contact(store: Store) -> None:
    async with scene(store) as here:
        await here.worker.signed_in("pekka")
        address = f"/desk/contacts/{here.contact}/emergency"
        async with browser(here) as http, browser(here, "pekka") as other:
            headers = {"content-type": "application/json"}
            wish = {"wish": Wish.ANONYMOUS.value}
            assert (
                await http.post(f"/desk/contacts/{here.contact}/wish", json=wish, headers=headers)
            ).status_code == 200
            assert (await sent(http, address, "act", CHOSEN)).status_code == 303
            assert (await other.get(address)).status_code == 404
            assert (await sent(other, address, "act", CHOSEN)).status_code == 404
            assert (await other.get("/desk/contacts/nobody/emergency")).status_code == 404
