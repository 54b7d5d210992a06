"""What left and what may leave, at the desk, as JSON and files: previewed, sent, downloaded, told, followed.

Guarded like the notes: an absent contact and somebody else's look the same, and every look is in the audit log first. Errors
are `{"error": code}` with the codes of docs/protocol.md; those of the gate are `contacts.forwarding.consent.Denial`.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chat.headers import data_headers
from chat.public_facts import PublicFacts
from contacts.forwarding.consent import Denial, ForwardingId, Moved
from contacts.forwarding.following import Standing
from contacts.organisations.organisation import Channel
from contacts.session import Session
from contacts.words import Words
from operator_ui.desk_requests import DENIED, DeskGuard, Nothing, answer, checked, id_of, read_json
from operator_ui.forwarding_ports import (
    READERS,
    FollowingBook,
    NewForwarding,
    NewReport,
    NewTelling,
    SendingBook,
)
from operator_ui.reception import Reception, SessionBook
from storage.ids import ContactId

P = TypeVar("P")
_DENIED = {**DENIED, Denial.ALREADY: 409, Denial.NOT_LIVE: 409}
HERE = "/desk/contacts/{contact}/forwardings"
FILE_NAME = "forwarding.age"


def forwarding_routes(
    *, sending: SendingBook, following: FollowingBook, sessions: SessionBook, facts: PublicFacts
) -> list[BaseRoute]:
    """Routes under /desk/contacts/{contact}/forwardings."""
    pages = ForwardingPages(
        sending=sending, following=following, reception=Reception(sessions=sessions, facts=facts), facts=facts
    )
    one = HERE + "/{forwarding}"
    return [
        Route(HERE, pages.listed, methods=["GET"]),
        Route(HERE, pages.send, methods=["POST"]),
        Route(HERE + "/spoken", pages.spoken, methods=["POST"]),
        Route(HERE + "/preview/{permission}", pages.preview, methods=["GET"]),
        Route(HERE + "/preview/{permission}/pdf", pages.preview_pdf, methods=["GET"]),
        Route(HERE + "/to-tell/{permission}", pages.to_tell, methods=["GET"]),
        Route(one + "/told-to", pages.told_to, methods=["GET"]),
        Route(one + "/download", pages.download, methods=["POST"]),
        Route(one + "/take-back", pages.take_back, methods=["POST"]),
        Route(one + "/again", pages.again, methods=["POST"]),
        Route(one + "/did-not-arrive", pages.did_not_arrive, methods=["POST"]),
        Route(one + "/reported", pages.reported, methods=["POST"]),
        Route(one + "/notice-told", pages.notice_told, methods=["POST"]),
    ]


class ForwardingPages:
    """The endpoints; see docs/protocol.md."""

    def __init__(
        self, *, sending: SendingBook, following: FollowingBook, reception: Reception, facts: PublicFacts
    ) -> None:
        self._sending = sending
        self._following = following
        self._guard = DeskGuard(reception=reception, facts=facts, denied=_DENIED)

    async def listed(self, request: Request) -> Response:
        """Everything of a contact that left, waits or was stopped."""

        async def act(session: Session, contact: ContactId) -> Response:
            return answer([_shown(one) for one in await self._following.listed(session, contact)])

        return await self._guard.about(request, act)

    async def preview(self, request: Request) -> Response:
        """What the receiver's machine reads, and the name of exactly these bytes."""

        async def act(session: Session, contact: ContactId) -> Response:
            found = await self._sending.preview(session, contact, id_of(request, "permission"))
            return answer({"seen": found.seen, "reference": found.reference, "json": found.json.decode()})

        return await self._guard.about(request, act)

    async def preview_pdf(self, request: Request) -> Response:
        """What the receiver reads."""

        async def act(session: Session, contact: ContactId) -> Response:
            found = await self._sending.preview(session, contact, id_of(request, "permission"))
            headers = {**data_headers(), "content-disposition": "inline"}
            return Response(found.pdf, headers=headers, media_type="application/pdf")

        return await self._guard.about(request, act)

    async def to_tell(self, request: Request) -> Response:
        """What may be read out on the telephone."""

        async def act(session: Session, contact: ContactId) -> Response:
            found = await self._sending.to_tell(session, contact, id_of(request, "permission"))
            items = [{"label": item.label, "shown": item.shown} for item in found.items]
            return answer({"organisation": found.organisation, "items": items, "summary": found.summary})

        return await self._guard.about(request, act)

    async def send(self, request: Request) -> Response:
        """Queue it for the mail, or for one download. A passphrase is shown this once."""

        async def act(session: Session, contact: ContactId, new: NewForwarding) -> Response:
            queued = await self._sending.send(
                session,
                contact,
                checked(new.permission),
                channel=Channel(new.channel),
                seen=new.seen,
                by_passphrase=new.passphrase,
            )
            passphrase = None if queued.passphrase is None else queued.passphrase.reveal()
            return answer({"forwarding": queued.forwarding, "passphrase": passphrase})

        return await self._posted(request, NewForwarding, act)

    async def spoken(self, request: Request) -> Response:
        """It was told on the telephone."""

        async def act(session: Session, contact: ContactId, new: NewTelling) -> Response:
            told = await self._sending.hand_over_spoken(
                session, contact, checked(new.permission), told_to=Words(new.told_to)
            )
            return answer({"forwarding": told})

        return await self._posted(request, NewTelling, act)

    async def download(self, request: Request) -> Response:
        """The encrypted file, once."""

        async def act(session: Session, contact: ContactId, _new: Nothing) -> Response:
            octets = await self._sending.download(session, contact, _forwarding(request))
            headers = {**data_headers(), "content-disposition": f'attachment; filename="{FILE_NAME}"'}
            return Response(octets, headers=headers, media_type="application/octet-stream")

        return await self._posted(request, Nothing, act)

    async def told_to(self, request: Request) -> Response:
        """Who was told on the telephone."""

        async def act(session: Session, contact: ContactId) -> Response:
            told = await self._following.told_to(session, contact, _forwarding(request))
            return answer({"told_to": told.reveal()})

        return await self._guard.about(request, act)

    async def take_back(self, request: Request) -> Response:
        """Stop what has not left."""
        return await self._step(request, self._following.take_back)

    async def again(self, request: Request) -> Response:
        """Send anew what failed."""

        async def act(session: Session, contact: ContactId, _new: Nothing) -> Response:
            return answer({"forwarding": await self._following.again(session, contact, _forwarding(request))})

        return await self._posted(request, Nothing, act)

    async def did_not_arrive(self, request: Request) -> Response:
        """Somebody asked, and it never came."""
        return await self._step(request, self._following.did_not_arrive)

    async def notice_told(self, request: Request) -> Response:
        """The receiver was told by telephone that consent was withdrawn."""
        return await self._step(request, self._following.notice_told)

    async def reported(self, request: Request) -> Response:
        """What the receiver said."""

        async def act(session: Session, contact: ContactId, new: NewReport) -> Response:
            await self._following.reported(session, contact, _forwarding(request), Moved(new.state), new.outcome)
            return answer({"ok": True})

        return await self._posted(request, NewReport, act)

    # -- inside

    async def _step(
        self, request: Request, step: Callable[[Session, ContactId, ForwardingId], Awaitable[None]]
    ) -> Response:
        async def act(session: Session, contact: ContactId, _new: Nothing) -> Response:
            await step(session, contact, _forwarding(request))
            return answer({"ok": True})

        return await self._posted(request, Nothing, act)

    async def _posted(
        self, request: Request, kind: type[P], act: Callable[[Session, ContactId, P], Awaitable[Response]]
    ) -> Response:
        async def acted(session: Session, contact: ContactId) -> Response:
            return await act(session, contact, READERS[kind].read(await read_json(request)))

        return await self._guard.about(request, acted)


def _forwarding(request: Request) -> ForwardingId:
    return ForwardingId(id_of(request, "forwarding"))


def _shown(one: Standing) -> dict[str, object]:
    found = one.forwarding
    return {
        "id": found.id,
        "permission": found.consent or found.emergency,
        "scope": found.scope,
        "organisation": one.organisation,
        "reference": one.reference,
        "channel": found.channel.value,
        "state": found.state.value,
        "unconfirmed": one.unconfirmed,
        "outcome": None if found.outcome is None else found.outcome.value,
        "notice": None if one.notice is None else one.notice.value,
        "queued_at": found.queued_at,
        "sent_at": found.sent_at,
        "failed_at": found.failed_at,
        "acknowledged_at": found.acknowledged_at,
        "decided_at": found.decided_at,
        "withdrawn_at": found.withdrawn_at,
    }
