"""Everything the desk's consent tab shows of one contact, gathered: what can be asked, what was asked, given and sent."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from chat.consent_card import UNASKED, Card
from contacts.contact import Contact
from contacts.forwarding.consent import DEFAULT_DAYS, LONGEST_DAYS, Ask, AskId, Consent, How, Minor, Moved
from contacts.forwarding.emergencies import Emergency
from contacts.forwarding.following import Standing
from contacts.forwarding.offered import Offered
from contacts.forwarding.veil import veiled
from contacts.organisations.organisation import Channel, Organisation, Scope
from contacts.organisations.purposes import purpose_of
from contacts.organisations.wordings import Wording
from storage.ids import OrganisationId, StaffId

#: What a person may say of a forwarding that stands so.
NEXT = {
    Moved.QUEUED: ("take_back",),
    Moved.SENT: ("acknowledged", "accepted", "declined", "did_not_arrive"),
    Moved.FAILED: ("again",),
    Moved.ACKNOWLEDGED: ("accepted", "declined"),
}


class Reading(NamedTuple):
    """What somebody is asked, in their words; `names`: the record's, of the items of the card, in their order."""

    card: Card
    names: tuple[str, ...]


class Gathered:
    """What the services told; `shown` lays it out. `document`: the language of what is sent, and of its fields' labels."""

    def __init__(
        self,
        *,
        contact: Contact,
        me: StaffId,
        now: datetime,
        zone: ZoneInfo,
        organisations: Sequence[Organisation],
        wordings: Sequence[Wording],
        document: str,
        fields: Sequence[Offered],
        asks: Sequence[Ask],
        readings: Mapping[AskId, Reading],
        consents: Sequence[Consent],
        forwardings: Sequence[Standing],
        emergencies: Sequence[Emergency],
    ) -> None:
        self._contact = contact
        self._me = me
        self._now = now
        self._zone = zone
        self._organisations = {one.id: one for one in organisations}
        self._wordings = wordings
        self._document = document
        self._fields = fields
        self._asks = asks
        self._readings = readings
        self._consents = consents
        self._forwardings = forwardings
        self._emergencies = emergencies

    def shown(self) -> dict[str, object]:
        """The answer of `GET /desk/contacts/{contact}/consents` (docs/protocol.md)."""
        today = self._now.astimezone(self._zone).date()
        return {
            "wish": self._contact.wish,
            "asking": self._contact.wish not in UNASKED,
            "door": self._contact.door,
            "state": self._contact.state,
            "language": self._contact.language,
            "document": self._document,
            "minor": self._minor(),
            "days": {
                "first": today.isoformat(),
                "usual": (today + timedelta(days=DEFAULT_DAYS)).isoformat(),
                "last": (today + timedelta(days=LONGEST_DAYS - 1)).isoformat(),
            },
            "organisations": [self._organisation(one) for one in self._organisations.values() if self._usable(one)],
            "wordings": [self._wording(one) for one in self._wordings],
            "fields": [
                {"name": one.name, "label": one.label, "shown": one.shown, "written": one.written}
                for one in self._fields
            ],
            "asks": [self._ask(ask) for ask in self._asks if not self._veiled(ask.asked_by)],
            "consents": [self._consent(consent) for consent in self._consents],
            "emergencies": [self._emergency(emergency) for emergency in self._emergencies],
        }

    # -- the parts

    def _veiled(self, writer: StaffId) -> bool:
        return veiled(self._contact.reads_from, self._me, writer)

    def _minor(self) -> Minor:
        age = next((one for one in self._fields if one.name == "age"), None)
        return Minor.UNKNOWN if age is None else Minor.YES if age.codes == ("u18",) else Minor.NO

    def _usable(self, one: Organisation) -> bool:
        return any(one.takes(scope) for scope in Scope)

    def _organisation(self, one: Organisation) -> dict[str, object]:
        return {
            "id": one.id,
            "name": one.name,
            "takes": [scope.value for scope in Scope if one.takes(scope)],
            "channels": self._channels(one),
        }

    def _channels(self, one: Organisation | None) -> list[str]:
        return [] if one is None else [channel.value for channel in Channel if one.reached_by(channel)]

    def _wording(self, one: Wording) -> dict[str, object]:
        found = next(
            (scope, spoken)
            for scope in Scope
            for spoken in (False, True)
            if one.purpose == purpose_of(scope, spoken=spoken)
        )
        return {
            "scope": found[0].value,
            "spoken": found[1],
            "language": one.language,
            "version": one.version,
            "text": one.text,
        }

    def _ask(self, ask: Ask) -> dict[str, object]:
        question = ask.question
        given = next((one.id for one in self._consents if one.ask == ask.id), None)
        return {
            "id": ask.id,
            "organisation": question.organisation,
            "to": self._name(question.organisation),
            "scope": question.scope,
            "how": question.how,
            "fields": question.fields,
            "language": question.language,
            "minor": question.minor,
            "until": self._last_day(question.until).isoformat(),
            "asked_at": ask.asked_at,
            "answer": ask.answer,
            "answered_at": ask.answered_at,
            "open": ask.answer is None
            and not ask.cancelled
            and (question.how is not How.CARD or ask.id == self._contact.card),
            "cancelled": ask.cancelled,
            "lead": "not_needed" if question.minor is not Minor.YES else "waiting" if ask.lead is None else "agreed",
            "mine": ask.lead != self._me,
            "consent": given,
            "reading": self._reading(ask.id),
        }

    def _reading(self, ask: AskId) -> dict[str, object] | None:
        found = self._readings.get(ask)
        if found is None:
            return None
        return {"told": found.card.wording, "card": msgspec.to_builtins(found.card), "names": found.names}

    def _consent(self, consent: Consent) -> dict[str, object]:
        question, hidden = consent.question, self._veiled(consent.recorded_by)
        now = int(self._now.timestamp())
        usable = consent.live(now) and not hidden
        sent = [one for one in self._forwardings if one.forwarding.consent == consent.id]
        receiver = self._organisations.get(question.organisation) if usable else None
        return {
            "id": consent.id,
            "ask": consent.ask,
            "to": self._name(question.organisation),
            "scope": question.scope,
            "how": question.how,
            "veiled": hidden,
            "fields": () if hidden else question.fields,
            "giver": None if hidden else consent.given.giver,
            "until": self._last_day(question.until).isoformat(),
            "given_at": consent.given_at,
            "live": consent.live(now),
            "withdrawn_at": consent.withdrawn_at,
            "withdrawn_by": consent.withdrawn_by,
            "channels": self._channels(receiver),
            "keyed": receiver is not None and receiver.trusted_recipient is not None,
            "forwardings": [self._forwarding(one) for one in sent],
        }

    def _forwarding(self, standing: Standing) -> dict[str, object]:
        one = standing.forwarding
        return {
            "id": one.id,
            "channel": one.channel,
            "state": one.state,
            "outcome": one.outcome,
            "reference": standing.reference,
            "unconfirmed": standing.unconfirmed,
            "notice": standing.notice,
            "queued_at": one.queued_at,
            "at": one.withdrawn_at or one.decided_at or one.acknowledged_at or one.failed_at or one.sent_at,
            "next": [step for step in _next(standing) if step != "again" or not self._veiled(one.queued_by)],
            "veiled": self._veiled(one.queued_by),
        }

    def _emergency(self, emergency: Emergency) -> dict[str, object]:
        hidden = self._veiled(emergency.acted_by)
        return {
            "id": emergency.id,
            "authority": None if hidden else emergency.act.authority,
            "reason": None if hidden else emergency.act.reason,
            "acted_at": emergency.acted_at,
            "confirm_by": emergency.confirm_by,
            "verdict": emergency.verdict,
        }

    def _name(self, organisation: OrganisationId) -> str | None:
        found = self._organisations.get(organisation)
        return None if found is None else found.name

    def _last_day(self, until: int) -> date:
        """The day that ends at `until`."""
        return datetime.fromtimestamp(until - 1, self._zone).date()


def _next(standing: Standing) -> tuple[str, ...]:
    one = standing.forwarding
    if standing.notice in (Moved.QUEUED, Moved.FAILED) and one.channel is not Channel.EMAIL:
        return ("notice_told",)
    if one.channel is Channel.SPOKEN and one.state is Moved.SENT:
        return ("accepted", "declined")
    return NEXT.get(one.state, ())
