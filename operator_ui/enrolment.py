"""Enrolment: a one-time code becomes a passphrase (and a second factor), shown once and typed back."""

from textwrap import wrap

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from chat.form_fields import BadForm, read_fields
from chat.headers import comes_from_our_page
from contacts.enrolment import EnrolmentOffer, EnrolmentRefused, Slip
from contacts.stretching import Overloaded
from contacts.throttle import TooMany
from contacts.words import Words
from operator_ui.reception import Enrolments, bucket_of
from operator_ui.rendering import Rendering
from operator_ui.sign_in import Told, too_many


class EnrolmentPages:
    """GET and POST /desk/enrol. A post without a ticket brings the code, one with a ticket the passphrase typed back."""

    def __init__(self, *, enrolments: Enrolments, rendering: Rendering) -> None:
        self._enrolments = enrolments
        self._rendering = rendering

    async def show(self, request: Request) -> Response:
        """The form for the code."""
        return self._rendering.language_choice(request) or self._code_form(request)

    async def submit(self, request: Request) -> Response:
        """Either step."""
        if not comes_from_our_page(request, self._rendering.facts):
            return self._code_form(request, told=Told("door.foreign"), status=403)
        try:
            fields = await read_fields(request)
        except BadForm:
            return self._code_form(request, told=Told("door.bad_form"), status=400)
        try:
            return await (self._finish(request, fields) if fields.get("ticket") else self._begin(request, fields))
        except TooMany as refused:
            return too_many(self._code_form(request, told=Told("door.too_many"), status=429), refused)
        except Overloaded:
            return self._code_form(request, told=Told("door.overloaded"), status=503)

    async def _begin(self, request: Request, fields: dict[str, str]) -> Response:
        code = fields.get("code", "")
        try:
            offer = await self._enrolments.begin(Words(code), bucket=bucket_of(request))
        except EnrolmentRefused:
            return self._code_form(request, told=Told("enrol.bad_code"), status=403)
        return self._offer_page(request, code=code, ticket=offer.ticket, offer=offer)

    async def _finish(self, request: Request, fields: dict[str, str]) -> Response:
        code, ticket = fields.get("code", ""), fields["ticket"]
        try:
            await self._enrolments.finish(
                Words(code),
                ticket=ticket,
                passphrase=Words(fields.get("passphrase", "")),
                second_factor=fields.get("second_factor", ""),
                bucket=bucket_of(request),
            )
        except EnrolmentRefused as refused:
            if refused.slip is Slip.CODE:
                return self._code_form(request, told=Told("enrol.bad_code"), status=403)
            told = Told(f"enrol.bad_{refused.slip.value}")
            return self._offer_page(request, code=code, ticket=ticket, told=told, status=422)
        return self._rendering.redirect("/desk/sign-in?told=enrolled")

    def _code_form(self, request: Request, *, told: Told | None = None, status: int = 200) -> Response:
        language = self._rendering.language_of(request)
        return self._rendering.page("enrol_code.html", language=language, status=status, told=told)

    def _offer_page(
        self,
        request: Request,
        *,
        code: str,
        ticket: str,
        offer: EnrolmentOffer | None = None,
        told: Told | None = None,
        status: int = 200,
    ) -> Response:
        """With the offer it shows the words; after a slip it asks again without them: they are shown once."""
        return self._rendering.page(
            "enrol_passphrase.html",
            language=self._rendering.language_of(request),
            status=status,
            told=told,
            code=code,
            ticket=ticket,
            login=offer.login if offer else None,
            words=offer.passphrase.reveal().split() if offer else [],
            secret=_in_fours(offer.second_factor) if offer and offer.second_factor else None,
            picture=_picture(offer.second_factor_address) if offer and offer.second_factor_address else None,
        )


def _in_fours(secret: Words) -> str:
    """Easier to copy; authenticator apps ignore the spaces."""
    return " ".join(wrap(secret.reveal(), 4))


def _picture(address: Words) -> Markup:
    """A QR code (ISO/IEC 18004) as inline SVG: numbers only, nothing of the address stands in it as text."""
    code = segno.make(address.reveal(), micro=False)
    return Markup(code.svg_inline(border=3, dark="#000", light="#fff", omitsize=True))  # noqa: S704 - see above
