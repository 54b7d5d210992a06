"""Internal notes of a contact: their own address and form, so that a note cannot become a message by a slip."""

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from chat.frames import MessageId
from chat.public_facts import PublicFacts
from chat.shown import ShownEntry
from chat.strict_json import FrameReader
from contacts.session import Session
from contacts.words import Words
from operator_ui.desk_requests import DeskGuard, contact_of, read_json
from operator_ui.reception import Alias, NoteBook, Reception


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
        self._guard = DeskGuard(reception=reception, facts=facts)

    async def read(self, request: Request) -> Response:
        """All notes of one of my contacts, in order."""

        async def act(session: Session) -> object:
            return [await self._shown(note) for note in await self._notes.notes(session, contact_of(request))]

        return await self._guard.answering(request, act)

    async def write(self, request: Request) -> Response:
        """One note; the same id again changes nothing."""

        async def act(session: Session) -> object:
            note: NewNote = _new_note.read(await read_json(request))
            receipt = await self._notes.noted(session, contact_of(request), note.id, Words(note.text))
            return {"seq": receipt.seq, "at": receipt.at}

        return await self._guard.answering(request, act)

    async def _shown(self, note: ShownEntry) -> dict[str, object]:
        """A note with its writer's alias; "worker" when that is not known any more."""
        alias = None if note.staff is None else await self._alias(note.staff)
        text = None if note.text is None else note.text.reveal()
        return {"seq": note.seq, "at": note.at, "by": alias or note.by.value, "text": text}
