"""Consent and forwarding at the desk, as JSON: asked, answered, set, withdrawn.

Guarded like the notes: an absent contact and somebody else's look the same. Every POST answers with the whole tab anew.
Errors are `{"error": code}` with the codes of docs/protocol.md; those of consent itself are `contacts.forwarding.consent.Denial`.
"""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any, Literal, Protocol, TypeVar

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chat.public_facts import PublicFacts
from chat.strict_json import FrameReader
from contacts.contact import Wish
from contacts.forwarding.consent import (
    AskId,
    ChildHeard,
    ConsentId,
    Given,
    Giver,
    How,
    Minor,
    Reply,
    Representative,
    Suspected,
)
from contacts.forwarding.payload import Scope
from contacts.forwarding.withdrawing import Withdrawal
from contacts.session import Session
from operator_ui.consent_composing import Composed, Proposed
from operator_ui.desk_requests import DeskGuard, Nothing, answer, id_of, read_json
from operator_ui.reception import Reception, SessionBook
from storage.ids import ContactId, OrganisationId

P = TypeVar("P")


class ConsentBook(Protocol):
    """What is needed of `operator_ui.consent_desk.ConsentDesk`; all raise Refused and Denied."""

    async def overview(self, session: Session, contact: ContactId) -> dict[str, object]: ...

    async def wished(self, session: Session, contact: ContactId, wish: Wish | None) -> None: ...

    async def composed(self, session: Session, contact: ContactId, proposed: Proposed) -> Composed: ...

    async def ask(self, session: Session, contact: ContactId, proposed: Proposed) -> tuple[AskId, str]: ...

    async def answered(self, session: Session, contact: ContactId, ask: AskId, said: Reply) -> None: ...

    async def cancelled(self, session: Session, contact: ContactId, ask: AskId) -> None: ...

    async def set(self, session: Session, contact: ContactId, ask: AskId, given: Given) -> ConsentId: ...

    async def withdrawn(self, session: Session, contact: ContactId, consent: ConsentId) -> Withdrawal: ...


class _Posted(Struct, frozen=True, forbid_unknown_fields=True):
    """What a page posts."""


class NewWish(_Posted, frozen=True):
    """What the person wants; None: not asked."""

    wish: Wish | None


class NewAsk(_Posted, frozen=True):
    """What the operator composed; `operator_ui.consent_composing.Proposed`."""

    organisation: Annotated[str, Meta(pattern="^[0-9a-f]{32}\\Z")]
    scope: Scope
    fields: Annotated[list[str], Meta(max_length=60)]
    written: dict[str, str]
    summary: str
    until: date
    how: Literal["card", "spoken"]
    minor: Minor
    language: Annotated[str, Meta(pattern="^[A-Za-z-]{2,20}\\Z")]


class NewAnswer(_Posted, frozen=True):
    """What was said aloud."""

    said: Reply


class NewConsent(_Posted, frozen=True):
    """Who said yes."""

    giver: Giver
    interpreter: bool
    representative: Representative | None
    suspected: Suspected | None
    child_heard: ChildHeard | None


_READERS: dict[type[Any], FrameReader] = {
    kind: FrameReader(msgspec.json.Decoder(kind)) for kind in (Nothing, NewWish, NewAsk, NewAnswer, NewConsent)
}


def consent_routes(*, consents: ConsentBook, sessions: SessionBook, facts: PublicFacts) -> list[BaseRoute]:
    """Routes under /desk/contacts/{contact} about consent; what leaves by it: `operator_ui.forwardings`."""
    pages = ConsentPages(consents=consents, reception=Reception(sessions=sessions, facts=facts), facts=facts)
    here = "/desk/contacts/{contact}"

    def post(path: str, endpoint: Callable[[Request], Awaitable[Response]]) -> Route:
        return Route(here + path, endpoint, methods=["POST"])

    def get(path: str, endpoint: Callable[[Request], Awaitable[Response]]) -> Route:
        return Route(here + path, endpoint, methods=["GET"])

    return [
        get("/consents", pages.read),
        post("/wish", pages.wish),
        post("/asks/draft", pages.draft),
        post("/asks", pages.ask),
        post("/asks/{ask}/answer", pages.said),
        post("/asks/{ask}/cancel", pages.cancel),
        post("/asks/{ask}/consent", pages.set),
        post("/consents/{consent}/withdraw", pages.withdraw),
    ]


class ConsentPages:
    """The endpoints; see docs/protocol.md."""

    def __init__(self, *, consents: ConsentBook, reception: Reception, facts: PublicFacts) -> None:
        self._consents = consents
        self._guard = DeskGuard(reception=reception, facts=facts)

    async def read(self, request: Request) -> Response:
        """The whole tab."""

        async def act(session: Session, contact: ContactId) -> Response:
            return answer(await self._consents.overview(session, contact))

        return await self._guard.about(request, act)

    async def wish(self, request: Request) -> Response:
        """Share, confidential, anonymous, or not asked."""

        async def act(session: Session, contact: ContactId, new: NewWish) -> None:
            await self._consents.wished(session, contact, new.wish)

        return await self._posted(request, NewWish, act)

    async def draft(self, request: Request) -> Response:
        """The question as it would be put, to be read before it is: `{"told","card"}`. Nothing is kept."""

        async def act(session: Session, contact: ContactId) -> Response:
            new: NewAsk = _READERS[NewAsk].read(await read_json(request))
            made = await self._consents.composed(session, contact, _proposed(new))
            return answer({"told": made.told, "card": msgspec.to_builtins(made.card)})

        return await self._guard.about(request, act)

    async def ask(self, request: Request) -> Response:
        """Put the question: the tab, and which ask it is."""

        async def act(session: Session, contact: ContactId) -> Response:
            new: NewAsk = _READERS[NewAsk].read(await read_json(request))
            ask, _ = await self._consents.ask(session, contact, _proposed(new))
            return answer(await self._consents.overview(session, contact) | {"ask": ask})

        return await self._guard.about(request, act)

    async def said(self, request: Request) -> Response:
        """What was said aloud."""

        async def act(session: Session, contact: ContactId, new: NewAnswer) -> None:
            await self._consents.answered(session, contact, AskId(id_of(request, "ask")), new.said)

        return await self._posted(request, NewAnswer, act)

    async def cancel(self, request: Request) -> Response:
        """The question is taken back."""

        async def act(session: Session, contact: ContactId, _new: Nothing) -> None:
            await self._consents.cancelled(session, contact, AskId(id_of(request, "ask")))

        return await self._posted(request, Nothing, act)

    async def set(self, request: Request) -> Response:
        """The operator sets the consent."""

        async def act(session: Session, contact: ContactId, new: NewConsent) -> None:
            given = Given(
                giver=new.giver,
                interpreter=new.interpreter,
                representative=new.representative,
                suspected=new.suspected,
                child_heard=new.child_heard,
            )
            await self._consents.set(session, contact, AskId(id_of(request, "ask")), given)

        return await self._posted(request, NewConsent, act)

    async def withdraw(self, request: Request) -> Response:
        """One action."""

        async def act(session: Session, contact: ContactId, _new: Nothing) -> None:
            await self._consents.withdrawn(session, contact, ConsentId(id_of(request, "consent")))

        return await self._posted(request, Nothing, act)

    # -- inside

    async def _posted(
        self, request: Request, kind: type[P], act: Callable[[Session, ContactId, P], Awaitable[None]]
    ) -> Response:
        async def acted(session: Session, contact: ContactId) -> Response:
            await act(session, contact, _READERS[kind].read(await read_json(request)))
            return answer(await self._consents.overview(session, contact))

        return await self._guard.about(request, acted)


def _proposed(new: NewAsk) -> Proposed:
    return Proposed(
        organisation=OrganisationId(new.organisation),
        scope=new.scope,
        fields=tuple(new.fields),
        written=new.written,
        summary=new.summary,
        until=new.until,
        how=How(new.how),
        minor=new.minor,
        language=new.language,
    )
