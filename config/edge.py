"""What every request passes before any page: the address is dropped, bodies are bounded in size and time. Plain ASGI.

Flood control without identity (chat.md section 4): the peer address becomes a rate bucket, `scope["state"]["bucket"]`,
under a salt that lives only in this process and changes every 15 minutes; then the address and every forwarding
header are removed, so that nothing behind this file can keep or log them.
"""

import asyncio
import hmac
import secrets
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storage.clock import Clock

SALT_SECONDS = 15 * 60
BODY_LIMIT = 64 * 1024
BODY_SECONDS = 10.0
NO_ADDRESS = "unknown"
_FORWARDING = frozenset({
    b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-forwarded-port", b"x-real-ip",
    b"x-client-ip", b"x-cluster-client-ip", b"true-client-ip", b"cf-connecting-ip", b"fastly-client-ip", b"via",
    b"x-request-id", b"x-forwarded-server",
})  # fmt: skip

Network = IPv4Network | IPv6Network


class Buckets:
    """Which rate bucket an address falls into, for at most 15 minutes."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._salt = b""
        self._until = float("-inf")

    def of(self, address: str) -> str:
        """16 hexadecimal characters. The same address in the same quarter of an hour and process gives the same."""
        now = self._clock.monotonic()
        if now >= self._until:
            self._salt = secrets.token_bytes(32)
            self._until = now + SALT_SECONDS
        return hmac.digest(self._salt, _subscriber(address).encode(), "sha256")[:8].hex()


class Anonymous:
    """Puts the bucket into the scope's state and takes the address and forwarding headers out."""

    def __init__(self, app: ASGIApp, *, buckets: Buckets, trusted: Sequence[Network] = ()) -> None:
        self._app = app
        self._buckets = buckets
        self._trusted = tuple(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            headers = scope["headers"]
            state = {**scope.get("state", {}), "bucket": self._buckets.of(self._peer(scope))}
            kept = [pair for pair in headers if pair[0] not in _FORWARDING]
            scope = {**scope, "client": None, "headers": kept, "state": state}
        await self._app(scope, receive, send)

    def _peer(self, scope: Scope) -> str:
        client = scope.get("client")
        peer: str = client[0] if client else NO_ADDRESS
        if not self._is_trusted(peer):
            return peer
        hops = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
        for hop in (part.strip() for part in reversed(hops)):
            if hop and not self._is_trusted(hop):
                return hop
        return peer

    def _is_trusted(self, address: str) -> bool:
        parsed = _parsed(address)
        return parsed is not None and any(parsed in network for network in self._trusted)


class BodyLimits:
    """Refuses request bodies over 64 KiB (413) and gives up those that take more than 10 seconds (408)."""

    def __init__(self, app: ASGIApp, *, limit: int = BODY_LIMIT, seconds: float = BODY_SECONDS) -> None:
        self._app = app
        self._limit = limit
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isascii() or not declared.isdigit() or int(declared) > self._limit:
            await _refusal(413, "This is too long.")(scope, receive, send)
            return
        if scope["method"] in {"GET", "HEAD"}:  # their `receive` only waits for the end of the connection
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._seconds):
                body = await self._whole(receive)
        except TimeoutError:
            await _refusal(408, "This took too long to arrive.")(scope, receive, send)
            return
        if body is None:
            await _refusal(413, "This is too long.")(scope, receive, send)
            return
        await self._app(scope, _replayed(body, receive), send)

    async def _whole(self, receive: Receive) -> bytes | None:
        """The whole body; None when it is too long. A client that went away has sent what it has sent."""
        parts, size, more = [], 0, True
        while more:
            message = await receive()
            part = message.get("body", b"")
            size += len(part)
            if size > self._limit:
                return None
            parts.append(part)
            more = message["type"] == "http.request" and message.get("more_body", False)
        return b"".join(parts)


class Endings:
    """Tells documents without an end, and polls that wait, that the connection is over when the process is stopping."""

    def __init__(self, app: ASGIApp, *, stopping: asyncio.Event) -> None:
        self._app = app
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            receive = self._until_stopping(receive)
        await self._app(scope, receive, send)

    def _until_stopping(self, receive: Receive) -> Receive:
        async def receive_or_stop() -> Message:
            message, stop = asyncio.ensure_future(receive()), asyncio.ensure_future(self._stopping.wait())
            try:
                await asyncio.wait({message, stop}, return_when=asyncio.FIRST_COMPLETED)
                return message.result() if message.done() else {"type": "http.disconnect"}
            finally:
                message.cancel()
                stop.cancel()

        return receive_or_stop


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    """An IPv4 address that came over an IPv6 socket (RFC 4291, section 2.5.5.2) is an IPv4 address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return parsed.ipv4_mapped or parsed if isinstance(parsed, IPv6Address) else parsed


def _subscriber(address: str) -> str:
    """Whom an address belongs to: of IPv6 the /64, since one subscriber is given at least that (RFC 6177)."""
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((parsed.packed[:8] + bytes(8), 64)))
    return address if parsed is None else str(parsed)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """First the body in one piece, then what the connection says (that it has ended)."""
    owed = True

    async def receive_again() -> Message:
        nonlocal owed
        if owed:
            owed = False
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return receive_again


def _refusal(status: int, sentence: str) -> PlainTextResponse:
    return PlainTextResponse(sentence + "\n", status, headers={"cache-control": "no-store", "connection": "close"})
