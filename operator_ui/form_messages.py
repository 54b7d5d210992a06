"""Messages of the contact form at the desk: taken, read, put back, dealt with. Plain requests, like the notes."""

from collections.abc import Awaitable, Callable
from typing import Literal, Protocol

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chat.form_desk import ReadMessage
from chat.headers import comes_from_our_page
from chat.public_facts import PublicFacts
from chat.strict_json import BadFrame, FrameReader
from contacts.contact import EndedBy, Refusal, Refused
from contacts.session import Session
from operator_ui.notes import answer, error, read_json
from operator_ui.reception import Reception, SessionBook
from storage.ids import ContactId, is_id

_STATUS = {
    Refusal.NOT_YOURS: 404,
    Refusal.CANNOT_OPEN: 403,
    Refusal.ALREADY_TAKEN: 409,
    Refusal.ENDED: 409,
    Refusal.UNAVAILABLE: 503,
}


class FormBook(Protocol):
    """What is needed of `chat.form_desk.FormDesk`; all raise Refused."""

    async def taken(self, session: Session, contact: ContactId) -> ReadMessage: ...

    async def opened(self, session: Session, contact: ContactId) -> ReadMessage: ...

    async def put_back(self, session: Session, contact: ContactId) -> None: ...

    async def dealt_with(self, session: Session, contact: ContactId, outcome: EndedBy) -> None: ...


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """Posted to take and to put back."""


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
        self._reception = reception
        self._facts = facts

    async def read(self, request: Request) -> Response:
        """One of my messages, in words."""

        async def act(session: Session) -> object:
            return _shown(await self._forms.opened(session, _contact(request)))

        return await self._answered(request, act)

    async def take(self, request: Request) -> Response:
        """Take it, and read it."""

        async def act(session: Session) -> object:
            _nothing.read(await read_json(request))
            return _shown(await self._forms.taken(session, _contact(request)))

        return await self._answered(request, act)

    async def put_back(self, request: Request) -> Response:
        """It waits again."""

        async def act(session: Session) -> object:
            _nothing.read(await read_json(request))
            await self._forms.put_back(session, _contact(request))
            return {"ok": True}

        return await self._answered(request, act)

    async def dealt_with(self, request: Request) -> Response:
        """It leaves the list."""

        async def act(session: Session) -> object:
            told: DealtWith = _dealt_with.read(await read_json(request))
            await self._forms.dealt_with(session, _contact(request), EndedBy(told.outcome))
            return {"ok": True}

        return await self._answered(request, act)

    async def _answered(self, request: Request, act: Callable[[Session], Awaitable[object]]) -> Response:
        if request.method == "POST" and not comes_from_our_page(request, self._facts):
            return error("foreign", 403)
        session = await self._reception.session_of(request)
        if session is None:
            return error("no_session", 401)
        try:
            return answer(await act(session))
        except BadFrame:
            return error("bad_request", 400)
        except Refused as refused:
            return error(refused.code.value, _STATUS.get(refused.code, 422))


def _contact(request: Request) -> ContactId:
    contact = request.path_params["contact"]
    if not is_id(contact):
        raise Refused(Refusal.NOT_YOURS)
    return ContactId(contact)


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
