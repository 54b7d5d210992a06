"""What a review says of consents, what left and what became of it: from the registers that the gate wrote."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from contacts.forwarding.consent import Outcome, Withdrawer
from contacts.organisations.organisation import Channel
from contacts.release.service import REGISTERED, services
from contacts.reviews.registers import bounds, registered
from storage.engine import Store
from tests.contacts.forwarding.consenting import desk_on
from tests.contacts.forwarding.test_emergencies import ACT

ZONE = ZoneInfo("Europe/Helsinki")


@pytest.mark.parametrize(
    ("period", "begins", "ends"),
    [
        ("2026H1", datetime(2025, 12, 31, 22, tzinfo=UTC), datetime(2026, 6, 30, 21, tzinfo=UTC)),
        ("2026H2", datetime(2026, 6, 30, 21, tzinfo=UTC), datetime(2026, 12, 31, 22, tzinfo=UTC)),
        ("2026", datetime(2025, 12, 31, 22, tzinfo=UTC), datetime(2026, 12, 31, 22, tzinfo=UTC)),
    ],
)
def test_a_period_begins_and_ends_at_midnight_of_the_service(period: str, begins: datetime, ends: datetime) -> None:
    assert bounds(period, ZONE) == (begins.timestamp(), ends.timestamp())


@pytest.mark.anyio
async def test_consents_what_left_because_of_them_and_what_became_of_it_are_counted(store: Store) -> None:
    desk = await desk_on(store)
    out, by = desk.forwardings, desk.otso
    live = [await desk.consented() for _ in range(7)]
    await desk.asked(said="no")
    async with store.write() as conn:
        sent = [await out.queue(conn, one, channel=Channel.EMAIL, by=by) for one in live[:5]]
        assert all([await out.mark_sent(conn, one) for one in sent])
        assert await out.accepted(conn, sent[0], by=by)
        assert await out.accepted(conn, sent[1], by=by)
        assert await out.declined(conn, sent[2], Outcome.NO_CAPACITY, by=by)
        assert await out.mark_failed(conn, sent[3])  # it never arrived: nothing was forwarded
        await out.queue(conn, live[5], channel=Channel.EMAIL, by=by)  # waits
        await out.spoken(conn, live[6], by=by, told_to=3)
        emergency = await desk.emergencies.act(conn, ACT, by=by)
        told = await out.queue_emergency(conn, emergency, channel=Channel.EMAIL, by=by)
        assert await out.mark_sent(conn, told)  # without consent: it counts as an emergency alone
        await desk.consents.withdraw(conn, live[4], by=Withdrawer.VISITOR)  # sent before: it had left
        await desk.consents.withdraw(conn, live[5], by=Withdrawer.OPERATOR, staff=by.staff_id)
    today = desk.clock.now().astimezone(ZONE)
    period = f"{today.year}H{1 if today.month <= 6 else 2}"
    async with store.read() as conn:
        now, year, before = [
            await registered(conn, each, ZONE) for each in (period, period[:4], f"{today.year - 1}{period[4:]}")
        ]
    assert now == {
        "consents_given": 7,
        "consents_withdrawn": 2,
        "forwarded": 5,
        "forwarded_accepted": 2,
        "forwarded_declined": 1,
        "emergencies": 1,
    }
    assert year == now
    assert before == dict.fromkeys(REGISTERED, 0)
    assert services([], now)[-len(REGISTERED) :] == tuple(now.items())
