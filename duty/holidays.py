"""Public holidays that are coming, and whether somebody has looked at what the hours are on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from duty.hours import OpenReadings, holidays
from duty.hours_history import Action, remember
from duty.schedule import Schedule
from duty.tables import holiday_confirmations
from duty.timetable import Timetable
from storage.clock import Clock, epoch_seconds
from storage.ids import StaffId

#: Holidays further away need no confirmation yet.
COMING = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday. `hours`: what holds on it, as `13:00-15:00,21:00-02:00`; empty: closed.

    `confirmed`: somebody has said so, and it has not changed since.
    """

    day: date
    hours: str
    confirmed: bool


class HolidayMoved(Exception):
    """This is no coming holiday, or its hours are not those that were confirmed."""


class Holidays:
    """Holidays and their confirmations. Every method works inside the caller's unit of work."""

    def __init__(self, *, schedule: Schedule, clock: Clock) -> None:
        self._schedule = schedule
        self._clock = clock

    async def coming(self, conn: AsyncConnection, service: str) -> list[Holiday]:
        """The holidays of the next 60 days. Raises `HoursNotUnderstood`."""
        timetable = await self._schedule.timetable(conn, service)
        if timetable is None:
            return []
        columns = holiday_confirmations.c
        rows = await conn.execute(select(columns.day, columns.hours).where(columns.service == service))
        confirmed = {date.fromisoformat(row.day): row.hours for row in rows}
        return coming(timetable, self._clock.now(), confirmed)

    async def confirm(self, conn: AsyncConnection, service: str, day: date, hours: str, *, by: StaffId) -> None:
        """Somebody has seen what holds on a holiday and agrees. `hours`: what they saw. Raises `HolidayMoved`."""
        if not any((one.day, one.hours) == (day, hours) for one in await self.coming(conn, service)):
            raise HolidayMoved
        now = self._clock.now()
        key = {"service": service, "day": day.isoformat()}
        seen = {"hours": hours, "staff_id": by, "at": epoch_seconds(now)}
        put = postgresql_insert if conn.dialect.name == "postgresql" else sqlite_insert
        statement = put(holiday_confirmations).values(**key, **seen)
        await conn.execute(statement.on_conflict_do_update(index_elements=list(key), set_=seen))
        await remember(conn, service, Action.holiday_confirmed, by=by, at=now, day=day.isoformat(), hours=hours)


def coming(timetable: Timetable, now: datetime, confirmed: Mapping[date, str]) -> list[Holiday]:
    """The holidays of the next 60 days, today included. `confirmed`: the hours that were confirmed for a day."""
    version = timetable.in_force(now) or timetable.versions[0]
    today = now.astimezone(version.hours.zone).date()
    days = holidays(version.hours.country, today, today + COMING)
    told = {day: ",".join(map(_told, timetable.on(day))) for day in days}
    return [Holiday(day, hours, confirmed.get(day) == hours) for day, hours in told.items()]


def _told(readings: OpenReadings) -> str:
    ends = "24:00" if readings.ends.time() == datetime.min.time() else f"{readings.ends:%H:%M}"
    return f"{readings.starts:%H:%M}-{ends}"
