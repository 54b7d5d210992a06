"""Calls at the desk: answered, joined by others, ended; missed ones taken, called back, dealt with. Plain requests."""

from collections.abc import Awaitable, Callable
from typing import Literal, Protocol

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chat.headers import data_headers
from chat.public_facts import PublicFacts
from chat.strict_json import FrameReader
from contacts.session import Session
from hotline.call_desk import Number
from hotline.call_state import LegKind
from operator_ui.desk_frames import ContactRef
from operator_ui.desk_requests import DeskGuard, Nothing, contact_of, read_json
from operator_ui.reception import Reception, SessionBook
from storage.ids import ContactId

PATH = "/desk/calls/{contact}"
#: Recorded messages are MP3 (RFC 3003).
SOUND = "audio/mpeg"


class CallBook(Protocol):
    """What is needed of `hotline.call_desk.CallDesk`; all raise Refused."""

    async def answer(self, session: Session, contact: ContactId) -> None: ...

    async def add(self, session: Session, contact: ContactId, kind: LegKind, whom: str) -> None: ...

    async def end(self, session: Session, contact: ContactId) -> None: ...

    async def take(self, session: Session, contact: ContactId) -> None: ...

    async def put_back(self, session: Session, contact: ContactId) -> None: ...

    async def dealt_with(self, session: Session, contact: ContactId, outcome: str) -> None: ...

    async def number(self, session: Session, contact: ContactId) -> Number: ...

    async def message(self, session: Session, contact: ContactId) -> bytes: ...

    async def call_back(self, session: Session, contact: ContactId) -> None: ...


class Asked(Struct, frozen=True):
    """Somebody who can be asked to join a call. `kind`: lead or interpreter."""

    kind: str
    id: str
    name: str
    language: str | None = None


AskWhom = Callable[[Session], Awaitable[list[Asked]]]
Act = Callable[[Session, ContactId], Awaitable[None]]


class Add(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is to join."""

    kind: Literal["lead", "interpreter"]
    whom: ContactRef


class DealtWith(Struct, frozen=True, forbid_unknown_fields=True):
    """What came of it; `hotline.call_desk.OUTCOMES`."""

    outcome: Literal["reached", "not_reached", "not_safe", "no_number", "not_needed", "heard"]


_nothing = FrameReader(msgspec.json.Decoder(Nothing))
_add = FrameReader(msgspec.json.Decoder(Add))
_dealt_with = FrameReader(msgspec.json.Decoder(DealtWith))


def call_routes(*, calls: CallBook, whom: AskWhom, sessions: SessionBook, facts: PublicFacts) -> list[BaseRoute]:
    """Routes under /desk/calls."""
    pages = CallPages(calls=calls, whom=whom, reception=Reception(sessions=sessions, facts=facts), facts=facts)
    return [
        Route("/desk/call-parties", pages.parties, methods=["GET"]),
        Route(f"{PATH}/number", pages.number, methods=["GET"]),
        Route(f"{PATH}/message", pages.message, methods=["GET"]),
        Route(f"{PATH}/answer", pages.simply(calls.answer), methods=["POST"]),
        Route(f"{PATH}/add", pages.add, methods=["POST"]),
        Route(f"{PATH}/end", pages.simply(calls.end), methods=["POST"]),
        Route(f"{PATH}/take", pages.simply(calls.take), methods=["POST"]),
        Route(f"{PATH}/put-back", pages.simply(calls.put_back), methods=["POST"]),
        Route(f"{PATH}/dealt-with", pages.dealt_with, methods=["POST"]),
        Route(f"{PATH}/call-back", pages.simply(calls.call_back), methods=["POST"]),
    ]


class CallPages:
    """Errors are `{"error": code}` with the codes of docs/protocol.md."""

    def __init__(self, *, calls: CallBook, whom: AskWhom, reception: Reception, facts: PublicFacts) -> None:
        self._calls = calls
        self._whom = whom
        self._guard = DeskGuard(reception=reception, facts=facts)

    async def parties(self, request: Request) -> Response:
        """Who can be asked to join."""

        async def act(session: Session) -> object:
            return msgspec.to_builtins(await self._whom(session))

        return await self._guard.answering(request, act)

    async def number(self, request: Request) -> Response:
        """The number to call back; an audited opening."""

        async def act(session: Session) -> object:
            found = await self._calls.number(session, contact_of(request))
            return {"number": found.display.reveal(), "when": found.when, "named": found.named}

        return await self._guard.answering(request, act)

    async def message(self, request: Request) -> Response:
        """What the caller said after the tone, for the player on the page; an audited opening. Nobody keeps a copy."""

        async def act(session: Session, contact: ContactId) -> Response:
            return Response(await self._calls.message(session, contact), headers=data_headers(), media_type=SOUND)

        return await self._guard.about(request, act)

    async def add(self, request: Request) -> Response:
        """Ask somebody to join."""

        async def act(session: Session) -> object:
            told: Add = _add.read(await read_json(request))
            await self._calls.add(session, contact_of(request), LegKind(told.kind), told.whom)
            return {"ok": True}

        return await self._guard.answering(request, act)

    async def dealt_with(self, request: Request) -> Response:
        """It leaves the list."""

        async def act(session: Session) -> object:
            told: DealtWith = _dealt_with.read(await read_json(request))
            await self._calls.dealt_with(session, contact_of(request), told.outcome)
            return {"ok": True}

        return await self._guard.answering(request, act)

    def simply(self, do: Act) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint of what needs no more than the contact."""

        async def endpoint(request: Request) -> Response:
            async def act(session: Session) -> object:
                _nothing.read(await read_json(request))
                await do(session, contact_of(request))
                return {"ok": True}

            return await self._guard.answering(request, act)

        return endpoint
