"""P3: a withdrawn consent stops what has not been handed to transmission, in the same transaction.

Races of withdrawing against sending: tests/contacts/forwarding/test_withdrawing.py.
"""

from pathlib import Path

import pytest
from sqlalchemy import insert, select

from contacts.forwarding.consent import (
    AskId,
    ConsentId,
    Denial,
    Denied,
    ForwardingId,
    Given,
    Moved,
    Outcome,
    Withdrawer,
)
from contacts.forwarding.tables import outbox, outbox_keys
from contacts.organisations.organisation import Channel
from storage.clock import ManualClock
from storage.engine import Store
from storage.ids import ContactId
from tests.contacts.conftest import database_url, kept_database, store
from tests.contacts.forwarding.consenting import Desk, desk_on

__all__ = ["database_url", "kept_database", "store"]
C1 = ContactId("c1")


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def waiting(desk: Desk, consent: ConsentId, content: bytes = b"sealed") -> ForwardingId:
    async with desk.store.write() as conn:
        forwarding = await desk.forwardings.queue(conn, consent, channel=Channel.EMAIL, by=desk.otso)
        place = {"forwarding": forwarding, "kind": "document", "sealed": content}
        await conn.execute(insert(outbox_keys).values(**place, mac=b"x"))
        await conn.execute(insert(outbox).values(**place, made_at=1))
    return forwarding


async def lying(desk: Desk) -> list[str]:
    """Whose contents and keys lie in the outbox."""
    async with desk.store.read() as conn:
        return [
            *(await conn.execute(select(outbox.c.forwarding))).scalars(),
            *(await conn.execute(select(outbox_keys.c.forwarding))).scalars(),
        ]


async def state_of(desk: Desk, forwarding: ForwardingId) -> tuple[Moved, Outcome | None]:
    async with desk.store.read() as conn:
        found = await desk.forwardings.find(conn, forwarding)
    assert found is not None
    return found.state, found.outcome


async def test_the_visitors_one_press_takes_away_what_waits_and_its_key(store: Store) -> None:
    desk = await desk_on(store)
    ask = await desk.asked()
    async with store.write() as conn:
        consent = await desk.consents.record(conn, ask, Given(), by=desk.otso)
    forwarding = await waiting(desk, consent)
    assert len(await lying(desk)) == 2
    assert await desk.consents.taken_back(C1, ask=ask) is False
    assert await lying(desk) == []
    assert await state_of(desk, forwarding) == (Moved.WITHDRAWN, Outcome.CONSENT_WITHDRAWN)
    async with store.write() as conn:
        assert not await desk.forwardings.mark_sent(conn, forwarding)
    assert await desk.consents.taken_back(C1, ask=ask) is False


async def test_all_of_it_or_nothing(store: Store) -> None:
    """Killed before the commit: the consent lives, and what waits still waits."""
    desk = await desk_on(store)
    consent = await desk.consented()
    forwarding = await waiting(desk, consent)

    async def killed() -> None:
        async with store.write() as conn:
            await desk.consents.withdraw(conn, consent, by=Withdrawer.VISITOR)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await killed()
    assert len(await lying(desk)) == 2
    async with store.write() as conn:
        found = await desk.consents.find(conn, consent)
        assert found is not None
        assert found.withdrawn_at is None
        assert await desk.forwardings.mark_sent(conn, forwarding)


async def test_what_had_left_gets_a_notice_and_says_so(store: Store) -> None:
    desk = await desk_on(store)
    ask = await desk.asked()
    async with store.write() as conn:
        consent = await desk.consents.record(conn, ask, Given(), by=desk.otso)
    left, waits = await waiting(desk, consent), await waiting(desk, consent)
    async with store.write() as conn:
        assert await desk.forwardings.mark_sent(conn, left)
    async with store.write() as conn:
        done = await desk.consents.withdraw(conn, consent, by=Withdrawer.OPERATOR, staff=desk.otso.staff_id)
    assert (done.stopped, done.noticed, done.sent) == ((waits,), (left,), True)
    assert await lying(desk) == []
    async with store.write() as conn:
        assert [notice.forwarding for notice in await desk.forwardings.notices(conn)] == [left]
        assert not await desk.forwardings.mark_failed(conn, left)
        assert await desk.forwardings.notice_sent(conn, left)
        assert not await desk.forwardings.notice_sent(conn, left)
        assert await desk.forwardings.notice_failed(conn, left)
        assert not await desk.forwardings.notice_failed(conn, left)
        assert await desk.forwardings.notice_sent(conn, left)
        assert await desk.forwardings.notices(conn) == []
    assert await desk.consents.taken_back(C1, ask=ask) is True


async def test_a_yes_that_nobody_recorded_is_as_if_it_had_not_been_said(store: Store) -> None:
    desk = await desk_on(store)
    ask = await desk.asked()
    assert await desk.consents.taken_back(C1, ask=ask) is False
    with pytest.raises(Denied) as refused:
        async with store.write() as conn:
            await desk.consents.record(conn, ask, Given(), by=desk.otso)
    assert refused.value.code is Denial.NOT_ANSWERED_YES
    no = await desk.asked(said="no")
    assert await desk.consents.taken_back(C1, ask=no) is None
    with pytest.raises(Denied) as refused:
        await desk.consents.taken_back(ContactId("c2"), ask=ask)
    assert refused.value.code is Denial.NOT_THERE


async def test_wanting_nothing_shared_takes_back_everything(store: Store) -> None:
    desk = await desk_on(store)
    kept = [await desk.consented(), await desk.consented()]
    others = await desk.consented(desk.question(contact="c2"))
    open_ask = await desk.asked(said=None)
    waits = await waiting(desk, kept[1])
    async with store.write() as conn:
        done = await desk.consents.withdraw_all(conn, C1, by=Withdrawer.VISITOR)
        assert sorted(each.stopped for each in done) == [(), (waits,)]
        now = int(desk.clock.now().timestamp())
        assert [one.live(now) for one in await desk.consents.of_contact(conn, C1)] == [False, False]
        other = await desk.consents.find(conn, others)
        assert other is not None
        assert other.live(now)
        with pytest.raises(Denied):
            await desk.consents.answered(conn, C1, ask=open_ask, said="yes")


async def test_what_outlived_its_consent_is_taken_away_by_itself(store: Store) -> None:
    desk = await desk_on(store)
    short, long = await desk.consented(desk.question(days=1)), await desk.consented()
    over, asked_for, still = await waiting(desk, short), await waiting(desk, short), await waiting(desk, long)
    assert isinstance(desk.clock, ManualClock)
    desk.clock.advance(86_400)
    async with store.write() as conn:
        assert not await desk.forwardings.mark_sent(conn, asked_for)
        assert await desk.forwardings.lapse(conn) == 1
        assert await desk.forwardings.lapse(conn) == 0
    assert await lying(desk) == [still, still]
    for one in (over, asked_for):
        assert await state_of(desk, one) == (Moved.WITHDRAWN, Outcome.CONSENT_LAPSED)


async def test_nothing_of_what_waited_is_left_in_the_database_file(tmp_path: Path) -> None:
    store = Store(url=f"sqlite+aiosqlite:///{tmp_path}/store.sqlite")
    await store.create_all()
    desk = await desk_on(store)
    consent, content = await desk.consented(), b"what would have been sent" * 40
    await waiting(desk, consent, content)
    async with store.write() as conn:
        await desk.consents.withdraw(conn, consent, by=Withdrawer.VISITOR)
    assert await store.checkpoint()
    await store.close()
    assert content[:50] not in everything_in(tmp_path)


async def test_asks_are_found_again(store: Store) -> None:
    desk = await desk_on(store)
    ask = await desk.asked(said=None)
    async with store.write() as conn:
        await desk.consents.shown(conn, ask, 7)
        found = await desk.consents.find_ask(conn, ask)
        assert found is not None
        assert (found.entry, found.answer, found.question.fields) == (7, None, ("age", "needs"))
        assert await desk.consents.asks(conn, C1) == [found]
        assert await desk.consents.find_ask(conn, AskId("none")) is None
