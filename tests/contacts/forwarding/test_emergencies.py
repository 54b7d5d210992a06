import pytest
from msgspec.structs import replace
from sqlalchemy import select

from contacts.forwarding.consent import Authority, Basis, Danger, Denial, Denied, EmergencyId, Moved, Verdict
from contacts.forwarding.emergencies import Act
from contacts.organisations.organisation import Channel
from contacts.tables_audit import audit
from storage.clock import ManualClock
from storage.engine import Store
from storage.ids import ContactId, OrganisationId
from tests.contacts.forwarding.consenting import Desk, desk_on
from tests.contacts.forwarding.gate_world import D1

ACT = Act(
    contact=ContactId("c1"),
    authority=Authority.CHILD_PROTECTION,
    reason=Danger.CHILD_AT_RISK,
    basis=Basis.CHILD_WELFARE_DUTY,
    fields=("where",),
    organisation=OrganisationId("o1"),
    digest=D1,
    payload=4,
)


@pytest.fixture
async def desk(store: Store) -> Desk:
    return await desk_on(store)


async def acted(desk: Desk, act: Act = ACT) -> EmergencyId:
    async with desk.store.write() as conn:
        return await desk.emergencies.act(conn, act, by=desk.otso)


async def confirmed(desk: Desk, emergency: EmergencyId, verdict: Verdict, by: str) -> Denial | None:
    try:
        async with desk.store.write() as conn:
            await desk.emergencies.confirm(conn, emergency, verdict, by=getattr(desk, by))
    except Denied as denied:
        return denied.code
    return None


async def test_one_person_acts_alone_and_sends_at_once(desk: Desk) -> None:
    emergency = await acted(desk)
    async with desk.store.write() as conn:
        sent = await desk.forwardings.queue_emergency(conn, emergency, channel=Channel.EMAIL, by=desk.otso)
        assert await desk.forwardings.mark_sent(conn, sent)
        told = await desk.forwardings.spoken_emergency(conn, emergency, by=desk.otso)
        one = await desk.forwardings.find(conn, sent)
        assert await desk.forwardings.mark_failed(conn, told)
    assert one is not None
    assert (one.state, one.scope, one.payload, one.consent, one.emergency) == (
        Moved.SENT,
        "emergency",
        4,
        None,
        emergency,
    )


async def test_it_allows_nothing_the_day_after(desk: Desk) -> None:
    emergency = await acted(desk)
    async with desk.store.write() as conn:
        waits = await desk.forwardings.queue_emergency(conn, emergency, channel=Channel.EMAIL, by=desk.otso)
    assert isinstance(desk.clock, ManualClock)
    desk.clock.advance(86_400)
    async with desk.store.write() as conn:
        assert not await desk.forwardings.mark_sent(conn, waits)
        with pytest.raises(Denied):
            await desk.forwardings.queue_emergency(conn, emergency, channel=Channel.EMAIL, by=desk.otso)


async def test_an_authority_that_is_not_on_our_list_is_told_by_telephone_only(desk: Desk) -> None:
    emergency = await acted(
        desk, replace(ACT, authority=Authority.POLICE, organisation=None, digest=None, payload=None)
    )
    with pytest.raises(Denied) as refused:
        async with desk.store.write() as conn:
            await desk.forwardings.queue_emergency(conn, emergency, channel=Channel.EMAIL, by=desk.otso)
    assert refused.value.code is Denial.NOT_THERE


async def test_a_lead_who_is_somebody_else_confirms_once(desk: Desk) -> None:
    emergency = await acted(desk)
    async with desk.store.write() as conn:
        of_a_lead = await desk.emergencies.act(conn, ACT, by=desk.leena)
    assert await confirmed(desk, emergency, Verdict.AGREED, "otso") is Denial.NOT_A_LEAD
    assert await confirmed(desk, of_a_lead, Verdict.AGREED, "leena") is Denial.SAME_PERSON
    assert await confirmed(desk, EmergencyId("none"), Verdict.AGREED, "leena") is Denial.NOT_THERE
    assert await confirmed(desk, emergency, Verdict.DISAGREED, "leena") is None
    assert await confirmed(desk, emergency, Verdict.AGREED, "lasse") is Denial.ALREADY
    async with desk.store.read() as conn:
        one = await desk.emergencies.find(conn, emergency)
        assert [each.id for each in await desk.emergencies.unconfirmed(conn)] == [of_a_lead]
        rows = (await conn.execute(select(audit.c.action, audit.c.detail).order_by(audit.c.number))).all()
    assert one is not None
    assert (one.act, one.verdict, one.confirmed_by) == (ACT, Verdict.DISAGREED, "leena")
    assert rows[-1] == ("emergency_confirmed", "disagreed")


async def test_who_was_not_looked_at_within_a_day_is_overdue_and_all_are_counted(desk: Desk) -> None:
    emergency = await acted(desk)
    assert isinstance(desk.clock, ManualClock)
    desk.clock.advance(86_399)
    async with desk.store.read() as conn:
        assert await desk.emergencies.overdue(conn) == []
    desk.clock.advance(1)
    async with desk.store.read() as conn:
        (late,) = await desk.emergencies.overdue(conn)
        assert (late.id, late.confirm_by) == (emergency, int(desk.clock.now().timestamp()))
        assert await desk.emergencies.of_contact(conn, ContactId("c1")) == [late]
        assert await desk.emergencies.count(conn, late.acted_at, late.acted_at + 1) == {Danger.CHILD_AT_RISK: 1}
        assert await desk.emergencies.count(conn, 0, late.acted_at) == {}
    assert await confirmed(desk, emergency, Verdict.AGREED, "leena") is None


async def test_what_is_told_is_named_and_only_who_may_open_contacts_acts(desk: Desk) -> None:
    for act, by, code in (
        (replace(ACT, fields=()), desk.otso, Denial.NOT_ASKED_SO),
        (replace(ACT, fields=tuple(f"f{number:060}" for number in range(40))), desk.otso, Denial.NOT_ASKED_SO),
        (ACT, desk.anna, Denial.NOT_ALLOWED),
        (replace(ACT, contact=ContactId("none")), desk.otso, Denial.NOT_ALLOWED),
    ):
        with pytest.raises(Denied) as refused:
            async with desk.store.write() as conn:
                await desk.emergencies.act(conn, act, by=by)
        assert refused.value.code is code
