"""Messages of the contact form at the desk: taken, read, put back, dealt with. Plain requests, like the notes."""

from typing import Literal, Protocol

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chat.form_desk import ReadMessage
from chat.public_facts import PublicFacts
from chat.strict_json import FrameReader
from contacts.contact import EndedBy
from contacts.session import Session
from operator_ui.desk_requests import DeskGuard, Nothing, contact_of, read_json
from operator_ui.reception import Reception, SessionBook
from storage.ids import ContactId


class FormBook(Protocol):
    """What is needed of `chat.form_desk.FormDesk`; all raise Refused."""

    async def taken(self, session: Session, contact: ContactId) -> ReadMessage: ...

    async def opened(self, session: Session, contact: ContactId) -> ReadMessage: ...

    async def put_back(self, session: Session, contact: ContactId) -> None: ...

    async def dealt_with(self, session: Session, contact: ContactId, outcome: EndedBy) -> None: ...


class DealtWith(Struct, frozen=True, forbid_unknown_fields=True):
    """What came of it; `chat.form_rules.OUTCOMES`."""

    outcome: Literal["answered", "tried", "no_answer_wanted", "not_possible"]


_nothing = FrameReader(msgspec.json.Decoder(Nothing))
_dealt_with = FrameReader(msgspec.json.Decoder(DealtWith))


def form_message_routes(*, forms: FormBook, sessions: SessionBook, facts: PublicFacts) -> list[BaseRoute]:
    """Routes under /desk/forms."""
    pages = FormMessagePages(forms=forms, reception=Reception(sessions=sessions, facts=facts), facts=facts)
    return [
        Route("/desk/forms/{contact}", pages.read, methods=["GET"]),
        Route("/desk/forms/{contact}/take", pages.take, methods=["POST"]),
        Route("/desk/forms/{contact}/put-back", pages.put_back, methods=["POST"]),
        Route("/desk/forms/{contact}/dealt-with", pages.dealt_with, methods=["POST"]),
    ]


class FormMessagePages:
    """Errors are `{"error": code}` with the codes of docs/protocol.md."""

    def __init__(self, *, forms: FormBook, reception: Reception, facts: PublicFacts) -> None:
        self._forms = forms
        self._guard = DeskGuard(reception=reception, facts=facts)

    async def read(self, request: Request) -> Response:
        """One of my messages, in words."""

        async def act(session: Session) -> object:
            return _shown(await self._forms.opened(session, contact_of(request)))

        return await self._guard.answering(request, act)

    async def take(self, request: Request) -> Response:
        """Take it, and read it."""

        async def act(session: Session) -> object:
            _nothing.read(await read_json(request))
            return _shown(await self._forms.taken(session, contact_of(request)))

        return await self._guard.answering(request, act)

    async def put_back(self, request: Request) -> Response:
        """It waits again."""

        async def act(session: Session) -> object:
            _nothing.read(await read_json(request))
            await self._forms.put_back(session, contact_of(request))
            return {"ok": True}

        return await self._guard.answering(request, act)

    async def dealt_with(self, request: Request) -> Response:
        """It leaves the list."""

        async def act(session: Session) -> object:
            told: DealtWith = _dealt_with.read(await read_json(request))
            await self._forms.dealt_with(session, contact_of(request), EndedBy(told.outcome))
            return {"ok": True}

        return await self._guard.answering(request, act)


def _shown(read: ReadMessage) -> dict[str, object]:
    how = read.call_back
    return {
        "contact": read.contact,
        "tag": read.tag,
        "language": read.language,
        "since": read.since,
        "urgency": read.urgency.value,
        "answer": read.answer.value,
        "text": read.text.reveal() if read.text is not None else None,
        "call_back": None
        if how is None
        else {"how": how.how, "address": how.address, "times": how.times, "voice": how.voice},
    }
