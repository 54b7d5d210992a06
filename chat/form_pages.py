"""Addresses of the contact form (docs/protocol.md, "Addresses"). No cookie at any point; a shell without rules of its own."""

import uuid
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chat.answers import Guard, page_answer
from chat.contact_form import Typed, message_of, problems, typed
from chat.form_door import FormStep
from chat.page_builder import Document, VisitorPage
from chat.public_facts import PublicFacts
from chat.rate import Rate, Rates
from chat.sent_form import FORM_RATE, SentForm
from chat.translations import Translations
from storage.clock import Clock


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


class FormPages(SentForm[Typed]):
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
        super().__init__(translations=translations, clock=clock, rates=rates)
        self._door = door
        self._page = page
        self._facts = facts

    def empty(self, language: str) -> Typed:
        """See `SentForm`."""
        return Typed(page=str(uuid.uuid4()), language=language)

    def typed(self, fields: Mapping[str, str], _language: str) -> Typed:
        """See `SentForm`."""
        return typed(fields, self._facts.languages)

    def wrong(self, form: Typed) -> Mapping[str, str]:
        """See `SentForm`."""
        return {field: f"form.{what}" for field, what in problems(form).items()}

    async def keep(self, form: Typed, _language: str) -> None:
        """See `SentForm`."""
        await self._door.sent(message_of(form))

    def document(self, form: Typed, language: str, problems: Mapping[str, str], status: int = 200) -> Document:
        """See `SentForm`."""
        return self._page.form(form, language, problems, status)

    async def received(self, request: Request, language: str) -> Response:
        """It has arrived. A page of its own, so that a reload sends nothing again and no text stays in the history."""
        availability = await self._door.admission(language)
        return page_answer(request, self._page.received(language, availability, self._clock.now()))
