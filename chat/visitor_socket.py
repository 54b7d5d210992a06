"""The visitor's socket: frames in, use cases; items out, frames. A shell without rules of its own."""

import asyncio
from collections.abc import Callable

from starlette.types import Receive, Scope, Send

from chat.close_codes import Close
from chat.frames import (
    Ack,
    Answer,
    Ask,
    Consent,
    End,
    EntryShown,
    Error,
    Hello,
    Ping,
    Pong,
    Say,
    Shown,
    Status,
    Welcome,
    Writing,
    from_visitor,
)
from chat.live import Live
from chat.sentences import ENDING_CODES
from chat.shown import AskShown, Item, ShownEntry, ShownUpTo, StatusShown
from chat.socket import Closed, Connection, SocketDoor
from chat.strict_json import BadFrame, written
from chat.talk import Talk
from chat.visitor_door import VisitorDoor
from chat.visitor_feed import VisitorFeed
from contacts.committer import Outcome
from contacts.contact import Author, Refusal, Refused
from storage.ids import new_id

_PONG = written(Pong())
_WRITING = written(Writing())
_SOCKET = "socket:"

#: The cookie's value in a handshake, or None.
ReadToken = Callable[[Scope], str | None]


class VisitorSocket:
    """ASGI endpoint of `GET /socket`."""

    def __init__(self, *, sockets: SocketDoor, door: VisitorDoor, live: Live, read_token: ReadToken) -> None:
        self._sockets = sockets
        self._door = door
        self._live = live
        self._read_token = read_token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._sockets.serve(scope, receive, send, self._conversant)

    def _conversant(self, scope: Scope) -> "_VisitorConversant | Close":
        token = self._read_token(scope)
        if token is None:
            return Close.NO_SESSION
        return _VisitorConversant(door=self._door, live=self._live, token=token)


class _VisitorConversant:
    def __init__(self, *, door: VisitorDoor, live: Live, token: str) -> None:
        self._door = door
        self._live = live
        self._token = token
        self._me = _SOCKET + new_id()
        self._connection: Connection | None = None
        self._talk: Talk | None = None
        self._feed: VisitorFeed | None = None
        self._stop_signals: Callable[[], None] | None = None
        self._mine: set[str] = set()

    async def opened(self, connection: Connection, first: str) -> None:
        hello = from_visitor.read(first)
        if not isinstance(hello, Hello):
            raise BadFrame
        found = await self._door.resumed(self._token)
        if found is None:
            raise Closed(Close.NO_SESSION)
        self._talk = talk = self._door.in_language(found, hello.lang)
        self._connection = connection
        self._live.signal(talk.contact, self._me)  # an older page of this visitor steps back
        self._stop_signals = self._live.on_signal(talk.contact, self._another)
        self._door.presence.connected(talk)
        connection.send(written(Welcome(talk.state, talk.seq)))
        self._feed = self._door.feed(talk, self._put)
        self._feed.start(hello.after)

    async def received(self, text: str) -> None:
        frame = from_visitor.read(text)
        if isinstance(frame, Say):
            self._say(frame)
        elif isinstance(frame, Ping):
            self._send(_PONG)
        elif isinstance(frame, Answer):
            await self._door.answered(self._opened(), frame.question, yes=frame.yes)
        elif isinstance(frame, Consent):
            await self._consent(frame)
        elif isinstance(frame, End):
            await self._door.ended(self._opened())
        else:
            raise BadFrame

    async def gone(self) -> None:
        if self._feed is not None:
            self._feed.stop()
        if self._stop_signals is not None:
            self._stop_signals()
        if self._talk is not None:
            replaced = self._connection is not None and self._connection.closing is Close.REPLACED
            self._door.presence.disconnected(self._talk, elsewhere=replaced)

    async def _consent(self, frame: Consent) -> None:
        try:
            await self._door.consented(self._opened(), frame.card, frame.answer)
        except Refused as refused:
            self._refuse(refused.code, frame.card)

    def _say(self, frame: Say) -> None:
        try:
            done = self._door.say(self._opened(), frame.id, frame.text)
        except Refused as refused:
            self._refuse(refused.code, frame.id)
            return
        self._mine.add(frame.id)
        done.add_done_callback(lambda done: self._said(frame.id, done))

    def _said(self, client_id: str, done: "asyncio.Future[Outcome]") -> None:
        if done.cancelled():
            return
        error = done.exception()
        if error is not None:
            self._mine.discard(client_id)
            self._refuse(error.code if isinstance(error, Refused) else Refusal.UNAVAILABLE, client_id)
            return
        receipt = done.result().receipt
        if receipt is not None and receipt.repeated:
            self._mine.discard(client_id)
            self._send(written(Ack(client_id, receipt.seq, receipt.at)))

    def _put(self, item: Item) -> None:
        if isinstance(item, ShownEntry):
            self._put_entry(item)
        elif isinstance(item, StatusShown):
            self._send(written(Status(item.state, item.text, item.worker)))
        elif isinstance(item, ShownUpTo):
            self._send(written(Shown(item.seq)))
        elif isinstance(item, AskShown):
            self._send(written(Ask(item.question, item.text)))
        else:
            self._send(_WRITING)

    def _put_entry(self, entry: ShownEntry) -> None:
        if entry.by is Author.VISITOR and entry.id in self._mine:
            self._mine.discard(entry.id)
            self._send(written(Ack(entry.id, entry.seq, entry.at)))
            return
        text = entry.text.reveal() if entry.text is not None else None
        self._send(written(EntryShown(entry.seq, entry.kind, entry.by, entry.at, text, entry.code, entry.id)))
        if entry.code in ENDING_CODES and self._connection is not None:
            self._connection.close(Close.OVER)

    def _another(self, name: str) -> None:
        if name.startswith(_SOCKET) and name != self._me and self._connection is not None:
            self._connection.close(Close.REPLACED)

    def _refuse(self, code: Refusal, client_id: str) -> None:
        self._send(written(Error(code, client_id)))

    def _send(self, text: str) -> None:
        if self._connection is not None:
            self._connection.send(text)

    def _opened(self) -> Talk:
        if self._talk is None:
            raise Closed(Close.NO_SESSION)
        return self._talk
