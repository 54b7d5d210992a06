"""What a witness holds: lines that only we can sign, and that a shortened log contradicts."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, update

from contacts.audit import Action
from contacts.audit_chain import Broken, chained
from contacts.tables_audit import audit, audit_head
from contacts.witness import BadLine, WitnessedHead, append_line, last_line
from storage.clock import epoch_seconds
from storage.engine import Connection
from tests.contacts.audit_vandals import without_triggers
from tests.contacts.installation import Installation

pytestmark = pytest.mark.anyio
Vandal = Callable[[Connection], Awaitable[object]]


async def write(here: Installation, rows: int) -> None:
    async with here.store.write() as conn:
        for _ in range(rows):
            await here.audit.append(conn, Action.OPEN)


async def line(here: Installation) -> str:
    async with here.store.read() as conn:
        return await here.witness.line(conn)


async def test_a_line_is_read_again_as_it_was_written(here: Installation) -> None:
    await write(here, 2)
    (held,) = here.witness.read(["", await line(here)])
    async with here.store.read() as conn:
        assert held == WitnessedHead(await here.audit.head(conn), epoch_seconds(here.clock.now()))
    assert len(here.witness.public) == 64


@pytest.mark.parametrize(
    ("place", "value"),
    [(0, "ql2"), (1, "other"), (2, "7"), (2, "x"), (3, "00"), (4, "1"), (5, "00" * 64), (5, "")],
)
async def test_a_line_that_was_changed_is_named(here: Installation, place: int, value: str) -> None:
    await write(here, 2)
    good = await line(here)
    words = good.split(" ")
    words[place] = value
    with pytest.raises(BadLine) as refused:
        here.witness.read([good, " ".join(words)])
    assert refused.value.line == 2


async def _edited(conn: Connection) -> None:
    await conn.execute(update(audit).where(audit.c.number == 3).values(action="sign_out"))


async def _deleted(conn: Connection) -> None:
    await conn.execute(delete(audit).where(audit.c.number == 3))


async def _reordered(conn: Connection) -> None:
    for before, after in ((3, 100), (4, 3), (100, 4)):
        await conn.execute(update(audit).where(audit.c.number == before).values(number=after))


async def _inserted(conn: Connection) -> None:
    """A row between two others: whoever puts it there moves the rest one on, hashes and all."""
    rows = [dict(row) for row in (await conn.execute(select(audit).order_by(audit.c.number))).mappings()]
    await conn.execute(delete(audit))
    rows.insert(2, {**rows[1], "action": "sign_out"})
    for number, row in enumerate(rows, 1):
        await conn.execute(insert(audit).values({**row, "number": number}))


async def _inserted_and_chained_anew(conn: Connection) -> None:
    """As before, with every later hash made right: SHA-256 needs no key."""
    await _inserted(conn)
    rows = [dict(row) for row in (await conn.execute(select(audit).order_by(audit.c.number))).mappings()]
    previous = rows[1]["hash"]
    for row in rows[2:]:
        values = {"prev": previous, "hash": chained(previous, row)}
        await conn.execute(update(audit).where(audit.c.number == row["number"]).values(values))
        previous = values["hash"]


@pytest.mark.parametrize(
    ("vandalise", "expected"),
    [
        (_edited, Broken(3, "changed")),
        (_deleted, Broken(3, "missing")),
        (_reordered, Broken(3, "does not follow the row before it")),
        (_inserted, Broken(3, "does not follow the row before it")),
        (_inserted_and_chained_anew, Broken(5, "not the row that was witnessed")),
    ],
    ids=["edit", "delete", "reorder", "insert", "insert and chain anew"],
)
async def test_p11_edit_delete_reorder_and_insert_are_each_named(
    here: Installation, vandalise: Vandal, expected: Broken
) -> None:
    await write(here, 5)
    held = [one.head for one in here.witness.read([await line(here)])]
    await without_triggers(here.store)
    async with here.store.write() as conn:
        await vandalise(conn)
    async with here.store.read() as conn:
        assert await here.audit_check.verify(conn, witnessed=held) == expected


async def test_p11_a_tail_cut_below_the_last_witnessed_head_is_named(here: Installation) -> None:
    await write(here, 2)
    async with here.store.read() as conn:
        old_head = (await conn.execute(select(audit_head))).mappings().one()
    lines = [await line(here)]
    await write(here, 3)
    lines.append(await line(here))
    await without_triggers(here.store)
    async with here.store.write() as conn:  # with a head that was ours once
        await conn.execute(delete(audit).where(audit.c.number > 2))
        await conn.execute(update(audit_head).values(**old_head))
    held = [one.head for one in here.witness.read(lines)]
    async with here.store.read() as conn:
        assert await here.audit_check.verify(conn) is None
        assert await here.audit_check.verify(conn, witnessed=held[:1]) is None
        assert await here.audit_check.verify(conn, witnessed=held) == Broken(
            3, "the log was cut below a witnessed head"
        )


def test_lines_are_added_to_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "witness"
    append_line(path, "one")
    assert last_line(path) == "one"
    append_line(path, "two")
    assert path.read_text() == "one\ntwo\n"
    assert last_line(path) == "two"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_link_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic"):
        append_line(tmp_path / "link", "one")


def test_an_empty_file_has_no_last_line(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert last_line(tmp_path / "empty") == ""
