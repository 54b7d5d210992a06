"""Cards that ask for consent, both sides of them: shown by the operator, answered and taken back by the visitor.

A yes on a card is the visitor's word and no more: nothing leaves before an operator sets the consent
(contacts.forwarding). The visitor's answer and the ask it answers are written in one transaction.
"""

from contextlib import suppress
from functools import partial
from typing import Protocol

from chat import consent_card
from chat.consent_card import Card, Said, answer_id, taken_back_code, withdrawal_id, words_of
from chat.desk_talk import DeskTalk
from chat.talk import Talk
from contacts.committer import Committer, Unit
from contacts.contact import Author, Kind, Klass, Line, Receipt, Refusal, Refused
from contacts.forwarding.consent import Denied
from contacts.log import Log
from storage.engine import Connection
from storage.ids import ContactId, StaffId

#: What was withdrawn is withdrawn: it was said already, or is over, or even erased meanwhile, and there is no line to write.
_SAID_ANYHOW = frozenset({Refusal.ENDED, Refusal.ID_TAKEN, Refusal.NOT_YOURS})


class Asks(Protocol):
    """What is needed of the consents (contacts.forwarding)."""

    async def answered(self, conn: Connection, contact: ContactId, *, ask: str, said: str) -> None:
        """Write the visitor's answer on the ask, in the caller's transaction; once. Raises `Denied`."""

    async def taken_back(self, contact: ContactId, *, ask: str) -> bool | None:
        """Withdraw what was said yes to, in a transaction of its own; whether something had left before. Again: the same.

        None: nobody said yes to this ask. Raises `Denied`: there is no such ask.
        """


class Cards:
    """The use cases around a card."""

    def __init__(self, *, committer: Committer, log: Log, asks: Asks) -> None:
        self._committer = committer
        self._log = log
        self._asks = asks

    # -- the operator

    async def show(self, talk: DeskTalk, ask: str, card: Card) -> Receipt:
        """Put the card on the visitor's page; the same ask again changes nothing. Raises `Refused`."""
        rule = partial(consent_card.card_shown, staff=talk.session.staff_id, ask=ask, words=words_of(card))
        return await self._written(Unit(talk.contact, rule, key=talk.key, client_id=ask, author=Author.WORKER))

    async def take_back(self, contact: ContactId, staff: StaffId, ask: str) -> None:
        """The question is not asked any more. Raises `Refused`."""
        await self._committer.submit(Unit(contact, partial(consent_card.card_taken_back, staff=staff, ask=ask)))

    async def withdrawn_for(self, contact: ContactId, ask: str, *, sent: bool) -> None:
        """Tell the visitor's page that the operator withdrew; says nothing where the conversation is over."""
        await self._said(contact, ask, taken_back_code(sent=sent), Author.WORKER)

    # -- the visitor

    async def answer(self, talk: Talk, ask: str, said: Said) -> None:
        """A press on one of the three buttons; the first one counts, but a later "no" takes back a yes.

        Raises `Refused`: ended, card_gone, unavailable.
        """
        rule = partial(consent_card.card_answered, ask=ask, said=said)

        async def note(conn: Connection, contact: ContactId) -> None:
            with suppress(Denied):  # cancelled meanwhile: what stands there is no yes, and nobody can record one
                await self._asks.answered(conn, contact, ask=ask, said=said.value)

        unit = Unit(talk.contact, rule, client_id=answer_id(ask), author=Author.VISITOR, also=note)
        receipt = await self._written(unit)
        if receipt.repeated and said is not Said.YES and await self._said_yes(talk.contact, receipt):
            await self.withdraw(talk.contact, ask)

    async def withdraw(self, contact: ContactId, ask: str) -> Line:
        """The visitor takes back a yes: what has not left stops first, then the page is told; what it is told.

        Also when the conversation is over. Raises `Refused`: card_gone, unavailable.
        """
        try:
            sent = await self._asks.taken_back(contact, ask=ask)
        except Denied:
            sent = None
        if sent is None:
            raise Refused(Refusal.CARD_GONE)
        code = taken_back_code(sent=sent)
        await self._said(contact, ask, code, Author.VISITOR)
        return code

    # -- inside

    async def _said(self, contact: ContactId, ask: str, code: Line, by: Author) -> None:
        """The line in the conversation: once, whoever was first, and none where it has long been over."""
        rule = partial(consent_card.yes_taken_back, ask=ask, code=code, by=by)
        try:
            await self._committer.submit(Unit(contact, rule, client_id=withdrawal_id(ask), author=by))
        except Refused as refused:
            if refused.code not in _SAID_ANYHOW:
                raise

    async def _said_yes(self, contact: ContactId, receipt: Receipt) -> bool:
        found = await self._log.entries_after(contact, Klass.TRANSCRIPT, receipt.seq - 1, 1)
        return any(entry.kind is Kind.ANSWER and entry.code is Line.CONSENT_YES for entry in found)

    async def _written(self, unit: Unit) -> Receipt:
        receipt = (await self._committer.submit(unit)).receipt
        if receipt is None:
            raise Refused(Refusal.UNAVAILABLE)
        return receipt
