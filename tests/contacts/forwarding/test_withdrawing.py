import asyncio
import random
import time
from collections import Counter

import pytest
from sqlalchemy import insert, select

from contacts.forwarding.consent import ConsentId, Denied, ForwardingId, Outcome, Withdrawer
from contacts.forwarding.tables import consents, forwardings, notices, outbox, outbox_keys
from contacts.forwarding.withdrawing import Withdrawal
from contacts.organisations.organisation import Channel
from storage.clock import SystemClock
from storage.engine import Store
from tests.contacts.forwarding.consenting import Desk, desk_on


async def queued(desk: Desk, consent: ConsentId) -> ForwardingId:
    """Something in the outbox."""
    async with desk.store.write() as conn:
        forwarding = await desk.forwardings.queue(conn, consent, channel=Channel.EMAIL, by=desk.otso)
        place = {"forwarding": forwarding, "kind": "document", "sealed": b"x"}
        await conn.execute(insert(outbox_keys).values(**place, mac=b"x"))
        await conn.execute(insert(outbox).values(**place, made_at=1))
    return forwarding


async def one_race(desk: Desk, others: list[Desk], chance: random.Random) -> Counter[str]:
    """A withdrawal against somebody who transmits, somebody who queues more, and a second withdrawal."""
    consent = await desk.consented()
    first = [await queued(desk, consent) for _ in range(chance.choice((1, 2)))]
    fates: Counter[str] = Counter()

    async def transmit(on: Desk, forwarding: ForwardingId) -> None:
        await asyncio.sleep(chance.random() * 0.004)
        async with on.store.write() as conn:
            sent = await on.forwardings.mark_sent(conn, forwarding)
        fates["sent" if sent else "not sent"] += 1

    async def queue_more(on: Desk) -> None:
        await asyncio.sleep(chance.random() * 0.004)
        try:
            more = await queued(on, consent)
        except Denied:
            fates["not queued"] += 1
        else:
            await transmit(on, more)

    async def withdraw(on: Desk) -> Withdrawal:
        await asyncio.sleep(chance.random() * 0.004)
        async with on.store.write() as conn:
            return await on.consents.withdraw(conn, consent, by=Withdrawer.VISITOR)

    withdrawals = await asyncio.gather(
        withdraw(others[0]),
        withdraw(others[1]),
        *(transmit(others[0], one) for one in first),
        queue_more(others[1]),
    )
    stopped = sum(len(each.stopped) for each in withdrawals if isinstance(each, Withdrawal))
    noticed = sum(len(each.noticed) for each in withdrawals if isinstance(each, Withdrawal))
    async with desk.store.read() as conn:
        withdrawn_at = (await conn.execute(select(consents.c.withdrawn_at).where(consents.c.id == consent))).scalar()
        rows = (await conn.execute(select(forwardings).where(forwardings.c.consent == consent))).all()
        ids = [row.id for row in rows]
        left = (await conn.execute(select(outbox.c.forwarding).where(outbox.c.forwarding.in_(ids)))).all()
        keys = (await conn.execute(select(outbox_keys.c.forwarding).where(outbox_keys.c.forwarding.in_(ids)))).all()
        told = (await conn.execute(select(notices.c.forwarding).where(notices.c.forwarding.in_(ids)))).scalars().all()
    assert withdrawn_at is not None, "a withdrawal that failed"
    assert {row.state for row in rows} == {"withdrawn"}, "something of it could still leave"
    assert left == keys == [], "something of it still lies in the outbox"
    assert all(row.sent_at is None or row.sent_at <= withdrawn_at for row in rows), "sent after the withdrawal"
    sent = [row.id for row in rows if row.sent_at is not None]
    assert fates["sent"] == len(sent) == len(told) == noticed
    assert stopped == len(rows) - len(sent)
    assert any(each.sent for each in withdrawals if isinstance(each, Withdrawal)) == bool(sent)
    return fates


async def race(store: Store, count: int) -> Counter[str]:
    """Every deadlock, failed withdrawal or late send raises."""
    clock = SystemClock()
    desk = await desk_on(store, clock)
    url = store._writer.url.render_as_string(hide_password=False)
    stores = [Store(url=url) for _ in range(2)]
    chance = random.Random(4)
    fates: Counter[str] = Counter()
    try:
        others = [
            Desk(**{**vars(desk), "store": other, "consents": desk.consents, "forwardings": desk.forwardings})
            for other in stores
        ]
        for _ in range(count):
            fates += await one_race(desk, others, chance)
    finally:
        for other in stores:
            await other.close()
    return fates


async def test_whoever_withdraws_is_never_too_late_without_being_told(store: Store) -> None:
    fates = await race(store, 40)
    assert min(fates["sent"], fates["not sent"]) > 0, fates


@pytest.mark.fault
async def test_four_hundred_races_end_without_a_late_send_a_deadlock_or_a_failed_withdrawal(store: Store) -> None:
    began = time.monotonic()
    fates = await race(store, 400)
    print(f"\n{store.dialect}: 400 races in {time.monotonic() - began:.1f} s: {dict(fates)}")
    assert fates["sent"] >= 40, fates
    assert fates["not sent"] + fates["not queued"] >= 40, fates


async def test_withdrawing_again_changes_nothing(store: Store) -> None:
    desk = await desk_on(store)
    consent = await desk.consented()
    forwarding = await queued(desk, consent)
    async with store.write() as conn:
        first = await desk.consents.withdraw(conn, consent, by=Withdrawer.VISITOR)
        again = await desk.consents.withdraw(conn, consent, by=Withdrawer.OPERATOR, staff=desk.otso.staff_id)
    assert first == Withdrawal(stopped=(forwarding,))
    assert again == Withdrawal()


async def test_there_is_nothing_to_withdraw_where_nobody_consented(store: Store) -> None:
    desk = await desk_on(store)
    with pytest.raises(Denied):
        async with store.write() as conn:
            await desk.consents.withdraw(conn, ConsentId("none"), by=Withdrawer.VISITOR)


@pytest.mark.parametrize(
    ("outcome", "may_have_it"),
    [
        (Outcome.UNREACHABLE, False),
        (Outcome.REFUSED, False),
        (Outcome.UNCONFIRMED, True),
        (Outcome.NOT_DELIVERED, True),
    ],
)
async def test_who_certainly_received_nothing_is_told_nothing_and_the_person_hears_the_truth(
    store: Store, outcome: Outcome, may_have_it: bool
) -> None:
    desk = await desk_on(store, SystemClock())
    consent = await desk.consented()
    forwarding = await queued(desk, consent)
    async with store.write() as conn:
        assert await desk.forwardings.mark_sent(conn, forwarding)
        assert await desk.forwardings.mark_failed(conn, forwarding, outcome)
    async with store.write() as conn:
        first = await desk.consents.withdraw(conn, consent, by=Withdrawer.VISITOR)
    async with store.write() as conn:
        again = await desk.consents.withdraw(conn, consent, by=Withdrawer.VISITOR)
        told = (await conn.execute(select(notices.c.forwarding))).scalars().all()
        assert not await desk.forwardings.mark_sent(conn, forwarding)
    assert (first.sent, again.sent) == (may_have_it, may_have_it)
    assert list(told) == list(first.noticed) == ([forwarding] if may_have_it else [])
    assert first.stopped == (() if may_have_it else (forwarding,))
