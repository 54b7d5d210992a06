"""Organisations, their files, and the wordings of consent, as leads see them."""

import json
import re

import pytest
from pyrage import x25519
from sqlalchemy import update

from contacts.organisations.organisation import Channel, Organisation
from contacts.organisations.purposes import Purpose
from contacts.organisations.tables import organisations as table
from contacts.people import Role
from tests.house import Worker
from tests.operator_ui.lead_site import Browser, browser_of, field, shown

pytestmark = pytest.mark.anyio
ORGANISATIONS, WORDINGS = "/desk/lead/organisations", "/desk/lead/wordings"
IMPORT, EXPORT = f"{ORGANISATIONS}/import", f"{ORGANISATIONS}/organisations.json"
KEY, OTHER_KEY = (str(x25519.Identity.generate().to_public()) for _ in range(2))


def fields(**changes: str) -> list[tuple[str, str]]:
    """The form of the Harbour House."""
    values = {
        "do": "save",
        "name": "Satamatalo ry",
        "listed": "yes",
        "text-en-name": "Harbour House",
        "text-en-description": "A safe place.\r\nWe can fetch you.",
        "text-en-hours": "Every day",
        "phone-0-number": "",
        "phone-1-number": "+358 9 000 0000",
        "phone-1-languages": "fi, en",
        "website": "https://satamatalo.example",
        "takes": "referral",
        "email": "apua@satamatalo.example",
        "recipient": KEY,
    } | changes
    several = [("text", code) for code in ("fi", "sv", "en")] + [("languages", "fi"), ("languages", "so")]
    return [*several, *((name, value) for name, value in values.items() if value or name == "do")]


async def made(browser: Browser) -> str:
    """The address of an organisation that is there."""
    answer = await browser.post(f"{ORGANISATIONS}/new", fields())
    assert answer.status_code == 303, shown(answer)
    return str(answer.headers["location"]).partition("?")[0]


async def only_one(here: Worker) -> Organisation:
    async with here.house.resources.store.read() as conn:
        (one,), _ = await here.house.partners.organisations.believed(conn)
    return one


async def test_a_lead_adds_an_organisation_and_visitors_see_it(here: Worker) -> None:
    async with browser_of(here, "kaisa") as browser:
        address = await made(browser)
        page = await browser.get(address + "?told=org_saved")
        assert "Visitors see it at once." in shown(page)
        assert "Last changed by Kaisa" in shown(page)
        assert "Satamatalo ry" in await browser.text(ORGANISATIONS)
        assert "Harbour House" in await browser.text("/en/organisations")
    one = await only_one(here)
    assert one.entry.profile.texts["en"].description == "A safe place.\nWe can fetch you."
    assert [(phone.number, phone.languages) for phone in one.entry.profile.phones] == [
        ("+358 9 000 0000", ("fi", "en"))
    ]
    assert one.entry.profile.languages == ("fi", "so")


async def test_mistakes_are_named_beside_their_fields_and_nothing_typed_is_lost(here: Worker) -> None:
    wrong = {"email": "no", "phone-1-number": "call", "website": "http://x.example", "recipient": "AGE-SECRET-KEY-1X"}
    async with browser_of(here, "kaisa") as browser:
        answer = await browser.post(f"{ORGANISATIONS}/new", fields(**wrong))
        assert answer.status_code == 422
        for sentence in ("this is not an e-mail address", "write a telephone number with its country code",
                         "write an address that begins with https://", "this is a secret key"):  # fmt: skip
            assert sentence in shown(answer)
        for place in ("email", "phone-0-number", "website", "recipient"):
            assert f'href="#{place}"' in answer.text
            assert f'id="{place}-error"' in answer.text
        assert (field(answer, "email"), field(answer, "phone-0-number")) == ("no", "call")
        assert "There is no organisation yet." in await browser.text(ORGANISATIONS)


async def test_the_button_shows_what_visitors_will_see_before_it_is_saved(here: Worker) -> None:
    async with browser_of(here, "kaisa") as browser:
        answer = await browser.post(f"{ORGANISATIONS}/new", fields(do="look", **{"text-fi-name": "Satamatalo"}))
        assert "This is not saved yet." in shown(answer)
        assert re.search(r'<h3[^>]*data-from="text-fi-name"[^>]*>Satamatalo<', answer.text)
        assert "There is no list now" in await browser.text("/en/organisations")


async def test_a_key_is_compared_by_telephone_before_secure_email(here: Worker) -> None:
    async with browser_of(here, "kaisa") as browser:
        address = await made(browser)
        page = await browser.get(address)
        one = await only_one(here)
        assert one.fingerprint in shown(page)
        refused = await browser.post(address, fields(revision="1", channels="email"))
        assert (refused.status_code, "needs a key that was compared by telephone" in shown(refused)) == (422, True)
        hasty = await browser.post(address, [("do", "verify"), ("revision", "1")])
        assert (hasty.status_code, "First compare the key" in shown(hasty)) == (422, True)
        verify = [("do", "verify"), ("revision", "1"), ("compared", "yes")]
        page = await browser.followed(await browser.post(address, verify))
        assert "Kaisa compared the key by telephone" in shown(page)
        assert (await browser.post(address, verify)).status_code == 409
        await browser.followed(await browser.post(address, fields(revision="2", channels="email")))
        assert (await only_one(here)).reached_by(Channel.EMAIL)
        changed = await browser.post(address, fields(revision="3", channels="email", recipient=OTHER_KEY))
        assert "secure e-mail is off" in shown(await browser.followed(changed))
        assert not (await only_one(here)).verified


async def test_who_changes_what_somebody_else_changed_meanwhile_is_told(here: Worker) -> None:
    async with browser_of(here, "kaisa") as browser:
        address = await made(browser)
        await browser.post(address, fields(revision="1", name="First"))
        late = await browser.post(address, fields(revision="1", name="Second"))
        assert (late.status_code, "Somebody else changed it" in shown(late)) == (409, True)
        assert field(late, "name") == "Second"
        assert "First" in await browser.text(ORGANISATIONS)


async def test_an_organisation_that_is_used_no_longer_disappears_for_visitors(here: Worker) -> None:
    async with browser_of(here, "kaisa") as browser:
        address = await made(browser)
        page = await browser.followed(await browser.post(address, [("do", "deactivate"), ("revision", "1")]))
        assert "It is not in use" in shown(page)
        assert "Harbour House" not in await browser.text("/en/organisations")
        await browser.followed(await browser.post(address, [("do", "activate"), ("revision", "2")]))
        assert "Harbour House" in await browser.text("/en/organisations")


async def test_a_row_that_is_not_ours_is_refused_and_the_lead_is_told(here: Worker) -> None:
    async with browser_of(here, "kaisa") as browser:
        address = await made(browser)
        async with here.house.resources.store.write() as conn:
            await conn.execute(update(table).values(recipient=OTHER_KEY.encode()))
        assert "Organisations refused: 1." in await browser.text(ORGANISATIONS)
        assert (await browser.get(address)).status_code == 404
        assert "Harbour House" not in await browser.text("/en/organisations")


async def test_a_file_goes_out_and_comes_in_again(here: Worker) -> None:
    async with browser_of(here, "kaisa") as browser:
        await made(browser)
        answer = await browser.get(EXPORT)
        assert answer.headers["content-disposition"] == 'attachment; filename="organisations.json"'
        file = answer.json()
        file["organizations"][0]["name"] = "Uusi Satamatalo"
        file["organizations"][0]["fax"] = "none"
        told = await browser.post(IMPORT, [("text", json.dumps(file))])
        assert (told.status_code, "Organisations taken: 1." in shown(told)) == (200, True)
        assert "organizations[0].fax" in shown(told)
        assert (await only_one(here)).name == "Uusi Satamatalo"
        uploaded = await browser.http.post(
            IMPORT,
            files={"file": ("organisations.json", answer.content, "application/json")},
            data={"do": "take", "text": ""},
            headers={"origin": "http://localhost:8000"},
        )
        assert "Organisations taken: 1." in shown(uploaded)
        assert (await only_one(here)).name == "Satamatalo ry"


async def test_a_file_with_mistakes_changes_nothing_and_names_them_all(here: Worker) -> None:
    rows = [{"name": "Fine"}, {"name": "", "email": "no"}]
    async with browser_of(here, "kaisa") as browser:
        answer = await browser.post(IMPORT, [("text", json.dumps({"organizations": rows}))])
        assert answer.status_code == 422
        for path in ("organizations[1].name", "organizations[1].email"):
            assert path in shown(answer)
        assert "There is no organisation yet." in await browser.text(ORGANISATIONS)
        assert (await browser.post(IMPORT, [])).status_code == 422


async def test_a_wording_is_drafted_approved_and_followed_by_another(here: Worker) -> None:
    address = f"{WORDINGS}/emergency/en"
    async with browser_of(here, "kaisa") as browser:
        await here.house.office.staff.leave(here.sessions["lead"].staff_id)
        assert "nobody can be asked in this language" in await browser.text(WORDINGS)
        page = await browser.followed(await browser.post(address, [("do", "save"), ("text", "We may act.")]))
        assert "It is not in use before it is approved." in shown(page)
        page = await browser.get(address)
        assert "are the only lead" in shown(page)
        await browser.followed(await browser.post(address, [("do", "approve"), ("revision", field(page, "revision"))]))
        assert "Version 1" in await browser.text(address)
        assert "written by Kaisa, approved by Kaisa" in await browser.text(address)
        await browser.post(address, [("do", "save"), ("text", "We may act now.")])
        late = await browser.post(address, [("do", "save"), ("text", "Other.")])
        assert (late.status_code, "Somebody else changed the draft" in shown(late)) == (409, True)
        await browser.followed(await browser.post(address, [("do", "discard"), ("revision", "1")]))
    async with here.house.resources.store.read() as conn:
        current = await here.house.partners.wordings.current(conn, Purpose.EMERGENCY, "en")
    assert current is not None
    assert current.text == "We may act."


async def test_of_two_leads_the_other_one_approves(here: Worker) -> None:
    address = f"{WORDINGS}/emergency/en"
    async with browser_of(here, "kaisa") as kaisa, browser_of(here, "otso") as otso:
        await kaisa.post(address, [("do", "save"), ("text", "We may act.")])
        approve = [("do", "approve"), ("revision", "1")]
        assert "Another lead must read and approve it." in await kaisa.text(address)
        assert (await kaisa.post(address, approve)).status_code == 403
        await otso.followed(await otso.post(address, approve))
        assert "approved by Otso" in await kaisa.text(address)


async def test_what_asks_must_name_the_organisation_and_the_last_day(here: Worker) -> None:
    address = f"{WORDINGS}/referral/en"
    async with browser_of(here, "kaisa") as browser:
        answer = await browser.post(address, [("do", "save"), ("text", "Yes?")])
        assert (answer.status_code, "{organisation}, {until}" in shown(answer)) == (422, True)
        said = "May we send this to {organisation}? It holds until {until}."
        page = await browser.followed(await browser.post(address, [("do", "save"), ("text", said)]))
        assert "May we send this to Saari help centre? It holds until 24 December 2026." in shown(page)


async def test_there_is_nothing_at_other_addresses(here: Worker) -> None:
    async with browser_of(here, "kaisa") as browser:
        for path in (f"{WORDINGS}/nothing/en", f"{WORDINGS}/emergency/de", f"{ORGANISATIONS}/{'0' * 32}"):
            assert (await browser.get(path)).status_code == 404


async def test_only_leads_see_these_pages(here: Worker) -> None:
    pages = (ORGANISATIONS, IMPORT, EXPORT, WORDINGS, f"{WORDINGS}/emergency/en", "/desk/lead/emergencies")
    async with browser_of(here, "aino", Role.OPERATOR) as browser:
        for path in pages:
            assert (await browser.get(path)).status_code == 404
