"""What left badly and stands until somebody sees to it: what failed, what nobody knows of, notices that did not arrive.

Known by what still lies in the outbox; no word of a contact is in it. For health, and for leads.
"""

from enum import StrEnum
from typing import Final

from msgspec import Struct
from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.forwarding.consent import Moved, Outcome
from contacts.forwarding.document import reference_of
from contacts.forwarding.tables import forwardings, notices, outbox
from contacts.forwarding.waiting import DOCUMENT
from contacts.organisations.organisation import Channel
from storage.ids import OrganisationId, StaffId

#: A letter that is being handed over takes less (seconds).
HANDING_OVER: Final = 600
LONGEST_LIST: Final = 100


class Why(StrEnum):
    """What is the matter."""

    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"
    """Handed over, and nobody knows whether it arrived."""
    NOTICE = "notice"
    """The receiver does not know that consent was withdrawn."""


class Stuck(Struct, frozen=True, kw_only=True):
    """One of them. `reference`: as operator and receiver call it; `since`: seconds since 1970."""

    why: Why
    reference: str
    organisation: OrganisationId
    queued_by: StaffId
    since: int
    outcome: Outcome | None


async def stuck(conn: AsyncConnection, *, now: int, limit: int = LONGEST_LIST) -> list[Stuck]:
    """The oldest first; `now` in seconds since 1970."""
    again = forwardings.alias("again")
    permission = func.coalesce(forwardings.c.consent, forwardings.c.emergency)
    standing = (Moved.QUEUED.value, Moved.SENT.value, Moved.ACKNOWLEDGED.value, Moved.ACCEPTED.value)
    sent_anew = exists(
        select(again.c.id).where(
            func.coalesce(again.c.consent, again.c.emergency) == permission,
            again.c.channel == forwardings.c.channel,
            again.c.queued_at > forwardings.c.queued_at,
            again.c.state.in_(standing),
        )
    )
    kept = exists(select(outbox.c.forwarding).where(outbox.c.forwarding == forwardings.c.id, outbox.c.kind == DOCUMENT))
    failed = and_(forwardings.c.state == Moved.FAILED.value, kept, ~sent_anew)
    unconfirmed = and_(
        forwardings.c.state == Moved.SENT.value,
        forwardings.c.channel == Channel.EMAIL.value,
        forwardings.c.sent_at <= now - HANDING_OVER,
        kept,
    )
    untold = notices.c.state == Moved.FAILED.value
    since = func.coalesce(
        case((untold, notices.c.failed_at), else_=None), forwardings.c.failed_at, forwardings.c.sent_at
    )
    query = (
        select(
            forwardings,
            permission.label("permission"),
            since.label("since"),
            case((untold, Why.NOTICE.value), (failed, Why.FAILED.value), else_=Why.UNCONFIRMED.value).label("why"),
        )
        .outerjoin(notices, notices.c.forwarding == forwardings.c.id)
        .where(or_(failed, unconfirmed, untold))
        .order_by(since, forwardings.c.id)
        .limit(limit)
    )
    return [
        Stuck(
            why=Why(row["why"]),
            reference=reference_of(row["permission"]),
            organisation=OrganisationId(row["organisation"]),
            queued_by=StaffId(row["queued_by"]),
            since=row["since"],
            outcome=None if row["outcome"] is None else Outcome(row["outcome"]),
        )
        for row in (await conn.execute(query)).mappings()
    ]
