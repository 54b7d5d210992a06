"""Sends the network's reports over a real connection to this machine, whatever public address they are made for."""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

from hotline.simulator.network import Post

SECONDS = 15.0
_MOST = 1_000_000


def posting(base: str) -> Post:
    """Connects to the host and port of `base`; the address asked for is the report's own. Status 0: nobody answered."""
    where = urlsplit(base)
    host, port = where.hostname or "127.0.0.1", where.port or 80

    async def post(url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
        try:
            async with asyncio.timeout(SECONDS):
                return await _exchanged(host, port, url, headers, body)
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
            return 0, ""

    return post


async def _exchanged(host: str, port: int, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
    """One request, one connection (RFC 9112)."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"POST {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    head = "\r\n".join([*lines, f"content-length: {len(body)}", "connection: close", "", ""])
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(head.encode("latin-1") + body)
        await writer.drain()
        answer = await reader.read(_MOST)
        while more := await reader.read(_MOST):
            answer += more
    finally:
        writer.close()
    answered, whole, text = answer.partition(b"\r\n\r\n")
    if not whole:
        raise ValueError("the server ended in the middle of its answer")
    return int(answered.split(b" ", 2)[1]), text.decode()
