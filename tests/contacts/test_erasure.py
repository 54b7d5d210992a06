import asyncio
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from contacts.audit import Action
from contacts.contact import Author, Kind, Klass
from contacts.erasure import Erasure
from contacts.keyring import NoKey
from contacts.session import Session
from contacts.tables_audit import audit
from contacts.tables_keys import epoch_wraps, epochs, visitors
from contacts.tables_log import contacts, entries
from storage.clock import epoch_seconds
from storage.ids import ContactId, new_id
from tests.contacts.installation import Installation, SealedEntry

pytestmark = pytest.mark.anyio


async def stored(here: Installation, klass: Klass, contact: ContactId) -> SealedEntry:
    """An entry in the log, as the committer would leave it."""
    entry = await here.sealed(f"sana-{klass}", contact=contact, klass=klass)
    async with here.store.write() as conn:
        if (await conn.execute(select(contacts.c.id).where(contacts.c.id == contact))).one_or_none() is None:
            await conn.execute(
                insert(contacts).values(id=contact, door="chat", language="fi", tag="A1", state="ended", opened_at=1)
            )
        await conn.execute(
            insert(entries).values(
                contact=contact,
                klass=klass.value,
                seq=1,
                segment=1,
                kind=Kind.MESSAGE.value,
                author=Author.VISITOR.value,
                at=1,
                sealed=entry.sealed,
            )
        )
    return entry


def everything_in(folder: Path, pattern: str = "store.sqlite*") -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob(pattern))


async def erased(here: Installation, contact: ContactId, klass: Klass) -> int:
    async with here.store.write() as conn:
        return await here.erasure.erase(conn, contact, klass)


async def test_the_transcript_is_destroyed_while_the_record_opens(here: Installation, lead: Session) -> None:
    contact = ContactId(new_id())
    transcript, record = await stored(here, Klass.TRANSCRIPT, contact), await stored(here, Klass.RECORD, contact)
    async with here.store.write() as conn:
        token = await here.visitor_keys.hand_out(conn, transcript.key)
    assert await erased(here, contact, Klass.TRANSCRIPT) == 1
    with pytest.raises(NoKey):
        await here.read(lead, transcript)
    assert await here.read(lead, record) == "sana-record"
    async with here.store.read() as conn:
        assert await here.visitor_keys.unlock(conn, token) is None
        assert (await conn.execute(select(entries.c.klass))).scalars().all() == ["record"]


async def test_erasing_the_record_leaves_the_visitors_way_back(here: Installation, lead: Session) -> None:
    contact = ContactId(new_id())
    transcript = await stored(here, Klass.TRANSCRIPT, contact)
    await stored(here, Klass.RECORD, contact)
    async with here.store.write() as conn:
        await here.visitor_keys.hand_out(conn, transcript.key)
    await erased(here, contact, Klass.RECORD)
    async with here.store.read() as conn:
        assert (await conn.execute(select(func.count()).select_from(visitors))).scalar_one() == 1


async def test_erasing_again_changes_nothing_and_is_audited_once(here: Installation, lead: Session) -> None:
    contact = ContactId(new_id())
    await stored(here, Klass.TRANSCRIPT, contact)
    assert [await erased(here, contact, Klass.TRANSCRIPT) for _ in range(2)] == [1, 0]
    async with here.store.read() as conn:
        rows = (await conn.execute(select(audit).where(audit.c.action == Action.ERASURE))).all()
    assert [(row.contact, row.detail) for row in rows] == [(contact, "transcript")]


async def test_a_busy_checkpoint_is_retried_until_no_reader_is_in_the_way(
    here: Installation, lead: Session, tmp_path: Path
) -> None:
    contact = ContactId(new_id())
    entry = await stored(here, Klass.TRANSCRIPT, contact)
    pauses: list[float] = []
    reading, read_enough = asyncio.Event(), asyncio.Event()

    async def slow_reader() -> None:
        async with here.store.read() as conn:
            await conn.execute(select(entries))
            reading.set()
            await read_enough.wait()

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 10:
            read_enough.set()
            await reader

    erasure = Erasure(
        store=here.store, keyring=here.keyring, visitor_keys=here.visitor_keys, audit=here.audit, pause=pause
    )
    reader = asyncio.create_task(slow_reader())
    await reading.wait()
    await erased(here, contact, Klass.TRANSCRIPT)
    if here.store.dialect == "postgresql":
        read_enough.set()
    await erasure.settle()
    await reader
    assert entry.sealed not in everything_in(tmp_path)
    if here.store.dialect == "sqlite":
        assert len(pauses) == 10
        assert pauses == sorted(pauses)
        assert pauses[-1] == 5.0
        assert everything_in(tmp_path, "store.sqlite-wal") == b""


async def test_an_epoch_is_destroyed_when_nothing_is_sealed_to_it_any_more(here: Installation, lead: Session) -> None:
    contact = ContactId(new_id())
    await stored(here, Klass.TRANSCRIPT, contact)
    await here.joined(lead, "otso")
    later = await here.sealed("myöhemmin")

    async def retired() -> int:
        async with here.store.write() as conn:
            return await here.erasure.retire_epochs(conn, epoch_seconds(here.clock.now()))

    assert await retired() == 0
    here.clock.advance(3600)
    assert await retired() == 0
    await erased(here, contact, Klass.TRANSCRIPT)
    assert await retired() == 1
    async with here.store.read() as conn:
        assert (await conn.execute(select(epochs.c.number))).scalars().all() == [2]
        assert set((await conn.execute(select(epoch_wraps.c.epoch))).scalars()) == {2}
    assert await here.read(lead, later) == "myöhemmin"
    assert await retired() == 0


async def test_with_no_epoch_there_is_nothing_to_retire(here: Installation) -> None:
    async with here.store.write() as conn:
        assert await here.erasure.retire_epochs(conn, 2**40) == 0
