"""uvicorn's WebSocket protocol with a short way for what chats consist of: whole text frames, many in one moment.

A frame costs uvicorn's parser six times as much as the few lines here, and each frame sent a system call. Whatever is
not a whole, masked, unfragmented text frame, and all that follows it on its connection, is left to uvicorn.
"""

import asyncio
from typing import Any, Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import apply_mask  # type: ignore[attr-defined]  # the compiled one, where there is one
from websockets.protocol import State

#: FIN and the opcode of text (RFC 6455, 5.2).
_TEXT: Final = 0x81
_MASKED: Final = 0x80
_IN_TWO_BYTES: Final = 126
_LONGEST: Final = 0xFFFF
#: Bytes that may wait for the end of a moment; more leave at once, so that a slow reader is noticed.
MOST_WAITING = 64 * 1024


class TextFrames(WebSocketsSansIOProtocol):
    """Serves one socket."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plain = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(Together(transport, self.loop))  # type: ignore[arg-type]  # as much of one as is used

    def data_received(self, data: bytes) -> None:
        if self._plain and self.conn.state is State.OPEN:
            data = self._texts(data)
        # uvicorn's parser may hold the beginning of a frame from here on.
        self._plain = self._plain and not (data and self.handshake_initiated)
        if data:
            super().data_received(data)

    async def send(self, message: Any) -> None:
        text = message.get("text") if message["type"] == "websocket.send" else None
        if text is None or self.conn.state is not State.OPEN or self.disconnected or not self.writable.is_set():
            await super().send(message)
            return
        octets = text.encode()
        if len(octets) > _LONGEST:
            await super().send(message)
        else:
            self.transport.write(_head(len(octets)) + octets)

    def _texts(self, data: bytes) -> bytes:
        """Hand on the whole text frames that this begins with; the rest is the answer."""
        limit = self.config.ws_max_size
        at, size = 0, len(data)
        while size - at > 6 and data[at] == _TEXT and self.conn.state is State.OPEN:
            length, mask = data[at + 1] - _MASKED, at + 2
            if length == _IN_TWO_BYTES:
                length, mask = int.from_bytes(data[mask : mask + 2], "big"), at + 4
            elif not 0 <= length < _IN_TWO_BYTES:
                break
            start = mask + 4
            end = start + length
            if end > size or length > limit:
                break
            self.curr_msg_data_type = "text"
            self.frames = [apply_mask(data[start:end], data[mask:start])]
            self.send_receive_event_to_app()
            at = end
        return data[at:]


class Together:
    """A transport whose writes of one moment leave in one: at the end of the callback that made them."""

    __slots__ = (
        "_loop",
        "_size",
        "_transport",
        "_waiting",
        "get_extra_info",
        "is_closing",
        "pause_reading",
        "resume_reading",
    )

    def __init__(self, transport: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._waiting: list[bytes] = []
        self._size = 0
        self.get_extra_info = transport.get_extra_info
        self.is_closing = transport.is_closing
        self.pause_reading = transport.pause_reading
        self.resume_reading = transport.resume_reading

    def write(self, data: bytes) -> None:
        """Keep it until the moment is over."""
        if not self._waiting:
            self._loop.call_soon(self._leave)
        self._waiting.append(data)
        self._size += len(data)
        if self._size > MOST_WAITING:
            self._leave()

    def close(self) -> None:
        """After what waits."""
        self._leave()
        self._transport.close()

    def _leave(self) -> None:
        waiting, self._waiting, self._size = self._waiting, [], 0
        if waiting and not self._transport.is_closing():
            self._transport.write(b"".join(waiting))


def _head(length: int) -> bytes:
    """What stands before a text of this many bytes from a server."""
    if length < _IN_TWO_BYTES:
        return bytes((_TEXT, length))
    return bytes((_TEXT, _IN_TWO_BYTES)) + length.to_bytes(2, "big")
