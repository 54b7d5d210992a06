"""The room of shift leads: who may come in, and what becomes of what they typed when something is in the way.

Nothing typed is lost: when a form cannot be taken (no session any more, a locked desk, a database that is away), the
answer is a page that holds every field and can send it again.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chat.form_fields import BadForm
from chat.headers import comes_from_our_page
from contacts.people import KEY_HOLDERS, Role
from contacts.session import Session
from operator_ui.posted import Posted, posted, read_posted
from operator_ui.reception import Reception
from operator_ui.rendering import Rendering
from storage.engine import OUTAGES

LEADS = frozenset({Role.LEAD})
#: Who may see the roster.
ROSTERED = KEY_HOLDERS
_NOTHING = Posted()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of somebody who may be here. `posted`: empty unless a form was sent."""

    request: Request
    session: Session
    language: str
    posted: Posted = field(default=_NOTHING)

    @property
    def leads(self) -> bool:
        """Whether a shift lead asks."""
        return self.session.role is Role.LEAD

    @property
    def query(self) -> Posted:
        """The query of the address."""
        return posted(self.request.query_params.multi_items())


Handler = Callable[[Visit], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


class LeadRoom:
    """Lets in whom a page is for, and draws pages in the frame that all of them share."""

    def __init__(self, *, reception: Reception, rendering: Rendering) -> None:
        self._reception = reception
        self.rendering = rendering

    def both(self, path: str, *, show: Handler, submit: Handler, roles: frozenset[Role] = LEADS) -> list[BaseRoute]:
        """A page, and the form that stands on it."""
        return [
            Route(path, self.shows(show, roles), methods=["GET"]),
            Route(path, self.takes(submit, roles), methods=["POST"]),
        ]

    def shows(self, handler: Handler, roles: frozenset[Role] = LEADS) -> Endpoint:
        """An address that is read."""

        async def endpoint(request: Request) -> Response:
            choice = self.rendering.language_choice(request)
            if choice is not None:
                return choice
            session = await self._session(request, roles)
            if session is None:
                return self.rendering.redirect("/desk/sign-in")
            if session.locked:
                return self.rendering.redirect("/desk")
            language = self.rendering.language_of(request, session.languages)
            try:
                return await handler(Visit(request=request, session=session, language=language))
            except OUTAGES:
                return self.rendering.page("lead_away.html", language=language, status=503)

        return endpoint

    def takes(self, handler: Handler, roles: frozenset[Role] = LEADS) -> Endpoint:
        """An address that forms are sent to."""

        async def endpoint(request: Request) -> Response:
            session = await self._session(request, roles)
            language = self.rendering.language_of(request, session.languages if session is not None else ())
            if not comes_from_our_page(request, self.rendering.facts):
                return self._held(request, language, _NOTHING, "held.foreign", 403)
            try:
                form = await read_posted(request)
            except BadForm:
                return self._held(request, language, _NOTHING, "held.bad_form", 400)
            if session is None:
                return self._held(request, language, form, "held.session_over", 401)
            if session.locked:
                return self._held(request, language, form, "held.locked", 403)
            try:
                return await handler(Visit(request=request, session=session, language=language, posted=form))
            except OUTAGES:
                return self._held(request, language, form, "held.away", 503)

        return endpoint

    def page(self, visit: Visit, template: str, *, here: str, status: int = 200, **values: object) -> Response:
        """A page of this room. `here`: which of its pages it is."""
        told = visit.query.one("told")
        key = f"told.{told}"
        return self.rendering.page(
            template,
            language=visit.language,
            status=status,
            here=here,
            me=visit.session.alias,
            leads=visit.leads,
            analyst=visit.session.role is Role.ANALYST,
            told=key if key in self.rendering.wording.keys else None,
            **values,
        )

    async def here(self, request: Request) -> Response:
        """Asked before a form is sent: is there a server, and does it know who is asking?"""
        session = await self._session(request, ROSTERED)
        known = session is not None and not session.locked
        return Response(status_code=204 if known else 401, headers={"cache-control": "no-store"})

    async def _session(self, request: Request, roles: frozenset[Role]) -> Session | None:
        """Who is asking; None: nobody signed in. For everybody else there is nothing here (404)."""
        if "\0" in request.url.path or "%00" in request.url.path:  # no name of anything; PostgreSQL would not even look
            raise HTTPException(404)
        session = await self._reception.holder_of(request)
        if session is not None and session.role not in roles:
            raise HTTPException(404)
        return session

    def _held(self, request: Request, language: str, form: Posted, why: str, status: int) -> Response:
        return self.rendering.page(
            "lead_held.html", language=language, status=status, why=why, action=request.url.path, fields=form.pairs
        )
