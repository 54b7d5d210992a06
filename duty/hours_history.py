"""Who did what to the hours, when: codes and values that the screens turn into sentences."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from duty.tables import hours_history
from storage.clock import epoch_seconds
from storage.ids import StaffId, new_id


class Action(StrEnum):
    """What was done, and the values its sentence has."""

    published = "published"  # expression, zone, country, last_start (minutes), valid_from (ISO 8601, UTC)
    withdrawn = "withdrawn"  # the same
    exception_added = "exception_added"  # kind, first, last, times, languages
    exception_removed = "exception_removed"  # the same
    paused = "paused"
    resumed = "resumed"
    holiday_confirmed = "holiday_confirmed"  # day, hours


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the history. `by` None: a command on the machine."""

    at: datetime
    by: StaffId | None
    action: Action
    values: Mapping[str, str]


async def remember(
    conn: AsyncConnection, service: str, action: Action, *, by: StaffId | None, at: datetime, **values: str
) -> None:
    """Add a line, in the same unit of work as the deed."""
    await conn.execute(
        insert(hours_history).values(
            id=new_id(),
            service=service,
            at=epoch_seconds(at),
            staff_id=by,
            action=action,
            details=json.dumps(values, ensure_ascii=False),
        )
    )


async def history(conn: AsyncConnection, service: str, *, most: int = 100) -> list[Deed]:
    """The newest lines first."""
    rows = await conn.execute(
        select(hours_history)
        .where(hours_history.c.service == service)
        .order_by(hours_history.c.at.desc(), hours_history.c.id)
        .limit(most)
    )
    return [
        Deed(
            at=datetime.fromtimestamp(row.at, UTC),
            by=StaffId(row.staff_id) if row.staff_id is not None else None,
            action=Action(row.action),
            values=json.loads(row.details),
        )
        for row in rows
    ]
