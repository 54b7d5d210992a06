"""The pages about keeping and watching on the real house, asked as a browser without JavaScript asks them."""

import re
from pathlib import Path

import pytest

from contacts.audit import Action
from contacts.contact import Klass
from contacts.holds import Held
from contacts.openings import OpeningReason
from contacts.people import Role
from contacts.session import Session
from contacts.words import Words
from operator_ui.leading import Deed
from operator_ui.wording import LANGUAGES, Wording
from storage.ids import ContactId
from tests.house import Worker, message_id
from tests.operator_ui.lead_site import Browser, browser_of, shown

pytestmark = pytest.mark.anyio
AUDIT, RETENTION, CLOSED = "/desk/lead/audit", "/desk/lead/retention", "/desk/closed"
DAY = 86_400


async def over(here: Worker, session: Session) -> ContactId:
    """A conversation with a note that has ended."""
    talk, desk = await here.conversation(session)
    await here.says(talk, 1, "kuultu <b>sana</b>")
    await here.house.desk_door.noted(session, desk.contact, message_id(2), Words("muistiin pantu"))
    await here.house.desk_door.ended(session, desk.contact)
    return desk.contact


async def opened_by(browser: Browser, contact: ContactId, reason: str = "") -> str:
    answer = await browser.post(f"{CLOSED}/{contact}", [("reason", reason)] if reason else [])
    return f"{answer.status_code} {shown(answer)}"


def test_every_action_and_reason_has_words_in_every_language() -> None:
    wording = Wording()
    keys = [f"audit.action_{action}" for action in Action]
    keys += [f"audit.detail_{one}" for enum in (OpeningReason, Klass, Role, Deed) for one in enum]
    keys += [f"retention.{kind}_{klass}" for kind in ("class", "term") for klass in Klass]
    for language in LANGUAGES:
        for key in keys:
            assert key in wording.keys, f"{key}: operator_ui/locales/leads"
            assert wording.text(language, key, number=1)


async def test_the_audit_log_is_told_in_words_and_paged(here: Worker, anna: Session) -> None:
    async with browser_of(here, "liisa") as lead:
        contact = await over(here, anna)
        tag = (await here.contact(contact)).tag
        assert "200" in await opened_by(lead, contact, "complaint")
        text = await lead.text(AUDIT)
        assert "Liisa Opened a colleague's contact: a complaint" in text
        assert f"Contact {tag}" in text
        assert "open_with_reason" not in text
        only = await lead.text(f"{AUDIT}?what=open_with_reason")
        assert "Signed in" not in re.sub(r"Choose lines.*Lines, newest", "", only)
        assert "No line fits" in await lead.text(f"{AUDIT}?what=recovery")
        assert "No line fits" in await lead.text(f"{AUDIT}?to=2020-01-01")
        assert "Liisa" in await lead.text(
            f"{AUDIT}?from=2026-11-24&to=2026-11-24&who={here.sessions['liisa'].staff_id}"
        )
        assert "Opened a colleague's contact" in await lead.text(f"{AUDIT}?tag={tag.lower()}&contact={contact}")
        async with here.house.resources.store.write() as conn:
            for _ in range(60):
                await here.house.office.audit.append(conn, Action.EPOCH)
        page = await lead.get(AUDIT)
        older = re.search(r'href="\?(below=\d+)" rel="next"', page.text)
        assert older is not None
        second = await lead.text(f"{AUDIT}?{older[1]}")
        assert "Opened a colleague's contact" in second
        assert "Newest" in second
        for wrong in ("below=x", "from=yesterday", "what=nothing", "below=99999999999999"):
            assert (await lead.get(f"{AUDIT}?{wrong}")).status_code == 200


async def test_retention_tells_terms_what_is_due_and_the_last_run(here: Worker, anna: Session) -> None:
    await over(here, anna)
    async with browser_of(here, "liisa") as lead:
        before = await lead.text(RETENTION)
        assert "Conversations and messages 30 days after the end 0 0" in before
        assert "It has not run yet" in before
        assert "Nothing is overdue" in before
    here.clock.advance(32 * DAY)
    async with browser_of(here, "liisa") as lead:
        due = await lead.text(RETENTION)
        assert "Conversations and messages 30 days after the end 1 1" in due
        assert "more than a day ago. Tell the administrator" in due
        await here.house.keeping.retention.run()
        after = await lead.text(RETENTION)
        assert "Ended Sat, 26 Dec 2026" in after
        assert "Conversations and messages 1" in after


async def test_a_lead_releases_what_a_restore_held_back(here: Worker, anna: Session) -> None:
    async with browser_of(here, "liisa") as lead:
        async with here.house.resources.store.write() as conn:
            await here.house.keeping.holds.hold(conn, Held.SENDING)
        assert "Nothing is being sent" in await lead.text(RETENTION)
        done = await lead.followed(await lead.post(RETENTION, [("do", "release")]))
        assert "Sending goes on" in shown(done)
        assert "Nothing is being sent" not in shown(done)
        assert (await lead.post(RETENTION, [("do", "else")])).status_code == 303


async def test_a_colleagues_contact_opens_with_a_reason_and_not_too_often(here: Worker, anna: Session) -> None:
    async with browser_of(here, "liisa") as lead:
        found = [await over(here, anna) for _ in range(4)]
        listed = await lead.text(CLOSED)
        assert listed.count("Open with a reason") == 4
        assert "sana" not in listed
        assert "Choose a reason" in await opened_by(lead, found[0])
        told = await opened_by(lead, found[0], "safety")
        assert "Visitor kuultu <b>sana</b>" in told
        assert "Anna muistiin pantu" in told
        for contact in found[1:3]:
            assert "200" in await opened_by(lead, contact, "safety")
        assert (await opened_by(lead, found[3], "safety")).startswith("429")
        assert (await lead.get(f"{CLOSED}/{'0' * 32}")).status_code == 404


async def test_ones_own_opens_without_a_reason(here: Worker, anna: Session) -> None:
    contact = await over(here, anna)
    async with browser_of(here, "anna", Role.OPERATOR) as mine:
        assert "You answered this contact" in await mine.text(f"{CLOSED}/{contact}")
        assert "kuultu" in await opened_by(mine, contact)


async def test_an_operator_erases_during_the_conversation_because_the_visitor_asks(here: Worker, anna: Session) -> None:
    talk, desk = await here.conversation(anna)
    await here.says(talk, 1)
    address = f"{CLOSED}/{desk.contact}/erase"
    async with browser_of(here, "anna", Role.OPERATOR) as mine, browser_of(here, "liisa") as lead:
        assert "It is ended first" in await mine.text(address)
        assert (await lead.get(address)).status_code == 404, "not while it is under way"
        assert (await mine.post(address, [])).status_code == 422
        done = await mine.followed(await mine.post(address, [("sure", "yes")]))
        assert "Everything of this contact is destroyed" in shown(done)
        assert await here.house.log.contact(desk.contact) is None
        assert (await mine.get(address)).status_code == 404
        assert "Erased a contact on request" in await lead.text(AUDIT)


async def test_in_finnish_and_swedish_too(here: Worker, anna: Session) -> None:
    contact = await over(here, anna)
    async with browser_of(here, "liisa") as lead:
        for language, title in (("fi", "Valvontaloki"), ("sv", "Granskningslogg")):
            lead.http.cookies.set("desk-language", language, domain="localhost.local", path="/")
            assert title in await lead.text(AUDIT)
            for path in (RETENTION, CLOSED, f"{CLOSED}/{contact}", f"{CLOSED}/{contact}/erase"):
                assert (await lead.get(path)).status_code == 200


def test_templates_put_no_word_of_a_contact_into_markup() -> None:
    folder = Path(__file__).parents[2] / "operator_ui" / "templates"
    for path in folder.glob("closed_*.html"):
        assert "| safe" not in path.read_text()
