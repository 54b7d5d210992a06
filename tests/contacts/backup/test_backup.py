"""Backups taken from and brought back into both databases; what cannot come back does not."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text

from contacts.app_key import AppKey
from contacts.audit import Action
from contacts.backup.files import Reader, Unreadable
from contacts.backup.parts import LEFT_OUT
from contacts.backup.restoring import NotEmpty, restore
from contacts.backup.taking import Backup, Taken
from contacts.contact import Klass
from contacts.holds import Held, Holds, NotForThem, sending_held
from contacts.marks import Mark, MemoryMarks
from contacts.people import Role
from contacts.session import Session
from contacts.tables_audit import audit
from contacts.tables_keeping import audit_segments
from contacts.tables_keys import visitors
from contacts.tables_log import contacts
from contacts.tables_staff import sessions
from duty.tables_roster import roster_history
from storage.engine import Store
from storage.metadata import metadata
from tests.contacts.installation import Colleague, Installation
from tests.contacts.retained import DAY, classes_of, contact_with, there, worker
from tests.stores import sqlite_with_tables

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["into sqlite", "into postgresql"])
async def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty deployment, of the same or of the other kind of database."""
    if request.param == "into postgresql":
        store = Store(url=request.getfixturevalue("postgres_url"))
        await store.create_all()
    else:
        store = Store(url=sqlite_with_tables(tmp_path / "elsewhere.sqlite"))
    yield store
    await store.close()


@pytest.fixture
async def leena(here: Installation) -> Colleague:
    return await here.first_lead()


async def taken(here: Installation, folder: Path) -> Taken:
    one = Backup(store=here.store, app_key=here.app_key, deployment=here.deployment, clock=here.clock)
    for name in ("content", "keyring"):
        (folder / name).mkdir(exist_ok=True)
    return await one.take(folder / "content", folder / "keyring")


async def restored(here: Installation, into: Store, content: Path, keyring: Path) -> Installation:
    """The installation that came of it, with marks that a person has accepted."""
    files = [Reader(path, app_key=here.app_key) for path in (content, keyring)]
    await restore(into, *files, audit=here.audit, clock=here.clock)
    marks = MemoryMarks()
    marks.accept(Mark())
    return Installation(into, here.clock, here.app_key, marks, here.deployment)


async def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    async with store.read() as conn:
        return {
            table.name: sorted((tuple(row) for row in await conn.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }


async def test_everything_but_sessions_and_visitors_comes_back(
    here: Installation, leena: Colleague, elsewhere: Store, tmp_path: Path
) -> None:
    lead = await here.signed_in(leena)
    kept = await contact_with(here)
    async with here.store.write() as conn:
        await here.visitor_keys.hand_out(conn, kept.entries[Klass.TRANSCRIPT].key)
        await conn.execute(insert(roster_history).values(number=7, at=1, action="added", shift_id="s"))
    here.clock.advance(20 * DAY)
    async with here.store.write() as conn:
        await here.audit_months.turn(conn)
    before = await everything(here.store)
    files = await taken(here, tmp_path)
    there_now = await restored(here, elsewhere, files.content, files.keyring)
    after = await everything(elsewhere)
    for name in LEFT_OUT:
        assert after[name] == []
    for name in set(before) - LEFT_OUT - {"audit", "audit_head", "holds"}:
        assert after[name] == before[name], name
    assert len(after["audit"]) == len(before["audit"]) + 1
    async with elsewhere.read() as conn:
        assert await there_now.audit_check.verify(conn) is None
        assert await sending_held(conn)
        assert (
            await conn.execute(select(audit.c.action).order_by(audit.c.number.desc()))
        ).scalars().first() == "restored"
    assert lead.ended is None
    again = await there_now.signed_in(leena)
    assert await classes_of(there_now, kept, again) == set(Klass)


async def test_guards_stand_again_and_numbers_go_on(
    here: Installation, leena: Colleague, elsewhere: Store, tmp_path: Path
) -> None:
    async with here.store.write() as conn:
        await conn.execute(insert(roster_history).values(number=1, at=1, action="added", shift_id="s"))
    files = await taken(here, tmp_path)
    await restored(here, elsewhere, files.content, files.keyring)
    with pytest.raises(Exception, match="append-only"):
        async with elsewhere.write() as conn:
            await conn.execute(text("DELETE FROM audit"))
    async with elsewhere.write() as conn:
        await conn.execute(insert(roster_history).values(at=2, action="added", shift_id="s"))
        assert (await conn.execute(select(func.count()).select_from(roster_history))).scalar() == 2
        assert (await conn.execute(select(audit_segments))).all() == []


async def test_p10_yesterdays_content_with_todays_keyring_opens_nothing_that_was_erased(
    here: Installation, leena: Colleague, elsewhere: Store, tmp_path: Path
) -> None:
    old = await contact_with(here)
    here.clock.advance(timedelta(days=29).total_seconds())
    young = await contact_with(here, Klass.TRANSCRIPT, Klass.RECORD)
    yesterday = await taken(here, tmp_path)
    here.clock.advance(DAY)
    await worker(here).run()
    today = await taken(here, tmp_path)
    there_now = await restored(here, elsewhere, yesterday.content, today.keyring)
    lead = await there_now.signed_in(leena)
    assert await classes_of(there_now, old, lead) == {Klass.RECORD}
    assert await classes_of(there_now, young, lead) == {Klass.TRANSCRIPT, Klass.RECORD}
    assert await there(there_now, old.id)
    await worker(there_now).run()
    assert await classes_of(there_now, young, lead) == {Klass.TRANSCRIPT, Klass.RECORD}


async def test_neither_file_holds_the_app_key_or_a_word(here: Installation, leena: Colleague, tmp_path: Path) -> None:
    await contact_with(here)
    files = await taken(here, tmp_path)
    for path in (files.content, files.keyring):
        octets = path.read_bytes()
        assert b"sana" not in octets
        assert path.stat().st_mode & 0o777 == 0o600
        assert here.app_key._raw.hex().encode() not in octets
    assert b'"table": "entries"' not in files.keyring.read_bytes()
    assert b'"table": "segment_keys"' not in files.content.read_bytes()
    assert {path.suffix for path in (*files.content.parent.iterdir(), *files.keyring.parent.iterdir())} == {".jsonl"}


async def test_keyrings_older_than_two_weeks_are_deleted(here: Installation, tmp_path: Path) -> None:
    first = await taken(here, tmp_path)
    (tmp_path / "keyring" / "other.txt").touch()
    here.clock.advance(14 * DAY)
    assert (await taken(here, tmp_path)).deleted == []
    here.clock.advance(1)
    assert (await taken(here, tmp_path)).deleted == [first.keyring]
    assert first.content.exists()
    assert len(list(first.keyring.parent.iterdir())) == 3


async def test_a_file_that_was_altered_is_refused(here: Installation, leena: Colleague, tmp_path: Path) -> None:
    files = await taken(here, tmp_path)
    good = files.content.read_bytes()
    for bad in (
        good[:-20],
        good.replace(b'"leena"', b'"leeni"', 1),
        good.replace(b'"at":', b'"at":1', 1),
        b"",
        b"{}\n{}\n",
    ):
        if bad == good:
            continue
        files.content.write_bytes(bad)
        with pytest.raises(Unreadable):
            Reader(files.content, app_key=here.app_key)
    with pytest.raises(Unreadable, match="another app key"):
        Reader(files.keyring, app_key=AppKey.fresh())
    with pytest.raises(Unreadable, match="cannot be read"):
        Reader(tmp_path / "absent", app_key=here.app_key)


async def test_a_backup_comes_back_only_into_an_empty_deployment(
    here: Installation, leena: Colleague, elsewhere: Store, tmp_path: Path
) -> None:
    files = await taken(here, tmp_path)
    content, keyring = (Reader(path, app_key=here.app_key) for path in (files.content, files.keyring))
    with pytest.raises(NotEmpty):
        await restore(here.store, content, keyring, audit=here.audit, clock=here.clock)
    with pytest.raises(Unreadable, match="these are not those"):
        await restore(elsewhere, keyring, content, audit=here.audit, clock=here.clock)
    async with elsewhere.read() as conn:
        assert (await conn.execute(select(contacts))).all() == []
        assert (await conn.execute(select(visitors))).all() == (await conn.execute(select(sessions))).all() == []


async def test_only_a_lead_releases_what_was_held_back(here: Installation, lead: Session) -> None:
    holds = Holds(audit=here.audit, clock=here.clock)
    operator = await here.signed_in(await here.joined(lead, "otso", Role.OPERATOR))
    async with here.store.write() as conn:
        await holds.hold(conn, Held.SENDING)
        await holds.hold(conn, Held.SENDING)
    with pytest.raises(NotForThem):
        async with here.store.write() as conn:
            await holds.release(conn, Held.SENDING, by=operator)
    async with here.store.write() as conn:
        assert await sending_held(conn)
        assert await holds.release(conn, Held.SENDING, by=lead)
        assert not await sending_held(conn)
        assert not await holds.release(conn, Held.SENDING, by=lead)
    async with here.store.read() as conn:
        query = select(audit.c.actor, audit.c.detail).where(audit.c.action == Action.RELEASED.value)
        assert (await conn.execute(query)).all() == [(lead.staff_id, "sending")]
