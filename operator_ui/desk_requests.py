"""Everything the desk asks for as JSON goes through one guard: our own page, a session that is not locked, a role with keys.

Absent, somebody else's and not allowed look the same. Errors are `{"error": code}` with the codes of docs/protocol.md.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chat.headers import comes_from_our_page, data_headers
from chat.public_facts import PublicFacts
from chat.strict_json import LARGEST_FRAME, BadFrame
from contacts.contact import Refusal, Refused
from contacts.forwarding.apart import Failed
from contacts.forwarding.consent import Denial, Denied
from contacts.forwarding.payload import BadPayload
from contacts.people import KEY_HOLDERS
from contacts.session import Session
from operator_ui.reception import Reception
from storage.ids import ContactId, is_id

#: Refusals with a status of their own; every other one is a 422.
STATUS: Final[Mapping[Refusal, int]] = {
    Refusal.NOT_YOURS: 404,
    Refusal.CANNOT_OPEN: 403,
    Refusal.ALREADY_TAKEN: 409,
    Refusal.ENDED: 409,
    Refusal.ID_TAKEN: 409,
    Refusal.NO_NUMBER: 409,
    Refusal.NOT_THERE: 404,
    Refusal.UNAVAILABLE: 503,
}
#: The same of the gate's.
DENIED: Final[Mapping[Denial, int]] = {Denial.NOT_THERE: 404}


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """Posted where the address says everything."""


class DeskGuard:
    """Lets requests of the desk in. `denied`: statuses of the gate's denials."""

    def __init__(self, *, reception: Reception, facts: PublicFacts, denied: Mapping[Denial, int] = DENIED) -> None:
        self._reception = reception
        self._facts = facts
        self._denied = denied

    async def guarded(self, request: Request, act: Callable[[Session], Awaitable[Response]]) -> Response:
        """What `act` answers, or why it was not asked."""
        if request.method == "POST" and not comes_from_our_page(request, self._facts):
            return error("foreign", 403)
        session = await self._reception.session_of(request)
        if session is None:
            return error("no_session", 401)
        if session.role not in KEY_HOLDERS:
            return error(Refusal.NOT_YOURS.value, 404)
        try:
            return await act(session)
        except (BadFrame, BadPayload):
            return error("bad_request", 400)
        except Refused as refused:
            return error(refused.code.value, STATUS.get(refused.code, 422))
        except Denied as denied:
            return error(denied.code.value, self._denied.get(denied.code, 422))
        except Failed:
            return error(Refusal.UNAVAILABLE.value, 503)

    async def answering(self, request: Request, act: Callable[[Session], Awaitable[object]]) -> Response:
        """As `guarded`; what `act` gives is answered as JSON."""

        async def acted(session: Session) -> Response:
            return answer(await act(session))

        return await self.guarded(request, acted)

    async def about(self, request: Request, act: Callable[[Session, ContactId], Awaitable[Response]]) -> Response:
        """As `guarded`, about the contact of the address."""

        async def acted(session: Session) -> Response:
            return await act(session, contact_of(request))

        return await self.guarded(request, acted)


def contact_of(request: Request) -> ContactId:
    """The contact of the address. Raises `Refused` for what could be none."""
    return ContactId(id_of(request, "contact"))


def id_of(request: Request, name: str) -> str:
    """An id of the address. Raises `Refused` for what could be none: no database looks for it."""
    return checked(str(request.path_params[name]))


def checked(text: str) -> str:
    """An id. Raises `Refused` for what could be none."""
    if not is_id(text):
        raise Refused(Refusal.NOT_YOURS)
    return text


async def read_json(request: Request) -> str:
    """The body as text. Raises `BadFrame` when it is not JSON by name, too large, or not UTF-8."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise BadFrame
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FRAME:
            raise BadFrame
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise BadFrame from None


def answer(content: object, status: int = 200) -> Response:
    """JSON that nobody keeps."""
    return JSONResponse(content, status_code=status, headers=data_headers())


def error(code: str, status: int) -> Response:
    """A refusal with its code."""
    return answer({"error": code}, status)
