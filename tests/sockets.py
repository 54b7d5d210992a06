"""A browser's end of a socket, straight on the application (ASGI): real routes, cookies, Origin and close codes."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any, Self

from starlette.types import ASGIApp, Message, Scope

from tests.eventually import PATIENCE

ORIGIN = "http://localhost:8000"

Frame = dict[str, Any]


@dataclass
class Socket:
    """One connection. `cookies` go with the handshake; `origins` are its Origin headers."""

    app: ASGIApp
    path: str
    cookies: dict[str, str] = field(default_factory=dict)
    origins: tuple[str, ...] = (ORIGIN,)
    frames: list[Frame] = field(default_factory=list)
    code: int | None = None
    accepted: bool = False

    def __post_init__(self) -> None:
        self._incoming: asyncio.Queue[Message] = asyncio.Queue()
        self._incoming.put_nowait({"type": "websocket.connect"})
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._serve())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.leave()

    async def _serve(self) -> None:
        try:
            await self.app(self._scope(), self._incoming.get, self._send)
        finally:
            self._news.set()

    def _scope(self) -> Scope:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = [(b"host", b"localhost:8000"), *((b"origin", origin.encode()) for origin in self.origins)]
        if cookie:
            headers.append((b"cookie", cookie.encode()))
        return {
            "type": "websocket",
            "asgi": {"version": "3.0"},
            "scheme": "ws",
            "path": self.path,
            "raw_path": self.path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": headers,
            "client": ("127.0.0.1", 50000),
            "server": ("localhost", 8000),
            "subprotocols": [],
            "state": {},
        }

    async def _send(self, message: Message) -> None:
        match message["type"]:
            case "websocket.accept":
                self.accepted = True
            case "websocket.send":
                self.frames.append(json.loads(message["text"]))
            case "websocket.close":
                self.code = message["code"]
            case other:
                raise AssertionError(f"uvicorn knows no {other}")
        self._news.set()

    # -- what a browser does

    def text(self, text: str) -> None:
        """Send anything."""
        self._incoming.put_nowait({"type": "websocket.receive", "text": text})

    def send(self, tag: str, **fields: object) -> None:
        """Send a frame."""
        self.text(json.dumps({"t": tag, **fields}))

    async def leave(self) -> None:
        """The line is cut; returns when the application has noticed."""
        self._incoming.put_nowait({"type": "websocket.disconnect", "code": 1006})
        if self._task is not None:
            await asyncio.wait_for(self._task, PATIENCE)

    # -- what it has got

    def of(self, tag: str, **fields: object) -> list[Frame]:
        """Frames so far with this tag and these fields."""
        wanted = {"t": tag, **fields}
        return [frame for frame in self.frames if all(frame.get(name) == value for name, value in wanted.items())]

    async def next(self, tag: str, **fields: object) -> Frame:
        """The first frame with this tag and these fields, waited for; raises AssertionError after `PATIENCE`."""
        until = time.monotonic() + PATIENCE
        while not (found := self.of(tag, **fields)):
            await self._wait(until, f"no {tag} {fields} among {self.frames}, closed {self.code}")
        return found[0]

    async def closed(self) -> int:
        """The close code, waited for."""
        until = time.monotonic() + PATIENCE
        while self.code is None:
            await self._wait(until, f"not closed after {self.frames}")
        return self.code

    async def _wait(self, until: float, what: str) -> None:
        self._news.clear()
        try:
            async with asyncio.timeout_at(asyncio.get_running_loop().time() + until - time.monotonic()):
                await self._news.wait()
        except TimeoutError:
            raise AssertionError(what) from None
