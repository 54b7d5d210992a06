import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from contacts.audit import Action
from contacts.distrust import Fault, Forged
from contacts.marks import MemoryMarks
from contacts.organisations.checks import Mistake, NotAccepted, Wrong
from contacts.organisations.fingerprint import fingerprint
from contacts.organisations.organisation import Channel, Scope
from contacts.organisations.organisations import Deed, Moved
from contacts.organisations.tables import organisations as table
from contacts.session import Session
from contacts.tables_audit import audit
from storage.ids import OrganisationId, new_id
from tests.contacts.installation import Installation
from tests.contacts.organisations.made import KEY, OTHER_KEY, entry, kept, services, verified


async def deeds(here: Installation) -> list[tuple[str | None, str | None, str | None]]:
    async with here.store.read() as conn:
        rows = await conn.execute(select(audit).where(audit.c.action == Action.ORGANISATION).order_by(audit.c.number))
        return [(row.actor, row.subject, row.detail) for row in rows]


async def test_what_a_lead_wrote_is_read_again(here: Installation, lead: Session) -> None:
    organisations, _ = services(here)
    async with here.store.write() as conn:
        made = await organisations.add(conn, entry(), by=lead.staff_id)
    async with here.store.read() as conn:
        assert await organisations.find(conn, made.id) == made
        assert await organisations.find(conn, OrganisationId(new_id())) is None
    assert (made.entry, made.active, made.revision, made.verified) == (entry(), True, 1, False)
    assert await deeds(here) == [(lead.staff_id, made.id, Deed.ADDED)]


async def test_visitors_see_those_that_are_listed_and_active(here: Installation) -> None:
    organisations, _ = services(here)
    shown = await kept(here)
    await kept(here, entry(name="Not listed", listed=False))
    gone = await kept(here, entry(name="Closed down"))
    async with here.store.write() as conn:
        await organisations.activate(conn, gone.id, active=False, revision=gone.revision, by=None)
    async with here.store.read() as conn:
        assert [one.id for one in await organisations.listed(conn)] == [shown.id]
        assert [one.name for one in (await organisations.believed(conn))[0]] == [
            "Closed down",
            "Not listed",
            shown.name,
        ]


async def test_a_scope_finds_those_who_take_it(here: Installation) -> None:
    organisations, _ = services(here)
    await kept(here)
    system = await kept(here, entry(name="The system", takes=frozenset(Scope)))
    async with here.store.read() as conn:
        assert [one.id for one in await organisations.taking(conn, Scope.PROPOSAL)] == [system.id]
        assert len(await organisations.taking(conn, Scope.REFERRAL)) == 2


async def test_two_who_change_at_once_do_not_overwrite_each_other(here: Installation, lead: Session) -> None:
    organisations, _ = services(here)
    one = await kept(here)
    async with here.store.write() as conn:
        await organisations.change(conn, one.id, entry(name="First"), revision=1, by=lead.staff_id)
    for late in (1, 3):
        async with here.store.write() as conn:
            with pytest.raises(Moved):
                await organisations.change(conn, one.id, entry(name="Second"), revision=late, by=lead.staff_id)
    async with here.store.write() as conn:
        with pytest.raises(Moved):
            await organisations.activate(conn, OrganisationId(new_id()), active=False, revision=1, by=None)


async def test_a_mistake_changes_nothing(here: Installation) -> None:
    organisations, _ = services(here)
    async with here.store.write() as conn:
        with pytest.raises(NotAccepted) as refused:
            await organisations.add(conn, entry(email="not an address"), by=None)
    assert refused.value.mistakes == (Mistake("email", Wrong.NOT_EMAIL),)
    async with here.store.read() as conn:
        assert await organisations.believed(conn) == ([], [])


async def test_secure_email_waits_for_a_verified_key(here: Installation, lead: Session) -> None:
    organisations, _ = services(here)
    one = await kept(here)
    wanted = entry(channels=frozenset(Channel))
    async with here.store.write() as conn:
        with pytest.raises(NotAccepted) as refused:
            await organisations.change(conn, one.id, wanted, revision=1, by=lead.staff_id)
    assert refused.value.mistakes == (Mistake("channels", Wrong.UNVERIFIED),)
    assert (one.trusted_recipient, one.reached_by(Channel.EMAIL)) == (None, False)
    async with here.store.write() as conn:
        one = await organisations.verify(conn, one.id, revision=1, by=lead.staff_id)
        one = await organisations.change(conn, one.id, wanted, revision=2, by=lead.staff_id)
    assert (one.verified_by, one.trusted_recipient, one.reached_by(Channel.EMAIL)) == (lead.staff_id, KEY, True)
    assert one.fingerprint == fingerprint(KEY)
    assert (await kept(here, entry(recipient=""))).fingerprint == ""


@pytest.mark.parametrize("change", [{"recipient": OTHER_KEY}, {"email": "muu@satamatalo.example"}])
async def test_a_new_key_or_address_undoes_the_verification(
    here: Installation, lead: Session, change: dict[str, Any]
) -> None:
    organisations, _ = services(here)
    one = await verified(here, lead.staff_id)
    async with here.store.write() as conn:
        wanted = entry(channels=frozenset(Channel), **change)
        one = await organisations.change(conn, one.id, wanted, revision=one.revision, by=lead.staff_id)
    assert (one.verified, one.trusted_recipient) == (False, None)
    assert Channel.EMAIL not in one.entry.channels
    assert (await deeds(here))[-1] == (lead.staff_id, one.id, Deed.DESTINATION_CHANGED)


async def test_any_other_change_keeps_the_verification(here: Installation, lead: Session) -> None:
    organisations, _ = services(here)
    one = await verified(here, lead.staff_id)
    async with here.store.write() as conn:
        wanted = replace(one.entry, name="Uusi Satamatalo")
        one = await organisations.change(conn, one.id, wanted, revision=one.revision, by=lead.staff_id)
    assert one.verified
    assert one.reached_by(Channel.EMAIL)


async def test_a_key_that_is_not_there_cannot_be_verified(here: Installation, lead: Session) -> None:
    one = await kept(here, entry(recipient=""))
    async with here.store.write() as conn:
        with pytest.raises(NotAccepted):
            await services(here)[0].verify(conn, one.id, revision=1, by=lead.staff_id)


async def test_a_key_that_changed_meanwhile_is_not_verified(here: Installation, lead: Session) -> None:
    organisations, _ = services(here)
    one = await kept(here)
    async with here.store.write() as conn:
        await organisations.change(conn, one.id, entry(recipient=OTHER_KEY), revision=1, by=None)
        with pytest.raises(Moved):
            await organisations.verify(conn, one.id, revision=1, by=lead.staff_id)


SWAPS: tuple[dict[str, Any], ...] = (
    {"recipient": OTHER_KEY.encode()},
    {"email": "somebody@else.example"},
    {"by_spoken": 0},
    {"by_email": 0},
    {"name": "Somebody else"},
    {"profile": '{"phones":[{"number":"+358 9 000 0001"}]}'},
    {"profile": "no JSON"},
    {"verified_at": 1},
    {"verified_by": "f" * 32},
    {"takes_proposals": 1},
    {"listed": 0},
    {"state": "inactive"},
    {"revision": 9},
    {"recipient": b"\xff"},
    {"id": "e" * 32},
)


async def test_a_swapped_organisation_key_is_refused_with_an_alarm(here: Installation, lead: Session) -> None:
    """One of the fifteen tests of keys in issue 2: nothing is sealed to a key that a stranger wrote into the database."""
    organisations, _ = services(here)
    one = await verified(here, lead.staff_id)
    honest = await kept(here, entry(name="Honest"))
    async with here.store.read() as conn:
        row = dict((await conn.execute(select(table).where(table.c.id == one.id))).mappings().one())
    for swap in SWAPS:
        here.alarms.clear()
        async with here.store.write() as conn:
            await conn.execute(update(table).where(table.c.id == one.id).values(**swap))
        swapped = OrganisationId(swap.get("id", one.id))
        async with here.store.read() as conn:
            with pytest.raises(Forged):
                await organisations.find(conn, swapped)
            assert [seen.id for seen in await organisations.listed(conn)] == [honest.id], swap
            assert [seen.id for seen in await organisations.taking(conn, Scope.REFERRAL)] == [honest.id], swap
            assert await organisations.believed(conn) == ([honest], [swapped]), swap
        async with here.store.write() as conn:
            with pytest.raises(Forged):
                await organisations.change(conn, swapped, entry(), revision=swap.get("revision", one.revision), by=None)
        assert set(here.alarms) == {Fault.FORGED}
        async with here.store.write() as conn:
            await conn.execute(update(table).where(table.c.id == swapped).values(**row))
    async with here.store.read() as conn:
        assert await organisations.find(conn, one.id) == one


async def test_an_organisation_of_another_installation_is_refused(here: Installation, lead: Session) -> None:
    one = await kept(here)
    elsewhere = here.another_process()
    elsewhere.deployment = type(here.deployment)("another")
    async with here.store.read() as conn:
        with pytest.raises(Forged):
            await services(elsewhere)[0].find(conn, one.id)


async def test_the_database_itself_knows_no_secure_email_without_a_verified_key(here: Installation) -> None:
    one = await kept(here)
    with pytest.raises(DBAPIError):
        async with here.store.write() as conn:
            await conn.execute(update(table).where(table.c.id == one.id).values(by_email=1))


async def test_an_import_changes_those_it_knows_and_adds_the_others(here: Installation, lead: Session) -> None:
    organisations, _ = services(here)
    known = await verified(here, lead.staff_id)
    new = OrganisationId(new_id())
    everything = entry(channels=frozenset(Channel))
    rows = [
        (known.id, replace(everything, name="Same key"), True),
        (new, replace(everything, name="New"), False),
        (None, replace(everything, name="Nameless"), True),
    ]
    async with here.store.write() as conn:
        first, second, third = await organisations.take_over(conn, rows, by=lead.staff_id)
    assert (first.id, first.name, first.verified, first.reached_by(Channel.EMAIL)) == (known.id, "Same key", True, True)
    assert (second.id, second.active, second.verified) == (new, False, False)
    assert Channel.EMAIL not in second.entry.channels | third.entry.channels
    async with here.store.write() as conn:
        again = await organisations.take_over(conn, [(known.id, entry(recipient=OTHER_KEY), True)], by=None)
    assert not again[0].verified
    assert {deed for _, _, deed in (await deeds(here))[-4:]} == {Deed.IMPORTED}


async def test_an_import_is_all_or_nothing(here: Installation) -> None:
    organisations, _ = services(here)
    rows = [(None, entry(), True), (None, entry(email="x"), True), (None, entry(name=""), True)]
    async with here.store.write() as conn:
        with pytest.raises(NotAccepted) as refused:
            await organisations.take_over(conn, rows, by=None)
    assert [(one.path, one.wrong) for one in refused.value.mistakes] == [
        ("[1].email", Wrong.NOT_EMAIL),
        ("[2].name", Wrong.MISSING),
    ]
    async with here.store.read() as conn:
        assert await organisations.believed(conn) == ([], [])


async def test_of_those_who_change_in_the_same_moment_one_is_taken(here: Installation, lead: Session) -> None:
    one = await kept(here)
    workers = [here.another_process() for _ in range(6)]

    async def change(worker: Installation, name: str) -> bool:
        try:
            async with worker.store.write() as conn:
                await services(worker)[0].change(conn, one.id, entry(name=name), revision=1, by=lead.staff_id)
        except Moved:
            return False
        return True

    done = await asyncio.gather(*(change(worker, f"Name {number}") for number, worker in enumerate(workers)))
    assert done.count(True) == 1
    async with here.store.read() as conn:
        (after,), _ = await services(here)[0].believed(conn)
    assert (after.name, after.revision) == (f"Name {done.index(True)}", 2)


async def test_an_older_row_of_ours_does_not_bring_back_a_key_that_was_given_up(
    here: Installation, lead: Session
) -> None:
    organisations, _ = services(here)
    one = await verified(here, lead.staff_id)
    other = await kept(here, entry(name="Another"))
    async with here.store.read() as conn:
        old = (await conn.execute(select(table).where(table.c.id == one.id))).mappings().one()
    async with here.store.write() as conn:
        await organisations.change(conn, one.id, entry(recipient=OTHER_KEY), revision=one.revision, by=lead.staff_id)
    async with here.store.read() as conn:
        assert len((await organisations.believed(conn))[0]) == 2
    async with here.store.write() as conn:
        await conn.execute(update(table).where(table.c.id == one.id).values(**old))
    async with here.another_process().store.read() as conn:
        with pytest.raises(Forged):
            await organisations.find(conn, one.id)
        ours, refused = await organisations.believed(conn)
        assert ([found.id for found in ours], refused) == ([other.id], [one.id])
        assert [found.id for found in await organisations.listed(conn)] == [other.id]
    assert set(here.alarms) == {Fault.ROLLED_BACK}


async def test_a_row_that_was_deleted_is_told_to_leads(here: Installation) -> None:
    organisations, _ = services(here)
    one = await kept(here)
    async with here.store.read() as conn:
        assert await organisations.find(conn, one.id) == one
    async with here.store.write() as conn:
        await conn.execute(table.delete().where(table.c.id == one.id))
    async with here.store.read() as conn:
        assert await organisations.believed(conn) == ([], [one.id])
    assert here.alarms == [Fault.ROLLED_BACK]


async def test_without_the_marks_no_organisation_is_believed(here: Installation) -> None:
    one = await kept(here)
    broken = services(replace(here, marks=MemoryMarks()))[0]
    async with here.store.read() as conn:
        assert await broken.believed(conn) == ([], [one.id])
        with pytest.raises(Forged):
            await broken.find(conn, one.id)
    assert set(here.alarms) == {Fault.MARK_MISSING}
