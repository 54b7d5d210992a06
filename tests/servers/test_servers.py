"""The launchers themselves: what a test may rely on."""

import os
from pathlib import Path

import asyncpg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.servers import PostgresServer, ValkeyServer
from tests.servers.postgres import installed_programs
from tests.servers.process import ServerProblem

pytestmark = pytest.mark.servers


def address(url: str) -> str:
    """The same address as asyncpg takes it."""
    return url.replace("+asyncpg", "")


async def test_a_test_gets_an_empty_database(postgres_url: str) -> None:
    connection = await asyncpg.connect(address(postgres_url))
    try:
        assert await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
        await connection.execute("CREATE TABLE here (id int)")
        assert await connection.fetchval("SHOW server_encoding") == "UTF8"
        assert await connection.fetchval("SHOW log_error_verbosity") == "terse"
    finally:
        await connection.close()


@pytest.mark.parametrize("again", [1, 2])
def test_a_test_gets_an_empty_redis(redis_url: str, again: int) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left behind", again)
        assert client.config_get("save") == {"save": ""}


def test_a_database_can_be_copied_from_a_template(postgres_server: PostgresServer) -> None:
    first = postgres_server.create_database("pattern")
    postgres_server.databases.execute("CREATE TABLE t (id int); INSERT INTO t VALUES (7)", database="pattern")
    copy = postgres_server.create_database(template="pattern")
    assert postgres_server.databases.execute("SELECT id FROM t", database=copy.rpartition("/")[2]) == "7"
    postgres_server.databases.drop(copy)
    postgres_server.databases.drop(first)


@pytest.mark.parametrize("programs", installed_programs(), ids=lambda path: path.parent.name)
def test_every_postgres_found_here_comes_back_after_a_crash_with_what_it_kept(programs: Path) -> None:
    with PostgresServer.launch(programs=programs, durable=True) as server:
        server.databases.execute("CREATE TABLE kept (id int); INSERT INTO kept VALUES (5)")
        server.kill()
        with pytest.raises(ServerProblem):
            server.databases.execute("SELECT 1")
        server.start()
        server.restart()
        assert server.databases.execute("SELECT id FROM kept") == "5"
        assert server.databases.execute("SHOW fsync") == "on"
        folder = server.folder
    assert not folder.exists()


def test_valkey_keeps_its_port_and_forgets_its_data() -> None:
    with ValkeyServer.launch() as server, redis.Redis.from_url(server.url) as client:
        client.set("a", 1)
        server.restart()
        assert client.get("a") is None
        assert not list(server.folder.glob("*.rdb"))


def test_a_paused_valkey_accepts_and_says_nothing() -> None:
    with (
        ValkeyServer.launch() as server,
        redis.Redis.from_url(server.url, socket_timeout=0.2, retry=Retry(NoBackoff(), 0)) as client,
    ):
        assert client.ping()
        with server.paused(), pytest.raises(redis.TimeoutError):
            client.ping()
        assert client.ping()


def test_servers_never_run_as_root() -> None:
    with ValkeyServer.launch() as server:
        owner = Path(f"/proc/{server.pid}").stat().st_uid
    assert owner != 0
    assert owner == os.geteuid() or os.geteuid() == 0


def test_a_server_that_cannot_start_says_why() -> None:
    with pytest.raises(ServerProblem, match=r"(?i)maxmemory-policy"):
        ValkeyServer.launch(settings={"maxmemory-policy": "no such policy"})
