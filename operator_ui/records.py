"""The coded record of a contact at the desk, as JSON: read, saved, and the list of those left to finish.

Guarded like the notes: an absent contact and somebody else's look the same. Errors are `{"error": code}` with the codes of
docs/protocol.md.
"""

from typing import Protocol

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chat.public_facts import PublicFacts
from chat.strict_json import FrameReader
from contacts.codes.catalogue import described
from contacts.codes.shapes import LANGUAGES
from contacts.contact import Contact
from contacts.record import Codes, automatic, remarks, suggested
from contacts.record_door import Unfinished
from contacts.records import Conflict, Faulty, Kept
from contacts.session import Session
from contacts.terms import months_after
from operator_ui.desk_requests import DeskGuard, answer, contact_of, error, read_json
from operator_ui.reception import Alias, Reception, SessionBook
from storage.ids import ContactId, StaffId


class RecordBook(Protocol):
    """What is needed of `contacts.record_door.RecordDoor`; all raise Refused."""

    async def current(self, session: Session, contact: ContactId) -> Kept: ...

    async def save(
        self, session: Session, contact: ContactId, *, based_on: int, codes: Codes, finished: bool
    ) -> Kept: ...

    async def unfinished(self, staff: StaffId) -> list[Unfinished]: ...


class NewRevision(Struct, frozen=True, forbid_unknown_fields=True):
    """What is posted. `based_on`: the revision the page knew."""

    based_on: int
    codes: dict[str, tuple[str, ...]]
    finished: bool


_new_revision = FrameReader(msgspec.json.Decoder(NewRevision))


def record_routes(
    *, records: RecordBook, sessions: SessionBook, facts: PublicFacts, alias: Alias, country: str
) -> list[BaseRoute]:
    """Routes of records. `country`: ISO code of the deployment's own country, which one list of places names."""
    pages = RecordPages(
        records=records,
        reception=Reception(sessions=sessions, facts=facts),
        facts=facts,
        alias=alias,
        country=country,
    )
    return [
        Route("/desk/codes/{language}", pages.codes, methods=["GET"]),
        Route("/desk/records", pages.unfinished, methods=["GET"]),
        Route("/desk/contacts/{contact}/record", pages.read, methods=["GET"]),
        Route("/desk/contacts/{contact}/record", pages.save, methods=["POST"]),
    ]


class RecordPages:
    """GET and POST /desk/contacts/{contact}/record, GET /desk/records, GET /desk/codes/{language}."""

    def __init__(
        self, *, records: RecordBook, reception: Reception, facts: PublicFacts, alias: Alias, country: str
    ) -> None:
        self._records = records
        self._guard = DeskGuard(reception=reception, facts=facts)
        self._facts = facts
        self._alias = alias
        self._country = country

    async def codes(self, request: Request) -> Response:
        """All lists and fields in one language."""
        language = request.path_params["language"]

        async def act(_session: Session) -> Response:
            if language not in LANGUAGES:
                return error("bad_request", 404)
            return answer(described(language, country=self._country))

        return await self._guard.guarded(request, act)

    async def unfinished(self, request: Request) -> Response:
        """My contacts whose record is not finished."""

        async def act(session: Session) -> Response:
            return answer([_listed(one) for one in await self._records.unfinished(session.staff_id)])

        return await self._guard.guarded(request, act)

    async def read(self, request: Request) -> Response:
        """The newest revision, and what is known without asking."""

        async def act(session: Session) -> Response:
            return answer(await self._shown(session, await self._records.current(session, contact_of(request))))

        return await self._guard.guarded(request, act)

    async def save(self, request: Request) -> Response:
        """A new revision. 409 with what stands when somebody else saved meanwhile; 422 with every fault."""

        async def act(session: Session) -> Response:
            new: NewRevision = _new_revision.read(await read_json(request))
            try:
                kept = await self._records.save(
                    session, contact_of(request), based_on=new.based_on, codes=new.codes, finished=new.finished
                )
            except Conflict as conflict:
                return answer({"error": "conflict", "kept": await self._shown(session, conflict.kept)}, 409)
            except Faulty as faulty:
                return answer({"error": "bad_codes", "faults": msgspec.to_builtins(faulty.faults)}, 422)
            return answer(await self._shown(session, kept))

        return await self._guard.guarded(request, act)

    async def _shown(self, session: Session, kept: Kept) -> dict[str, object]:
        """A revision as the page reads it; handles stay where they are."""
        record, contact = kept.record, kept.contact
        codes = {} if record is None else record.codes
        return {
            "revision": kept.revision,
            "hidden": record is None and kept.revision > 0,
            "codes": codes,
            "finished": record is not None and record.finished,
            "by": None if kept.by is None else await self._alias(kept.by),
            "mine": kept.by in {None, session.staff_id},
            "at": kept.at,
            "remarks": remarks(codes),
            "suggested": {**suggested(contact), **kept.given},
            "automatic": msgspec.to_builtins(automatic(contact)),
            "months": self._facts.record_months,
            "deleted_at": self._deleted_at(contact),
        }

    def _deleted_at(self, contact: Contact) -> int | None:
        """When record and notes are erased, seconds since 1970; None while the contact is live."""
        return None if contact.ended_at is None else months_after(contact.ended_at, self._facts.record_months)


def _listed(one: Unfinished) -> dict[str, object]:
    contact = one.contact
    return {
        "contact": contact.id,
        "tag": contact.tag,
        "language": contact.language,
        "door": contact.door,
        "since": contact.accepted_at or contact.opened_at,
        "ended_at": contact.ended_at,
        "begun": one.begun,
    }
