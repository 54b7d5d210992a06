"""What the house counts in its own registers: consents, what left and what became of it, emergencies; the last 24 hours."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.forwarding.consent import Moved
from contacts.forwarding.tables import consents, emergencies, forwardings
from contacts.release.catalogue import halves_of
from contacts.tables_log import contacts
from storage.clock import epoch_seconds


def bounds(period: str, zone: ZoneInfo) -> tuple[int, int]:
    """The first second of a half-year or year, and the first one after it."""
    halves = halves_of(period)
    year, half = int(period[:4]), halves[-1][-1]
    begins = datetime(year, 7 if halves[0].endswith("2") else 1, 1, tzinfo=zone)
    ends = datetime(year, 7, 1, tzinfo=zone) if half == "1" else datetime(year + 1, 1, 1, tzinfo=zone)
    return epoch_seconds(begins), epoch_seconds(ends)


async def registered(conn: AsyncConnection, period: str, zone: ZoneInfo) -> dict[str, int]:
    """By the names of `contacts.release.service.REGISTERED`.

    Forwarded is what arrived with a consent; what was disclosed in an emergency is counted as that alone. What became of it
    is as it stands now: somebody who withdrew after a receiver had answered is neither accepted nor declined.
    """
    begins, ends = bounds(period, zone)
    given, withdrawn = consents.c.given_at, consents.c.withdrawn_at
    sent, state = forwardings.c.sent_at, forwardings.c.state
    arrived = _count().where(
        sent >= begins, sent < ends, forwardings.c.consent.is_not(None), state != Moved.FAILED.value
    )
    asked: dict[str, Select[Any]] = {
        "consents_given": _count().where(given >= begins, given < ends),
        "consents_withdrawn": _count().where(withdrawn >= begins, withdrawn < ends),
        "forwarded": arrived,
        "forwarded_accepted": arrived.where(state == Moved.ACCEPTED.value),
        "forwarded_declined": arrived.where(state == Moved.DECLINED.value),
        "emergencies": _count().where(emergencies.c.acted_at >= begins, emergencies.c.acted_at < ends),
    }
    return {name: int((await conn.execute(query)).scalar_one()) for name, query in asked.items()}


async def last_hours(conn: AsyncConnection, since: int) -> Mapping[str, tuple[int, int, int]]:
    """Channel -> contacts since an instant: all, those somebody answered, those that ended without. For a live page."""
    waits = and_(contacts.c.accepted_at.is_(None), contacts.c.state == "ended")
    query = (
        select(
            contacts.c.door,
            func.count(),
            func.count(contacts.c.accepted_at),
            func.coalesce(func.sum(case((waits, 1), else_=0)), 0),
        )
        .where(contacts.c.opened_at >= since)
        .group_by(contacts.c.door)
    )
    return {row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in await conn.execute(query)}


def _count() -> Select[Any]:
    return select(func.count())
