import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import httpx2 as httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive, Scope, Send

from config.edge import BODY_LIMIT, Anonymous, BodyLimits, Buckets, Endings
from storage.clock import ManualClock

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


async def seen(clock: ManualClock, peer: str | None, trusted: str = "", **headers: str) -> dict[str, Any]:
    """What the application behind the edge sees of a request."""
    found: dict[str, Any] = {}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        found.update(scope)

    edge = Anonymous(app, buckets=Buckets(clock=clock), trusted=[ip_network(trusted)] if trusted else [])
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "client": (peer, 50000) if peer else None, "headers": raw, "state": {"kept": 1}}
    await edge(scope, _no_body, _unsent)
    return found


async def _no_body() -> Message:
    return {"type": "http.disconnect"}


async def _unsent(message: Message) -> None:
    raise AssertionError("nothing is answered here")


async def test_the_address_and_every_forwarding_header_are_gone(clock: ManualClock) -> None:
    scope = await seen(
        clock, "198.51.100.7", x_forwarded_for="203.0.113.9", x_real_ip="203.0.113.9", forwarded="for=x", accept="*/*"
    )
    assert scope["client"] is None
    assert scope["headers"] == [(b"accept", b"*/*")]
    assert scope["state"]["kept"] == 1
    assert "198.51" not in str(scope)
    assert "203.0" not in str(scope)


async def test_the_bucket_is_the_same_for_a_quarter_of_an_hour(clock: ManualClock) -> None:
    buckets = Buckets(clock=clock)
    first = buckets.of("198.51.100.7")
    clock.advance(15 * 60 - 1)
    assert buckets.of("198.51.100.7") == first
    assert buckets.of("198.51.100.8") != first
    clock.advance(1)
    assert buckets.of("198.51.100.7") != first
    assert Buckets(clock=clock).of("198.51.100.7") != buckets.of("198.51.100.7")


@pytest.mark.parametrize(
    ("peer", "trusted", "forwarded", "counted"),
    [
        ("198.51.100.7", "", "203.0.113.9", "198.51.100.7"),  # nobody is trusted
        ("198.51.100.7", "10.0.0.0/8", "203.0.113.9", "198.51.100.7"),  # not our front
        ("10.0.0.1", "10.0.0.0/8", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "10.0.0.0/8", "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),  # what a client claims is ignored
        ("10.0.0.1", "10.0.0.0/8", "", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.0/8", "10.0.0.2", "10.0.0.1"),
        ("unix", "10.0.0.0/8", "203.0.113.9", "unix"),
        (None, "10.0.0.0/8", "203.0.113.9", "unknown"),
    ],
)
async def test_only_our_own_front_is_believed(
    clock: ManualClock, peer: str | None, trusted: str, forwarded: str, counted: str
) -> None:
    asked: list[str] = []

    class Asked(Buckets):
        def of(self, address: str) -> str:
            asked.append(address)
            return super().of(address)

    async def app(scope: Scope, receive: Receive, send: Send) -> None: ...

    edge = Anonymous(app, buckets=Asked(clock=clock), trusted=[ip_network(trusted)] if trusted else [])
    scope = {
        "type": "websocket",
        "client": (peer, 1) if peer else None,
        "headers": [(b"x-forwarded-for", forwarded.encode())],
    }
    await edge(scope, _no_body, _unsent)
    assert asked == [counted]


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await JSONResponse({"size": len(body)})(scope, receive, send)


def client(seconds: float = 5.0) -> httpx.AsyncClient:
    app = BodyLimits(echo, seconds=seconds)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test")


async def test_a_body_up_to_the_limit_arrives_whole() -> None:
    async with client() as browser:
        answer = await browser.post("/", content=b"x" * BODY_LIMIT)
        assert answer.json() == {"size": BODY_LIMIT}
        assert (await browser.get("/")).json() == {"size": 0}


async def test_a_longer_body_is_refused_before_it_is_read() -> None:
    async with client() as browser:
        answer = await browser.post("/", content=b"x" * (BODY_LIMIT + 1))
    assert (answer.status_code, answer.text) == (413, "This is too long.\n")


async def test_a_body_that_hides_its_length_is_counted() -> None:
    async def parts() -> Any:
        for _ in range(BODY_LIMIT // 1024 + 1):
            yield b"x" * 1024

    async with client() as browser:
        assert (await browser.post("/", content=parts())).status_code == 413


@pytest.mark.parametrize("length", ["many", "-1", "١٢"])
async def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    answers: list[Message] = []

    async def send(message: Message) -> None:
        answers.append(message)

    scope = {"type": "http", "method": "POST", "headers": [(b"content-length", length.encode("utf-8"))]}
    await BodyLimits(echo)(scope, _no_body, send)
    assert answers[0]["status"] == 413


async def test_a_body_that_never_ends_is_given_up() -> None:
    answers: list[Message] = []

    async def drip() -> Message:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message: Message) -> None:
        answers.append(message)

    scope = {"type": "http", "method": "POST", "headers": []}
    await BodyLimits(echo, seconds=0.05)(scope, drip, send)
    assert answers[0]["status"] == 408


async def test_after_the_body_the_end_of_the_connection_is_heard() -> None:
    heard: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        heard.append((await receive())["type"])
        heard.append((await receive())["type"])
        await Response()(scope, receive, send)

    messages: Iterator[Message] = iter([{"type": "http.request", "body": b"x"}, {"type": "http.disconnect"}])

    async def receive() -> Message:
        return next(messages)

    async def send(message: Message) -> None: ...

    await BodyLimits(app)({"type": "http", "method": "POST", "headers": []}, receive, send)
    assert heard == ["http.request", "http.disconnect"]


async def test_sockets_pass_unlimited() -> None:
    passed: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        passed.append(scope["type"])

    await BodyLimits(app)({"type": "websocket", "headers": []}, _no_body, _unsent)
    assert passed == ["websocket"]


async def test_a_document_without_an_end_finds_one_when_the_process_stops() -> None:
    stopping = asyncio.Event()
    heard: list[str] = []

    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        heard.append((await receive())["type"])
        asyncio.get_running_loop().call_soon(stopping.set)
        heard.append((await receive())["type"])

    messages: Iterator[Message] = iter([{"type": "http.request"}])

    async def receive() -> Message:
        message = next(messages, None)
        if message is None:
            await asyncio.Event().wait()
            raise AssertionError
        return message

    async with asyncio.timeout(2):
        await Endings(stream, stopping=stopping)({"type": "http", "method": "GET"}, receive, _unsent)
    assert heard == ["http.request", "http.disconnect"]
