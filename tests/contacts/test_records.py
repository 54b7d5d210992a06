"""Records in the database: sealed with every revision, never lost to a colleague, told to statistics, gone when erased."""

import asyncio

import pytest
from sqlalchemy import insert, select, update

from contacts.audit import Action
from contacts.contact import Contact, Door, Klass, Refusal, Refused, State
from contacts.heads import contact_row
from contacts.log import Log
from contacts.openings import OpeningReason
from contacts.record import Codes, Fault, Record, Why
from contacts.record_door import RecordDoor
from contacts.record_facts import Facts, MemoryFacts, NoFacts
from contacts.records import Conflict, Faulty, Records
from contacts.session import Ended, Session
from contacts.tables_audit import audit
from contacts.tables_log import contacts
from contacts.tables_records import record_revisions, records
from storage.ids import ContactId, StaffId, new_id
from tests.contacts.installation import Installation

pytestmark = pytest.mark.anyio
WHO: dict[str, tuple[str, ...]] = {"who": ("self",)}
RIGHTS = {"who": ("self",), "topic": ("rights",)}


class Desk:
    """The services of one process, and contacts of somebody."""

    def __init__(self, here: Installation, facts: Facts) -> None:
        self.here = here
        self.records = Records(store=here.store, clock=here.clock, keyring=here.keyring, audit=here.audit, facts=facts)
        log = Log(store=here.store)
        self.door = RecordDoor(store=here.store, log=log, openings=here.openings, records=self.records)

    async def contact(self, operator: StaffId | None, **changed: object) -> ContactId:
        """A contact of this operator."""
        values = {"door": Door.CHAT, "language": "fi", "tag": "K4", "state": State.ACTIVE, "opened_at": 1000}
        contact = Contact(id=ContactId(new_id()), operator=operator, **(values | changed))  # type: ignore[arg-type]
        async with self.here.store.write() as conn:
            await conn.execute(insert(contacts).values(**contact_row(contact)))
        return contact.id

    async def change(self, contact: ContactId, **values: object) -> None:
        """Something happened to it."""
        async with self.here.store.write() as conn:
            await conn.execute(update(contacts).where(contacts.c.id == contact).values(**values))

    async def save(
        self, session: Session, contact: ContactId, based_on: int, codes: Codes, *, finished: bool = False
    ) -> int:
        """The new revision's number."""
        return (await self.door.save(session, contact, based_on=based_on, codes=codes, finished=finished)).revision

    async def rows(self, action: Action) -> int:
        """How many rows of the audit log say so."""
        async with self.here.store.read() as conn:
            return len((await conn.execute(select(audit.c.number).where(audit.c.action == action))).all())


@pytest.fixture
def facts() -> MemoryFacts:
    return MemoryFacts()


@pytest.fixture
def desk(here: Installation, facts: MemoryFacts) -> Desk:
    return Desk(here, facts)


@pytest.fixture
async def otso(here: Installation, lead: Session) -> Session:
    """An operator."""
    return await here.signed_in(await here.joined(lead, "otso"))


@pytest.mark.parametrize("door", list(Door))
@pytest.mark.parametrize("state", [State.ACTIVE, State.ENDED])
async def test_a_contact_of_every_door_has_a_record_live_and_over(
    desk: Desk, otso: Session, door: Door, state: State
) -> None:
    contact = await desk.contact(otso.staff_id, door=door, state=state)
    nothing = await desk.door.current(otso, contact)
    assert (nothing.revision, nothing.record) == (0, None)
    assert await desk.save(otso, contact, 0, WHO) == 1
    kept = await desk.door.current(otso, contact)
    assert kept.record is not None
    assert (kept.record.codes, kept.by, kept.revision) == (WHO, otso.staff_id, 1)


async def test_every_revision_is_kept_sealed_and_nothing_is_readable(desk: Desk, otso: Session) -> None:
    contact = await desk.contact(otso.staff_id)
    await desk.save(otso, contact, 0, WHO)
    await desk.save(otso, contact, 1, RIGHTS)
    history = await desk.records.history(await desk.door.opening(otso, contact))
    assert [one.record.codes for one in history if one.record] == [WHO, RIGHTS]
    async with desk.here.store.read() as conn:
        sealed = list((await conn.execute(select(record_revisions.c.sealed))).scalars())
    assert not any(b"self" in one or b"rights" in one for one in sealed)
    assert {len(one) for one in sealed} == {256 + 29}  # version, nonce, tag: both of one size


async def test_the_same_again_changes_nothing(desk: Desk, otso: Session, facts: MemoryFacts) -> None:
    contact = await desk.contact(otso.staff_id)
    assert await desk.save(otso, contact, 0, RIGHTS) == 1
    assert await desk.save(otso, contact, 0, dict(reversed(RIGHTS.items()))) == 1
    assert len(facts.told) == 1


async def test_who_saves_on_an_old_revision_is_shown_the_new_one(desk: Desk, otso: Session) -> None:
    contact = await desk.contact(otso.staff_id)
    await desk.save(otso, contact, 0, WHO)
    with pytest.raises(Conflict) as conflict:
        await desk.save(otso, contact, 0, RIGHTS)
    assert conflict.value.kept.record == Record(codes=WHO, handles={"memory": "handle-0"})
    assert (await desk.door.current(otso, contact)).revision == 1


async def test_of_two_saves_at_once_one_is_kept_and_the_other_told(desk: Desk, otso: Session) -> None:
    contact = await desk.contact(otso.staff_id)
    await desk.door.opening(otso, contact)
    saves = (desk.save(otso, contact, 0, codes) for codes in (WHO, RIGHTS, {"danger": ("yes",)}))
    results = await asyncio.gather(*saves, return_exceptions=True)
    assert sorted(type(one).__name__ for one in results) == ["Conflict", "Conflict", "int"]


async def test_faulty_codes_are_not_kept(desk: Desk, otso: Session, facts: MemoryFacts) -> None:
    contact = await desk.contact(otso.staff_id)
    with pytest.raises(Faulty) as faulty:
        await desk.save(otso, contact, 0, {"who": ("nobody",)})
    assert faulty.value.faults == [Fault("who", Why.UNKNOWN_CODE, "nobody")]
    assert (await desk.door.current(otso, contact)).revision == 0
    assert facts.told == []


async def test_statistics_hear_of_each_save_and_keep_their_handle(
    desk: Desk, otso: Session, facts: MemoryFacts
) -> None:
    contact = await desk.contact(otso.staff_id, danger=True)
    await desk.save(otso, contact, 0, WHO)
    await desk.save(otso, contact, 1, RIGHTS, finished=True)
    assert [(before.codes if before else None, after.codes) for _, before, after in facts.told] == [
        (None, WHO),
        (WHO, RIGHTS),
    ]
    assert facts.told[1][0].danger
    assert facts.told[1][2].handles == {"memory": "handle-0"}


async def test_a_save_that_statistics_refuse_is_undone(here: Installation, otso: Session) -> None:
    class Broken(NoFacts):
        async def changed(self, *_args: object, **_named: object) -> None:
            raise RuntimeError

    desk = Desk(here, Broken())
    contact = await desk.contact(otso.staff_id)
    with pytest.raises(RuntimeError):
        await desk.save(otso, contact, 0, WHO)
    assert (await desk.door.current(otso, contact)).revision == 0


async def test_somebody_elses_contact_and_an_absent_one_look_the_same(desk: Desk, otso: Session, lead: Session) -> None:
    for contact in (await desk.contact(lead.staff_id), await desk.contact(None), ContactId(new_id()), ContactId("\0")):
        for attempt in (desk.door.current(otso, contact), desk.save(otso, contact, 0, WHO)):
            with pytest.raises(Refused) as refused:
                await attempt
            assert refused.value.code is Refusal.NOT_YOURS


async def test_a_session_that_ended_reads_and_writes_nothing(desk: Desk, otso: Session) -> None:
    contact = await desk.contact(otso.staff_id)
    await desk.save(otso, contact, 0, WHO)
    otso.end(Ended.REVOKED)
    for attempt in (desk.door.current(otso, contact), desk.save(otso, contact, 1, RIGHTS)):
        with pytest.raises(Refused) as refused:
            await attempt
        assert refused.value.code is Refusal.NOT_YOURS


async def test_who_opens_with_a_reason_reads_the_codes_too(desk: Desk, otso: Session, lead: Session) -> None:
    contact = await desk.contact(otso.staff_id)
    await desk.save(otso, contact, 0, RIGHTS)
    opening = await desk.here.openings.opened(lead, contact, OpeningReason.SAFETY)
    assert await desk.records.codes(opening) == RIGHTS
    other = await desk.here.openings.opened(lead, await desk.contact(None), OpeningReason.SAFETY)
    assert await desk.records.codes(other) == {}


async def test_a_colleagues_record_stays_hidden_as_long_as_the_visitor_does_not_allow_reading(
    desk: Desk, otso: Session, lead: Session, facts: MemoryFacts
) -> None:
    contact = await desk.contact(otso.staff_id)
    await desk.save(otso, contact, 0, RIGHTS)
    await desk.change(contact, operator=lead.staff_id, reads_from=7)
    hidden = await desk.door.current(lead, contact)
    assert (hidden.revision, hidden.record, hidden.by) == (1, None, otso.staff_id)
    assert await desk.save(lead, contact, 1, {"danger": ("yes",)}) == 2
    shown = await desk.door.current(lead, contact)
    assert shown.record is not None
    assert shown.record.codes == {"danger": ("yes",)}
    assert facts.told[1][1] is not None, "statistics correct what they counted"
    history = await desk.records.history(await desk.door.opening(lead, contact))
    assert [one.record is None for one in history] == [True, False]
    await desk.change(contact, reads_from=1)
    history = await desk.records.history(await desk.door.opening(lead, contact))
    assert [one.record.codes for one in history if one.record] == [RIGHTS, {"danger": ("yes",)}]


async def test_a_colleague_who_came_later_begins_a_key_of_their_own(desk: Desk, otso: Session, lead: Session) -> None:
    contact = await desk.contact(otso.staff_id)
    await desk.save(otso, contact, 0, WHO)
    late = await desk.here.signed_in(await desk.here.joined(lead, "late"))
    await desk.change(contact, operator=late.staff_id)
    assert (await desk.door.current(late, contact)).record is None
    assert await desk.save(late, contact, 1, RIGHTS) == 2
    async with desk.here.store.read() as conn:
        assert await desk.here.keyring.segment_numbers(conn, contact, Klass.RECORD) == [1, 2]
    await desk.change(contact, operator=otso.staff_id)
    assert (await desk.door.current(otso, contact)).revision == 2


async def test_a_record_moved_to_another_contact_does_not_open(desk: Desk, otso: Session) -> None:
    contact, other = await desk.contact(otso.staff_id), await desk.contact(otso.staff_id)
    await desk.save(otso, contact, 0, RIGHTS)
    await desk.save(otso, other, 0, WHO)
    async with desk.here.store.write() as conn:
        stolen = select(record_revisions.c.sealed).where(record_revisions.c.contact == contact).scalar_subquery()
        await conn.execute(update(record_revisions).where(record_revisions.c.contact == other).values(sealed=stolen))
    assert (await desk.door.current(otso, other)).record is None


async def test_the_log_tells_who_began_and_who_finished(desk: Desk, otso: Session) -> None:
    contact = await desk.contact(otso.staff_id)
    three: list[Codes] = [WHO, RIGHTS, {"danger": ("no",)}]
    for revision, codes in enumerate(three):
        await desk.save(otso, contact, revision, codes)
    assert (await desk.rows(Action.RECORD_WRITTEN), await desk.rows(Action.OPEN)) == (1, 1)
    await desk.save(otso, contact, 3, {"danger": ("no",)}, finished=True)
    assert await desk.rows(Action.RECORD_WRITTEN) == 2


async def test_what_is_over_stays_on_its_operators_list_until_it_is_finished(
    desk: Desk, otso: Session, lead: Session
) -> None:
    over = await desk.contact(otso.staff_id, state=State.ENDED, ended_at=2000, accepted_at=1100)
    call = await desk.contact(otso.staff_id, door=Door.PHONE, accepted_at=1100)
    await desk.contact(otso.staff_id)  # a conversation under way stands in another list
    await desk.contact(lead.staff_id, state=State.ENDED, ended_at=2000)
    erased = await desk.contact(otso.staff_id, state=State.ENDED, ended_at=2000)
    await desk.change(erased, erased_at=3000)
    assert [(one.contact.id, one.begun) for one in await desk.door.unfinished(otso.staff_id)] == [
        (call, False),
        (over, False),
    ]
    await desk.save(otso, over, 0, WHO)
    assert [one.begun for one in await desk.door.unfinished(otso.staff_id)] == [False, True]
    await desk.save(otso, over, 1, WHO, finished=True)
    assert [one.contact.id for one in await desk.door.unfinished(otso.staff_id)] == [call]
    await desk.save(otso, over, 2, RIGHTS, finished=False)
    assert len(await desk.door.unfinished(otso.staff_id)) == 2
    with pytest.raises(Refused):
        await desk.door.current(otso, erased)


async def test_erasing_the_class_takes_every_revision(desk: Desk, otso: Session) -> None:
    contact, other = await desk.contact(otso.staff_id), await desk.contact(otso.staff_id)
    await desk.save(otso, contact, 0, WHO)
    await desk.save(otso, other, 0, WHO)
    async with desk.here.store.write() as conn:
        await desk.here.erasure.erase(conn, contact, Klass.RECORD)
    async with desk.here.store.read() as conn:
        for table in (records, record_revisions):
            assert list((await conn.execute(select(table.c.contact))).scalars()) == [other]
