"""Who did what to the roster, and when: for leads, kept for a while."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from duty.repetition import Rule, read_rule, text
from duty.roster_rows import day_text, plan_values, read_day, read_plan
from duty.shifts import Plan, ShiftId
from duty.tables_roster import roster_history
from storage.clock import Clock, epoch_seconds
from storage.ids import StaffId


class Action(StrEnum):
    """What was done."""

    added = "added"
    changed = "changed"
    removed = "removed"
    day_changed = "day_changed"
    day_cancelled = "day_cancelled"
    day_removed = "day_removed"
    day_restored = "day_restored"
    offered = "offered"
    taken = "taken"
    declined = "declined"
    withdrawn = "withdrawn"


@dataclass(frozen=True, slots=True)
class Was:
    """A shift, or one day of it, as it was before or after."""

    plan: Plan
    rule: Rule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the history. `actor` None: a command on the machine. `day` None: all of the shift. `before`, `after` None: there was none."""

    number: int
    at: datetime
    actor: StaffId | None
    action: Action
    shift_id: ShiftId
    day: date | None
    before: Was | None
    after: Was | None


class RosterHistory:
    """Writes and reads the history inside the caller's unit of work."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock

    async def add(
        self,
        conn: AsyncConnection,
        action: Action,
        *,
        by: StaffId | None,
        shift_id: ShiftId,
        day: date | None = None,
        before: Was | None = None,
        after: Was | None = None,
    ) -> None:
        """Note what `by` did."""
        await conn.execute(
            insert(roster_history).values(
                at=epoch_seconds(self._clock.now()),
                actor=by,
                action=action,
                shift_id=shift_id,
                day=None if day is None else day_text(day),
                before=_written(before),
                after=_written(after),
            )
        )

    async def newest(
        self, conn: AsyncConnection, *, shift_id: ShiftId | None = None, before: int | None = None, limit: int = 50
    ) -> list[Event]:
        """The newest lines first, of one shift or of all; `before`: only those with a smaller number."""
        columns = roster_history.c
        wanted = select(roster_history).order_by(columns.number.desc()).limit(limit)
        if shift_id is not None:
            wanted = wanted.where(columns.shift_id == shift_id)
        if before is not None:
            wanted = wanted.where(columns.number < before)
        return [_event(row._asdict()) for row in await conn.execute(wanted)]

    async def forget(self, conn: AsyncConnection, before: datetime) -> int:
        """Delete lines older than an instant. How many."""
        old = roster_history.c.at < epoch_seconds(before)
        return (await conn.execute(delete(roster_history).where(old))).rowcount


def _event(row: Mapping[str, Any]) -> Event:
    return Event(
        number=row["number"],
        at=datetime.fromtimestamp(row["at"], UTC),
        actor=row["actor"],
        action=Action(row["action"]),
        shift_id=ShiftId(row["shift_id"]),
        day=None if row["day"] is None else read_day(row["day"]),
        before=_read(row["before"]),
        after=_read(row["after"]),
    )


def _written(was: Was | None) -> str | None:
    if was is None:
        return None
    values = plan_values(was.plan) | ({} if was.rule is None else {"rule": text(was.rule)})
    return json.dumps(values, separators=(",", ":"))


def _read(value: str | None) -> Was | None:
    if value is None:
        return None
    values = json.loads(value)
    rule = values.get("rule")
    return Was(read_plan(values), None if rule is None else read_rule(rule))
