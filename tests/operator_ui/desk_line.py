"""The server's end of a desk socket, played in the browser's own network layer: two contacts, one that waits."""

import json
import time
from typing import Any

from playwright.async_api import WebSocketRoute

Frame = dict[str, Any]
ANNE, BERT, WAITS = "a" * 32, "b" * 32, "c" * 32


def row(contact: str, tag: str, **other: Any) -> Frame:
    return {
        "contact": contact,
        "tag": tag,
        "language": "fi",
        "since": int(time.time()) - 100,
        "state": "active",
        "seq": 0,
        "shown": 0,
        "connected": True,
        "turn": "yours",
    } | other


class DeskServer:
    """`got`: frames in the order they came. `mute`: hears everything and answers nothing."""

    def __init__(self) -> None:
        self.got: list[Frame] = []
        self.mute = False
        self.waiting = [row(WAITS, "K4", state="waiting")]
        self.mine = [row(ANNE, "P3"), row(BERT, "H9", turn="theirs")]
        self.entries: dict[str, list[Frame]] = {ANNE: [], BERT: []}
        self.connections = 0
        self._socket: WebSocketRoute | None = None
        for text in ("Hei", "مرحبا، هل يمكنني الكتابة هنا؟", "x" * 1500):
            self.arrives(ANNE, "visitor", text)

    def connect(self, socket: WebSocketRoute) -> None:
        """A handler for `page.route_web_socket`."""
        self._socket = socket
        self.connections += 1
        socket.on_message(lambda text: self._heard(json.loads(text)))

    def send(self, frame: Frame) -> None:
        assert self._socket is not None
        self._socket.send(json.dumps(frame))

    async def close(self, code: int) -> None:
        assert self._socket is not None
        await self._socket.close(code=code)

    def line(self) -> None:
        self.send({"t": "line", "waiting": self.waiting, "mine": self.mine})

    def offer(self) -> None:
        self.send({"t": "offer", "contact": WAITS, "tag": "K4", "language": "en", "until": int(time.time()) + 60})

    def arrives(
        self, contact: str, by: str, text: str | None, *, code: str | None = None, client_id: str | None = None
    ) -> int:
        """One more entry; sent at once when somebody is there."""
        known = self.entries.setdefault(contact, [])
        kind = "line" if code else "message"
        at = int(time.time())
        entry = {"seq": len(known) + 1, "kind": kind, "by": by, "at": at, "text": text, "code": code, "id": client_id}
        known.append(entry)
        if self._socket is not None and client_id is None:
            self.send({"t": "entry", "contact": contact} | entry)
        return len(known)

    def of_kind(self, kind: str) -> list[Frame]:
        return [frame for frame in self.got if frame["t"] == kind]

    def _heard(self, frame: Frame) -> None:
        self.got.append(frame)
        if self.mute:
            return
        match frame["t"]:
            case "hello":
                self.send({"t": "welcome", "alias": "Anna", "role": "operator", "status": "available", "capacity": 3})
                for one in frame["open"]:
                    self._open(one["contact"], one["after"])
                self.line()
            case "open":
                self._open(frame["contact"], frame["after"])
            case "accept":
                self.waiting = []
                self.mine.append(row(frame["contact"], "K4", language="en"))
                self._open(frame["contact"], 0)
                self.line()
            case "say":
                self._said(frame["contact"], frame["id"], frame["text"])
            case "end":
                self.arrives(frame["contact"], "house", None, code="ended_by_worker")
            case "ping":
                self.send({"t": "pong"})
            case _:
                pass

    def _said(self, contact: str, client_id: str, text: str) -> None:
        again = [entry["seq"] for entry in self.entries[contact] if entry["id"] == client_id]
        seq = again[0] if again else self.arrives(contact, "worker", text, client_id=client_id)
        self.send({"t": "ack", "contact": contact, "id": client_id, "seq": seq, "at": int(time.time())})

    def _open(self, contact: str, after: int) -> None:
        known = self.entries.setdefault(contact, [])
        self.send({"t": "opened", "contact": contact, "state": "active", "seq": len(known)})
        for entry in known[after:]:
            self.send({"t": "entry", "contact": contact} | entry)
