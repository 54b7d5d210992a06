"""Sockets between uvicorn and a network that is written down: what is said, and in how many writes."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState
from websockets.client import ClientProtocol
from websockets.frames import Close, Frame, Opcode
from websockets.uri import parse_uri

from config.listener import FRAME_LIMIT, server_config
from config.text_frames import MOST_WAITING, TextFrames

pytestmark = pytest.mark.anyio

Talk = Callable[[Receive, Send], Awaitable[None]]


class Network(asyncio.Transport):
    """Remembers each write."""

    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.1", 1), "sockname": ("192.0.2.2", 2)})
        self.writes: list[bytes] = []
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.closed
        self.writes.append(bytes(data))

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        """Nothing comes by itself here."""

    def resume_reading(self) -> None:
        """As above."""


class Socket:
    """An open socket: `network` below the server, `client` at the other end; `greeting` is what came at once."""

    def __init__(self, talk: Talk) -> None:
        async def app(_scope: Scope, receive: Receive, send: Send) -> None:
            await receive()
            await send({"type": "websocket.accept"})
            await talk(receive, send)

        config: uvicorn.Config = server_config(app, graceful_seconds=1)
        config.load()
        self.network = Network()
        self.client = ClientProtocol(parse_uri("ws://localhost/socket"))
        self.protocol = TextFrames(config, ServerState(), {})
        self.greeting: list[object] = []

    async def opened(self) -> "Socket":
        self.protocol.connection_made(self.network)
        self.client.send_request(self.client.connect())
        self.protocol.data_received(b"".join(self.client.data_to_send()))
        await _moments()
        self.greeting = self.heard()
        return self

    def sent(self, *frames: Frame) -> bytes:
        """As the client would put them on the network."""
        for frame in frames:
            self.client.send_frame(frame)
        return b"".join(self.client.data_to_send())

    async def comes(self, data: bytes) -> None:
        self.protocol.data_received(data)
        await _moments()

    def heard(self) -> list[object]:
        """What the client got since it was asked last: texts, or frames of another kind."""
        for data in self.network.writes:
            self.client.receive_data(data)
        self.network.writes.clear()
        return [
            bytes(event.data).decode() if event.opcode is Opcode.TEXT else event
            for event in self.client.events_received()
            if isinstance(event, Frame)
        ]


async def _moments() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def _echo(receive: Receive, send: Send) -> None:
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": message["text"]})


def text(words: str) -> Frame:
    return Frame(Opcode.TEXT, words.encode())


async def test_texts_that_come_together_are_heard_one_by_one_and_answered_in_one_write() -> None:
    socket = await Socket(_echo).opened()
    await socket.comes(socket.sent(text("yksi"), text("å" * 100), text("三" * 100), text("")))
    assert len(socket.network.writes) == 1
    assert socket.heard() == ["yksi", "å" * 100, "三" * 100, ""]


@pytest.mark.parametrize("cut", [1, 3, 7, 9, 150])
async def test_a_text_may_come_in_pieces_and_the_next_is_heard_too(cut: int) -> None:
    socket = await Socket(_echo).opened()
    data = socket.sent(text("a"), text("b" * 200))
    await socket.comes(data[: 7 + cut])
    await socket.comes(data[7 + cut :])
    await socket.comes(socket.sent(text("c")))
    assert socket.heard() == ["a", "b" * 200, "c"]


async def test_a_text_in_fragments_with_a_ping_among_them_is_one_text() -> None:
    socket = await Socket(_echo).opened()
    await socket.comes(socket.sent(text("first")))
    pieces = Frame(Opcode.TEXT, b"in ", fin=False), Frame(Opcode.PING, b"?"), Frame(Opcode.CONT, b"two")
    await socket.comes(socket.sent(*pieces, text("last")))
    assert socket.heard() == ["first", Frame(Opcode.PONG, b"?"), "in two", "last"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x81\x83\0\0\0\0\xff\xff\xff", 1007),  # not UTF-8
        (b"\x81\x02hi", 1002),  # not masked
        (b"\xc1\x82\0\0\0\0hi", 1002),  # compressed, which nobody agreed on
        (b"\x81\xfe" + (FRAME_LIMIT + 1).to_bytes(2, "big") + bytes(4 + FRAME_LIMIT + 1), 1009),
    ],
)
async def test_what_is_no_frame_for_us_closes_as_uvicorn_closes(data: bytes, code: int) -> None:
    socket = await Socket(_echo).opened()
    await socket.comes(socket.sent(text("good")))
    assert socket.heard() == ["good"]
    await socket.comes(data)
    (last,) = socket.heard()
    assert isinstance(last, Frame)
    assert last.opcode is Opcode.CLOSE
    assert Close.parse(last.data).code == code


async def test_the_other_side_closes_and_is_answered() -> None:
    socket = await Socket(_echo).opened()
    await socket.comes(socket.sent(Frame(Opcode.CLOSE, Close(1000, "").serialize())))
    (last,) = socket.heard()
    assert isinstance(last, Frame)
    assert last.opcode is Opcode.CLOSE
    assert socket.network.closed


async def test_closing_comes_after_what_was_said() -> None:
    async def talk(_receive: Receive, send: Send) -> None:
        await send({"type": "websocket.send", "text": "almost"})
        await send({"type": "websocket.send", "text": "x" * 70_000})
        await send({"type": "websocket.close", "code": 4001})

    socket = await Socket(talk).opened()
    almost, long, last = socket.greeting
    assert (almost, long) == ("almost", "x" * 70_000)
    assert isinstance(last, Frame)
    assert Close.parse(last.data).code == 4001


async def test_much_at_once_does_not_wait_for_the_end_of_the_moment() -> None:
    written = []

    async def talk(_receive: Receive, send: Send) -> None:
        for _ in range(MOST_WAITING // 10_000 + 1):
            await send({"type": "websocket.send", "text": "x" * 10_000})
        written.extend(socket.network.writes)

    socket = Socket(talk)
    await socket.opened()
    assert max(len(data) for data in written) > MOST_WAITING


async def test_nothing_is_written_to_a_network_that_is_gone() -> None:
    async def talk(receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.send", "text": "too late"})
        socket.network.closed = True

    socket = Socket(talk)
    await socket.opened()
    await socket.comes(socket.sent(text("?")))
    assert socket.heard() == []
