"""The leads' pages about the telephone on the real house, asked as a browser without JavaScript asks them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from contacts.call_row import CallRow
from contacts.calls_together import open_calls
from contacts.contact import Contact, Door, State
from contacts.people import Role
from contacts.provider_traces import GIVEN_UP, Trace, settled
from contacts.session import Session
from contacts.tables_audit import audit
from contacts.tables_staff import staff_numbers
from duty.roster_checks import Draft
from duty.shifts import Channel, Plan
from hotline.prompts import read_prompts
from operator_ui.telephoning import heard_alone, heard_first
from storage.ids import ContactId
from tests.house import Worker
from tests.operator_ui.lead_site import browser_of, recorded, shown

pytestmark = pytest.mark.anyio
PATH = "/desk/lead/telephone"
HELSINKI = ZoneInfo("Europe/Helsinki")
#: No subscriber has it (PTS, numbers for drama).
NUMBER = "+46846500421"


async def on_call(here: Worker, session: Session) -> None:
    now = here.clock.now().astimezone(HELSINKI).replace(tzinfo=None)
    plan = Plan(
        staff_id=session.staff_id,
        channel=Channel.phone,
        languages=frozenset({"fi"}),
        starts=now - timedelta(hours=1),
        ends=now + timedelta(hours=7),
        tier=2,
    )
    async with here.house.resources.store.write() as conn:
        await here.house.rosters.roster.add(conn, Draft(plan=plan, zone=HELSINKI), by=session.staff_id)


async def test_a_number_is_entered_shown_by_its_end_changed_and_removed(here: Worker, anna: Session) -> None:
    async with browser_of(here, "liisa") as lead:
        assert "Anna No number Enter a number" in await lead.text(PATH)
        asked = await lead.text(f"{PATH}?who={anna.staff_id}")
        assert "Telephone number: Anna" in asked
        assert "Remove" not in asked
        fields = [("who", anna.staff_id), ("number", "+46 8 465 004 21"), ("do", "save")]
        after = await lead.followed(await lead.post(PATH, fields))
        assert "Anna Ends with 21 Change" in shown(after)
        assert "4650" not in after.text
        assert "4650" not in (await lead.get(f"{PATH}?who={anna.staff_id}")).text
        async with here.house.resources.store.read() as conn:
            found = await here.house.office.numbers.number(conn, anna.staff_id)
            [sealed] = (await conn.execute(select(staff_numbers.c.sealed))).scalars()
            rows = [str(row) for row in await conn.execute(select(audit))]
        assert found is not None
        assert found.reveal() == NUMBER
        assert NUMBER.encode() not in sealed
        assert not [row for row in rows if "4650" in row]
        after = await lead.followed(await lead.post(PATH, [("who", anna.staff_id), ("do", "remove")]))
        assert "Anna No number" in shown(after)
    assert [detail for detail, _ in await recorded(here)][-2:] == ["number_entered", "number_removed"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [("112", "Write a telephone number"), ("", "Write a telephone number"), ("own", "the hotline itself")],
)
async def test_what_cannot_be_rung_is_refused_and_what_was_typed_is_kept(
    here: Worker, anna: Session, typed: str, said: str
) -> None:
    typed = here.house.settings.telephone.e164 if typed == "own" else typed
    async with browser_of(here, "liisa") as lead:
        answer = await lead.post(PATH, [("who", anna.staff_id), ("number", typed), ("do", "save")])
        assert answer.status_code == 422
        assert said in shown(answer)
        assert f'name="number" value="{typed}"' in answer.text
        assert (await lead.post(PATH, [("who", "0" * 32), ("number", NUMBER), ("do", "save")])).status_code == 303
    async with here.house.resources.store.read() as conn:
        assert await here.house.office.numbers.everybody(conn) == {}


async def test_who_is_on_call_is_told_and_whoever_cannot_be_rung(here: Worker, anna: Session) -> None:
    async with browser_of(here, "liisa") as lead:
        assert "Nobody is on call." in await lead.text(PATH)
        await on_call(here, anna)
        text = await lead.text(PATH)
        assert "No number: is not rung." in text
        await lead.post(PATH, [("who", anna.staff_id), ("number", NUMBER), ("do", "save")])
        text = await lead.text(PATH)
        assert "Anna 2 " in text
        assert "is not rung" not in text
        await here.conversation(anna)
        assert "In a chat or on a call: rung last" in await lead.text(PATH)


async def test_what_the_telephone_company_still_has_is_told(here: Worker) -> None:
    ended = int(here.clock.now().timestamp())
    contact = ContactId("c" * 32)
    head = Contact(
        id=contact, door=Door.PHONE, language="fi", tag="A3", state=State.ENDED, opened_at=ended, ended_at=ended
    )
    row = CallRow(contact=contact, stage="ended", seen_at=ended, provider_call="CA1", ended_at=ended)
    async with here.house.resources.store.write() as conn:
        await open_calls(conn, [(head, row)])
    async with browser_of(here, "liisa") as lead:
        assert "has not deleted yet: 1. The oldest call ended" in await lead.text(PATH)
        async with here.house.resources.store.write() as conn:
            await settled(conn, Trace(contact, "CA1", None), GIVEN_UP)
        assert "not asked about any more: 1." in await lead.text(PATH)


async def test_the_last_try_of_the_fallback_is_told(here: Worker) -> None:
    async with browser_of(here, "liisa") as lead:
        assert "Nobody has noted a try yet." in await lead.text(f"{PATH}/provider")
        after = await lead.followed(await lead.post(f"{PATH}/provider", [("do", "failed")]))
        assert "it did not work (Liisa)" in shown(after)
        after = await lead.followed(await lead.post(f"{PATH}/provider", [("do", "worked")]))
        assert "it worked (Liisa)" in shown(after)
        assert (await lead.post(f"{PATH}/provider", [])).status_code == 303
    assert [detail for detail, _ in await recorded(here)][-2:] == ["fallback_failed", "fallback_worked"]


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ANALYST, Role.ADMIN])
async def test_for_all_others_nothing_is_there(here: Worker, anna: Session, role: Role) -> None:
    async with browser_of(here, "somebody", role) as other:
        assert (await other.get(PATH)).status_code == 404
        fields = [("who", anna.staff_id), ("number", NUMBER), ("do", "save")]
        assert (await other.post(PATH, fields)).status_code == 404
        assert (await other.post(f"{PATH}/provider", [("do", "worked")])).status_code == 404


def test_what_is_heard_first_names_danger_in_every_language_and_not_the_service() -> None:
    prompts = read_prompts(("fi", "sv", "en"))
    first, alone = heard_first(prompts), heard_alone(prompts)
    assert [said.language for said in first] == ["fi", "fi", "sv", "en", "fi", "sv", "en"]
    danger = ("yksi yksi kaksi", "ett ett två", "one one two")
    assert danger[0] not in first[0].text
    assert all(number in said.text for number, said in zip(danger, first[1:4], strict=True))
    assert [said.language for said in alone] == ["fi"] * 3 + ["sv"] * 3 + ["en"] * 3
    assert not any(said.recorded for said in (*first, *alone))
    offered = [said.text for said in heard_alone(prompts, voicemail=True) if said not in alone]
    assert [text.rstrip(".")[-1] for text in offered] == ["4", "5", "6"]
