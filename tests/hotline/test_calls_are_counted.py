"""Every call that ends is counted once, whatever became of it."""

import pytest
from sqlalchemy import func, select

from contacts.contact import State
from contacts.statistics.tables import pending_facts
from contacts.tables_log import contacts
from hotline.simulator.phones import answering
from tests.hotline.exchange import CALLER, NUMBERS, Exchange

pytestmark = pytest.mark.anyio


async def counted(exchange: Exchange) -> tuple[int, int]:
    """Calls that have ended, and facts about services."""
    async with exchange.store.read() as conn:
        ended = select(func.count()).select_from(contacts).where(contacts.c.state == State.ENDED)
        facts = select(func.count()).select_from(pending_facts).where(pending_facts.c.slot == "service")
        return (await conn.execute(ended)).scalar_one(), (await conn.execute(facts)).scalar_one()


async def test_a_call_that_was_answered_and_one_that_nobody_answered_are_counted_once(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", NUMBERS["aino"]))
    await line.call.dials(CALLER, presses="3", hangs_up_after=60)
    await line.call.until_over()
    assert await counted(line) == (1, 1)
    await line.call.dials(CALLER, hangs_up_after=2)
    await line.call.until_over()
    assert await counted(line) == (2, 2)
