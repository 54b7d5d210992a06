"""Months of the audit log: closed with a signature, kept for their time, dropped as a whole."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from contacts.audit import Action
from contacts.audit_chain import Broken, Head, genesis
from contacts.audit_months import Kept
from contacts.distrust import Forged
from contacts.tables_audit import audit
from contacts.tables_keeping import audit_segments
from tests.contacts.audit_vandals import without_triggers
from tests.contacts.installation import Installation

pytestmark = pytest.mark.anyio
DAY = 86_400


async def write(here: Installation, rows: int = 3) -> None:
    async with here.store.write() as conn:
        for _ in range(rows):
            await here.audit.append(conn, Action.OPEN)


async def turned(here: Installation) -> Kept:
    async with here.store.write() as conn:
        return await here.audit_months.turn(conn)


async def verdict(here: Installation, *witnessed: Head) -> Broken | None:
    async with here.store.read() as conn:
        return await here.audit_check.verify(conn, witnessed=witnessed)


async def numbers(here: Installation) -> list[int]:
    async with here.store.read() as conn:
        return list((await conn.execute(select(audit.c.number).order_by(audit.c.number))).scalars())


def days(here: Installation, number: int) -> None:
    here.clock.advance(number * DAY)


async def test_a_month_is_closed_when_it_is_over_and_not_before(here: Installation) -> None:
    await write(here)
    assert await turned(here) == Kept(0, 0)
    days(here, 10)  # the fourth of December
    assert await turned(here) == Kept(1, 0)
    assert await turned(here) == Kept(0, 0)
    async with here.store.read() as conn:
        row = (await conn.execute(select(audit_segments))).one()
    assert (row.month, row.first_row, row.last_row, row.dropped_at) == ("2026-11", 1, 3, None)
    assert await verdict(here) is None


async def test_after_24_months_a_month_is_dropped_as_a_whole_and_the_chain_goes_on(here: Installation) -> None:
    await write(here)
    days(here, 20)
    await write(here)
    await turned(here)
    days(here, 710)  # the twenty-third of November 2028
    assert await turned(here) == Kept(1, 0)
    days(here, 10)
    assert await turned(here) == Kept(1, 1)
    assert await numbers(here) == [4, 5, 6, 7, 8, 9, 10]
    assert await verdict(here) is None
    await write(here)
    assert await verdict(here) is None


async def test_every_month_that_was_missed_is_made_up_for(here: Installation) -> None:
    for _ in range(4):
        await write(here, 1)
        days(here, 31)
    assert (await turned(here)).closed == 4
    assert await verdict(here) is None


async def test_what_a_witness_held_of_a_month_that_was_dropped_is_no_contradiction(here: Installation) -> None:
    await write(here)
    async with here.store.read() as conn:
        held = await here.audit.head(conn)
    days(here, 10)
    await turned(here)
    days(here, 760)
    assert (await turned(here)).dropped == 1
    assert await verdict(here, held) is None
    assert await verdict(here, Head(10_000, b"x")) == Broken(7, "the log was cut below a witnessed head")


async def test_the_database_lets_nobody_drop_a_part_or_drop_early(here: Installation) -> None:
    await write(here)
    days(here, 10)
    await turned(here)
    early = int(datetime(2027, 1, 1, tzinfo=UTC).timestamp())
    late = int(datetime(2029, 1, 1, tzinfo=UTC).timestamp())
    one = audit_segments.c.number == 1
    for statement in (
        delete(audit).where(audit.c.number == 1),
        delete(audit_segments),
        update(audit_segments).values(dropped_at=early, dropped_signature=b"x"),
        update(audit_segments).values(dropped_at=late),
        update(audit_segments).values(last_row=2, dropped_at=late, dropped_signature=b"x"),
        update(audit_segments).where(one).values(hash=b"x"),
        insert(audit_segments).values(
            number=3, month="x", first_row=4, last_row=4, hash=b"x", closed_at=1, signature=b"x"
        ),
        insert(audit_segments).values(
            number=2, month="x", first_row=1, last_row=4, hash=b"x", closed_at=1, signature=b"x"
        ),
    ):
        with pytest.raises(DBAPIError):
            async with here.store.write() as conn:
                await conn.execute(statement)
    assert await verdict(here) is None


async def test_a_month_dropped_by_somebody_without_our_key_is_named(here: Installation) -> None:
    await write(here)
    days(here, 10)
    await turned(here)
    late = int(datetime(2029, 1, 1, tzinfo=UTC).timestamp())
    async with here.store.write() as conn:  # the triggers allow it: they cannot know the key
        await conn.execute(update(audit_segments).values(dropped_at=late, dropped_signature=b"x" * 64))
        await conn.execute(delete(audit).where(audit.c.number <= 3))
    assert await verdict(here) == Broken(1, "the closed month it begins is not as we signed it")
    with pytest.raises(Forged):
        await turned(here)


@pytest.mark.parametrize("column", ["month", "last_row", "hash", "closed_at", "signature", "first_row", "number"])
async def test_a_closed_month_that_was_changed_is_named(here: Installation, column: str) -> None:
    await write(here)
    days(here, 10)
    await turned(here)
    await without_triggers(here.store)
    values = {
        "month": "2026-10",
        "last_row": 2,
        "hash": b"x",
        "closed_at": 5,
        "signature": b"",
        "first_row": 2,
        "number": 2,
    }
    async with here.store.write() as conn:
        await conn.execute(update(audit_segments).values({column: values[column]}))
    assert await verdict(here) == Broken(1, "the closed month it begins is not as we signed it")


async def test_a_dropped_month_cannot_follow_one_that_stays(here: Installation) -> None:
    await write(here)
    days(here, 10)
    await turned(here)
    await write(here)
    days(here, 31)
    await turned(here)
    await without_triggers(here.store)
    async with here.store.write() as conn:
        await conn.execute(update(audit_segments).where(audit_segments.c.number == 2).values(dropped_at=5))
    assert await verdict(here) == Broken(4, "the closed month it begins is not as we signed it")


async def test_rows_rewritten_with_their_head_contradict_the_closed_month(here: Installation) -> None:
    """Somebody with the app key's codes for heads, but who forgot the month: the chain alone would hold."""
    await write(here)
    days(here, 10)
    await turned(here)
    await without_triggers(here.store)
    async with here.store.write() as conn:
        await conn.execute(delete(audit))
        await here.audit._move_head(conn, Head(0, genesis(here.deployment)))
    await write(here, 4)
    assert await verdict(here) == Broken(3, "not the row its month was closed with")


async def test_how_late_dropping_is_can_be_asked(here: Installation) -> None:
    await write(here)
    days(here, 10)
    await turned(here)
    async with here.store.read() as conn:
        assert await here.audit_months.overdue(conn, int(here.clock.now().timestamp())) == 0
        assert await here.audit_months.overdue(conn, int(datetime(2028, 12, 2, tzinfo=UTC).timestamp())) == 1
