"""A visitor socket on the door in memory, with the faults a network has."""

import asyncio
import contextlib
import json
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from chat.plain_pages import frame_of
from chat.sentences import ENDING_CODES
from chat.shown import ShownEntry
from chat.strict_json import written
from chat.talk import Talk
from contacts.contact import Refused
from contacts.words import Words
from tests.chat.fake_door import FakeDoor


class FakeSocket:
    """The endpoint of `GET /socket`. `refusing`: no handshake succeeds; `deaf`: nothing is answered."""

    def __init__(self, door: FakeDoor, cookie: str) -> None:
        self.door = door
        self.refusing = False
        self.deaf = False
        self.heard: list[dict[str, Any]] = []
        self._cookie = cookie
        self._open: set[WebSocket] = set()

    async def drop(self, code: int) -> None:
        """Close every socket."""
        for socket in list(self._open):
            await socket.close(code)

    async def endpoint(self, socket: WebSocket) -> None:
        """One connection."""
        if self.refusing:
            await socket.close()
            return
        talk = await self.door.resumed(socket.cookies.get(self._cookie, ""))
        await socket.accept()
        if talk is None:
            await socket.close(4401)
            return
        self._open.add(socket)
        try:
            await self._converse(socket, talk)
        except WebSocketDisconnect:
            return
        finally:
            self._open.discard(socket)

    async def _converse(self, socket: WebSocket, talk: Talk) -> None:
        hello = await self._next(socket)
        await socket.send_json({"t": "welcome", "state": talk.state, "seq": talk.seq})
        mine: set[str] = set()
        pump = asyncio.create_task(self._pump(socket, talk, hello["after"], mine))
        try:
            while True:
                frame = await self._next(socket)
                if self.deaf:
                    continue
                if frame["t"] == "ping":
                    await socket.send_json({"t": "pong"})
                if frame["t"] == "answer":
                    await self.door.answered(talk, frame["question"], yes=frame["yes"])
                if frame["t"] == "consent":
                    await self._pressed(socket, talk, frame)
                if frame["t"] == "say":
                    mine.add(frame["id"])
                    await socket.send_json(await self._said(talk, frame))
        finally:
            pump.cancel()
            with contextlib.suppress(asyncio.CancelledError, RuntimeError, WebSocketDisconnect):
                await pump

    async def _pressed(self, socket: WebSocket, talk: Talk, frame: dict[str, Any]) -> None:
        try:
            await self.door.consented(talk, frame["card"], frame["answer"])
        except Refused as refused:
            await socket.send_json({"t": "error", "code": refused.code, "id": frame["card"]})

    async def _said(self, talk: Talk, frame: dict[str, Any]) -> dict[str, Any]:
        try:
            receipt = await self.door.said(talk, frame["id"], Words(frame["text"]))
        except Refused as refused:
            return {"t": "error", "code": refused.code, "id": frame["id"]}
        return {"t": "ack", "id": frame["id"], "seq": receipt.seq, "at": receipt.at}

    async def _pump(self, socket: WebSocket, talk: Talk, after: int, mine: set[str]) -> None:
        async for item in self.door.follow(talk, after):
            if isinstance(item, ShownEntry) and item.id in mine:
                continue
            await socket.send_text(written(frame_of(item)))
            if isinstance(item, ShownEntry) and item.code in ENDING_CODES:
                await socket.close(4410)
                return

    async def _next(self, socket: WebSocket) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(await socket.receive_text())
        self.heard.append(frame)
        return frame
