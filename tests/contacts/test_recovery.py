import pytest
from sqlalchemy import select

from contacts.audit import Action
from contacts.envelopes import Unopenable
from contacts.epochs import RECOVERY, EpochNumber
from contacts.keyring import NoKey
from contacts.passphrase import NotRecoveryWords
from contacts.people import Role
from contacts.recovery import RecoveryRefused, recovery_pair
from contacts.session import Ended, Session
from contacts.staff import Invitation
from contacts.tables_audit import audit
from contacts.words import Words
from storage.ids import StaffId
from tests.contacts.installation import WORD_LIST, Installation

pytestmark = pytest.mark.anyio


async def test_the_words_bring_everything_back_when_the_only_lead_lost_the_passphrase(
    here: Installation, lead: Session
) -> None:
    entries = [await here.sealed("yksi")]
    await here.joined(lead, "otso")
    entries.append(await here.sealed("kaksi"))
    words = here.set_up.recovery

    code = await here.recovery.reset_lead(words, lead.staff_id)
    await here.watch.look()
    assert lead.ended is Ended.REVOKED
    leena = await here.enrolled(Invitation(lead.staff_id, "leena", code, 0))
    session = await here.signed_in(leena)
    for entry in entries:
        with pytest.raises(NoKey):
            await here.read(session, entry)

    done = await here.recovery.grant(words, lead.staff_id)
    assert done.granted == 3
    assert [await here.read(session, entry) for entry in entries] == ["yksi", "kaksi"]
    async with here.store.read() as conn:
        rows = (await conn.execute(select(audit.c.subject).where(audit.c.action == Action.RECOVERY))).scalars().all()
    assert rows == [lead.staff_id] * 2


async def test_used_words_are_used_up_and_the_new_ones_open_everything(here: Installation, lead: Session) -> None:
    old = here.set_up.recovery
    done = await here.recovery.grant(old, lead.staff_id)
    assert done.granted == 0
    with pytest.raises(RecoveryRefused):
        await here.recovery.grant(old, lead.staff_id)
    here.clock.advance(31 * 24 * 3600)
    await here.epochs.rollover(here.store)
    new = recovery_pair(WORD_LIST.recovery_seed(done.words))
    async with here.store.read() as conn:
        numbers = await here.epochs.numbers(conn, RECOVERY)
        assert numbers == [1, 2, 3]
        for number in numbers:
            assert await here.epochs.unwrapped(conn, RECOVERY, new, number) is not None


async def test_other_words_do_nothing(here: Installation, lead: Session) -> None:
    for act in (here.recovery.reset_lead, here.recovery.grant):
        with pytest.raises(RecoveryRefused):
            await act(WORD_LIST.recovery_words(b"x" * 32), lead.staff_id)
        with pytest.raises(NotRecoveryWords):
            await act(Words("abandon " * 23), lead.staff_id)
    assert lead.ended is None


async def test_the_words_help_leads_only(here: Installation, lead: Session) -> None:
    otso = await here.joined(lead, "otso", Role.OPERATOR)
    gone = await here.joined(lead, "gone", Role.LEAD)
    await here.staff.leave(gone.staff_id)
    for staff in (otso.staff_id, StaffId("f" * 32), gone.staff_id):
        for act in (here.recovery.reset_lead, here.recovery.grant):
            with pytest.raises(RecoveryRefused):
                await act(here.set_up.recovery, staff)


async def test_a_lead_who_has_not_enrolled_is_given_nothing(here: Installation, lead: Session) -> None:
    await here.recovery.reset_lead(here.set_up.recovery, lead.staff_id)
    with pytest.raises(RecoveryRefused):
        await here.recovery.grant(here.set_up.recovery, lead.staff_id)


async def test_an_epoch_the_words_do_not_open_is_passed_over(here: Installation, lead: Session) -> None:
    stranger = recovery_pair(b"s" * 32)
    async with here.store.write() as conn:
        private = await here.epochs.unwrapped(conn, lead.staff_id, lead.keys.exchange, EpochNumber(1))
        assert private is not None
        await here.epochs.take_from(conn, RECOVERY)
        await here.epochs.wrap(conn, EpochNumber(1), private, {RECOVERY: stranger.public})
    assert (await here.recovery.grant(here.set_up.recovery, lead.staff_id)).granted == 0


def test_a_seed_always_gives_the_same_pair() -> None:
    pair = recovery_pair(b"s" * 32)
    assert pair.public == recovery_pair(b"s" * 32).public
    with pytest.raises(Unopenable):
        pair.open(b"\x01" + b"x" * 80)
