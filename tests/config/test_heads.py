import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from config.heads import HEAD_BYTES, ImpatientProtocol
from config.listener import FRAME_LIMIT, listening_socket, server_config
from config.web import Server

pytestmark = pytest.mark.anyio


class Hurried(ImpatientProtocol):
    head_seconds = 0.3


async def _echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(await request.body())


async def _greet(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("hello")
    await asyncio.sleep(2 * Hurried.head_seconds)
    await socket.send_text("still there")
    await socket.close()


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A server as we run it, but in more of a hurry."""
    routes = [Route("/", _echo, methods=["GET", "POST"]), WebSocketRoute("/socket", _greet)]
    config = server_config(Starlette(routes=routes), graceful_seconds=1)
    config.http = Hurried
    server = Server(config)
    listening = listening_socket("127.0.0.1", 0)
    found: int = listening.getsockname()[1]
    ready = asyncio.Event()
    task = asyncio.create_task(server.serve_on(listening, ready.set))
    await ready.wait()
    yield found
    server.stop()
    await task


async def answer(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """Everything that comes back until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        return await asyncio.wait_for(reader.read(), 5)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


async def test_a_connection_that_says_nothing_is_closed(port: int) -> None:
    assert await answer(port) == b""


async def test_a_head_that_drips_is_closed(port: int) -> None:
    assert await answer(port, b"GET / HTTP/1.1\r\n", b"host: x\r\n", b"a: b\r\n", pause=0.2) == b""


async def test_a_head_that_never_ends_is_refused(port: int) -> None:
    endless = b"GET / HTTP/1.1\r\nhost: x\r\nx-more: " + b"y" * HEAD_BYTES
    assert (await answer(port, endless)).startswith(b"HTTP/1.1 431 ")


async def test_a_body_may_be_longer_than_a_head(port: int) -> None:
    body = b"z" * (3 * HEAD_BYTES)
    head = f"POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {len(body)}\r\n\r\n".encode()
    found = await answer(port, head + body[:100], body[100:], pause=0.01)
    assert found.startswith(b"HTTP/1.1 200 OK")
    assert found.endswith(body)


async def test_nothing_is_told_about_the_server(port: int) -> None:
    found = (await answer(port, b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).lower()
    assert b"server:" not in found
    assert b"date:" not in found
    assert b"uvicorn" not in found


async def test_a_second_request_on_one_connection_has_a_deadline_of_its_own(port: int) -> None:
    request = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
    found = await answer(port, request, request, b"GET / HT", pause=0.1)
    assert found.count(b"HTTP/1.1 200 OK") == 2


async def test_an_open_socket_has_no_such_deadline(port: int) -> None:
    handshake = (
        b"GET /socket HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
        b"sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-version: 13\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(handshake)
    found = await asyncio.wait_for(reader.readuntil(b"still there"), 5)
    writer.close()
    assert b"101 Switching Protocols" in found
    assert b"permessage-deflate" not in found


def test_frames_are_small_and_signals_are_ours() -> None:
    config: uvicorn.Config = server_config(Starlette(), graceful_seconds=1)
    assert (config.ws_max_size, config.ws_per_message_deflate, config.proxy_headers) == (FRAME_LIMIT, False, False)
