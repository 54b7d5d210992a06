"""Addresses of the form for professionals (docs/protocol.md, "Addresses"). No cookie; a shell without rules of its own."""

import uuid
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chat.answers import Guard, data_answer, page_answer, redirect, wants_data
from chat.contact_form import LONGEST_MESSAGE, Unreadable
from chat.form_fields import BadForm, read_fields
from chat.form_pages import FORM_RATE, LARGEST_FORM, MOST_FIELDS
from chat.headers import data_headers
from chat.page_builder import VisitorPage
from chat.proposal_door import ProposalStep
from chat.proposal_form import Lack, TypedProposal, codes_of, lacks, proposal_of, typed_proposal
from chat.public_facts import PublicFacts
from chat.rate import Rate, Rates
from chat.translations import Translations
from contacts.contact import Refused
from storage.clock import Clock

#: Codes of the list "party" -> label, by language.
Parties = Mapping[str, Mapping[str, str]]


def proposal_routes(
    *,
    door: ProposalStep,
    page: VisitorPage,
    facts: PublicFacts,
    translations: Translations,
    parties: Parties,
    clock: Clock,
    rate: Rate = FORM_RATE,
) -> list[Route]:
    """The form; what follows is the page of the contact form that says it has arrived."""
    guard = Guard(page=page, facts=facts)
    pages = ProposalPages(
        door=door,
        page=page,
        facts=facts,
        translations=translations,
        parties=parties,
        clock=clock,
        rates=Rates(rate),
    )
    return [
        Route("/{lang}/professionals", guard.localised(pages.show), methods=["GET"]),
        Route("/{lang}/professionals", guard.localised(pages.send), methods=["POST"]),
    ]


class ProposalPages:
    """GET and POST /{lang}/professionals."""

    def __init__(
        self,
        *,
        door: ProposalStep,
        page: VisitorPage,
        facts: PublicFacts,
        translations: Translations,
        parties: Parties,
        clock: Clock,
        rates: Rates,
    ) -> None:
        self._door = door
        self._page = page
        self._facts = facts
        self._translations = translations
        self._parties = parties
        self._clock = clock
        self._rates = rates

    async def show(self, request: Request, language: str) -> Response:
        """An empty form, with a fresh id: what is sent twice from one page is kept once."""
        return page_answer(request, self._page.proposal(_empty(language), language, self._named(language), {}))

    async def send(self, request: Request, language: str) -> Response:
        """Sent, or the form again with everything that was typed: 422 to correct, 429 and 503 to send again later."""
        try:
            fields = await read_fields(request, largest=LARGEST_FORM, most=MOST_FIELDS)
            form = typed_proposal(fields, self._facts.languages, tuple(self._named(language)), language)
        except (BadForm, Unreadable):
            return self._again(request, language, _empty(language), {"": "form.unreadable"}, 400)
        wrong = lacks(form)
        if wrong:
            return self._again(
                request, language, form, {field: f"proposal.{what}" for field, what in wrong.items()}, 422
            )
        if not self._rates.take(str(getattr(request.state, "bucket", "everywhere")), self._clock.monotonic()):
            return self._again(request, language, form, {"": "form.too_many"}, 429)
        heading = self._translations.text(language, "proposal.as_sent", party=self._named(language)[form.party])
        try:
            await self._door.sent(proposal_of(form, heading=heading), codes_of(form))
        except Refused:
            return self._again(request, language, form, {"": "form.unavailable"}, 503)
        if wants_data(request):
            return data_answer({"ok": True})
        return redirect(f"/{language}/received", data_headers())

    def _named(self, language: str) -> Mapping[str, str]:
        """Who can propose, in this language or English."""
        return {code: labels.get(language, labels["en"]) for code, labels in self._parties.items()}

    def _again(
        self, request: Request, language: str, form: TypedProposal, wrong: Mapping[str, str], status: int
    ) -> Response:
        over = max(len(form.message) - LONGEST_MESSAGE, 0)
        texts = {
            field: self._translations.text(language, key, **({"n": over} if key == f"proposal.{Lack.TOO_LONG}" else {}))
            for field, key in wrong.items()
        }
        if wants_data(request):
            told = [{"field": field, "text": text} for field, text in texts.items()]
            return data_answer({"ok": False, "problems": told}, status)
        return page_answer(request, self._page.proposal(form, language, self._named(language), texts, status))


def _empty(language: str) -> TypedProposal:
    return TypedProposal(page=str(uuid.uuid4()), language=language)
