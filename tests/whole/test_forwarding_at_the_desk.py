"""What was agreed to leaves by the desk's own requests and a real mail server, and nothing of it lies readable anywhere."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from contacts.forwarding.age import decrypted
from contacts.forwarding.parcel import check, unpacked
from contacts.forwarding.smtp_post import MailServer, SmtpPost, Tls
from operator_ui.cookies import session_cookie
from storage.engine import Store
from storage.ids import ContactId, new_id
from tests.contacts.forwarding.scene import SUMMARY, TOLD, Scene, scene
from tests.mail import catching, ledger_of
from tests.promises.canaries import betrayed, files_below
from tests.sockets import ORIGIN
from tests.stores import sqlite_with_tables

pytestmark = pytest.mark.anyio
NAME = "Ylvskrant Mallikas"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(url=sqlite_with_tables(tmp_path / "store.sqlite"))
    yield store
    await store.close()


class Desk:
    """Requests of somebody's browser about one contact."""

    def __init__(self, here: Scene, name: str = "otso", contact: ContactId | None = None) -> None:
        worker = here.worker
        cookies = {session_cookie(worker.house.facts): worker.colleagues[name].cookie}
        self._http = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=worker.app), base_url=ORIGIN, cookies=cookies, headers={"origin": ORIGIN}
        )
        self._base = f"/desk/contacts/{contact or here.contact}/forwardings"

    async def get(self, path: str = "") -> httpx2.Response:
        return await self._http.get(self._base + path)

    async def post(self, path: str = "", **body: Any) -> httpx2.Response:
        return await self._http.post(self._base + path, json=body)


async def test_p1_previewed_sent_and_followed_and_nothing_readable_lies_anywhere(store: Store, tmp_path: Path) -> None:
    async with scene(store) as here, catching(ledger_of(store)) as catcher:
        server = MailServer(host="127.0.0.1", port=catcher.port, tls=Tls.NONE, sender="posti@palvelu.example")
        transmitter = here.another(SmtpPost(server=server, clock=here.worker.clock)).transmitter
        desk, consent = Desk(here), await here.consent()
        shown = (await desk.get(f"/preview/{consent}")).json()
        pdf = await desk.get(f"/preview/{consent}/pdf")
        assert (pdf.headers["content-type"], pdf.headers["cache-control"]) == ("application/pdf", "no-store")
        sent = await desk.post(permission=consent, channel="email", seen=shown["seen"])
        assert sent.json()["passphrase"] is None
        assert (await desk.post(permission=consent, channel="email", seen=shown["seen"])).status_code == 409
        spoken = await desk.post("/spoken", permission=consent, told_to=NAME)
        canaries = [TOLD, SUMMARY, NAME]
        await transmitter.run()
        (content,) = catcher.contents()
        parcel = unpacked(decrypted(here.identity, content))
        check(parcel, here.worker.house.leaving.service_key.public)
        assert (parcel.pdf, parcel.json) == (pdf.content, shown["json"].encode())
        found = [(path.name, *each) for path, octets in files_below(tmp_path) for each in betrayed(octets, canaries)]
        assert found == []
        for _, message in catcher.arrived:
            assert not betrayed(message.as_bytes(), [*canaries, "Majakka ry", "Saarnilinja", str(here.contact)])
        listed = {one["channel"]: one for one in (await desk.get()).json()}
        assert {name: one["state"] for name, one in listed.items()} == {"email": "sent", "spoken": "sent"}
        assert listed["email"]["reference"] == shown["reference"] == parcel.manifest.reference
        told = await desk.get(f"/{spoken.json()['forwarding']}/told-to")
        assert told.json() == {"told_to": NAME}
        mailed = sent.json()["forwarding"]
        for state, outcome in (("acknowledged", None), ("declined", "no_capacity")):
            said = await desk.post(f"/{mailed}/reported", state=state, outcome=outcome)
            assert said.json() == {"ok": True}
        assert (await desk.post(f"/{mailed}/take-back")).status_code == 409
        items = (await desk.get(f"/to-tell/{consent}")).json()
        assert items == {
            "organisation": "Majakka ry",
            "items": [{"label": "Tarvitsee", "shown": TOLD}],
            "summary": SUMMARY,
        }


async def test_a_file_is_downloaded_once(store: Store) -> None:
    async with scene(store) as here:
        desk, consent = Desk(here), await here.consent()
        seen = (await desk.get(f"/preview/{consent}")).json()["seen"]
        sent = (await desk.post(permission=consent, channel="download", seen=seen)).json()
        file = await desk.post(f"/{sent['forwarding']}/download")
        assert re.fullmatch('attachment; filename="forwarding.age"', file.headers["content-disposition"])
        assert unpacked(decrypted(here.identity, file.content)).pdf.startswith(b"%PDF")
        assert (await desk.post(f"/{sent['forwarding']}/download")).status_code == 404


async def test_somebody_elses_and_an_absent_one_are_answered_alike(store: Store) -> None:
    async with scene(store) as here:
        await here.worker.signed_in("olli")
        consent = await here.consent()
        foreign, absent = Desk(here, "olli"), Desk(here, contact=ContactId(new_id()))
        for path in (
            "",
            f"/preview/{consent}",
            f"/preview/{consent}/pdf",
            f"/to-tell/{consent}",
            f"/{new_id()}/told-to",
        ):
            answers = [await desk.get(path) for desk in (foreign, absent)]
            assert [(one.status_code, one.content) for one in answers] == [(404, b'{"error":"not_yours"}')] * 2
        assert (await Desk(here).get("/preview/short")).status_code == 404
        assert (await Desk(here).get(f"/preview/{new_id()}")).json() == {"error": "not_there"}
        for body in (
            {},
            {"permission": consent, "channel": "spoken", "seen": "0" * 64},
            {"permission": consent, "channel": "email", "seen": "x"},
        ):
            assert (await Desk(here).post(**body)).status_code == 400
