"""A WebSocket client as cheap as it gets (RFC 6455): prebuilt frames, a mask of zeros, no checks of what the server says.

Only for measuring: the client must not be what is measured.
"""

import asyncio
from collections.abc import Callable
from typing import cast

#: Answers each text that arrives. Must not block.
Hear = Callable[[bytes], None]

_SWITCHED = b"HTTP/1.1 101"
_TEXT = 0x81
_LENGTH_IN_TWO_BYTES = 126


class NoSocket(Exception):
    """The server did not open, or closed, a socket that the measurement needs."""


class Line(asyncio.Protocol):
    """One socket. `hear` may be exchanged at any time; what arrives while it is None is dropped."""

    __slots__ = ("_handshake", "_open", "_rest", "ended", "hear", "write")

    def __init__(self, handshake: bytes, opened: "asyncio.Future[None]") -> None:
        self._handshake = handshake
        self._open = opened
        self._rest = b""
        self.ended = False
        self.hear: Hear | None = None
        self.write: Callable[[bytes], None] = _nothing

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.write = cast(asyncio.Transport, transport).write
        self.write(self._handshake)

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        if not self._open.done():
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._rest = head
                return
            if not head.startswith(_SWITCHED):
                self._open.set_exception(NoSocket(head.split(b"\r\n", 1)[0].decode("ascii", "replace")))
                return
            self._open.set_result(None)
        self._rest = self._frames(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended = True
        if not self._open.done():
            self._open.set_exception(exc or NoSocket("closed in the handshake"))

    def _frames(self, data: bytes) -> bytes:
        """Hand on every whole frame; the beginning of another is the answer."""
        at, size = 0, len(data)
        while size - at >= 2:
            length, start = data[at + 1], at + 2
            if length >= _LENGTH_IN_TWO_BYTES:
                if size - at < 4:
                    break
                length, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            end = start + length
            if end > size:
                break
            if data[at] != _TEXT:
                self.ended = True
            elif self.hear is not None:
                self.hear(data[start:end])
            at = end
        return data[at:]


async def connected(port: int, path: str, headers: dict[str, str]) -> Line:
    """An open socket to this machine. Raises `NoSocket`."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: localhost:{port}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    loop = asyncio.get_running_loop()
    opened: asyncio.Future[None] = loop.create_future()
    handshake = "\r\n".join([*lines, "\r\n"]).encode()
    _, line = await loop.create_connection(lambda: Line(handshake, opened), "127.0.0.1", port)
    await opened
    return line


def frame(text: bytes) -> bytes:
    """A masked text frame of up to 65,535 bytes; the mask is zeros, so that it is the text itself."""
    return frame_head(len(text)) + text


def frame_head(length: int) -> bytes:
    """What stands before a text of this length."""
    if length < _LENGTH_IN_TWO_BYTES:
        return bytes([_TEXT, 0x80 | length, 0, 0, 0, 0])
    return bytes([_TEXT, 0x80 | _LENGTH_IN_TWO_BYTES]) + length.to_bytes(2, "big") + bytes(4)


def _nothing(_data: bytes) -> None:
    """Before the connection is there."""
