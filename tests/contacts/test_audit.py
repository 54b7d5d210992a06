from collections.abc import Callable

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from contacts.audit import Action, Audit
from contacts.audit_chain import Broken, Head
from contacts.distrust import Fault, Forged
from contacts.people import Role
from contacts.tables_audit import audit, audit_head
from storage.ids import ContactId, StaffId, new_id
from tests.contacts.audit_vandals import without_triggers
from tests.contacts.installation import Installation

pytestmark = pytest.mark.anyio


async def write(here: Installation, rows: int) -> None:
    async with here.store.write() as conn:
        for _ in range(rows):
            await here.audit.append(
                conn, Action.OPEN, actor=StaffId(new_id()), contact=ContactId(new_id()), detail=Role.LEAD
            )


async def verdict(here: Installation, witnessed: Head | None = None) -> Broken | None:
    async with here.store.read() as conn:
        return await here.audit_check.verify(conn, witnessed=[] if witnessed is None else [witnessed])


async def test_an_empty_log_is_whole(here: Installation) -> None:
    assert await verdict(here) is None


async def test_rows_are_numbered_without_gaps_and_chained(here: Installation) -> None:
    await write(here, 3)
    async with here.store.read() as conn:
        rows = (await conn.execute(select(audit).order_by(audit.c.number))).all()
    assert [row.number for row in rows] == [1, 2, 3]
    assert [row.prev for row in rows[1:]] == [row.hash for row in rows[:-1]]
    assert await verdict(here) is None


async def test_a_log_longer_than_one_look_verifies(here: Installation) -> None:
    await write(here, 5)
    async with here.store.read() as conn:
        assert await here.audit_check.verify(conn, at_once=2) is None


async def test_a_row_of_a_transaction_that_failed_leaves_no_gap(here: Installation) -> None:
    await write(here, 1)

    async def broken_off() -> None:
        async with here.store.write() as conn:
            await here.audit.append(conn, Action.OPEN)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await broken_off()
    await write(here, 1)
    assert await verdict(here) is None


@pytest.mark.parametrize(
    "statement",
    [
        update(audit).values(action="open"),
        update(audit).where(audit.c.number == 2).values(actor=None),
        delete(audit),
        delete(audit_head),
        update(audit_head).values(number=1),
        update(audit_head).values(number=9),
        insert(audit_head).values(id=2, number=0, hash=b"", mac=b""),
    ],
    ids=["rewrite all", "rewrite one", "delete", "delete head", "head back", "head ahead", "second head"],
)
async def test_the_database_refuses_to_change_what_was_written(here: Installation, statement: object) -> None:
    await write(here, 3)
    with pytest.raises(DBAPIError):
        async with here.store.write() as conn:
            await conn.execute(statement)  # type: ignore[call-overload]
    assert await verdict(here) is None


async def test_replacing_a_row_is_refused_too(here: Installation) -> None:
    await write(here, 2)
    values = "(number, at, action, prev, hash) VALUES (1, 0, 'open', '', '')"
    replacing = {
        "sqlite": [f"INSERT OR REPLACE INTO audit {values}", f"REPLACE INTO audit {values}"],
        "postgresql": [
            f"INSERT INTO audit {values} ON CONFLICT (number) DO UPDATE SET action = 'open'",
            "TRUNCATE audit",
            "TRUNCATE audit_head",
        ],
    }
    for statement in replacing[here.store.dialect]:
        with pytest.raises(DBAPIError):
            async with here.store.write() as conn:
                await conn.execute(text(statement))
    assert await verdict(here) is None


@pytest.mark.parametrize(
    ("vandalise", "expected"),
    [
        (lambda: update(audit).where(audit.c.number == 2).values(actor="somebody else"), Broken(2, "changed")),
        (lambda: update(audit).where(audit.c.number == 2).values(contact=None), Broken(2, "changed")),
        (lambda: update(audit).where(audit.c.number == 2).values(hash=b"x" * 32), Broken(2, "changed")),
        (
            lambda: update(audit).where(audit.c.number == 2).values(prev=b"x"),
            Broken(2, "does not follow the row before it"),
        ),
        (lambda: delete(audit).where(audit.c.number == 2), Broken(2, "missing")),
        (lambda: delete(audit).where(audit.c.number == 1), Broken(1, "missing")),
        (lambda: delete(audit).where(audit.c.number == 4), Broken(4, "the log does not end where its head says")),
        (lambda: delete(audit_head), Broken(4, "the head is not ours")),
        (lambda: update(audit_head).values(number=3), Broken(4, "the head is not ours")),
    ],
    ids=["actor", "contact", "hash", "prev", "middle cut", "first cut", "tail cut", "head gone", "head changed"],
)
async def test_even_without_triggers_the_first_bad_row_is_named(
    here: Installation, vandalise: Callable[[], object], expected: Broken
) -> None:
    await write(here, 4)
    await without_triggers(here.store)
    async with here.store.write() as conn:
        await conn.execute(vandalise())  # type: ignore[call-overload]
    assert await verdict(here) == expected


async def test_a_log_that_was_cut_with_its_head_is_betrayed_by_the_witness(here: Installation) -> None:
    await write(here, 2)
    async with here.store.read() as conn:
        head_of_two = (await conn.execute(select(audit_head))).mappings().one()
    await write(here, 2)
    async with here.store.read() as conn:
        witnessed = await here.audit.head(conn)
    await without_triggers(here.store)
    async with here.store.write() as conn:
        await conn.execute(delete(audit).where(audit.c.number > 2))
        await conn.execute(update(audit_head).values(**head_of_two))
    assert await verdict(here) is None
    assert await verdict(here, witnessed) == Broken(3, "the log was cut below a witnessed head")
    await write(here, 3)
    assert await verdict(here, witnessed) == Broken(4, "not the row that was witnessed")


async def test_a_forged_head_stops_every_writer_and_raises_the_alarm(here: Installation) -> None:
    await write(here, 1)
    await without_triggers(here.store)
    async with here.store.write() as conn:
        await conn.execute(update(audit_head).values(number=7))
    with pytest.raises(Forged):
        await write(here, 1)
    assert here.alarms == [Fault.FORGED]


async def test_another_installation_cannot_continue_the_log(here: Installation) -> None:
    await write(here, 1)
    stranger = Audit(
        app_key=here.app_key.fresh(), deployment=here.deployment, clock=here.clock, alarm=here.alarms.append
    )
    with pytest.raises(Forged):
        async with here.store.write() as conn:
            await stranger.append(conn, Action.OPEN)
