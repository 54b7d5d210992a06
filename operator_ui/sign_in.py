"""Signing in and out. Ordinary forms: they work without JavaScript."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from chat.form_fields import BadForm, read_fields
from chat.headers import CLEAR_DEVICE, comes_from_our_page
from contacts.sign_in import SignInRefused
from contacts.stretching import Overloaded
from contacts.throttle import TooMany
from contacts.words import Words
from operator_ui.cookies import hand_out_session, take_back_session
from operator_ui.reception import Reception, SessionBook, SignIns, bucket_of
from operator_ui.rendering import Rendering


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence above the form."""

    key: str
    warning: bool = True


#: What the address may ask to be told; anything else says nothing.
_NEWS = {name: Told(f"door.{name}", warning=False) for name in ("signed_out", "enrolled", "session_over")}
_LONGEST_LOGIN = 200


class SignInPages:
    """GET and POST /desk/sign-in, POST /desk/sign-out."""

    def __init__(self, *, sign_ins: SignIns, sessions: SessionBook, reception: Reception, rendering: Rendering) -> None:
        self._sign_ins = sign_ins
        self._sessions = sessions
        self._reception = reception
        self._rendering = rendering

    async def show(self, request: Request) -> Response:
        """The form; somebody signed in already goes on to the desk."""
        choice = self._rendering.language_choice(request)
        if choice is not None:
            return choice
        if await self._reception.holder_of(request, active=False) is not None:
            return self._rendering.redirect("/desk")
        return self._form(request, told=_NEWS.get(request.query_params.get("told", "")))

    async def submit(self, request: Request) -> Response:
        """Begin a session. One answer for an unknown name, a wrong passphrase and a wrong code."""
        if not comes_from_our_page(request, self._rendering.facts):
            return self._form(request, told=Told("door.foreign"), status=403)
        try:
            fields = await read_fields(request)
        except BadForm:
            return self._form(request, told=Told("door.bad_form"), status=400)
        login = fields.get("login", "")[:_LONGEST_LOGIN]
        try:
            signed_in = await self._sign_ins.sign_in(
                login=login,
                passphrase=Words(fields.get("passphrase", "")),
                code=fields.get("code", ""),
                bucket=bucket_of(request),
            )
        except SignInRefused:
            return self._form(request, told=Told("door.refused"), status=403, login=login)
        except TooMany as refused:
            return too_many(self._form(request, told=Told("door.too_many"), status=429, login=login), refused)
        except Overloaded:
            return self._form(request, told=Told("door.overloaded"), status=503, login=login)
        response = self._rendering.redirect("/desk")
        hand_out_session(response, signed_in.cookie, self._rendering.facts)
        return response

    async def sign_out(self, request: Request) -> Response:
        """End the session here and on the server."""
        if not comes_from_our_page(request, self._rendering.facts):
            return self._form(request, told=Told("door.foreign"), status=403)
        session = await self._reception.holder_of(request, active=False)
        if session is not None:
            await self._sessions.sign_out(session)
        response = self._rendering.redirect("/desk/sign-in?told=signed_out")
        response.headers["clear-site-data"] = CLEAR_DEVICE
        take_back_session(response, self._rendering.facts)
        return response

    def _form(self, request: Request, *, told: Told | None, status: int = 200, login: str = "") -> Response:
        language = self._rendering.language_of(request)
        return self._rendering.page("sign_in.html", language=language, status=status, told=told, login=login)


def too_many(response: Response, refused: TooMany) -> Response:
    """Say when to come back (RFC 9110, section 10.2.3)."""
    response.headers["retry-after"] = str(refused.retry_after)
    return response
