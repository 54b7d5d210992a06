import contextlib

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from storage.direct import fetched, repeated
from storage.engine import Store
from storage.leases import leases

__all__ = ["leases"]  # a table to write into

pytestmark = pytest.mark.anyio

INSERT = {
    "sqlite": "INSERT INTO leases (name, holder, until) VALUES (?, ?, ?)",
    "postgresql": "INSERT INTO leases (name, holder, until) VALUES ($1, $2, $3)",
}
ROWS = [("a", "somebody", 1), ("b", "somebody else", 2)]


async def test_rows_are_written_once_each_and_read_again(store: Store) -> None:
    async with store.write() as conn:
        await repeated(conn, INSERT[store.dialect], ROWS)
        assert await fetched(conn, "UPDATE leases SET until = 7", ()) == []
    async with store.read() as conn:
        rows = await fetched(conn, "SELECT name, holder, until FROM leases ORDER BY name", ())
    assert [tuple(row) for row in rows] == [("a", "somebody", 7), ("b", "somebody else", 7)]


async def test_it_all_belongs_to_the_transaction(store: Store) -> None:
    with contextlib.suppress(LookupError):
        async with store.write() as conn:
            await repeated(conn, INSERT[store.dialect], ROWS)
            raise LookupError
    async with store.read() as conn:
        assert await fetched(conn, "SELECT name FROM leases", ()) == []


async def test_a_clash_is_the_error_that_sqlalchemy_would_raise_without_values(store: Store) -> None:
    with pytest.raises(IntegrityError) as clash:
        async with store.write() as conn:
            await repeated(conn, INSERT[store.dialect], [*ROWS, ("a", "a secret", 3)])
    assert "secret" not in str(clash.value)
    with pytest.raises((OperationalError, ProgrammingError)):
        async with store.read() as conn:
            await fetched(conn, "SELECT nothing FROM nowhere", ())


async def test_a_reader_writes_nothing(store: Store) -> None:
    with pytest.raises(Exception, match=r"readonly|read-only"):
        async with store.read() as conn:
            await repeated(conn, INSERT[store.dialect], ROWS)
