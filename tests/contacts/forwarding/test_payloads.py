import pytest
from sqlalchemy import insert

from contacts.contact import Klass
from contacts.forwarding.payload import BadPayload, Item, Payload, Purpose, Receiver, Scope, Sender, canonical
from contacts.forwarding.payloads import Kept, NoPayload, Payloads
from contacts.openings import Opening
from contacts.people import Role
from contacts.session import Session
from contacts.tables_log import contacts
from contacts.words import Words
from storage.ids import ContactId
from tests.contacts.conftest import clock, database_url, here, kept_database, lead, store
from tests.contacts.installation import Installation

__all__ = ["clock", "database_url", "here", "kept_database", "lead", "store"]
C1 = ContactId("c1")
PAYLOAD = canonical(
    Payload(
        scope=Scope.REFERRAL,
        language="fi",
        sender=Sender(name="Saarnilinja", telephone="+46 8 465 004 12"),
        receiver=Receiver(id="o1", name="Turvakoti"),
        purpose=Purpose(wording="w1", version=1, language="fi", text="Saammeko?"),
        until="2026-12-06",
        items=(Item(field="needs", label="Tarpeet", shown="yösija"),),
        summary="",
    )
)


@pytest.fixture
async def opening(here: Installation, lead: Session) -> Opening:
    async with here.store.write() as conn:
        row = {"id": C1, "door": "chat", "language": "fi", "tag": "A1", "state": "ended", "opened_at": 1}
        await conn.execute(insert(contacts).values(row))
    return await here.openings.opened(lead, C1)


def payloads(here: Installation) -> Payloads:
    return Payloads(keyring=here.keyring, clock=here.clock)


async def test_a_payload_is_found_under_its_number_and_named_by_its_digest(
    here: Installation, opening: Opening
) -> None:
    service = payloads(here)
    async with here.store.write() as conn:
        kept = [await service.keep_payload(conn, opening, PAYLOAD) for _ in range(2)]
        told = await service.keep(conn, opening, Words("Turvakodin päivystäjä"))
        assert [await service.payload(conn, opening, one) for one in kept] == [PAYLOAD, PAYLOAD]
        assert (await service.read(conn, opening, told)).reveal() == "Turvakodin päivystäjä"
        assert await here.keyring.segment_numbers(conn, C1, Klass.PAYLOAD) == [1]
    assert ([one.number for one in kept], told) == ([1, 2], 3)
    assert kept[0].digest != kept[1].digest, "the same words, another salt"


async def test_another_payload_than_the_digest_says_is_none(here: Installation, opening: Opening) -> None:
    service = payloads(here)
    async with here.store.write() as conn:
        kept = await service.keep_payload(conn, opening, PAYLOAD)
        words = await service.keep(conn, opening, Words("not a payload"))
        for wrong in (Kept(kept.number, b"x" * 32), Kept(9, kept.digest), Kept(words, kept.digest)):
            with pytest.raises(NoPayload):
                await service.payload(conn, opening, wrong)
        with pytest.raises(BadPayload):
            await service.keep_payload(conn, opening, b"{}")


async def test_when_its_class_is_erased_it_is_gone(here: Installation, opening: Opening) -> None:
    service = payloads(here)
    async with here.store.write() as conn:
        kept = await service.keep_payload(conn, opening, PAYLOAD)
        await here.erasure.erase(conn, C1, Klass.PAYLOAD)
        with pytest.raises(NoPayload):
            await service.payload(conn, opening, kept)


async def test_who_lacks_the_key_begins_another_segment(here: Installation, lead: Session, opening: Opening) -> None:
    service = payloads(here)
    async with here.store.write() as conn:
        await service.keep_payload(conn, opening, PAYLOAD)
    otso = await here.signed_in(await here.joined(lead, "otso", Role.OPERATOR))
    theirs = await here.openings.opened(otso, C1)
    async with here.store.write() as conn:
        kept = await service.keep_payload(conn, theirs, PAYLOAD)
        assert await service.payload(conn, theirs, kept) == PAYLOAD
        assert await here.keyring.segment_numbers(conn, C1, Klass.PAYLOAD) == [1, 2]
