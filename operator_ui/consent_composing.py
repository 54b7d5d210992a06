"""Composing a question of consent: from what was ticked and written to the payload, the wording and the card, and no further.

Nothing is kept here and nothing is asked; `operator_ui.consent_desk` does both.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from chat.consent_card import Card
from chat.consent_card import Item as CardItem
from chat.sentences import long_day
from contacts.contact import Contact
from contacts.forwarding.consent import LONGEST_DAYS, Denial, Denied, How, Minor, Question
from contacts.forwarding.offered import LONGEST, LONGEST_SUMMARY, SUMMARY, Offered, items_of, offered
from contacts.forwarding.payload import Payload, Purpose, Receiver, Scope, Sender
from contacts.forwarding.payloads import Kept
from contacts.organisations.organisation import Organisation
from contacts.organisations.organisation import Scope as Taken
from contacts.organisations.organisations import Organisations
from contacts.organisations.purposes import purpose_of
from contacts.organisations.wordings import Wording, Wordings
from contacts.record import Codes
from storage.clock import Clock, epoch_seconds
from storage.engine import Connection, Store
from storage.ids import ContactId, OrganisationId

#: Asked in this language where there is no approved wording in the person's.
FALLBACK = "en"
DOCUMENTS = ("fi", "sv", "en")
#: The last day that can be chosen lies this many days ahead: its midnight is still within the longest term.
LAST_DAY = LONGEST_DAYS - 1


class Proposed(Struct, frozen=True, kw_only=True):
    """What the operator composed. `fields`: the ticked ones; `written`: what was typed into those that are typed.

    `until`: the last day; `language`: of the wording, the person's if there is one in it.
    """

    organisation: OrganisationId
    scope: Scope
    fields: tuple[str, ...]
    written: Mapping[str, str]
    summary: str
    until: date
    how: How
    minor: Minor
    language: str


class Composed(Struct, frozen=True):
    """A question ready to be put. `told`: the approved wording with its values; `card`: what the person would see."""

    payload: Payload
    wording: Wording
    told: str
    card: Card


class Composing:
    """`zone`: the helpline's; `country`: ISO code; `document`: language of what receivers read; `sender`: who we are."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        zone: ZoneInfo,
        country: str,
        document: str,
        sender: Sender,
        organisations: Organisations,
        wordings: Wordings,
    ) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._country = country
        self.document = document if document in DOCUMENTS else "en"
        self._sender = sender
        self._organisations = organisations
        self._wordings = wordings

    def fields(self, codes: Codes, found: Contact) -> list[Offered]:
        """What may be ticked, in the language of the document."""
        return self.told_in(self.document, codes, found)

    def told_in(self, language: str, codes: Codes, found: Contact) -> list[Offered]:
        """The same in another language."""
        return offered(codes, found.language, language, country=self._country)

    async def in_use(self, conn: Connection, language: str) -> list[Wording]:
        """The approved wordings that ask, in the person's language, else in English; a missing one is left out."""
        found = []
        for scope in Taken:
            for spoken in (False, True):
                purpose = purpose_of(scope, spoken=spoken)
                wording = await self._wordings.current(conn, purpose, language)
                wording = wording or await self._wordings.current(conn, purpose, FALLBACK)
                found += [wording] if wording is not None else []
        return found

    async def composed(self, found: Contact, codes: Codes, proposed: Proposed) -> Composed:
        """The question as it would be put. Raises `Denied`: not_asked_so, too_long, lead_needed."""
        spoken = proposed.how is not How.CARD
        async with self._store.read() as conn:
            organisation = await self._organisations.find(conn, proposed.organisation)
            purpose = purpose_of(Taken(proposed.scope), spoken=spoken)
            wording = await self._wordings.current(conn, purpose, proposed.language)
        if organisation is None or wording is None or not organisation.takes(Taken(proposed.scope)):
            raise Denied(Denial.NOT_ASKED_SO)
        self._check_term(proposed.until)
        check_minor(codes, proposed.minor)
        there = {one.name: one for one in self.fields(codes, found)}
        if not there.keys() >= set(proposed.fields):
            raise Denied(Denial.NOT_ASKED_SO)
        items = items_of([one for name, one in there.items() if name in proposed.fields], proposed.written)
        summary = proposed.summary.strip()
        if not (items or summary) or not all(0 < len(item.shown) <= LONGEST or item.codes for item in items):
            raise Denied(Denial.NOT_ASKED_SO)
        if len(summary) > LONGEST_SUMMARY:
            raise Denied(Denial.TOO_LONG)
        told = self._told(wording, organisation, proposed.until)
        payload = Payload(
            scope=proposed.scope,
            language=self.document,  # type: ignore[arg-type]  # one of DOCUMENTS
            sender=self._sender,
            receiver=Receiver(id=organisation.id, name=organisation.name),
            purpose=Purpose(wording=wording.id, version=wording.version, language=wording.language, text=told),
            until=proposed.until.isoformat(),
            items=items,
            summary=summary,
        )
        return Composed(payload, wording, told, self.card(payload, codes, found))

    def card(self, payload: Payload, codes: Codes, found: Contact) -> Card:
        """The same, in the words of the person."""
        theirs = {one.name: one for one in self.told_in(payload.purpose.language, codes, found)}
        return Card(
            lang=payload.purpose.language,
            to=payload.receiver.name,
            wording=payload.purpose.text,
            version=payload.purpose.version,
            items=tuple(
                CardItem(theirs[item.field].label, theirs[item.field].shown if item.codes else item.shown)
                for item in payload.items
            ),
            summary=payload.summary,
            until=payload.until,
        )

    def question(self, contact: ContactId, proposed: Proposed, made: Composed, kept: Kept) -> Question:
        """What somebody is asked, as the gate notes it. `kept`: where the payload lies."""
        names = tuple(item.field for item in made.payload.items)
        return Question(
            contact=contact,
            organisation=proposed.organisation,
            scope=proposed.scope,
            fields=(*names, SUMMARY) if made.payload.summary else names,
            digest=kept.digest,
            payload=kept.number,
            wording=made.wording.id,
            wording_version=made.wording.version,
            language=made.wording.language,
            how=proposed.how,
            minor=proposed.minor,
            until=self._moment(proposed.until),
        )

    # -- inside

    def _moment(self, until: date) -> int:
        """The end of that day."""
        return epoch_seconds(datetime.combine(until + timedelta(days=1), time(), self._zone))

    def _told(self, wording: Wording, organisation: Organisation, until: date) -> str:
        return wording.told(organisation=organisation.name, until=long_day(wording.language, until))

    def _check_term(self, until: date) -> None:
        today = self._clock.now().astimezone(self._zone).date()
        if not today <= until <= today + timedelta(days=LAST_DAY):
            raise Denied(Denial.TOO_LONG)


def check_minor(codes: Codes, minor: Minor) -> None:
    """What the record says of somebody's age counts, whatever was ticked. Raises `Denied`: lead_needed."""
    if minor is not Minor.YES and "u18" in codes.get("age", ()):
        raise Denied(Denial.LEAD_NEEDED)
