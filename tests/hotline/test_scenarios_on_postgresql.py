"""The races that only a database with many writers has."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.simulator.network import Delivery
from hotline.simulator.phones import answering
from storage.clock import ManualClock
from tests.hotline.exchange import CALLER, NUMBERS, BreakableStore, Exchange, exchange, made_ready_at


@pytest.fixture
async def line(postgres_url: str, tmp_path: Path, clock: ManualClock) -> AsyncIterator[Exchange]:
    """The house behind a telephone network, on PostgreSQL."""
    made = await made_ready_at(postgres_url, tmp_path)
    store = BreakableStore(url=postgres_url, writers=8)
    async with exchange(store, clock, tmp_path / "data", made) as here:
        yield here
    await store.close()


async def test_of_three_who_accept_in_the_same_millisecond_one_gets_the_call(line: Exchange) -> None:
    line.network.repeats_questions = True
    line.network.delivery = lambda _leg, _status: Delivery((0.0, 0.0, 1.0))
    for name, number in NUMBERS.items():
        await line.on_call(name, answering(name, number, after=4))
    await line.call.dials(CALLER, presses="1", hangs_up_after=20)
    await line.call.until_over()
    [winner] = line.call.connected
    losers = set(NUMBERS) - {winner}
    assert all(line.call.heard("Joku toinen ehti vastata", who=loser) for loser in losers)
    kept = await line.only()
    assert kept.call.outcome == "talked"
    assert kept.contact.operator == line.staff[winner]


async def test_with_the_database_down_and_back_the_call_is_counted_once(line: Exchange) -> None:
    await line.on_call("aino", answering("aino", NUMBERS["aino"]))
    line.store.away = True
    await line.call.dials(CALLER, hangs_up_after=10)
    await line.call.until_over()
    line.store.away = False
    await line.line.reconcile()
    assert line.call.connected == ["aino"]
    assert (await line.only()).call.outcome == "talked"
