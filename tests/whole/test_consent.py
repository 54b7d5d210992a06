# P2: nothing leaves without a live consent. P3: what is withdrawn stops (docs/promises.md).
"""From the question to what arrives, and back: a visitor in a chat, an operator at the desk's own addresses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

import httpx2
import pytest

from chat.consent_card import Card, card_of
from chat.cookies import cookie_name
from chat.shown import ShownEntry
from chat.talk import Talk
from contacts.contact import Kind, Refusal, Refused, Wish
from contacts.forwarding.age import decrypted
from contacts.forwarding.parcel import check, unpacked
from contacts.forwarding.post import MemoryPost
from contacts.organisations.purposes import Purpose
from contacts.people import Role
from contacts.record import Codes
from contacts.words import Words
from operator_ui.cookies import session_cookie
from storage.engine import Store
from tests.contacts.conftest import database_url, kept_database, store
from tests.contacts.forwarding.scene import ADDRESS, Scene, scene
from tests.house import Worker, message_id
from tests.sockets import ORIGIN
from tests.stores import told

__all__ = ["database_url", "kept_database", "store", "told"]

SUMMARY = "Tarvitsee turvallisen paikan perjantaista."
CODES: Codes = {"age": ("18-29",), "form": ("forced_labour",), "gender": ("female",), "place": ("not_known",)}


class Desk:
    """What the operator's page does, by its addresses."""

    def __init__(self, http: httpx2.AsyncClient, contact: str) -> None:
        self._http = http
        self._here = f"/desk/contacts/{contact}"

    async def tab(self) -> dict[str, Any]:
        return self._told(await self._http.get(f"{self._here}/consents"))

    async def post(self, path: str, body: object | None = None) -> dict[str, Any]:
        return self._told(await self._http.post(self._here + path, json={} if body is None else body))

    async def refused(self, path: str, body: object | None = None) -> tuple[int, str]:
        answer = await self._http.post(self._here + path, json={} if body is None else body)
        return answer.status_code, str(answer.json()["error"])

    async def get(self, path: str) -> httpx2.Response:
        return await self._http.get(self._here + path)

    async def ask(self, **changed: object) -> dict[str, Any]:
        """Ask for two fields and a summary; the ask as the tab then shows it."""
        tab = await self.post("/asks", await self.draft(**changed))
        return next(ask for ask in tab["asks"] if ask["id"] == tab["ask"])

    async def draft(self, **changed: object) -> dict[str, object]:
        tab = await self.tab()
        return {
            "organisation": tab["organisations"][0]["id"],
            "scope": "referral",
            "fields": ["called", "age", "form"],
            "written": {"called": "Linh"},
            "summary": SUMMARY,
            "until": tab["days"]["usual"],
            "how": "card",
            "minor": "no",
            "language": "fi",
        } | changed

    async def give(self, ask: str, **changed: object) -> dict[str, Any]:
        return await self.post(f"/asks/{ask}/consent", giving(**changed))

    def _told(self, answer: httpx2.Response) -> dict[str, Any]:
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]


def giving(**changed: object) -> dict[str, object]:
    return {
        "giver": "self",
        "interpreter": False,
        "representative": None,
        "suspected": None,
        "child_heard": None,
    } | changed


@asynccontextmanager
async def at_desk(worker: Worker, name: str, contact: str) -> AsyncIterator[Desk]:
    """The desk of somebody who has signed in."""
    cookies = {session_cookie(worker.house.facts): worker.colleagues[name].cookie}
    transport = httpx2.ASGITransport(app=worker.app)
    async with httpx2.AsyncClient(
        transport=transport, base_url=ORIGIN, cookies=cookies, headers={"origin": ORIGIN}
    ) as http:
        yield Desk(http, contact)


def lead_page(here: Scene) -> httpx2.AsyncClient:
    """The browser of a lead."""
    cookies = {session_cookie(here.worker.house.facts): here.worker.colleagues["kaisa"].cookie}
    transport = httpx2.ASGITransport(app=here.worker.app)
    return httpx2.AsyncClient(transport=transport, base_url=ORIGIN, cookies=cookies, headers={"origin": ORIGIN})


@asynccontextmanager
async def visitor_page(here: Scene, talk: Talk) -> AsyncIterator[httpx2.AsyncClient]:
    """The visitor's browser, with its cookie."""
    cookies = {cookie_name(here.worker.house.facts): talk.token}
    transport = httpx2.ASGITransport(app=here.worker.app)
    async with httpx2.AsyncClient(
        transport=transport, base_url=ORIGIN, cookies=cookies, headers={"origin": ORIGIN}
    ) as http:
        yield http


@asynccontextmanager
async def talking(store: Store) -> AsyncIterator[tuple[Scene, Talk, Desk]]:
    """A conversation with a record, and the desk of its operator."""
    async with scene(store, MemoryPost()) as here:
        worker = here.worker
        talk, _ = await worker.conversation(here.otso)
        await worker.house.recording.door.save(here.otso, talk.contact, based_on=0, codes=CODES, finished=False)
        async with at_desk(worker, "otso", talk.contact) as desk:
            yield here, talk, desk


async def shown(here: Scene, talk: Talk) -> list[ShownEntry]:
    entries = await here.worker.house.visitor_door.entries(talk, 0)
    return [entry for entry in entries if entry.kind in (Kind.CARD, Kind.ANSWER)]


async def the_card(here: Scene, talk: Talk) -> Card:
    (entry,) = [entry for entry in await shown(here, talk) if entry.kind is Kind.CARD]
    assert entry.text is not None
    card = card_of(entry.text)
    assert card is not None
    return card


async def codes(here: Scene, talk: Talk) -> list[str | None]:
    return [entry.code for entry in await shown(here, talk) if entry.kind is Kind.ANSWER]


async def test_asked_answered_set_previewed_sent_and_arrived(store: Store) -> None:
    async with talking(store) as (here, talk, desk):
        ask = await desk.ask()
        assert (ask["open"], ask["answer"], ask["how"]) == (True, None, "card")
        card = await the_card(here, talk)
        until = (here.worker.clock.now() + timedelta(days=14)).date()
        assert card.to == "Majakka ry"
        assert "Majakka ry" in card.wording
        assert {item.label: item.value for item in card.items} == {
            "Nimi, jota käytetään": "Linh",
            "Ikä": "18–29",
            "Hyväksikäytön muoto": "Pakkotyö",
        }
        assert card.summary == SUMMARY
        assert abs(date.fromisoformat(card.until) - until) <= timedelta(days=1)

        assert await desk.refused(f"/asks/{ask['id']}/consent", giving()) == (422, "not_answered_yes")
        await here.worker.says(talk, 1, "kyllä, saatte lähettää")
        assert (await desk.tab())["asks"][0]["answer"] is None, "a typed yes is not consent"
        await here.worker.house.visitor_door.consented(talk, ask["id"], "yes")
        tab = await desk.tab()
        assert (tab["asks"][0]["answer"], tab["consents"]) == ("yes", []), "a yes sets nothing by itself"

        (consent,) = (await desk.give(ask["id"]))["consents"]
        assert (consent["live"], consent["giver"], consent["forwardings"]) == (True, "self", [])
        preview = (await desk.get(f"/forwardings/preview/{consent['id']}")).json()
        pdf = await desk.get(f"/forwardings/preview/{consent['id']}/pdf")
        assert pdf.content.startswith(b"%PDF")
        assert pdf.headers["cache-control"] == "no-store"
        sent = {"permission": consent["id"], "channel": "email", "seen": preview["seen"]}
        assert await desk.refused("/forwardings", sent | {"seen": "0" * 64}) == (422, "not_asked_so")
        await desk.post("/forwardings", sent)
        (queued,) = (await desk.tab())["consents"][0]["forwardings"]
        assert (queued["state"], queued["channel"]) == ("queued", "email")
        await here.leaving.transmitter.run()
        assert isinstance(here.post, MemoryPost)
        (letter,) = here.post.arrived
        assert letter.to == ADDRESS
        parcel = unpacked(decrypted(here.identity, letter.content))
        check(parcel, here.leaving.service_key.public)
        assert (parcel.pdf, parcel.json) == (pdf.content, preview["json"].encode())
        (forwarding,) = (await desk.tab())["consents"][0]["forwardings"]
        assert forwarding["state"] == "sent"
        await desk.post(f"/forwardings/{forwarding['id']}/reported", {"state": "accepted"})
        assert (await desk.tab())["consents"][0]["forwardings"][0]["state"] == "accepted"


async def test_the_visitor_takes_back_a_yes_before_anything_left(store: Store) -> None:
    async with talking(store) as (here, talk, desk):
        ask = await desk.ask()
        door = here.worker.house.visitor_door
        await door.consented(talk, ask["id"], "yes")
        (consent,) = (await desk.give(ask["id"]))["consents"]
        seen = (await desk.get(f"/forwardings/preview/{consent['id']}")).json()["seen"]
        await desk.post("/forwardings", {"permission": consent["id"], "channel": "email", "seen": seen})
        await door.consented(talk, ask["id"], "withdraw")
        await door.consented(talk, ask["id"], "withdraw")
        assert await codes(here, talk) == ["consent_yes", "consent_withdrawn"]
        await here.leaving.transmitter.run()
        assert isinstance(here.post, MemoryPost)
        assert here.post.arrived == []
        (consent,) = (await desk.tab())["consents"]
        assert (consent["live"], consent["withdrawn_by"]) == (False, "visitor")
        assert consent["forwardings"][0]["state"] == "withdrawn"


@pytest.mark.parametrize("sent", [False, True])
async def test_the_visitor_takes_back_a_yes_after_the_end_for_as_long_as_the_cookie_lives(
    store: Store, sent: bool
) -> None:
    async with talking(store) as (here, talk, desk):
        ask, house = await desk.ask(), here.worker.house
        await house.visitor_door.consented(talk, ask["id"], "yes")
        (consent,) = (await desk.give(ask["id"]))["consents"]
        if sent:
            await desk.post("/forwardings/spoken", {"permission": consent["id"], "told_to": "Päivystäjä Virta"})
        await house.desk_door.ended(here.otso, talk.contact)
        async with visitor_page(here, talk) as page:
            pressed = {"card": ask["id"], "answer": "withdraw"}
            told = await page.post("/fi/consent", data=pressed, headers={"accept": "application/json"})
            code = "consent_withdrawn_sent" if sent else "consent_withdrawn"
            assert told.json() == {"ok": True, "text": house.sentences.line("fi", code)}
            plain = await page.post("/fi/consent", data=pressed)
            assert (plain.status_code, str(house.sentences.line("fi", code)) in plain.text) == (410, True)
        assert (await codes(here, talk))[-1] == code, "the operator sees it in the conversation"
        (consent,) = (await desk.tab())["consents"]
        assert (consent["live"], consent["withdrawn_by"]) == (False, "visitor")
        here.worker.clock.advance(601)
        async with visitor_page(here, talk) as page:
            plain = await page.post("/fi/consent", data=pressed)
            assert "Emme tiedä, peruuntuiko lupasi." in plain.text


async def test_a_cookie_takes_back_no_strangers_yes_and_what_is_erased_is_not_said_to_be_unsent(store: Store) -> None:
    async with talking(store) as (here, talk, desk):
        ask, house = await desk.ask(), here.worker.house
        await house.visitor_door.consented(talk, ask["id"], "yes")
        (consent,) = (await desk.give(ask["id"]))["consents"]
        stranger, _ = await here.worker.conversation(await here.worker.on_duty("bertil"))
        with pytest.raises(Refused) as refused:
            await house.visitor_door.taken_back(stranger.token, ask["id"])
        assert refused.value.code is Refusal.CARD_GONE
        assert (await desk.tab())["consents"][0]["live"]
        await desk.post("/forwardings/spoken", {"permission": consent["id"], "told_to": "Päivystäjä Virta"})
        await house.desk_door.ended(here.otso, talk.contact)
        await house.keeping.asked.erase(here.otso, talk.contact)
        assert await house.visitor_door.taken_back(talk.token, ask["id"]) is None, (
            "nobody's cookie: the page says call us"
        )
        assert await house.visitor_door.taken_back("A" * 43, ask["id"]) is None


async def test_the_page_says_honestly_that_something_had_been_handed_over(store: Store) -> None:
    async with talking(store) as (here, talk, desk):
        ask = await desk.ask()
        door = here.worker.house.visitor_door
        await door.consented(talk, ask["id"], "yes")
        (consent,) = (await desk.give(ask["id"]))["consents"]
        await desk.post("/forwardings/spoken", {"permission": consent["id"], "told_to": "Päivystäjä Virta"})
        assert (await desk.tab())["consents"][0]["forwardings"][0]["state"] == "sent"
        await door.consented(talk, ask["id"], "no")
        assert await codes(here, talk) == ["consent_yes", "consent_withdrawn_sent"]
        (forwarding,) = (await desk.tab())["consents"][0]["forwardings"]
        assert (forwarding["state"], forwarding["notice"], forwarding["next"]) == (
            "withdrawn",
            "queued",
            ["notice_told"],
        )
        await desk.post(f"/forwardings/{forwarding['id']}/notice-told")
        assert (await desk.tab())["consents"][0]["forwardings"][0]["notice"] == "sent"


async def test_a_yes_taken_back_before_the_operator_set_it_cannot_be_set(store: Store) -> None:
    async with talking(store) as (here, talk, desk):
        ask = await desk.ask()
        door = here.worker.house.visitor_door
        await door.consented(talk, ask["id"], "yes")
        await door.consented(talk, ask["id"], "change")
        assert await codes(here, talk) == ["consent_yes", "consent_withdrawn"]
        assert await desk.refused(f"/asks/{ask['id']}/consent", giving()) == (422, "not_answered_yes")


async def test_no_and_change_let_nothing_be_set(store: Store) -> None:
    async with talking(store) as (here, talk, desk):
        door = here.worker.house.visitor_door
        for said in ("no", "change"):
            ask = await desk.ask()
            await door.consented(talk, ask["id"], said)
            await door.consented(talk, ask["id"], "yes")
            assert (await codes(here, talk))[-1] == f"consent_{said}", "the first press counts"
            with pytest.raises(Refused) as refused:
                await door.consented(talk, ask["id"], "withdraw")
            assert refused.value.code is Refusal.CARD_GONE
            assert await desk.refused(f"/asks/{ask['id']}/consent", giving()) == (422, "not_answered_yes")


async def test_the_newest_question_is_the_one_that_counts(store: Store) -> None:
    async with talking(store) as (here, talk, desk):
        first = await desk.ask()
        second = await desk.ask(fields=["age"], summary="")
        asks = {ask["id"]: (ask["open"], ask["cancelled"]) for ask in (await desk.tab())["asks"]}
        assert asks == {first["id"]: (False, True), second["id"]: (True, False)}
        door = here.worker.house.visitor_door
        with pytest.raises(Refused):
            await door.consented(talk, first["id"], "yes")
        await desk.post(f"/asks/{second['id']}/cancel")
        with pytest.raises(Refused):
            await door.consented(talk, second["id"], "yes")
        assert await codes(here, talk) == ["card_taken_back", "card_taken_back"]


async def test_the_operator_withdraws_and_the_page_is_told(store: Store) -> None:
    async with talking(store) as (here, talk, desk):
        ask = await desk.ask()
        await here.worker.house.visitor_door.consented(talk, ask["id"], "yes")
        (consent,) = (await desk.give(ask["id"]))["consents"]
        tab = await desk.post(f"/consents/{consent['id']}/withdraw")
        assert (tab["consents"][0]["live"], tab["consents"][0]["withdrawn_by"]) == (False, "operator")
        assert await codes(here, talk) == ["consent_yes", "consent_withdrawn"]
        await desk.post(f"/consents/{consent['id']}/withdraw")
        assert (await desk.get(f"/forwardings/preview/{consent['id']}")).status_code == 409


async def test_who_does_not_wish_to_share_is_not_asked_by_accident(store: Store) -> None:
    async with talking(store) as (here, talk, desk):
        door = here.worker.house.visitor_door
        for wish in (Wish.CONFIDENTIAL, Wish.ANONYMOUS):
            ask = await desk.ask()
            await door.consented(talk, ask["id"], "yes")
            other = await desk.ask(fields=["age"])
            tab = await desk.post("/wish", {"wish": wish.value})
            assert (tab["wish"], tab["asking"]) == (wish.value, False)
            assert not any(each["open"] for each in tab["asks"])
            assert (await codes(here, talk))[-2:] == ["consent_yes", "card_taken_back"]
            with pytest.raises(Refused):
                await door.consented(talk, other["id"], "yes")
            draft = await desk.draft()
            assert await desk.refused("/asks/draft", draft) == (422, "not_wished")
            assert await desk.refused("/asks", draft) == (422, "not_wished")
            assert await desk.refused(f"/asks/{ask['id']}/consent", giving()) == (422, "not_wished")
            assert (await desk.post("/wish", {"wish": "share"}))["asking"]


async def test_on_the_telephone_the_wording_is_read_out_and_the_answer_recorded(store: Store) -> None:
    async with talking(store) as (here, talk, desk):
        await _approved(here, "referral_spoken", "Saammeko kertoa tämän: {organisation}, {until} asti?")
        made = await desk.post("/asks/draft", await desk.draft(how="spoken"))
        assert made["told"].startswith("Saammeko kertoa tämän: Majakka ry")
        ask = await desk.ask(how="spoken")
        assert ask["reading"]["told"] == made["told"]
        assert ask["reading"]["card"]["summary"] == SUMMARY
        assert await shown(here, talk) == []
        tab = await desk.post(f"/asks/{ask['id']}/answer", {"said": "yes"})
        assert (tab["asks"][0]["answer"], tab["asks"][0]["reading"]) == ("yes", None)
        tab = await desk.give(ask["id"], interpreter=True)
        assert tab["consents"][0]["how"] == "spoken"
        unsure = await desk.ask(how="spoken")
        tab = await desk.post(f"/asks/{unsure['id']}/answer", {"said": "change"})
        again = next(one for one in tab["asks"] if one["id"] == unsure["id"])
        assert again["reading"]["card"]["summary"] == SUMMARY  # what they want changed is there again
        assert len(again["reading"]["names"]) == len(again["reading"]["card"]["items"])
        assert again["organisation"] in {one["id"] for one in tab["organisations"]}
        assert await desk.refused(f"/asks/{unsure['id']}/consent", giving()) == (422, "not_answered_yes")


async def test_an_operator_answers_no_card_in_the_visitors_place(store: Store) -> None:
    async with talking(store) as (_, _talk, desk):
        ask = await desk.ask()
        assert await desk.refused(f"/asks/{ask['id']}/answer", {"said": "yes"}) == (422, "not_allowed")


async def test_a_suspected_representative_of_a_minor_cannot_be_recorded(store: Store) -> None:
    async with talking(store) as (here, talk, desk):
        ask = await desk.ask(minor="yes")
        await here.worker.house.visitor_door.consented(talk, ask["id"], "yes")
        mother = {"giver": "representative", "representative": "parent", "child_heard": "heard"}
        for suspected in ("yes", "unknown", None):
            body = giving(**mother, suspected=suspected)
            assert await desk.refused(f"/asks/{ask['id']}/consent", body) == (422, "suspected")
        cleared = giving(**mother, suspected="no")
        assert await desk.refused(f"/asks/{ask['id']}/consent", cleared | {"child_heard": None}) == (
            422,
            "child_not_heard",
        )
        assert await desk.refused(f"/asks/{ask['id']}/consent", cleared) == (422, "lead_needed")
        assert (await desk.tab())["asks"][0]["lead"] == "waiting"
        async with lead_page(here) as page:
            waits = (await page.get("/desk/lead/minors")).text
            assert "Majakka ry" in waits
            contact = await here.worker.house.log.contact(talk.contact)
            assert contact is not None
            assert f"{contact.tag}: <bdi>Majakka ry" in waits
            form = {"content-type": "application/x-www-form-urlencoded"}
            agreed = f"ask={ask['id']}"
            assert (await page.post("/desk/lead/minors", content=agreed, headers=form)).status_code == 303
            assert "Majakka ry" not in (await page.get("/desk/lead/minors")).text
        assert (await desk.tab())["asks"][0]["lead"] == "agreed"
        assert (await desk.post(f"/asks/{ask['id']}/consent", cleared))["consents"][0]["live"]


async def test_what_cannot_be_asked_is_refused_and_nothing_is_kept(store: Store) -> None:
    wrong: list[dict[str, object]] = [
        {"organisation": "0" * 32},
        {"scope": "proposal"},
        {"fields": ["place"]},
        {"fields": ["outcome"]},
        {"fields": ["called"], "written": {"called": " "}},
        {"fields": [], "summary": " "},
        {"language": "so"},
        {"until": "2020-01-01"},
        {"until": "2099-01-01"},
    ]
    async with talking(store) as (here, talk, desk):
        for changed in wrong:
            draft = await desk.draft(**changed)
            for path in ("/asks/draft", "/asks"):
                assert await desk.refused(path, draft) in {(422, "not_asked_so"), (422, "too_long")}, changed
        assert (await desk.tab())["asks"] == []
        assert await shown(here, talk) == []


async def test_somebody_elses_contact_and_an_absent_one_look_the_same(store: Store) -> None:
    async with talking(store) as (here, talk, _desk):
        await here.worker.signed_in("pekka")
        await here.worker.signed_in("tiina", Role.ANALYST)
        for name in ("pekka", "tiina"):
            answers = []
            for contact in (talk.contact, "f" * 32, "not-an-id"):
                async with at_desk(here.worker, name, contact) as other:
                    found = await other.get("/consents")
                    answers.append((found.status_code, found.json()))
                    answers.append(await other.refused("/wish", {"wish": "share"}))
            assert answers == [(404, {"error": "not_yours"}), (404, "not_yours")] * 3


async def test_a_message_cannot_take_the_id_of_an_answer(store: Store) -> None:
    async with talking(store) as (here, talk, desk):
        ask = await desk.ask()
        await here.worker.house.visitor_door.said(talk, message_id(9), Words("kyllä"))
        assert await codes(here, talk) == []
        await here.worker.house.visitor_door.consented(talk, ask["id"], "yes")
        await here.worker.house.visitor_door.consented(talk, ask["id"], "yes")
        assert await codes(here, talk) == ["consent_yes"]


async def _approved(here: Scene, purpose: str, text: str) -> None:
    wordings = here.worker.house.partners.wordings
    async with here.store.write() as conn:
        draft = await wordings.draft(conn, Purpose(purpose), "fi", text, by=None, revision=None)
        await wordings.approve(conn, Purpose(purpose), "fi", revision=draft.revision, by=here.lead.staff_id)
