"""How long each retention class is kept, and which contacts have one whose time is up: one entry in `CLASSES` each.

Whoever adds a class adds a rule here. What a class is made of (keys, entries, other rows) is `contacts.erasure`'s business.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select

from contacts.contact import Door, Klass
from contacts.forwarding.tables import consent_asks, consents, emergencies, forwardings
from contacts.tables_calls import calls
from contacts.tables_keys import segments
from contacts.tables_log import contacts, entries
from contacts.terms import months_after

_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long, from the settings: `record_months` in months, the others in days."""

    transcript_days: int = 30
    record_months: int = 12
    payload_days: int = 7
    callback_days: int = 7

    def of(self, klass: Klass) -> int:
        """The number of a class, in its own unit."""
        return {
            Klass.TRANSCRIPT: self.transcript_days,
            Klass.RECORD: self.record_months,
            Klass.PAYLOAD: self.payload_days,
            Klass.CALLBACK: self.callback_days,
        }[klass]


def _transcript(terms: Terms, now: int) -> ColumnElement[bool]:
    return contacts.c.ended_at <= now - terms.transcript_days * _DAY


def _record(terms: Terms, now: int) -> ColumnElement[bool]:
    return contacts.c.ended_at <= months_after(now, -terms.record_months)


def _callback(terms: Terms, now: int) -> ColumnElement[bool]:
    """Used: a message was dealt with, or somebody took care of a call. A call itself ends long before that."""
    cared_for = exists(select(calls.c.contact).where(calls.c.contact == contacts.c.id, calls.c.dealt_at <= now))
    used = or_(and_(contacts.c.door != Door.PHONE.value, contacts.c.ended_at <= now), cared_for)
    return or_(used, contacts.c.opened_at <= now - terms.callback_days * _DAY)


def _payload(terms: Terms, now: int) -> ColumnElement[bool]:
    """Delivered, withdrawn or refused so long ago, and nothing that still waits for it."""
    since = now - terms.payload_days * _DAY
    asked = exists(
        select(consent_asks.c.id).where(
            consent_asks.c.contact == contacts.c.id,
            or_(
                consent_asks.c.asked_at > since,
                and_(
                    consent_asks.c.answer.is_(None), consent_asks.c.cancelled_at.is_(None), consent_asks.c.until > now
                ),
            ),
        )
    )
    agreed = exists(
        select(consents.c.id).where(
            consents.c.contact == contacts.c.id,
            consents.c.withdrawn_at.is_(None),
            consents.c.until > now,
            not_(exists(select(forwardings.c.id).where(forwardings.c.consent == consents.c.id))),
        )
    )
    last = func.coalesce(
        forwardings.c.withdrawn_at, forwardings.c.failed_at, forwardings.c.sent_at, forwardings.c.queued_at
    )
    leaving = exists(
        select(forwardings.c.id).where(
            forwardings.c.contact == contacts.c.id, or_(forwardings.c.state == "queued", last > since)
        )
    )
    acted = exists(
        select(emergencies.c.id).where(emergencies.c.contact == contacts.c.id, emergencies.c.acted_at > since)
    )
    return and_(not_(asked), not_(agreed), not_(leaving), not_(acted))


#: Whose time is up: (terms, now in seconds since 1970) -> a condition on `contacts`. In the order of a run.
CLASSES: Final[dict[Klass, Callable[[Terms, int], ColumnElement[bool]]]] = {
    Klass.CALLBACK: _callback,
    Klass.PAYLOAD: _payload,
    Klass.TRANSCRIPT: _transcript,
    Klass.RECORD: _record,
}


def due(klass: Klass, terms: Terms, now: int) -> ColumnElement[bool]:
    """Contacts that still have something of a class whose time is up."""
    return and_(CLASSES[klass](terms, now), has_any(klass))


def has_any(*classes: Klass) -> ColumnElement[bool]:
    """Contacts that have a key or an entry of these classes."""
    names = [klass.value for klass in classes]
    return or_(
        exists(select(segments.c.contact).where(segments.c.contact == contacts.c.id, segments.c.klass.in_(names))),
        exists(select(entries.c.contact).where(entries.c.contact == contacts.c.id, entries.c.klass.in_(names))),
    )


def husk(terms: Terms, now: int) -> ColumnElement[bool]:
    """Contacts of which nothing is left that anybody could read, and whose own time is up: that of the last class."""
    return and_(_transcript(terms, now), _record(terms, now), _callback(terms, now), not_(has_any(*Klass)))
