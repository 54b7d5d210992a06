"""The sentence on top of a visitor's page: where the conversation stands, and what is asked."""

from collections.abc import Awaitable, Callable

from chat.outlook import Outlook
from chat.places import Places
from chat.sentences import Sentences
from chat.shown import NOTHING_ASKED, AskShown, Described, StatusShown
from contacts.contact import Contact, EndedBy, State
from contacts.log import Log
from storage.ids import ContactId, StaffId

Alias = Callable[[StaffId], Awaitable[str | None]]


class VisitorStatus:
    """Read anew from the database each time; several workers know it alike."""

    def __init__(self, *, log: Log, places: Places, outlook: Outlook, sentences: Sentences, alias: Alias) -> None:
        self._log = log
        self._places = places
        self._outlook = outlook
        self._sentences = sentences
        self._alias = alias

    async def of(self, contact: ContactId, language: str) -> Described:
        """Of this conversation, now."""
        found = await self._log.contact(contact)
        if found is not None and found.ended_by is EndedBy.UNSERVED:
            return Described(StatusShown("unserved", self._sentences.line(language, "ended_unserved") or "", None))
        if found is None or found.state is State.ENDED:
            return Described(StatusShown("ended", self._sentences.ended(language), None))
        if found.state is not State.ACTIVE:
            return Described(StatusShown("waiting", self._wait(found, language), None), found.shown_seq)
        worker = await self.worker(found)
        if found.operator_away_since is not None:
            text = self._sentences.worker_lost(language)
        elif found.quiet_since is not None:
            text = self._sentences.no_hurry(language, worker or "")
        elif found.helper is not None:
            text = self._sentences.helped(language, worker or "", await self._alias(found.helper) or "")
        else:
            text = self._sentences.talking(language, worker or "")
        return Described(StatusShown("active", text, worker), found.shown_seq, self._asked(found, language, worker))

    def _wait(self, found: Contact, language: str) -> str:
        place = self._places.place(found.id)
        return self._sentences.waiting(
            language,
            place=place,
            minutes=self._outlook.minutes(found.language),
            closes_before=self._outlook.closes_before(place),
        )

    def _asked(self, found: Contact, language: str, worker: str | None) -> AskShown:
        if found.question is None:
            return NOTHING_ASKED
        return AskShown(found.question, self._sentences.question(language, found.question, worker or ""))

    async def worker(self, contact: Contact) -> str | None:
        """The name that the visitor is told."""
        return await self._alias(contact.operator) if contact.operator is not None else None
