"""Internal notes of a contact: their own address and form, so that a note cannot become a message by a slip."""

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chat.frames import MessageId
from chat.headers import comes_from_our_page, data_headers
from chat.public_facts import PublicFacts
from chat.shown import ShownEntry
from chat.strict_json import LARGEST_FRAME, BadFrame, FrameReader
from contacts.contact import Refusal, Refused
from contacts.words import Words
from operator_ui.reception import Alias, NoteBook, Reception
from storage.ids import ContactId, is_id

_STATUS = {
    Refusal.NOT_YOURS: 404,
    Refusal.CANNOT_OPEN: 403,
    Refusal.ENDED: 409,
    Refusal.ID_TAKEN: 409,
    Refusal.UNAVAILABLE: 503,
}


class NewNote(Struct, frozen=True, forbid_unknown_fields=True):
    """What is posted."""

    id: MessageId
    text: str


_new_note = FrameReader(msgspec.json.Decoder(NewNote))


class NotePages:
    """GET and POST /desk/contacts/{contact}/notes. Errors are `{"error": code}` with the codes of docs/protocol.md."""

    def __init__(self, *, notes: NoteBook, reception: Reception, facts: PublicFacts, alias: Alias) -> None:
        self._notes = notes
        self._alias = alias
        self._reception = reception
        self._facts = facts

    async def read(self, request: Request) -> Response:
        """All notes of one of my contacts, in order."""
        session = await self._reception.session_of(request)
        if session is None:
            return error("no_session", 401)
        try:
            found = await self._notes.notes(session, _contact(request))
        except Refused as refused:
            return _refusal(refused)
        return answer([await self._shown(note) for note in found])

    async def write(self, request: Request) -> Response:
        """One note; the same id again changes nothing."""
        if not comes_from_our_page(request, self._facts):
            return error("foreign", 403)
        session = await self._reception.session_of(request)
        if session is None:
            return error("no_session", 401)
        try:
            note: NewNote = _new_note.read(await read_json(request))
            receipt = await self._notes.noted(session, _contact(request), note.id, Words(note.text))
        except BadFrame:
            return error("bad_request", 400)
        except Refused as refused:
            return _refusal(refused)
        return answer({"seq": receipt.seq, "at": receipt.at})

    async def _shown(self, note: ShownEntry) -> dict[str, object]:
        """A note with its writer's alias; "worker" when that is not known any more."""
        alias = None if note.staff is None else await self._alias(note.staff)
        text = None if note.text is None else note.text.reveal()
        return {"seq": note.seq, "at": note.at, "by": alias or note.by.value, "text": text}


def _contact(request: Request) -> ContactId:
    """The contact of the address. What could be no id at all is looked for in no database."""
    contact = request.path_params["contact"]
    if not is_id(contact):
        raise Refused(Refusal.NOT_YOURS)
    return ContactId(contact)


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


def _refusal(refused: Refused) -> Response:
    return error(refused.code.value, _STATUS.get(refused.code, 422))
