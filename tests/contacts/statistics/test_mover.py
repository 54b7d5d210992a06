"""The mover: exactly once, whenever it is cut off; and nothing that leads back."""

import asyncio
import contextlib
import json
import sys
from collections import Counter

import pytest
from sqlalchemy import func, select, text

from contacts.statistics.fact import Unit, decoded
from contacts.statistics.keys import KeyNumber
from contacts.statistics.pending import place_of
from contacts.statistics.periods import Period
from contacts.statistics.tables import fact_covers, fact_handles, facts, pending_facts
from storage.engine import Store
from tests.contacts.statistics.counting_world import World
from tests.contacts.statistics.faults import Cut, cut_at
from tests.stores import ROOT

pytestmark = pytest.mark.anyio


@pytest.fixture
def three(world: World) -> World:
    """Where three move together."""
    world.at_least = 3
    world.__post_init__()
    return world


async def _rows(world: World) -> tuple[int, int, int, int]:
    """How many are pending, covered, moved, and have a handle."""
    async with world.here.store.read() as conn:
        counts = [
            (await conn.execute(select(func.count()).select_from(table))).scalar_one()
            for table in (pending_facts, fact_covers, facts, fact_handles)
        ]
    return counts[0], counts[1], counts[2], counts[3]


async def test_nobody_moves_without_company(world: World) -> None:
    await world.ended(19)
    assert await world.mover.move() == 0
    await world.ended(1)
    assert await world.mover.move() == 40
    assert await _rows(world) == (0, 0, 40, 20)


async def test_when_a_half_year_freezes_everybody_moves(world: World) -> None:
    await world.ended(2)
    assert await world.mover.move() == 0
    world.here.clock.advance(60 * 24 * 3600)
    async with world.here.store.read() as conn:
        assert not await world.book.settled(conn, Period("2026H2"))
    assert await world.mover.move() == 4
    async with world.here.store.read() as conn:
        [period] = await world.book.periods(conn)
        assert await world.book.settled(conn, period)


async def test_more_than_fit_move_in_several_transactions(three: World) -> None:
    three.mover._at_most = 4
    await three.ended(10)
    assert await three.mover.move() == 16  # two of ten wait for company
    assert (await _rows(three))[0] == 4


async def test_cut_off_at_any_statement_it_has_moved_everything_or_nothing(three: World) -> None:
    store = three.here.store
    await three.ended(3)
    whole, step, moved = await _rows(three), 0, 0
    while not moved:
        step += 1
        with cut_at(store, step) as seen, contextlib.suppress(Cut):
            moved = await three.mover._batch()
        if not moved:
            assert await _rows(three) == whole, seen[-1]
    assert moved == 6
    assert step > 15  # there were that many places to be cut off at
    assert await _rows(three) == (0, 0, 6, 3)
    assert Counter(fact.unit for fact in await three.everything()) == {Unit.SERVICE: 3, Unit.CONTACT: 3}


_PLACES = ("SELECT", "INSERT INTO segment_keys", "INSERT INTO facts", "DELETE FROM pending_facts", "COMMIT", "never")


@pytest.mark.parametrize("at", _PLACES)
async def test_killed_it_has_moved_everything_or_nothing(world: World, database_url: str, at: str) -> None:
    await world.ended(20)
    before, here = await _rows(world), world.here
    given = {
        "url": database_url,
        "now": here.clock.now().isoformat(),
        "key": here.app_key._raw.hex(),
        "deployment": here.deployment,
        "epoch": str(here.marks.read().epoch),
        "at": at,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.contacts.statistics.faults", stdin=asyncio.subprocess.PIPE, cwd=ROOT
    )
    await process.communicate(json.dumps(given).encode())
    if at != "never":
        assert process.returncode == -9
        assert await _rows(world) == before
        assert await world.mover.move() == 40
    assert await _rows(world) == (0, 0, 40, 20)
    assert Counter(fact.unit for fact in await world.everything()) == {Unit.SERVICE: 20, Unit.CONTACT: 20}


async def test_two_movers_at_once_move_each_fact_once(three: World, other_store: Store) -> None:
    await three.ended(30)
    other = World(three.here, three.lead, 3)
    other.mover._store = other_store
    moved = await asyncio.gather(*(one.move() for one in (three.mover, other.mover, three.mover, other.mover)))
    assert sum(moved) == 60
    assert await _rows(three) == (0, 0, 60, 30)


async def test_endings_and_records_go_on_while_it_moves(three: World, other_store: Store) -> None:
    three.mover._store = other_store
    those = await three.ended(12)

    async def recorded() -> None:
        for one in those:
            await three.saved(one, None, {"who": ("self",)})

    async def ended() -> None:
        for _ in range(6):
            await three.ended(2)

    async def moved() -> None:
        for _ in range(12):
            await three.mover.move()

    await asyncio.gather(recorded(), ended(), moved())
    three.mover._at_least = 1
    await three.mover.move()
    counted = Counter(fact.codes.get("who") for fact in await three.of(Unit.CONTACT))
    assert counted == {("self",): 12, None: 12}
    assert len(await three.of(Unit.SERVICE)) == 24


async def test_no_order_of_moved_facts_is_that_of_the_contacts(world: World) -> None:
    """Where rows lie (PostgreSQL: ctid; SQLite: the table's own order) agrees with the order of ending as chance does."""
    those = await world.ended(40)
    marks = {one.id: f"c{number}" for number, one in enumerate(those)}
    for one in those:
        await world.saved(one, None, {"sector": (marks[one.id],)})
    await world.mover.move()
    store = world.here.store
    async with store.read() as conn:
        order = "ORDER BY ctid" if store.dialect == "postgresql" else ""
        lying = [row[0] for row in await conn.execute(text(f"SELECT sealed FROM facts {order}"))]
        keys = world.here.statistics
        pair = await keys.open(conn, world.lead.keys, (await keys.current(conn)).number)
    assert pair is not None
    opened = [decoded(pair.open(sealed, *place_of(world.here.deployment, KeyNumber(1)))) for sealed in lying]
    ranks = [int(fact.codes["sector"][0][1:]) for fact in opened if fact.unit is Unit.CONTACT]
    pairs = [(a, b) for at, a in enumerate(ranks) for b in ranks[at + 1 :]]
    rising = sum(a < b for a, b in pairs) / len(pairs)
    assert 0.2 < rising < 0.8  # five standard deviations around one half
    neighbours = sum(
        one.unit is not two.unit and one.month == two.month for one, two in zip(opened[::2], opened[1::2], strict=True)
    )
    assert neighbours < 36  # the two facts of a contact do not lie side by side


async def test_sqlite_keeps_no_row_number_of_facts(world: World) -> None:
    if world.here.store.dialect == "postgresql":
        return
    async with world.here.store.read() as conn:
        with pytest.raises(Exception, match="rowid"):
            await conn.execute(text("SELECT rowid FROM facts"))


async def test_an_old_copy_of_the_pending_rows_matches_no_moved_fact(three: World) -> None:
    await three.ended(3)
    async with three.here.store.read() as conn:
        old = (await conn.execute(select(pending_facts.c.sealed))).scalars().all()
    await three.mover.move()
    moved = [sealed for _, sealed in await three.moved()]
    pieces = {sealed[at : at + 16] for sealed in moved for at in range(len(sealed) - 16)}
    assert not any(copy[at : at + 16] in pieces for copy in old for at in range(len(copy) - 16))
    async with three.here.store.read() as conn:
        assert (await conn.execute(select(fact_covers))).all() == []
