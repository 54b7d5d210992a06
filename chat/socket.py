"""One WebSocket: handshake, first frame in time, bounded outbox, heartbeat, close codes. Plain ASGI.

What is said on it is a `Conversant`'s business. Deadlines are kept by one `Pulse` per worker instead of a timer per
socket. Facts about uvicorn that shaped this file are in traps.md: a blocked `send()` never ends by itself.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol, cast

import structlog
from starlette.types import Receive, Scope, Send

from chat.close_codes import Close
from chat.eager import begun
from chat.rate import Bucket, Rate
from chat.strict_json import LARGEST_FRAME, BadFrame
from storage.clock import Clock

HELLO_WITHIN = 5.0
SILENCE_LIMIT = 45.0
SEND_WITHIN = 10.0
BEAT_EVERY = 5.0
#: Frames waiting for one reader. Past this the reader is dropped; it comes back and reads from the database.
LONGEST_OUTBOX = 1000


class Closed(Exception):
    """Raised by a conversant to close its own connection."""

    def __init__(self, code: Close) -> None:
        super().__init__(code.name)
        self.code = code


class Conversant(Protocol):
    """Whoever speaks through a connection."""

    async def opened(self, connection: "Connection", first: str) -> None:
        """The first frame came. Raises `BadFrame` or `Closed`."""

    async def received(self, text: str) -> None:
        """A later frame. Raises `BadFrame` or `Closed`."""

    async def gone(self) -> None:
        """The connection is over; called once, also when `opened` never was."""


class Connection:
    """The sending half of one socket."""

    __slots__ = (
        "_clock",
        "_flushing",
        "_outbox",
        "_reader",
        "_send",
        "_send_within",
        "closing",
        "heard_at",
        "sending_since",
    )

    def __init__(
        self, *, send: Send, clock: Clock, reader: "asyncio.Task[None]", send_within: float = SEND_WITHIN
    ) -> None:
        self._send = send
        self._send_within = send_within
        self._reader: asyncio.Task[None] | None = reader
        self._clock = clock
        self._outbox: deque[str] = deque()
        self._flushing: asyncio.Task[None] | None = None
        self.closing: Close | None = None
        self.heard_at = clock.monotonic()
        self.sending_since: float | None = None

    def send(self, text: str) -> None:
        """Send a frame, or queue it while the other side is not reading. Never waits; who reads too slowly is dropped."""
        if self.closing is not None:
            return
        if self._flushing is None:
            self._send_now(text)
        elif len(self._outbox) >= LONGEST_OUTBOX:
            self.close(Close.TOO_SLOW)
        else:
            self._outbox.append(text)

    def close(self, code: Close) -> None:
        """Close after what is queued has been sent, or after `send_within` if the other side does not read."""
        if self.closing is not None:
            return
        self.closing = code
        if self._reader is not None and self._reader is not asyncio.current_task():
            self._reader.cancel()

    def stopped_reading(self) -> None:
        """Nobody waits for frames any more: closing needs to wake nobody."""
        self._reader = None

    async def finish(self) -> None:
        """Send what is queued and the close frame, within `send_within` seconds."""
        code = self.closing or Close.NORMAL
        with contextlib.suppress(Exception):
            async with asyncio.timeout(self._send_within):
                if self._flushing is not None:
                    await self._flushing
                await self._send({"type": "websocket.close", "code": int(code), "reason": ""})
        self.abandon()

    def abandon(self) -> None:
        """The other side is gone."""
        if self._flushing is not None:
            self._flushing.cancel()

    def _send_now(self, text: str) -> None:
        sending = cast("Coroutine[Any, Any, None]", self._send({"type": "websocket.send", "text": text}))
        with contextlib.suppress(Exception):  # the line broke, in one of uvicorn's many ways; the reading half ends it
            rest = begun(sending)
            if rest is not None:
                self.sending_since = self._clock.monotonic()
                self._flushing = asyncio.create_task(self._flush(rest))

    async def _flush(self, first: Awaitable[None]) -> None:
        try:
            await first
            while self._outbox:
                self.sending_since = self._clock.monotonic()
                await self._send({"type": "websocket.send", "text": self._outbox.popleft()})
        except Exception:  # noqa: BLE001 - as above
            self._outbox.clear()
        finally:
            self.sending_since = None
            self._flushing = None


class Pulse:
    """Looks after the deadlines of all connections of a worker."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._connections: set[Connection] = set()

    def __len__(self) -> int:
        return len(self._connections)

    def add(self, connection: Connection) -> None:
        self._connections.add(connection)

    def remove(self, connection: Connection) -> None:
        self._connections.discard(connection)

    def close_all(self, code: Close) -> None:
        """The worker is stopping, or something that they all depend on is gone."""
        for connection in tuple(self._connections):
            connection.close(code)

    def beat(self) -> None:
        """Close whoever has been silent, or has not read, for too long."""
        now = self._clock.monotonic()
        for connection in tuple(self._connections):
            blocked = connection.sending_since is not None and now - connection.sending_since > SEND_WITHIN
            if blocked or now - connection.heard_at > SILENCE_LIMIT:
                connection.close(Close.TOO_SLOW)

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            await asyncio.sleep(BEAT_EVERY)
            self.beat()


class SocketDoor:
    """Serves sockets of one kind. `origin` is the only value of the Origin header that gets in.

    `hello_within`, `send_within`: seconds for the first frame, and for the last words to a reader that is slow.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        pulse: Pulse,
        origin: str,
        rate: Rate,
        hello_within: float = HELLO_WITHIN,
        send_within: float = SEND_WITHIN,
    ) -> None:
        self._hello_within = hello_within
        self._send_within = send_within
        self._clock = clock
        self._pulse = pulse
        self._origin = origin.encode()
        self._rate = rate

    async def serve(
        self, scope: Scope, receive: Receive, send: Send, conversant: Callable[[Scope], "Conversant | Close"]
    ) -> None:
        """Run one socket from handshake to close. `conversant` may answer with a close code instead."""
        await receive()  # websocket.connect
        origins = [value for name, value in scope["headers"] if name == b"origin"]
        if origins != [self._origin]:
            await send({"type": "websocket.close", "code": int(Close.NO_SESSION)})  # before accept: a plain 403
            return
        await send({"type": "websocket.accept"})
        who = conversant(scope)
        if isinstance(who, Close):
            await send({"type": "websocket.close", "code": int(who), "reason": ""})
            return
        task = cast("asyncio.Task[None]", asyncio.current_task())
        connection = Connection(send=send, clock=self._clock, reader=task, send_within=self._send_within)
        self._pulse.add(connection)
        try:
            await self._read(receive, connection, who)
        except asyncio.CancelledError:
            if connection.closing is None or task.uncancel() > 0:
                raise
        finally:
            connection.stopped_reading()
            self._pulse.remove(connection)
            connection.close(Close.NORMAL)
            try:
                await connection.finish()
            finally:
                await who.gone()

    async def _read(self, receive: Receive, connection: Connection, who: Conversant) -> None:
        try:
            first = await self._first(receive, connection)
            if first is None:
                return
            await who.opened(connection, first)
            bucket = Bucket(self._rate, connection.heard_at)
            # A conversant that closes its own connection is not woken by it: it is asked here.
            while connection.closing is None and (text := await self._next(receive, connection)) is not None:
                if not bucket.take(connection.heard_at):
                    raise Closed(Close.TOO_FAST)
                await who.received(text)
        except BadFrame:
            connection.close(Close.BAD_FRAME)
        except Closed as closed:
            connection.close(closed.code)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - ours to mend, not theirs to read
            structlog.get_logger().error("socket_failed", exc_info=error)
            connection.close(Close.UNAVAILABLE)

    async def _first(self, receive: Receive, connection: Connection) -> str | None:
        try:
            async with asyncio.timeout(self._hello_within):
                return await self._next(receive, connection)
        except TimeoutError:
            raise Closed(Close.TOO_SLOW) from None

    async def _next(self, receive: Receive, connection: Connection) -> str | None:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            connection.close(Close.NORMAL)
            return None
        connection.heard_at = self._clock.monotonic()
        text = message.get("text")
        if text is None:
            raise BadFrame
        if len(text) > LARGEST_FRAME:
            raise Closed(Close.TOO_BIG)
        return str(text)
