"""The store: settings that are asserted, readers that cannot write, transactions that are whole."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column as PlainColumn
from sqlalchemy import LargeBinary, MetaData, String, Table, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from storage.engine import OUTAGES, SQLITE_PRAGMAS, Store, is_outage
from tests.eventually import eventually
from tests.servers import PostgresServer

pytestmark = pytest.mark.anyio

things = Table("things", MetaData(), PlainColumn("name", String, primary_key=True), PlainColumn("word", LargeBinary))


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    store = Store(url=database_url)
    async with store.write() as conn:
        await conn.run_sync(things.create)
    yield store
    await store.close()


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(url=f"sqlite+aiosqlite:///{tmp_path}/store.sqlite")
    async with store.write() as conn:
        await conn.run_sync(things.create)
    yield store
    await store.close()


async def put(store: Store, name: str, word: bytes = b"") -> None:
    async with store.write() as conn:
        await conn.execute(things.insert().values(name=name, word=word))


async def names(store: Store) -> list[str]:
    async with store.read() as conn:
        return list((await conn.execute(select(things.c.name).order_by(things.c.name))).scalars())


def files_with(trace: bytes, folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if trace in path.read_bytes()]


async def threads_of_databases_end() -> None:
    """A connection that failed to open is not waited for by aiosqlite; the loop must outlive its thread."""
    await eventually(lambda: not [t for t in threading.enumerate() if "_connection_worker" in t.name])


@pytest.mark.parametrize("writing", [True, False], ids=["writer", "reader"])
async def test_every_sqlite_connection_has_the_settings_that_durability_rests_on(sqlite: Store, writing: bool) -> None:
    async with sqlite.write() if writing else sqlite.read() as conn:
        found = {name: (await conn.execute(text(f"PRAGMA {name}"))).scalar() for name in SQLITE_PRAGMAS}
        query_only = (await conn.execute(text("PRAGMA query_only"))).scalar()
    assert found == SQLITE_PRAGMAS
    assert query_only == (0 if writing else 1)


async def test_a_database_that_cannot_have_the_settings_is_not_used() -> None:
    store = Store(url="sqlite+aiosqlite:///:memory:")  # has no write-ahead log
    with pytest.raises(RuntimeError, match="journal_mode=wal"):
        async with store.write():
            pass
    await store.close()
    await threads_of_databases_end()


async def test_postgresql_answers_a_commit_when_it_is_on_disk(postgres_url: str) -> None:
    store = Store(url=postgres_url)
    async with store.write() as conn:
        assert (await conn.execute(text("SHOW synchronous_commit"))).scalar() == "on"
    await store.close()


async def test_what_a_block_wrote_is_there_when_it_ends(store: Store) -> None:
    await put(store, "a")
    assert await names(store) == ["a"]


async def test_a_block_that_raises_leaves_nothing(store: Store) -> None:
    async def write_and_fail() -> None:
        async with store.write() as conn:
            await conn.execute(things.insert().values(name="a"))
            raise KeyError

    with pytest.raises(KeyError):
        await write_and_fail()
    assert await names(store) == []
    await put(store, "b")
    assert await names(store) == ["b"]


async def test_a_block_that_is_cancelled_leaves_nothing(store: Store) -> None:
    began = asyncio.Event()

    async def write_and_wait() -> None:
        async with store.write() as conn:
            await conn.execute(things.insert().values(name="a"))
            began.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write_and_wait())
    await began.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await names(store) == []
    await put(store, "b")
    assert await names(store) == ["b"]


async def test_a_store_that_closes_lets_a_block_under_way_end(database_url: str, store: Store) -> None:
    began, go_on = asyncio.Event(), asyncio.Event()

    async def write_slowly() -> None:
        async with store.write() as conn:
            began.set()
            await go_on.wait()
            await conn.execute(things.insert().values(name="a"))

    writing = asyncio.create_task(write_slowly())
    await began.wait()
    closing = asyncio.create_task(store.close())
    await asyncio.sleep(0.05)
    assert not closing.done()
    go_on.set()
    await writing
    await closing
    again = Store(url=database_url)
    assert await names(again) == ["a"]
    await again.close()
    await threads_of_databases_end()


async def test_a_store_that_is_closed_gives_nobody_a_connection(store: Store) -> None:
    await store.close()
    with pytest.raises(OUTAGES):
        await names(store)
    with pytest.raises(OUTAGES):
        await put(store, "a")
    await threads_of_databases_end()


@pytest.mark.parametrize(
    "statement", ["INSERT INTO things (name) VALUES ('x')", "DELETE FROM things", "DROP TABLE things"]
)
async def test_a_reader_cannot_change_anything(store: Store, statement: str) -> None:
    await put(store, "a")

    async def change() -> None:
        async with store.read() as conn:
            await conn.execute(text(statement))
            await conn.commit()

    with pytest.raises(DBAPIError):
        await change()
    assert await names(store) == ["a"]
    await put(store, "b")  # and whoever writes next can


async def test_a_reader_sees_one_state_however_long_it_looks(store: Store) -> None:
    await put(store, "a")
    async with store.read() as conn:
        assert len((await conn.execute(select(things))).all()) == 1
        await put(store, "b")
        assert len((await conn.execute(select(things))).all()) == 1
    assert await names(store) == ["a", "b"]


async def test_writers_of_several_workers_queue_instead_of_failing(database_url: str, store: Store) -> None:
    others = [Store(url=database_url) for _ in range(3)]

    async def read_then_write(each: Store, number: int) -> None:
        async with each.write() as conn:
            found = (await conn.execute(select(things))).all()
            await conn.execute(things.insert().values(name=f"{number:02} after {len(found) * 0}"))

    await asyncio.gather(*(read_then_write(others[number % 3], number) for number in range(24)))
    assert len(await names(store)) == 24
    for each in others:
        await each.close()


async def test_an_error_does_not_repeat_what_was_being_stored(store: Store) -> None:
    await put(store, "a")
    with pytest.raises(IntegrityError) as refused:
        await put(store, "a", b"her very words")
    assert "her very words" not in str(refused.value)
    assert "hidden" in str(refused.value)


async def test_a_checkpoint_with_a_reader_in_the_way_says_so_and_then_succeeds(sqlite: Store, tmp_path: Path) -> None:
    await put(sqlite, "a", b"TRACE-OF-SOMETHING")
    async with sqlite.read() as conn:
        await conn.execute(select(things))
        async with sqlite.write() as writing:
            await writing.execute(things.delete())
        assert not await sqlite.checkpoint()
    assert await sqlite.checkpoint()
    assert (tmp_path / "store.sqlite-wal").stat().st_size == 0
    assert files_with(b"TRACE-OF-SOMETHING", tmp_path) == []
    await put(sqlite, "b")
    assert await names(sqlite) == ["b"]


async def test_after_a_checkpoint_writers_are_as_patient_as_before(sqlite: Store) -> None:
    async with sqlite.read() as conn:
        await conn.execute(select(things))
        await put(sqlite, "a")
        assert not await sqlite.checkpoint()
    async with sqlite.write() as conn:
        assert (await conn.execute(text("PRAGMA busy_timeout"))).scalar() == 10_000


async def test_postgresql_has_nothing_to_checkpoint(postgres_url: str) -> None:
    store = Store(url=postgres_url)
    assert await store.checkpoint()
    await store.close()


@pytest.mark.parametrize("url", ["sqlite:///x", "mysql+aiomysql://me:secret@host/x", "postgresql://me:secret@host/x"])
def test_another_database_is_refused_in_words_without_the_address(url: str) -> None:
    with pytest.raises(ValueError, match="must start with") as refused:
        Store(url=url)
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None


async def test_a_closed_store_has_let_go_of_every_connection(postgres_url: str) -> None:
    store, watcher = Store(url=postgres_url), Store(url=postgres_url)
    async with store.write() as conn, store.read():
        pid = (await conn.execute(text("SELECT pg_backend_pid()"))).scalar()
    await store.close()
    left = 1
    for _ in range(200):
        async with watcher.read() as conn:
            query = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")
            left = (await conn.execute(query, {"pid": pid})).scalar_one()
        if left == 0:
            break
        await asyncio.sleep(0.01)
    assert left == 0
    await watcher.close()


# -- outages


@pytest.fixture(scope="module")
def lonely_server() -> Iterator[PostgresServer]:
    with PostgresServer.launch() as server:
        yield server


@pytest.mark.servers
async def test_a_server_that_goes_away_is_an_outage_and_its_return_the_end_of_it(lonely_server: PostgresServer) -> None:
    store = Store(url=lonely_server.create_database())
    async with store.write() as conn:
        await conn.run_sync(things.create)
    lonely_server.kill()
    try:
        for _ in range(3):  # a broken connection of the pool, then none at all
            with pytest.raises(Exception) as failed:  # noqa: PT011 - whichever it is, it must be told as an outage
                await put(store, "a")
            assert is_outage(failed.value)
    finally:
        lonely_server.start()
    await put(store, "b")
    assert await names(store) == ["b"]
    await store.close()


async def test_a_database_file_that_is_locked_or_gone_is_an_outage(tmp_path: Path) -> None:
    store = Store(url=f"sqlite+aiosqlite:///{tmp_path}/no/such/folder/store.sqlite")
    with pytest.raises(DBAPIError) as failed:
        await put(store, "a")
    assert is_outage(failed.value)
    await store.close()
    await threads_of_databases_end()


async def test_what_is_wrong_with_a_write_is_no_outage(store: Store) -> None:
    await put(store, "a")
    with pytest.raises(IntegrityError) as refused:
        await put(store, "a")
    assert not is_outage(refused.value)
    assert not is_outage(ValueError())


@pytest.mark.parametrize("error", [OSError(), TimeoutError(), ConnectionRefusedError(), PoolTimeoutError()])
def test_what_says_that_nobody_answered_is_an_outage(error: Exception) -> None:
    assert is_outage(error)


async def test_a_full_disk_is_noticed_by_the_second_write_and_its_end_by_the_next(sqlite: Store) -> None:
    async def bound(pages: int) -> None:
        async with sqlite.write() as conn:
            await conn.execute(text(f"PRAGMA max_page_count={pages}"))

    async def fill() -> None:
        async with sqlite.write() as conn:
            await conn.execute(things.insert().values(name="big", word=b"x" * 100_000))

    await bound(1)  # SQLite takes the size it has: not a page more
    with pytest.raises(DBAPIError):
        await fill()
    noticed = [sqlite.failing]  # once is a moment's trouble
    with pytest.raises(DBAPIError):
        await fill()
    noticed.append(sqlite.failing)
    await bound(1_000_000)
    noticed.append(sqlite.failing)
    await fill()
    assert noticed == [False, True, False]


async def test_a_write_that_was_wrong_is_no_fault_of_the_store(store: Store) -> None:
    for _ in range(3):
        with pytest.raises(IntegrityError):
            async with store.write() as conn:
                await conn.execute(things.insert(), [{"name": "same"}, {"name": "same"}])
    assert not store.failing
