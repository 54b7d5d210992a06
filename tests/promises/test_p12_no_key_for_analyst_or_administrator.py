"""P12: the analyst and the administrator are given no key that opens a contact."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import LargeBinary, select

from contacts.contact import Klass
from contacts.envelopes import KeyPair, Unopenable
from contacts.epochs import RECOVERY, EpochNumber
from contacts.keyring import NoKey
from contacts.openings import Opening, OpeningDenied
from contacts.people import Role
from contacts.session import Session
from contacts.staff import NoSuchPerson
from contacts.tables_keys import epoch_wraps
from storage.clock import ManualClock
from storage.engine import Store
from tests.contacts.conftest import database_url, kept_database, store
from tests.contacts.installation import Colleague, Installation, SealedEntry, founded
from tests.stores import every_table

__all__ = ["database_url", "kept_database", "store"]

pytestmark = pytest.mark.anyio
KEYLESS = [Role.ANALYST, Role.ADMIN]


@pytest.fixture
async def here(store: Store) -> Installation:
    return await founded(store, ManualClock(datetime(2026, 11, 24, 12, 0, tzinfo=UTC)))


@pytest.fixture
async def leena(here: Installation) -> Colleague:
    return await here.first_lead()


@pytest.fixture
async def lead(here: Installation, leena: Colleague) -> Session:
    return await here.signed_in(leena)


async def holders(here: Installation) -> set[str]:
    async with here.store.read() as conn:
        return set((await conn.execute(select(epoch_wraps.c.holder))).scalars())


async def everything_kept(here: Installation) -> list[bytes]:
    """Every binary value of every table: what somebody with a copy of the database could try."""
    kept: list[bytes] = []
    async with here.store.read() as conn:
        for table in every_table().sorted_tables:
            columns = [column for column in table.c if isinstance(column.type, LargeBinary)]
            rows = (await conn.execute(select(*columns))).all() if columns else []
            kept += [bytes(value) for row in rows for value in row if value is not None]
    return kept


async def opens_nothing(here: Installation, session: Session, entries: list[SealedEntry]) -> None:
    """By the front door, by a forged opening, and by trying this person's keys on every byte we keep."""
    for entry in entries:
        with pytest.raises(OpeningDenied):
            await here.openings.opened(session, entry.name.contact)
        forged = Opening(session, entry.name.contact)
        async with here.store.read() as conn:
            with pytest.raises(NoKey):
                await here.keyring.open_segment(conn, forged, entry.name.klass, entry.name.segment)
    kept = await everything_kept(here)
    async with here.store.read() as conn:
        numbers = await here.epochs.numbers(conn)
    assert len(kept) > 10
    for value in kept:
        for number in numbers:
            for holder in (session.staff_id, RECOVERY):
                place = here.epochs._place(EpochNumber(number), holder, session.keys.exchange_public)
                with pytest.raises(Unopenable):
                    session.keys.exchange.open(value, *place)
        for entry in entries:
            place = here.keyring._place(entry.name.contact, entry.name.klass, entry.name.segment, 1)
            with pytest.raises(Unopenable):
                session.keys.exchange.open(value, *place)


@pytest.mark.parametrize("role", KEYLESS)
async def test_they_are_given_no_key_whatever_happens(here: Installation, leena: Colleague, role: Role) -> None:
    lead = await here.signed_in(leena)
    other = await here.joined(lead, "other", role)
    entries = [await here.sealed("yksi"), await here.sealed("kaksi", klass=Klass.RECORD)]
    await here.joined(lead, "otso", Role.OPERATOR)
    entries.append(await here.sealed("kolme"))
    here.clock.advance(31 * 24 * 3600)
    await here.epochs.rollover(here.store)
    async with here.store.write() as conn:
        await here.keyring.reseal(conn, entries[0].key)
    lead = await here.signed_in(leena)
    await here.joined(lead, "second", Role.LEAD)
    with pytest.raises(NoSuchPerson):
        await here.staff.grant_older_epochs(other.staff_id, by=lead)
    assert other.staff_id not in await holders(here)
    await opens_nothing(here, await here.signed_in(other), entries)


@pytest.mark.parametrize("role", KEYLESS)
async def test_who_becomes_one_of_them_keeps_none(here: Installation, lead: Session, role: Role) -> None:
    otso = await here.joined(lead, "otso", Role.OPERATOR)
    entry = await here.sealed("yksi")
    await here.staff.grant_older_epochs(otso.staff_id, by=lead)
    await here.staff.change_role(otso.staff_id, role, by=lead)
    assert otso.staff_id not in await holders(here)
    later = await here.sealed("kaksi")
    await opens_nothing(here, await here.signed_in(otso), [entry, later])


async def test_the_administrators_files_open_nothing(here: Installation, lead: Session) -> None:
    """App key, database and marks: all an administrator has. No private half can be rebuilt from them."""
    entry = await here.sealed("yksi")
    kept = await everything_kept(here)
    derived = [here.app_key.derive(label) for label in ("session", "seed", "visitor", "settings", "enrolment-ticket")]
    keys = [KeyPair(value[-32:]) for value in kept if len(value) >= 32] + [KeyPair(value) for value in derived]
    place = here.keyring._place(entry.name.contact, entry.name.klass, entry.name.segment, 1)
    for value in kept:
        for key in keys:
            with pytest.raises(Unopenable):
                key.open(value, *place)
