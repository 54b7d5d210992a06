import asyncio

import pytest
from sqlalchemy import delete, select, update

from contacts.contact import Kind, Klass
from contacts.distrust import Fault, Forged
from contacts.envelopes import KeyPair, Unopenable, sealed_to
from contacts.keyring import NoKey
from contacts.sealing import ContentKey
from contacts.session import Ended, Session
from contacts.staff_keys import Closed
from contacts.tables_keys import epoch_wraps, segment_keys, segments
from storage.ids import ContactId, new_id
from tests.contacts.installation import Installation

pytestmark = pytest.mark.anyio


async def opened(here: Installation, session: Session, key: ContentKey) -> ContentKey:
    opening = await here.openings.opened(session, key.contact)
    async with here.store.read() as conn:
        return await here.keyring.open_segment(conn, opening, key.klass, key.segment)


async def test_what_a_writer_without_keys_sealed_opens_for_a_lead(here: Installation, lead: Session) -> None:
    assert await here.read(lead, await here.sealed("auttakaa")) == "auttakaa"


async def test_segments_are_numbered_per_contact_and_class(here: Installation, lead: Session) -> None:
    contact = ContactId(new_id())
    for _ in range(2):
        await here.sealed("a", contact=contact)
    await here.sealed("b", contact=contact, klass=Klass.RECORD)
    async with here.store.read() as conn:
        assert await here.keyring.segment_numbers(conn, contact, Klass.TRANSCRIPT) == [1, 2]
        assert await here.keyring.segment_numbers(conn, contact, Klass.RECORD) == [1]


async def test_two_writers_at_once_begin_two_segments(here: Installation, lead: Session) -> None:
    contact = ContactId(new_id())
    workers = [here.another_process() for _ in range(4)]
    entries = await asyncio.gather(*(worker.sealed(str(n), contact=contact) for n, worker in enumerate(workers)))
    assert sorted(entry.key.segment for entry in entries) == [1, 2, 3, 4]
    assert [await here.read(lead, entry) for entry in entries] == ["0", "1", "2", "3"]


async def test_who_joined_later_cannot_open_until_the_segment_is_sealed_again(
    here: Installation, lead: Session
) -> None:
    entry = await here.sealed("ennen")
    otso = await here.signed_in(await here.joined(lead, "otso"))
    with pytest.raises(NoKey):
        await here.read(otso, entry)
    async with here.store.write() as conn:
        assert await here.keyring.reseal(conn, entry.key)
        assert not await here.keyring.reseal(conn, entry.key)
    assert await here.read(otso, entry) == "ennen"
    assert await here.read(lead, entry) == "ennen"


async def test_a_segment_that_never_was_has_no_key(here: Installation, lead: Session) -> None:
    opening = await here.openings.opened(lead, ContactId(new_id()))
    async with here.store.read() as conn:
        with pytest.raises(NoKey):
            await here.keyring.open_segment(conn, opening, Klass.TRANSCRIPT, 1)


@pytest.mark.parametrize("column", ["sealed", "mac", "contact", "epoch", "segment", "klass"])
async def test_a_changed_segment_key_is_refused(here: Installation, lead: Session, column: str) -> None:
    entry = await here.sealed("hei")
    await here.joined(lead, "otso")
    changed: dict[str, object] = {
        "sealed": sealed_to(KeyPair.fresh().public, b"x" * 32),
        "mac": b"x" * 32,
        "contact": new_id(),
        "epoch": 2,
        "segment": 2,
        "klass": Klass.RECORD.value,
    }
    async with here.store.write() as conn:
        await conn.execute(update(segment_keys).values({column: changed[column]}))
    with pytest.raises((Forged, NoKey)):
        await here.read(lead, entry)
    row_was_looked_at = column in {"sealed", "mac", "epoch"}
    assert here.alarms == ([Fault.FORGED] if row_was_looked_at else [])


async def test_a_key_planted_by_a_database_writer_is_refused(here: Installation, lead: Session) -> None:
    """HPKE authenticates nobody: without the HMAC, words sealed under this key would be shown as the visitor's."""
    entry = await here.sealed("hei")
    async with here.store.read() as conn:
        epoch = await here.epochs.current(conn)
    bound = here.keyring._place(entry.name.contact, entry.name.klass, 1, epoch.number)
    async with here.store.write() as conn:
        await conn.execute(update(segment_keys).values(sealed=sealed_to(epoch.public, b"k" * 32, *bound)))
    with pytest.raises(Forged):
        await here.read(lead, entry)


async def test_a_sealed_key_of_another_place_does_not_open_even_if_vouched_for(
    here: Installation, lead: Session
) -> None:
    entry, other = await here.sealed("hei"), await here.sealed("moi")
    bound = here.keyring._place(entry.name.contact, entry.name.klass, 1, 1)
    async with here.store.write() as conn:
        theirs = (
            await conn.execute(select(segment_keys.c.sealed).where(segment_keys.c.contact == other.name.contact))
        ).scalar_one()
        mac = here.app_key.mac("segment", *bound, theirs)
        await conn.execute(
            update(segment_keys).where(segment_keys.c.contact == entry.name.contact).values(sealed=theirs, mac=mac)
        )
    with pytest.raises(NoKey):
        await here.read(lead, entry)


async def test_a_note_does_not_open_as_a_message(here: Installation, lead: Session) -> None:
    entry = await here.sealed("hei", klass=Klass.RECORD)
    note = entry.name._replace(kind=Kind.NOTE, author="worker")
    sealed = entry.key.seal(note, entry.key.open(entry.name, entry.sealed))
    key = await opened(here, lead, entry.key)
    assert key.open(note, sealed).reveal() == "hei"
    with pytest.raises(Unopenable):
        key.open(note._replace(kind=Kind.MESSAGE), sealed)
    transcript = await here.sealed("muu", contact=note.contact)
    with pytest.raises(Unopenable):
        transcript.key.open(note._replace(klass=Klass.TRANSCRIPT), sealed)


async def test_one_class_is_destroyed_while_the_other_opens(here: Installation, lead: Session) -> None:
    contact = ContactId(new_id())
    transcript = await here.sealed("keskustelu", contact=contact)
    record = await here.sealed("merkinnät", contact=contact, klass=Klass.RECORD)
    async with here.store.write() as conn:
        assert await here.keyring.destroy(conn, contact, Klass.TRANSCRIPT) == 1
        assert await here.keyring.destroy(conn, contact, Klass.TRANSCRIPT) == 0
    with pytest.raises(NoKey):
        await here.read(lead, transcript)
    assert await here.read(lead, record) == "merkinnät"


async def test_a_session_that_ended_opens_nothing(here: Installation, lead: Session) -> None:
    entry = await here.sealed("hei")
    opening = await here.openings.opened(lead, entry.name.contact)
    assert await here.read(lead, entry) == "hei"
    lead.end(Ended.REVOKED)
    async with here.store.read() as conn:
        with pytest.raises(Closed):
            await here.keyring.open_segment(conn, opening, entry.name.klass, 1)
    async with here.store.write() as conn:
        await conn.execute(delete(segment_keys))
        with pytest.raises(Closed):
            await here.keyring.open_segment(conn, opening, entry.name.klass, 1)


async def test_the_older_key_opens_when_the_newest_epoch_is_not_mine(here: Installation, lead: Session) -> None:
    entry = await here.sealed("hei")
    await here.joined(lead, "otso")
    async with here.store.write() as conn:
        await here.keyring.reseal(conn, entry.key)
        await conn.execute(delete(epoch_wraps).where(epoch_wraps.c.epoch == 2, epoch_wraps.c.holder == lead.staff_id))
    assert await here.read(lead, entry) == "hei"


async def test_stores_and_app_key_together_open_nothing(here: Installation, lead: Session) -> None:
    """Everything the server keeps, without a passphrase, a live cookie or the recovery words."""
    entry = await here.sealed("hei")
    here.sessions.live.clear()
    thief = here.another_process()
    async with here.store.read() as conn:
        tables = [segment_keys, epoch_wraps, segments]
        taken = [value for table in tables for row in (await conn.execute(select(table))).all() for value in row]
    assert entry.key.secret() not in taken
    candidates = [value for value in taken if isinstance(value, bytes) and len(value) >= 32]
    candidates += [here.app_key.derive(label) for label in ("session", "seed", "visitor", "settings")]
    sealed = next(value for value in taken if isinstance(value, bytes) and len(value) == 1 + 32 + 32 + 16)
    place = thief.keyring._place(entry.name.contact, entry.name.klass, 1, 1)
    for candidate in candidates:
        with pytest.raises(Unopenable):
            KeyPair(candidate[-32:]).open(sealed, *place)
