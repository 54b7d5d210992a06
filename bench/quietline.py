"""Quietline as a contender: on SQLite, or on PostgreSQL and Valkey, with one or more web processes."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.chats import MESSAGE_BYTES, Chat, End, Speech, heard
from bench.contenders import Running
from bench.processes import ServerProcess, on_core
from bench.seeding import Conversation, Member, conversations, deployment
from bench.wire import Line, connected, frame
from config.settings import Settings, read_settings
from tests.servers.postgres import PostgresServer
from tests.servers.valkey import ValkeyServer

_ADDRESS = "http://localhost:8000"
_TEXT = "x" * MESSAGE_BYTES
_MESSAGE = b'"kind":"message"'


class Quietline:
    """`operators`: how many are given accounts and sessions, once; one more, who is never there, has the idle ones."""

    def __init__(self, *, operators: int, core: int, servers: bool = False, workers: int = 1) -> None:
        self.name = f"PostgreSQL, {workers} worker{'s' if workers > 1 else ''}" if servers else "SQLite"
        self._workers = workers
        self._runs = 0
        self._open = ExitStack()
        self._folder = Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="quietline-bench-")))
        self._postgres: PostgresServer | None = None
        self._valkey: ValkeyServer | None = None
        try:
            if servers:
                with on_core(core):
                    self._postgres = self._open.enter_context(
                        PostgresServer.launch(durable=True, settings={"autovacuum": "on"})
                    )
                    self._valkey = self._open.enter_context(ValkeyServer.launch())
            self._original = self._settings("original", template=None)
            self._members = deployment(self._original, operators=operators + 1)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def running(self, *, core: int, chats: int, idle: int) -> Iterator[Running]:
        self._runs += 1
        name = f"run{self._runs}"
        shutil.copytree(self._original.data_dir, self._folder / name)
        settings = self._settings(name, template="original")
        members = [*self._members[:chats], self._members[-1]]
        talking, alone = conversations(settings, members, idle=idle)
        with on_core(core):
            server = ServerProcess(
                "bench.quietline_server",
                processes=self._workers,
                environment=_environment(settings),
                beside=[each.pid for each in (self._postgres, self._valkey) if each is not None],
            )
        try:
            yield _QuietlineRunning(server, members, talking, alone)
        finally:
            server.stop()

    def close(self) -> None:
        """End the servers and remove all data."""
        self._open.close()

    def _settings(self, name: str, *, template: str | None) -> Settings:
        database = redis = ""
        if self._postgres is not None:
            made = {"template": template} if template else {}
            database = self._postgres.databases.create(name, **made)
        if self._valkey is not None:
            redis = self._valkey.url
        return read_settings(
            mode="development",
            public_url=_ADDRESS,
            second_factor=False,
            data_dir=self._folder / name,
            database_url=database,
            redis_url=redis,
        )


class _QuietlineRunning:
    def __init__(
        self, server: ServerProcess, members: list[Member], talking: list[Conversation], alone: list[Conversation]
    ) -> None:
        self.server = server
        self._members = members
        self._talking = talking
        self._alone = alone

    async def chat(self, number: int) -> Chat:
        talk = self._talking[number]
        visitor = await self._visitor(talk)
        desk = await self._connected("/desk/socket", f"desk={self._members[number].cookie}")
        desk.write(frame(b'{"t":"hello","open":[{"contact":"%s","after":0}]}' % talk.contact.encode()))
        await heard(desk, b'{"t":"opened"')
        return Chat(
            visitor=End(line=visitor, speech=_speech(), is_message=is_message, is_ack=is_ack),
            operator=End(
                line=desk,
                speech=_speech(talk.contact),
                is_message=is_message,
                is_ack=is_ack,
                shows=_shows(talk.contact),
            ),
        )

    async def visitor(self, number: int) -> Line:
        return await self._visitor(self._alone[number])

    async def _visitor(self, talk: Conversation) -> Line:
        line = await self._connected("/socket", f"talk={talk.cookie}")
        line.write(frame(b'{"t":"hello","after":0,"lang":"en"}'))
        await heard(line, b'{"t":"welcome"')
        return line

    async def _connected(self, path: str, cookie: str) -> Line:
        self.server.check()
        return await connected(self.server.port, path, {"Origin": _ADDRESS, "Cookie": cookie})


def is_message(text: bytes) -> bool:
    """An entry that is a message, not a line of the house's."""
    return text[6:11] == b"entry" and _MESSAGE in text


def is_ack(text: bytes) -> bool:
    """An acknowledgement."""
    return text[6:9] == b"ack"


def _speech(contact: str | None = None) -> Speech:
    """The visitor's, or the operator's to this contact; the two never use the same id."""
    to, side = (f'"contact":"{contact}",', 1) if contact is not None else ("", 0)
    return Speech(before=f'{{"t":"say",{to}"id":"{side:08}-0000-4000-8000-', after=f'","text":"{_TEXT}"}}')


def _shows(contact: str) -> Callable[[bytes], bytes]:
    """As the desk does: whatever has come is on the screen."""

    def shows(entry: bytes) -> bytes:
        seq = entry.partition(b'"seq":')[2].partition(b",")[0]
        return frame(b'{"t":"shown","contact":"%s","seq":%s}' % (contact.encode(), seq))

    return shows


def _environment(settings: Settings) -> Mapping[str, str]:
    return {
        "MODE": settings.mode,
        "PUBLIC_URL": settings.public_url,
        "SECOND_FACTOR": "false",
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "REDIS_URL": settings.redis_url.get_secret_value(),
    }
