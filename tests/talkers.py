"""A visitor and an operator that speak the protocol over real sockets, as a well-behaved client must."""

import asyncio
import json
import uuid
from collections.abc import Callable
from typing import Any

import httpx2
from websockets.asyncio.client import ClientConnection, connect

Frame = dict[str, Any]
WITHIN = 15.0


class Talker:
    """A socket with an inbox. `cookie` is `name=value`."""

    def __init__(self, *, url: str, path: str, cookie: str) -> None:
        self.url = url
        self.cookie = cookie
        self.frames: list[Frame] = []
        self._path = path
        self._socket: ClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None
        self._news = asyncio.Event()

    @property
    def close_code(self) -> int | None:
        return self._socket.close_code if self._socket is not None else None

    @property
    def local_port(self) -> int:
        """Our end of the connection."""
        assert self._socket is not None
        return int(self._socket.local_address[1])

    async def connect(self, hello: Frame) -> None:
        """Open the socket and say hello."""
        self._socket = await connect(
            self.url.replace("http://", "ws://") + self._path,
            origin=self.url,  # type: ignore[arg-type]
            additional_headers={"Cookie": self.cookie},
            compression=None,
            ping_interval=None,
        )
        self._reading = asyncio.create_task(self._read(self._socket))
        await self.send({"t": "hello", **hello})

    async def send(self, frame: Frame) -> None:
        assert self._socket is not None
        await self._socket.send(json.dumps(frame, separators=(",", ":"), ensure_ascii=False))

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()
        if self._reading is not None:
            await asyncio.gather(self._reading, return_exceptions=True)

    async def until(self, wanted: Callable[[Frame], bool], within: float = WITHIN) -> Frame:
        """The first frame, already here or still to come, that is wanted."""
        seen = 0
        try:
            async with asyncio.timeout(within):
                while True:
                    for frame in self.frames[seen:]:
                        if wanted(frame):
                            return frame
                    seen = len(self.frames)
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"not among the last of {len(self.frames)} frames: {self.frames[-5:]}") from None

    async def frame(self, tag: str, **fields: object) -> Frame:
        """The first frame with this tag and these fields."""
        return await self.until(lambda f: f["t"] == tag and all(f.get(k) == v for k, v in fields.items()))

    async def _read(self, connection: ClientConnection) -> None:
        async for message in connection:
            self.frames.append(json.loads(message))
            self._news.set()
        self.frames.append({"t": "closed", "code": connection.close_code})
        self._news.set()


class Visitor(Talker):
    """Somebody with a cookie."""

    @classmethod
    async def started(cls, url: str, language: str = "en") -> "Visitor":
        """Press Start."""
        async with httpx2.AsyncClient() as http:
            answer = await http.post(f"{url}/{language}/start", headers={"Origin": url, "Accept": "application/json"})
        assert answer.status_code == 200, answer.text
        name, value = next(iter(answer.cookies.items()))
        return cls(url=url, path="/socket", cookie=f"{name}={value}")

    async def come(self, after: int = 0, language: str = "en") -> None:
        await self.connect({"after": after, "lang": language})

    async def say(self, text: str, message_id: str | None = None) -> str:
        message_id = message_id or str(uuid.uuid4())
        await self.send({"t": "say", "id": message_id, "text": text})
        return message_id


class Operator(Talker):
    """Somebody signed in at a desk."""

    @classmethod
    async def signed_in(cls, url: str, login: str, passphrase: str) -> "Operator":
        """Sign in with the form."""
        async with httpx2.AsyncClient() as http:
            answer = await http.post(
                f"{url}/desk/sign-in",
                data={"login": login, "passphrase": passphrase, "code": ""},
                headers={"Origin": url},
            )
        assert answer.status_code == 303, answer.status_code
        name, value = next(iter(answer.cookies.items()))
        return cls(url=url, path="/desk/socket", cookie=f"{name}={value}")

    async def come(self, *already_open: tuple[str, int]) -> None:
        await self.connect({"open": [{"contact": contact, "after": after} for contact, after in already_open]})

    async def take(self, contact: str) -> None:
        """Accept a contact and wait until it is open."""
        await self.send({"t": "accept", "contact": contact})
        await self.frame("opened", contact=contact)

    async def say(self, contact: str, text: str, message_id: str | None = None) -> str:
        message_id = message_id or str(uuid.uuid4())
        await self.send({"t": "say", "contact": contact, "id": message_id, "text": text})
        return message_id
