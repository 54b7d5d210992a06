"""What is compared: what each contender must offer, and RAW."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from bench.chats import MESSAGE_BYTES, NUMBER_DIGITS, Chat, End, Speech, always, never
from bench.processes import ServerProcess, on_core
from bench.wire import Line, connected


class Running(Protocol):
    """A server that is up, and how to connect to it."""

    @property
    def server(self) -> ServerProcess:
        """Its processes."""

    async def chat(self, number: int) -> Chat:
        """One chat with both ends on the line; each number once."""

    async def visitor(self, number: int) -> Line:
        """A visitor's socket in another conversation, on which nothing will happen; each number once."""


class Contender(Protocol):
    """Prepared once, run several times."""

    @property
    def name(self) -> str:
        """In tables."""

    def running(self, *, core: int, chats: int, idle: int) -> AbstractContextManager[Running]:
        """A fresh server on this core, with all that so many chats and idle visitors need."""

    def close(self) -> None:
        """Remove what was prepared."""


class Raw:
    """The relay that stores nothing."""

    name = "RAW"

    @contextmanager
    def running(self, *, core: int, chats: int, idle: int) -> Iterator[Running]:  # noqa: ARG002 - pairs need no making
        with on_core(core):
            server = ServerProcess("bench.raw_relay")
        try:
            yield _RawRunning(server)
        finally:
            server.stop()

    def close(self) -> None:
        """Nothing was prepared."""


class _RawRunning:
    def __init__(self, server: ServerProcess) -> None:
        self.server = server

    async def chat(self, number: int) -> Chat:
        return Chat(visitor=await self._end(number), operator=await self._end(number))

    async def visitor(self, number: int) -> Line:
        return await connected(self.server.port, f"/idle/{number}", {})

    async def _end(self, number: int) -> End:
        line = await connected(self.server.port, f"/{number}", {})
        speech = Speech(before="", after="x" * (MESSAGE_BYTES - NUMBER_DIGITS))
        return End(line=line, speech=speech, is_message=always, is_ack=never)
