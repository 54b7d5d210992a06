import asyncio

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.sql.dml import Update

from contacts.distrust import Fault, Forged, RolledBack
from contacts.envelopes import KeyPair, sealed_to
from contacts.epochs import RECOVERY, EpochNumber, NoEpoch
from contacts.people import Role
from contacts.session import Session
from contacts.staff_keys import Closed, StaffKeys
from contacts.tables_keys import epoch_wraps, epochs
from contacts.tables_staff import staff
from tests.contacts.installation import Installation

pytestmark = pytest.mark.anyio
MONTH = 31 * 24 * 3600


async def current(here: Installation) -> int:
    async with here.store.read() as conn:
        return (await here.epochs.current(conn)).number


async def holders(here: Installation, number: int) -> set[str]:
    async with here.store.read() as conn:
        return set((await conn.execute(select(epoch_wraps.c.holder).where(epoch_wraps.c.epoch == number))).scalars())


async def test_before_anybody_holds_keys_nothing_can_be_sealed(here: Installation) -> None:
    with pytest.raises(NoEpoch):
        await current(here)
    assert await here.epochs.rollover(here.store) is None
    await here.staff.set_up(login="leena", alias="Leena", languages=["fi"])
    with pytest.raises(NoEpoch):
        await current(here)
    assert here.alarms == []


async def test_the_first_lead_brings_the_first_epoch(here: Installation, lead: Session) -> None:
    assert await current(here) == 1
    assert await holders(here, 1) == {lead.staff_id, RECOVERY}


async def test_who_joins_is_given_the_new_epoch_and_not_the_older(here: Installation, lead: Session) -> None:
    otso = await here.joined(lead, "otso")
    assert await current(here) == 2
    assert otso.staff_id in await holders(here, 2)
    assert otso.staff_id not in await holders(here, 1)


async def test_nothing_changes_while_nothing_changed(here: Installation, lead: Session) -> None:
    assert await here.epochs.rollover(here.store) is None
    assert await current(here) == 1


async def test_a_new_month_brings_a_new_epoch(here: Installation, lead: Session) -> None:
    here.clock.advance(MONTH)
    assert await here.epochs.rollover(here.store) == 2
    assert await current(here) == 2
    assert await here.epochs.rollover(here.store) is None


async def test_rollovers_at_once_make_one_epoch(here: Installation, lead: Session) -> None:
    here.clock.advance(MONTH)
    workers = [here.another_process() for _ in range(6)]
    made = await asyncio.gather(*(worker.epochs.rollover(worker.store) for worker in workers))
    assert [number for number in made if number is not None] == [2]
    async with here.store.read() as conn:
        assert (await conn.execute(select(func.count()).select_from(epochs))).scalar_one() == 2
        assert await here.audit_check.verify(conn) is None
    assert await holders(here, 2) == {lead.staff_id, RECOVERY}


async def test_a_number_that_is_taken_is_not_made_again(here: Installation, lead: Session) -> None:
    async with here.store.write() as conn:
        assert not await here.epochs._make(conn, EpochNumber(1), {RECOVERY: KeyPair.fresh().public})


@pytest.mark.parametrize(
    "swap",
    [
        update(epochs).values(public=KeyPair.fresh().public),
        update(epochs).values(number=9),
        update(epochs).values(holders=b"x" * 32),
        update(epochs).values(made_at=0),
    ],
    ids=["public key", "number", "holders", "time"],
)
async def test_a_swapped_epoch_is_refused_with_an_alarm(here: Installation, lead: Session, swap: Update) -> None:
    async with here.store.write() as conn:
        await conn.execute(swap)
    for refused in (current(here), here.sealed("hei"), here.epochs.rollover(here.store)):
        with pytest.raises(Forged):
            await refused
    assert set(here.alarms) == {Fault.FORGED}


async def test_an_older_epoch_is_refused_with_an_alarm(here: Installation, lead: Session) -> None:
    await here.joined(lead, "otso")
    async with here.store.write() as conn:
        await conn.execute(delete(epochs).where(epochs.c.number == 2))
    for refused in (current(here), here.sealed("hei")):
        with pytest.raises(RolledBack):
            await refused
    assert set(here.alarms) == {Fault.ROLLED_BACK}


async def test_epochs_that_vanished_altogether_are_missed(here: Installation, lead: Session) -> None:
    async with here.store.write() as conn:
        await conn.execute(delete(epochs))
    with pytest.raises(RolledBack):
        await current(here)


async def test_after_a_rollback_the_next_epoch_has_a_number_never_used(here: Installation, lead: Session) -> None:
    await here.joined(lead, "otso")
    async with here.store.write() as conn:
        await conn.execute(delete(epoch_wraps).where(epoch_wraps.c.epoch == 2))
        await conn.execute(delete(epochs).where(epochs.c.number == 2))
    assert await here.epochs.rollover(here.store) == 3


async def test_an_operator_inserted_into_the_database_gets_nothing(here: Installation, lead: Session) -> None:
    async with here.store.read() as conn:
        row = dict((await conn.execute(select(staff))).mappings().one())
    intruder = KeyPair.fresh()
    async with here.store.write() as conn:
        forged = {**row, "id": "f" * 32, "login": "intruder", "enrolment": None}
        await conn.execute(insert(staff).values(**forged | {"exchange_public": intruder.public}))
    here.clock.advance(MONTH)
    with pytest.raises(Forged):
        await here.epochs.rollover(here.store)
    assert await holders(here, 1) == {lead.staff_id, RECOVERY}
    assert await current(here) == 1
    assert Fault.FORGED in here.alarms


async def test_a_swapped_staff_key_gets_nothing(here: Installation, lead: Session) -> None:
    async with here.store.write() as conn:
        await conn.execute(update(staff).values(exchange_public=KeyPair.fresh().public))
    here.clock.advance(MONTH)
    with pytest.raises(Forged):
        await here.epochs.rollover(here.store)
    assert await current(here) == 1


async def test_a_wrap_made_by_somebody_else_is_refused(here: Installation, lead: Session) -> None:
    theirs = KeyPair.fresh()
    sealed = sealed_to(lead.keys.exchange_public, theirs.private_bytes(), "ql1/epoch", here.deployment, 1)
    async with here.store.write() as conn:
        await conn.execute(update(epoch_wraps).where(epoch_wraps.c.holder == lead.staff_id).values(sealed=sealed))
    async with here.store.read() as conn:
        with pytest.raises(Forged):
            await here.epochs.open(conn, lead.keys, EpochNumber(1))
    assert here.alarms == [Fault.FORGED]


async def test_a_wrap_beside_a_swapped_public_key_is_refused(here: Installation, lead: Session) -> None:
    async with here.store.write() as conn:
        await conn.execute(update(epochs).values(public=KeyPair.fresh().public))
    async with here.store.read() as conn:
        with pytest.raises(Forged):
            await here.epochs.open(conn, lead.keys, EpochNumber(1))


async def test_a_wrap_opens_for_nobody_but_its_holder(here: Installation, lead: Session) -> None:
    stranger = StaffKeys(staff=lead.staff_id, seed=b"s" * 32, deployment=here.deployment)
    async with here.store.read() as conn:
        assert await here.epochs.open(conn, stranger, EpochNumber(1)) is None
        assert await here.epochs.open(conn, lead.keys, EpochNumber(7)) is None


async def test_closed_keys_open_no_epoch_even_one_held_before(here: Installation, lead: Session) -> None:
    async with here.store.read() as conn:
        assert await here.epochs.open(conn, lead.keys, EpochNumber(1)) is not None
        lead.keys.close()
        with pytest.raises(Closed):
            await here.epochs.open(conn, lead.keys, EpochNumber(1))


async def test_an_opened_epoch_is_held_in_memory(here: Installation, lead: Session) -> None:
    async with here.store.read() as conn:
        first = await here.epochs.open(conn, lead.keys, EpochNumber(1))
        assert await here.epochs.open(conn, lead.keys, EpochNumber(1)) is first


async def test_analysts_and_administrators_change_nothing_about_epochs(here: Installation, lead: Session) -> None:
    for role in (Role.ANALYST, Role.ADMIN):
        await here.joined(lead, role.value, role)
    assert await current(here) == 1
