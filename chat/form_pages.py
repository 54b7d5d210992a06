"""Addresses of the contact form (docs/protocol.md, "Addresses"). No cookie at any point; a shell without rules of its own."""

import uuid
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chat.answers import Guard, data_answer, page_answer, redirect, wants_data
from chat.contact_form import LONGEST_MESSAGE, Problem, Typed, Unreadable, message_of, problems, typed
from chat.form_door import FormStep
from chat.form_fields import BadForm, read_fields
from chat.headers import data_headers
from chat.page_builder import VisitorPage
from chat.public_facts import PublicFacts
from chat.rate import Rate, Rates
from chat.translations import Translations
from contacts.contact import Refused
from storage.clock import Clock

LARGEST_FORM = 64 * 1024
MOST_FIELDS = 16
#: From one rate bucket (config/edge.py), which many people may share behind one address.
FORM_RATE = Rate(0.5, 30.0)


def form_routes(
    *,
    door: FormStep,
    page: VisitorPage,
    facts: PublicFacts,
    translations: Translations,
    clock: Clock,
    rate: Rate = FORM_RATE,
) -> list[Route]:
    """The form, and the page that says it has arrived."""
    guard = Guard(page=page, facts=facts)
    pages = FormPages(door=door, page=page, facts=facts, translations=translations, clock=clock, rates=Rates(rate))
    return [
        Route("/{lang}/write", guard.localised(pages.show), methods=["GET"]),
        Route("/{lang}/write", guard.localised(pages.send), methods=["POST"]),
        Route("/{lang}/received", guard.localised(pages.received), methods=["GET"]),
    ]


class FormPages:
    """GET and POST /{lang}/write, GET /{lang}/received."""

    def __init__(
        self,
        *,
        door: FormStep,
        page: VisitorPage,
        facts: PublicFacts,
        translations: Translations,
        clock: Clock,
        rates: Rates,
    ) -> None:
        self._door = door
        self._page = page
        self._facts = facts
        self._translations = translations
        self._clock = clock
        self._rates = rates

    async def show(self, request: Request, language: str) -> Response:
        """An empty form, with a fresh id: what is sent twice from one page is kept once."""
        return page_answer(request, self._page.form(_empty(language), language, {}))

    async def send(self, request: Request, language: str) -> Response:
        """Sent, or the form again with everything that was typed: 422 to correct, 429 and 503 to send again later."""
        try:
            form = typed(await read_fields(request, largest=LARGEST_FORM, most=MOST_FIELDS), self._facts.languages)
        except (BadForm, Unreadable):
            return self._again(request, language, _empty(language), {"": "form.unreadable"}, 400)
        wrong = problems(form)
        if wrong:
            return self._again(request, language, form, {field: f"form.{what}" for field, what in wrong.items()}, 422)
        if not self._rates.take(_bucket(request), self._clock.monotonic()):
            return self._again(request, language, form, {"": "form.too_many"}, 429)
        try:
            await self._door.sent(message_of(form))
        except Refused:
            return self._again(request, language, form, {"": "form.unavailable"}, 503)
        if wants_data(request):
            return data_answer({"ok": True})
        return redirect(f"/{language}/received", data_headers())

    async def received(self, request: Request, language: str) -> Response:
        """It has arrived. A page of its own, so that a reload sends nothing again and no text stays in the history."""
        availability = await self._door.admission(language)
        return page_answer(request, self._page.received(language, availability, self._clock.now()))

    def _again(self, request: Request, language: str, form: Typed, wrong: Mapping[str, str], status: int) -> Response:
        over = max(len(form.message) - LONGEST_MESSAGE, 0)
        texts = {
            field: self._translations.text(language, key, **({"n": over} if key == f"form.{Problem.TOO_LONG}" else {}))
            for field, key in wrong.items()
        }
        if wants_data(request):
            told = [{"field": field, "text": text} for field, text in texts.items()]
            return data_answer({"ok": False, "problems": told}, status)
        return page_answer(request, self._page.form(form, language, texts, status))


def _empty(language: str) -> Typed:
    return Typed(page=str(uuid.uuid4()), language=language)


def _bucket(request: Request) -> str:
    """The opaque name for where a request comes from, put there by the edge."""
    return str(getattr(request.state, "bucket", "everywhere"))
