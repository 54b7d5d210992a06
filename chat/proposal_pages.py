"""Addresses of the form for professionals (docs/protocol.md, "Addresses"). No cookie; a shell without rules of its own."""

import uuid
from collections.abc import Mapping

from starlette.routing import Route

from chat.answers import Guard
from chat.page_builder import Document, VisitorPage
from chat.proposal_door import ProposalStep
from chat.proposal_form import TypedProposal, codes_of, lacks, proposal_of, typed_proposal
from chat.public_facts import PublicFacts
from chat.rate import Rate, Rates
from chat.sent_form import FORM_RATE, SentForm
from chat.translations import Translations
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


class ProposalPages(SentForm[TypedProposal]):
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
        super().__init__(translations=translations, clock=clock, rates=rates)
        self._door = door
        self._page = page
        self._facts = facts
        self._parties = parties

    def empty(self, language: str) -> TypedProposal:
        """See `SentForm`."""
        return TypedProposal(page=str(uuid.uuid4()), language=language)

    def typed(self, fields: Mapping[str, str], language: str) -> TypedProposal:
        """See `SentForm`."""
        return typed_proposal(fields, self._facts.languages, tuple(self._named(language)), language)

    def wrong(self, form: TypedProposal) -> Mapping[str, str]:
        """See `SentForm`."""
        return {field: f"proposal.{what}" for field, what in lacks(form).items()}

    async def keep(self, form: TypedProposal, language: str) -> None:
        """See `SentForm`. Who proposes heads the text, in the language of the page."""
        heading = self._translations.text(language, "proposal.as_sent", party=self._named(language)[form.party])
        await self._door.sent(proposal_of(form, heading=heading), codes_of(form))

    def document(self, form: TypedProposal, language: str, problems: Mapping[str, str], status: int = 200) -> Document:
        """See `SentForm`."""
        return self._page.proposal(form, language, self._named(language), problems, status)

    def _named(self, language: str) -> Mapping[str, str]:
        """Who can propose, in this language or English."""
        return {code: labels.get(language, labels["en"]) for code, labels in self._parties.items()}
