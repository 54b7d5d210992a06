"""Real PostgreSQL and Valkey servers for tests, from wheels: no apt, no root, no network.

A test normally asks for the fixtures in `tests/conftest.py`. One that wants to kill or pause its server starts its own:

    with PostgresServer.launch() as server:
        url = server.create_database()
        server.kill()
        server.start()

Start servers from the main thread: on Linux each one ends together with the thread that started it.
"""

from tests.servers.postgres import PostgresServer
from tests.servers.valkey import ValkeyServer

__all__ = ["PostgresServer", "ValkeyServer"]
