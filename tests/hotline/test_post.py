import asyncio

from hotline.simulator.post import posting

BODY = b"CallSid=CA1"


async def test_a_report_goes_to_this_machine_under_its_own_address() -> None:
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(len(BODY)))
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n<Response/>")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        post = posting(f"http://127.0.0.1:{port}")
        url = "https://help.example/hotline/voice?c=1#rc=2&rp=all"
        assert await post(url, {"host": "help.example"}, BODY) == (200, "<Response/>")
    assert heard[0].startswith(b"POST /hotline/voice?c=1 HTTP/1.1\r\nhost: help.example\r\ncontent-length: 11\r\n")
    assert heard[0].endswith(b"\r\n\r\n" + BODY)


async def test_nobody_there_is_status_zero() -> None:
    async with await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert await posting(f"http://127.0.0.1:{port}")("https://help.example/", {}, b"") == (0, "")
    assert await posting(f"http://127.0.0.1:{port}")("https://help.example/", {}, b"") == (0, "")
