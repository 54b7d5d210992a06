"""What is erased because somebody asks leaves every desk at once, not only the one where it was erased."""

import pytest

from contacts.people import Role
from contacts.session import Session
from tests.house import Worker
from tests.operator_ui.lead_site import browser_of
from tests.sockets import Socket

pytestmark = pytest.mark.anyio


async def hello(desk: Socket) -> None:
    desk.send("hello", open=[])
    await desk.next("welcome")


async def test_every_desk_that_may_open_contacts_hears_of_an_erasure(here: Worker, anna: Session) -> None:
    for name, role in (("liisa", Role.LEAD), ("saga", Role.ANALYST)):
        await here.signed_in(name, role)
    _, talk = await here.conversation(anna)
    async with here.desk("anna") as annas, here.desk("liisa") as liisas, here.desk("saga") as sagas:
        for desk in (annas, liisas, sagas):
            await hello(desk)
        annas.send("open", contact=talk.contact, after=0)
        await annas.next("opened", contact=talk.contact)
        async with browser_of(here, "anna", Role.OPERATOR) as browser:
            answer = await browser.post(f"/desk/closed/{talk.contact}/erase", [("sure", "yes")])
        assert answer.status_code == 303
        for desk in (annas, liisas):
            assert (await desk.next("gone", contact=talk.contact))["why"] == "erased"
        sagas.send("ping")
        await sagas.next("pong")
        assert sagas.of("gone") == []
