"""The network's way to us over a real connection."""

import asyncio

from hotline.simulator.post import posting


async def answered(content: bytes) -> tuple[int, str]:
    """What the network makes of a server that says this and closes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(content)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        port = server.sockets[0].getsockname()[1]
        return await posting(f"http://127.0.0.1:{port}")(f"http://127.0.0.1:{port}/x?y=1", {"a": "b"}, b"")
    finally:
        server.close()


async def test_status_and_text_come_back() -> None:
    assert await answered(b"HTTP/1.1 200 OK\r\na: b\r\n\r\n<Response/>") == (200, "<Response/>")


async def test_a_server_that_dies_before_or_in_its_answer_has_not_answered() -> None:
    assert await answered(b"") == (0, "")
    assert await answered(b"HTTP/1.1 200 OK\r\na:") == (0, "")
