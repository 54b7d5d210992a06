"""One thing that leaves, or left, as a value, and the message that its consent was withdrawn."""

from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Row, RowMapping, select

from contacts.forwarding.consent import ConsentId, EmergencyId, ForwardingId, Moved, Outcome
from contacts.forwarding.tables import consents, emergencies, forwardings
from contacts.organisations.organisation import Channel
from storage.ids import ContactId, OrganisationId, StaffId

#: With these it is certain that nobody received anything.
NOT_HANDED_OVER: Final = frozenset(
    {
        Outcome.UNREACHABLE,
        Outcome.NOT_SECURE,
        Outcome.NOT_ADMITTED,
        Outcome.REFUSED,
        Outcome.LATER,
        Outcome.NOT_SET_UP,
        Outcome.DESTINATION_CHANGED,
    }
)


class Forwarding(Struct, frozen=True, kw_only=True):
    """One thing that leaves, or left. `scope`: referral, proposal or emergency. Times are seconds since 1970 UTC.

    `payload`: the number its payload is kept under; `told_to`: where the name of who was told is kept (spoken).
    """

    id: ForwardingId
    contact: ContactId
    organisation: OrganisationId
    scope: str
    fields: tuple[str, ...]
    digest: bytes
    payload: int | None
    channel: Channel
    queued_by: StaffId
    state: Moved
    queued_at: int
    consent: ConsentId | None = None
    emergency: EmergencyId | None = None
    told_to: int | None = None
    sent_at: int | None = None
    failed_at: int | None = None
    acknowledged_at: int | None = None
    decided_at: int | None = None
    withdrawn_at: int | None = None
    outcome: Outcome | None = None


class Notice(Struct, frozen=True):
    """A message that a consent was withdrawn, to who received this."""

    forwarding: ForwardingId
    state: Moved
    queued_at: int
    channel: Channel
    organisation: OrganisationId


#: Forwardings with the number of their payload, `consented` or `needed` (in an emergency).
WITH_PAYLOAD: Final = (
    select(forwardings, consents.c.payload.label("consented"), emergencies.c.payload.label("needed"))
    .outerjoin(consents, consents.c.id == forwardings.c.consent)
    .outerjoin(emergencies, emergencies.c.id == forwardings.c.emergency)
)


def forwarding_of(row: RowMapping) -> Forwarding:
    """A row of `WITH_PAYLOAD` as a value."""
    return Forwarding(
        id=ForwardingId(row["id"]),
        contact=ContactId(row["contact"]),
        organisation=OrganisationId(row["organisation"]),
        scope=row["scope"],
        fields=tuple(row["fields"].split(",")),
        digest=row["digest"],
        payload=row["consented"] if row["consent"] is not None else row["needed"],
        channel=Channel(row["channel"]),
        queued_by=StaffId(row["queued_by"]),
        state=Moved(row["state"]),
        queued_at=row["queued_at"],
        consent=row["consent"],
        emergency=row["emergency"],
        told_to=row["told_to"],
        sent_at=row["sent_at"],
        failed_at=row["failed_at"],
        acknowledged_at=row["acknowledged_at"],
        decided_at=row["decided_at"],
        withdrawn_at=row["withdrawn_at"],
        outcome=None if row["outcome"] is None else Outcome(row["outcome"]),
    )


def notice_of(row: Row[Any]) -> Notice:
    """A row of `notices`, with channel and organisation of its forwarding."""
    return Notice(row.forwarding, Moved(row.state), row.queued_at, Channel(row.channel), row.organisation)
