from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select

from contacts.forwarding.consent import (
    ConsentId,
    Denial,
    Denied,
    EmergencyId,
    ForwardingId,
    Moved,
    Outcome,
)
from contacts.forwarding.forwarding import Forwarding
from contacts.holds import Held, hold
from contacts.organisations.organisation import Channel
from contacts.tables_audit import audit
from storage.clock import ManualClock
from storage.engine import Connection, Store
from storage.ids import ContactId
from tests.contacts.forwarding.consenting import Desk, desk_on

C1 = ContactId("c1")
GONE = ForwardingId("none")


@pytest.fixture
async def desk(store: Store) -> Desk:
    return await desk_on(store)


async def queued(desk: Desk, channel: Channel = Channel.EMAIL) -> ForwardingId:
    consent = await desk.consented()
    async with desk.store.write() as conn:
        return await desk.forwardings.queue(conn, consent, channel=channel, by=desk.otso)


async def found(desk: Desk, forwarding: ForwardingId) -> Forwarding:
    async with desk.store.read() as conn:
        one = await desk.forwardings.find(conn, forwarding)
    assert one is not None
    return one


async def test_it_is_exactly_what_was_consented_to(desk: Desk) -> None:
    one = await found(desk, await queued(desk))
    assert (one.contact, one.organisation, one.scope, one.fields) == ("c1", "o1", "referral", ("age", "needs"))
    assert (one.state, one.payload, one.queued_by) == (Moved.QUEUED, 1, "otso")
    async with desk.store.read() as conn:
        assert await desk.forwardings.of_contact(conn, C1) == [one]
        assert await desk.forwardings.in_state(conn, Moved.QUEUED) == [one]
        assert await desk.forwardings.in_state(conn, Moved.QUEUED, channel=Channel.DOWNLOAD) == []
        assert await desk.forwardings.find(conn, GONE) is None


async def test_it_is_sent_once_and_goes_on_to_a_decision(desk: Desk) -> None:
    one = await queued(desk)
    async with desk.store.write() as conn:
        out = desk.forwardings
        assert [await out.mark_sent(conn, one) for _ in range(2)] == [True, False]
        assert [await out.acknowledged(conn, one, by=desk.otso) for _ in range(2)] == [True, False]
        assert [await out.accepted(conn, one, by=desk.otso) for _ in range(2)] == [True, False]
        assert not await out.declined(conn, one, Outcome.NO_CAPACITY, by=desk.otso)
        assert not await out.mark_failed(conn, one)
        assert not await out.mark_sent(conn, GONE)
        assert not await out.mark_failed(conn, GONE)
        assert not await out.take_back(conn, GONE, by=desk.otso)
    async with desk.store.read() as conn:
        rows = (await conn.execute(select(audit.c.detail).where(audit.c.action == "forwarding"))).scalars().all()
    assert rows == ["queued", "sent", "acknowledged", "accepted"]


async def test_what_failed_may_be_sent_again_while_its_consent_lives(desk: Desk) -> None:
    one = await queued(desk)
    async with desk.store.write() as conn:
        assert await desk.forwardings.mark_sent(conn, one)
        assert await desk.forwardings.mark_failed(conn, one)
        assert await desk.forwardings.mark_sent(conn, one)
        assert await desk.forwardings.declined(conn, one, Outcome.CANNOT_HELP, by=desk.otso)
    again = await found(desk, one)
    assert (again.state, again.outcome) == (Moved.DECLINED, Outcome.CANNOT_HELP)


async def test_an_operator_takes_back_what_has_not_left(desk: Desk) -> None:
    waits, left = await queued(desk), await queued(desk)
    async with desk.store.write() as conn:
        assert await desk.forwardings.mark_sent(conn, left)
        assert await desk.forwardings.take_back(conn, waits, by=desk.otso)
        assert not await desk.forwardings.take_back(conn, left, by=desk.otso)
    assert (await found(desk, waits)).outcome is Outcome.TAKEN_BACK


async def test_nothing_is_sent_while_sending_is_held_back(desk: Desk) -> None:
    one = await queued(desk)
    async with desk.store.write() as conn:
        await hold(conn, Held.SENDING, now=1)
        assert not await desk.forwardings.mark_sent(conn, one)
        assert not await desk.forwardings.notice_sent(conn, one)
    assert (await found(desk, one)).state is Moved.QUEUED


async def test_what_was_told_on_the_telephone_is_sent_at_once(desk: Desk) -> None:
    consent = await desk.consented()
    async with desk.store.write() as conn:
        told = await desk.forwardings.spoken(conn, consent, by=desk.otso, told_to=3)
    one = await found(desk, told)
    assert (one.state, one.channel, one.told_to) == (Moved.SENT, Channel.SPOKEN, 3)
    async with desk.store.write() as conn:
        await hold(conn, Held.SENDING, now=1)
    with pytest.raises(Denied) as refused:
        async with desk.store.write() as conn:
            await desk.forwardings.spoken(conn, consent, by=desk.otso)
    assert refused.value.code is Denial.NOT_LIVE


async def test_without_a_live_consent_nothing_is_queued(desk: Desk) -> None:
    consent = await desk.consented()
    assert isinstance(desk.clock, ManualClock)
    desk.clock.advance(15 * 86_400)
    tries: tuple[tuple[Callable[[Connection], Awaitable[object]], Denial], ...] = (
        (lambda c: desk.forwardings.queue(c, consent, channel=Channel.EMAIL, by=desk.otso), Denial.NOT_LIVE),
        (lambda c: desk.forwardings.queue(c, consent, channel=Channel.EMAIL, by=desk.anna), Denial.NOT_ALLOWED),
        (lambda c: desk.forwardings.queue(c, ConsentId("x"), channel=Channel.EMAIL, by=desk.otso), Denial.NOT_THERE),
        (
            lambda c: desk.forwardings.queue_emergency(c, EmergencyId("x"), channel=Channel.EMAIL, by=desk.otso),
            Denial.NOT_THERE,
        ),
    )
    for act, code in tries:
        with pytest.raises(Denied) as refused:
            async with desk.store.write() as conn:
                await act(conn)
        assert refused.value.code is code
