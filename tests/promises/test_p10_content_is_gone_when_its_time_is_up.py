"""P10: when its time is up its key is destroyed, so that backups cannot bring it back once the keyring's own are gone.

The contact is a real conversation with a note. What is tried afterwards: every person's own keys and the recovery key,
the live database, and yesterday's content with today's keyring. Somebody else's contact opens all the while.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, select

from contacts.backup.files import Reader
from contacts.backup.restoring import restore
from contacts.backup.taking import Backup, Taken
from contacts.contact import Klass
from contacts.envelopes import KeyPair, Unopenable
from contacts.epochs import RECOVERY, EpochNumber
from contacts.marks import Mark, MemoryMarks
from contacts.passphrase import WordList
from contacts.people import Role
from contacts.recovery import recovery_pair
from contacts.remains import naming_tables, of_contact
from contacts.session import Session
from contacts.tables_keys import segment_keys, segments
from contacts.words import Words
from storage.clock import ManualClock
from storage.engine import Store
from storage.ids import ContactId
from storage.metadata import metadata
from tests.contacts.conftest import database_url, kept_database, store
from tests.contacts.installation import Installation
from tests.house import Worker, message_id, opened_house
from tests.stores import sqlite_with_tables, told

__all__ = ["database_url", "kept_database", "store", "told"]

pytestmark = pytest.mark.anyio
DAY = 86_400
SAID, NOTED, OTHER = "kerroin kaiken", "pelkää kotiin menoa", "toinen ihminen"


@pytest.fixture
async def here(store: Store) -> AsyncIterator[Worker]:
    async with opened_house(store, ManualClock(datetime(2026, 11, 24, 12, 0, tzinfo=UTC))) as worker:
        yield worker


async def over(here: Worker, session: Session, said: str) -> ContactId:
    """A conversation with a note that has ended."""
    talk, desk = await here.conversation(session)
    await here.says(talk, 1, said)
    await here.house.desk_door.noted(session, desk.contact, message_id(2), Words(NOTED))
    await here.house.desk_door.ended(session, desk.contact)
    return desk.contact


async def taken(here: Worker, folder: Path) -> Taken:
    held = here.house.resources
    one = Backup(store=held.store, app_key=held.app_key, deployment=held.deployment, clock=held.clock)
    for name in ("content", "keyring"):
        (folder / name).mkdir(exist_ok=True)
    return await one.take(folder / "content", folder / "keyring")


async def read(here: Worker, session: Session, contact: ContactId) -> list[str]:
    """What its operator reads of it now."""
    found = await here.house.keeping.reading.read(session, contact, None)
    return [one.text.reveal() for one in [*found.said, *found.notes] if one.text is not None]


async def every_key(store: Store, there: Installation, sessions: list[Session]) -> list[KeyPair]:
    """Every epoch's private half that any of these people can open."""
    found = []
    async with store.read() as conn:
        for number in await there.epochs.numbers(conn):
            for session in sessions:
                pair = await there.epochs.open(conn, session.keys, EpochNumber(number))
                found += [pair] if pair is not None else []
    return found


async def opened(store: Store, there: Installation, keys: list[KeyPair]) -> set[tuple[str, str]]:
    """(contact, class) of every content key that any of these keys opens, wherever in this database it lies."""
    found: set[tuple[str, str]] = set()
    async with store.read() as conn:
        places = (await conn.execute(select(segments))).all()
        sealed = [bytes(value) for value in (await conn.execute(select(segment_keys.c.sealed))).scalars()]
        epochs = await there.epochs.numbers(conn)
    for key in keys:
        for place in places:
            for value in sealed:
                for epoch in epochs:
                    bound = there.keyring._place(place.contact, Klass(place.klass), place.segment, epoch)
                    try:
                        key.open(value, *bound)
                        found.add((place.contact, place.klass))
                    except Unopenable:
                        continue
    return found


async def test_p10_nobody_opens_it_again_and_other_contacts_are_intact(here: Worker, tmp_path: Path) -> None:
    await here.signed_in("liisa", Role.LEAD)
    anna = await here.on_duty("anna")
    contact = await over(here, anna, SAID)
    here.clock.advance(29 * DAY)
    anna = await here.on_duty("anna")
    other = await over(here, anna, OTHER)
    assert await read(here, anna, contact) == [SAID, NOTED]
    yesterday = await taken(here, tmp_path)

    here.clock.advance(DAY)
    await here.house.keeping.retention.run()
    anna, lead = await here.on_duty("anna"), await here.signed_in("liisa")
    assert await read(here, anna, contact) == [NOTED], "the record has its own time"
    assert await read(here, anna, other) == [OTHER, NOTED]
    store = here.house.resources.store
    keys = await every_key(store, here.staff, [anna, lead])
    assert await opened(store, here.staff, keys) == {
        (contact, Klass.RECORD.value),
        (other, Klass.TRANSCRIPT.value),
        (other, Klass.RECORD.value),
    }

    today = await taken(here, tmp_path)
    elsewhere = Store(url=sqlite_with_tables(tmp_path / "elsewhere.sqlite"))
    app_key = here.house.resources.app_key
    files = Reader(yesterday.content, app_key=app_key), Reader(today.keyring, app_key=app_key)
    await restore(elsewhere, *files, audit=here.house.office.audit, clock=here.clock)
    marks = MemoryMarks()
    marks.accept(Mark())
    there = Installation(elsewhere, here.clock, app_key, marks, here.staff.deployment)
    assert (contact, Klass.TRANSCRIPT.value) not in await opened(elsewhere, there, keys)
    async with elsewhere.read() as conn:
        kept = (await conn.execute(select(metadata.tables["entries"].c.sealed))).scalars().all()
    assert len(kept) > 3, "the words are still there, and nobody's key opens them"
    await elsewhere.close()

    here.clock.advance(366 * DAY)
    await here.house.keeping.retention.run()
    async with store.read() as conn:
        for table in naming_tables():
            assert (await conn.execute(select(table).where(of_contact(table, contact)))).all() == [], table.name


async def test_p10_the_recovery_words_do_not_bring_it_back(here: Worker) -> None:
    anna = await here.on_duty("anna")
    contact = await over(here, anna, SAID)
    here.clock.advance(30 * DAY)
    await here.house.keeping.retention.run()
    store = here.house.resources.store
    words = here.staff.set_up.recovery
    pair = recovery_pair(WordList().recovery_seed(words))
    async with store.read() as conn:
        found = [
            await here.staff.epochs.unwrapped(conn, RECOVERY, pair, number)
            for number in await here.staff.epochs.numbers(conn)
        ]
    keys = [key for key in found if key is not None]
    assert keys, "the recovery words open every epoch"
    assert await opened(store, here.staff, keys) == {(contact, Klass.RECORD.value)}


async def test_p10_no_byte_of_it_is_left_in_the_files_of_sqlite(here: Worker, tmp_path: Path) -> None:
    anna = await here.on_duty("anna")
    contact = await over(here, anna, SAID)
    store = here.house.resources.store
    async with store.read() as conn:
        columns = [column for column in metadata.tables["entries"].c if isinstance(column.type, LargeBinary)]
        query = select(*columns).where(metadata.tables["entries"].c.contact == contact)
        sealed = [bytes(row[0]) for row in await conn.execute(query) if row[0] is not None]
    assert len(sealed) == 2
    here.clock.advance(400 * DAY)
    await here.house.keeping.retention.run()
    if store.dialect == "sqlite":  # PostgreSQL keeps ciphertext in its own log for a while: its key is gone
        octets = b"".join(path.read_bytes() for path in _files(tmp_path))
        assert not [one for one in sealed if one[:40] in octets]


def _files(folder: Path) -> list[Path]:
    return list(folder.glob("store.sqlite*"))
