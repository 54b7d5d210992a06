"""Shifts as rows and back. SQL only; what may be kept is decided elsewhere."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    LABEL_STYLE_TABLENAME_PLUS_COL,
    ColumnElement,
    RowMapping,
    Table,
    and_,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from duty.repetition import read_rule, text
from duty.shifts import Change, Channel, Fate, Plan, Shift, ShiftId, reach
from duty.tables_roster import shift_days, shifts
from storage.clock import epoch_seconds
from storage.ids import StaffId

_READING = "%Y%m%dT%H%M%S"
_DAY = "%Y%m%d"


def day_text(day: date) -> str:
    """`20261124`."""
    return f"{day:{_DAY}}"


def read_day(value: str) -> date:
    """The day of `day_text`."""
    return datetime.strptime(value, _DAY).date()  # noqa: DTZ007 - a day, without a time


def plan_values(plan: Plan) -> dict[str, Any]:
    """A plan as columns."""
    return {
        "staff_id": plan.staff_id,
        "channel": plan.channel,
        "languages": " ".join(sorted(plan.languages)),
        "tier": plan.tier,
        "starts": f"{plan.starts:{_READING}}",
        "ends": f"{plan.ends:{_READING}}",
    }


def read_plan(values: Mapping[str, Any]) -> Plan:
    """The plan of `plan_values`."""
    return Plan(
        staff_id=StaffId(values["staff_id"]),
        channel=Channel(values["channel"]),
        languages=frozenset(values["languages"].split()),
        tier=values["tier"],
        starts=datetime.strptime(values["starts"], _READING),  # noqa: DTZ007 - a reading
        ends=datetime.strptime(values["ends"], _READING),  # noqa: DTZ007 - a reading
    )


class ChangedMeanwhile(Exception):
    """Somebody else changed or removed the shift since it was read. `shift`: as it is now; None: removed."""

    def __init__(self, shift: Shift | None) -> None:
        super().__init__("the shift was changed meanwhile")
        self.shift = shift


def over(before: datetime) -> ColumnElement[bool]:
    """Shifts that lie wholly before an instant."""
    return shifts.c.reaches_to <= epoch_seconds(before)  # never true of one that goes on for ever


async def in_window(conn: AsyncConnection, start: datetime, end: datetime) -> list[Shift]:
    """Every shift that may have something between two instants."""
    reaches = and_(
        shifts.c.reaches_from <= epoch_seconds(end),
        or_(shifts.c.reaches_to.is_(None), shifts.c.reaches_to >= epoch_seconds(start)),
    )
    return await _read(conn, reaches)


async def of_id(conn: AsyncConnection, shift_id: ShiftId, *, lock: bool = False) -> Shift | None:
    """One shift; with `lock` nobody else changes it until the transaction ends."""
    if lock:  # SQLite has one writer anyway
        await conn.execute(select(shifts.c.id).where(shifts.c.id == shift_id).with_for_update())
    found = await _read(conn, shifts.c.id == shift_id)
    return found[0] if found else None


async def locked(conn: AsyncConnection, shift_id: ShiftId, version: int) -> Shift:
    """A shift to be edited; nobody else edits it until the transaction ends. Raises `ChangedMeanwhile`."""
    current = await of_id(conn, shift_id, lock=True)
    if current is None or current.version != version:
        raise ChangedMeanwhile(current)
    return current


async def add(conn: AsyncConnection, shift: Shift) -> None:
    """Write a new shift with its changed days."""
    await conn.execute(insert(shifts).values(id=shift.id, **_values(shift)))
    await _add_days(conn, shift.id, shift.changes)


async def replace(conn: AsyncConnection, shift: Shift) -> None:
    """Write a shift anew; the caller holds its lock."""
    await conn.execute(update(shifts).where(shifts.c.id == shift.id).values(**_values(shift)))
    await conn.execute(delete(shift_days).where(shift_days.c.shift_id == shift.id))
    await _add_days(conn, shift.id, shift.changes)


async def remove(conn: AsyncConnection, which: ColumnElement[bool]) -> int:
    """Delete shifts with their days and offers. How many."""
    return (await conn.execute(delete(shifts).where(which))).rowcount


async def _read(conn: AsyncConnection, which: ColumnElement[bool]) -> list[Shift]:
    """One question, so that nobody's edit comes between a shift and its days."""
    joined = select(shifts, shift_days).select_from(shifts.outerjoin(shift_days)).where(which).order_by(shifts.c.id)
    found: dict[str, tuple[Mapping[str, Any], dict[date, Change]]] = {}
    for row in await conn.execute(joined.set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)):
        values = row._mapping
        _, changes = found.setdefault(values[shifts.c.id], (_of(shifts, values), {}))
        if values[shift_days.c.day] is not None:
            day = _of(shift_days, values)
            changes[read_day(day["day"])] = Change(Fate(day["fate"]), read_plan(day) if day["staff_id"] else None)
    return [_shift(values, changes) for values, changes in found.values()]


def _of(table: Table, values: RowMapping) -> dict[str, Any]:
    return {column.name: values[column] for column in table.columns}


def _shift(values: Mapping[str, Any], changes: Mapping[date, Change]) -> Shift:
    return Shift(
        id=ShiftId(values["id"]),
        plan=read_plan(values),
        zone=ZoneInfo(values["zone"]),
        rule=None if values["rule"] is None else read_rule(values["rule"]),
        changes=changes,
        version=values["version"],
        uid=values["uid"],
    )


def _values(shift: Shift) -> dict[str, Any]:
    begins, ends = reach(shift)
    return {
        **plan_values(shift.plan),
        "uid": shift.uid,
        "zone": shift.zone.key,
        "rule": None if shift.rule is None else text(shift.rule),
        "reaches_from": epoch_seconds(begins),
        "reaches_to": None if ends is None else epoch_seconds(ends),
        "version": shift.version,
    }


async def _add_days(conn: AsyncConnection, shift_id: ShiftId, changes: Mapping[date, Change]) -> None:
    rows = [
        {
            "shift_id": shift_id,
            "day": day_text(day),
            "fate": change.fate,
            **(_NO_PLAN if change.plan is None else plan_values(change.plan)),
        }
        for day, change in changes.items()
    ]
    if rows:
        await conn.execute(insert(shift_days), rows)


_NO_PLAN = dict.fromkeys(("staff_id", "channel", "languages", "tier", "starts", "ends"))
