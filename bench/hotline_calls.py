"""Callers as the telephone company reports them: one connection each, signed reports, the next address from each answer."""

import asyncio
import re
import secrets
import time
from collections.abc import Callable
from html import unescape
from urllib.parse import urlencode, urlsplit

from hotline.simulator.fields import signature

ACCOUNT, TOKEN, BASE = "AC" + "b" * 32, "the token of the bench", "http://localhost:8000"
#: Reports of one call: it arrives, chooses a language, asks what to hear while it waits, ends.
WAITS = 6
_ADDRESS = re.compile(r'(?:action|waitUrl)="([^"#]+)|<Redirect[^>]*>([^<#]+)')
_OK = b" 200 "
_PLACES = {
    f"{who}{what}": "" for who in ("Called", "Caller", "From", "To") for what in ("City", "Country", "State", "Zip")
}


class Refused(Exception):
    """A report was not answered with 200: nothing measured after that is worth anything."""


class Caller:
    """One line. `told` is given the seconds each report took."""

    def __init__(self, port: int, *, follows: bool, told: Callable[[float], None]) -> None:
        self._port = port
        self._follows = follows
        self._told = told

    async def connect(self) -> None:
        """Open the connection that all reports go over."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def calls(self, until: float, pause: float) -> None:
        """One call after the other until then (time.perf_counter); so many seconds between two reports."""
        if pause:
            await asyncio.sleep(pause * secrets.randbelow(1000) / 1000)
        while time.perf_counter() < until:
            await self._call(until, pause)

    async def _call(self, until: float, pause: float) -> None:
        sid = "CA" + secrets.token_hex(16)
        answer = await self._report(f"{BASE}/hotline/voice", sid, {})
        for number in range(WAITS + 1):
            if time.perf_counter() >= until:
                break
            following = self._next(answer, number)
            if following is None:
                break
            await asyncio.sleep(pause)
            answer = await self._report(following, sid, {"Digits": "1"} if number == 0 else {})
        await self._report(f"{BASE}/hotline/status", sid, {"CallStatus": "completed", "SequenceNumber": "0"})

    def _next(self, answer: str, number: int) -> str | None:
        """Where the answer says, if it leads anywhere; RAW says nothing, so an address of the same shape."""
        if not self._follows:
            step = "language" if number == 0 else "wait"
            return f"{BASE}/hotline/{step}?c={'0' * 32}&n={number + 1}"
        found = [first or second for first, second in _ADDRESS.findall(answer)]
        wanted = [url for url in found if "/wait?" in url] or found
        return unescape(wanted[0]) if wanted else None

    async def _report(self, url: str, sid: str, more: dict[str, str]) -> str:
        fields = {
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
            "CallSid": sid,
            "CallStatus": "in-progress",
            "CallToken": sid * 4,
            "Called": "+46846500412",
            "Caller": "anonymous",
            "Direction": "inbound",
            "From": "anonymous",
            "StirVerstat": "TN-Validation-Passed-A",
            "To": "+46846500412",
            **_PLACES,
            **more,
        }
        body = urlencode(fields).encode()
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        head = (
            f"POST {target} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n"
            f"x-twilio-signature: {signature(TOKEN, url, fields)}\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        before = time.perf_counter()
        self._writer.write(head.encode() + body)
        answered = await self._reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: *(\d+)", answered, re.IGNORECASE)
        text = await self._reader.readexactly(int(length[1])) if length else b""
        self._told(time.perf_counter() - before)
        if _OK not in answered.split(b"\r\n", 1)[0]:
            raise Refused(answered.split(b"\r\n", 1)[0].decode())
        return text.decode()

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


class Company:
    """The telephone company's REST interface: rings whatever it is asked to, and nobody ever answers."""

    async def start(self) -> int:
        """The port it listens on."""
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def stop(self) -> None:
        """No more."""
        self._server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
                await reader.readexactly(int(length[1]) if length else 0)
                told = b'{"sid": "CA%s", "status": "queued"}' % secrets.token_hex(16).encode()
                writer.write(
                    b"HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(told)
                )
                writer.write(told)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            writer.close()
