"""A lead joins a running chat: the pages, as a browser without JavaScript asks them."""

from pathlib import Path

import pytest

from contacts.people import Role
from contacts.session import Session
from tests.house import Worker
from tests.operator_ui.lead_site import browser_of, shown

pytestmark = pytest.mark.anyio
LIVE = "/desk/lead/live"


async def test_a_lead_joins_seen_reads_along_and_leaves(here: Worker, anna: Session) -> None:
    async with browser_of(here, "liisa") as lead:
        assert "No chat of a colleague is under way" in await lead.text(LIVE)
        talk, _ = await here.conversation(anna)
        await here.says(talk, 1, "kuultu <b>sana</b>")
        listed = await lead.text(LIVE)
        assert "Anna" in listed
        assert "sana" not in listed
        address = f"{LIVE}/{talk.contact}"
        asked = await lead.text(address)
        assert "Before you see a word, the visitor and Anna see that you read along" in asked
        assert "sana" not in asked
        assert "Choose a reason" in shown(await lead.post(address, []))
        assert "lead_joined" not in await here.codes(talk.contact)
        read = shown(await lead.followed(await lead.post(address, [("reason", "help")])))
        assert "Visitor kuultu <b>sana</b>" in read
        assert "A lead reads along" in read
        assert "The visitor and Anna see that you read along" in read
        assert "Liisa" in await lead.text(LIVE)
        left = shown(await lead.followed(await lead.post(address, [("step", "leave")])))
        assert "You do not read along any more" in left
        assert "sana" not in await lead.text(address)
        assert (await here.codes(talk.contact))[-2:] == ["lead_joined", "lead_left"]
        assert "Opened a colleague's contact: the worker asked for help" in await lead.text("/desk/lead/audit")
        await here.house.desk_door.ended(anna, talk.contact)
        assert (await lead.get(address)).status_code == 404
    async with browser_of(here, "otso", Role.OPERATOR) as operator:
        assert (await operator.get(LIVE)).status_code in {303, 403, 404}


async def test_in_finnish_and_swedish_too(here: Worker, anna: Session) -> None:
    talk, _ = await here.conversation(anna)
    async with browser_of(here, "liisa") as lead:
        for language, title in (("fi", "Käynnissä olevat keskustelut"), ("sv", "Pågående chattar")):
            lead.http.cookies.set("desk-language", language, domain="localhost.local", path="/")
            assert title in await lead.text(LIVE)
            assert (await lead.get(f"{LIVE}/{talk.contact}")).status_code == 200


def test_templates_put_no_word_of_a_contact_into_markup() -> None:
    folder = Path(__file__).parents[2] / "operator_ui" / "templates"
    assert not [path for path in folder.glob("live_*.html") if "| safe" in path.read_text()]
