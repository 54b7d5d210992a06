"""Which hours are in force, and whether a lead has paused the service."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from duty.hours import OpeningHours, Published
from duty.tables import pauses, published_hours
from storage.clock import epoch_seconds
from storage.ids import StaffId

CHAT = "chat"


class Schedule:
    """Published hours of each service. Every method works inside the caller's unit of work."""

    async def current(self, conn: AsyncConnection, service: str, now: datetime) -> Published | None:
        """What is in force at `now`; None when nothing was ever published. Raises `HoursNotUnderstood`."""
        hours = published_hours.c
        newest = (
            select(published_hours)
            .where(hours.service == service, hours.valid_from <= epoch_seconds(now))
            .order_by(hours.valid_from.desc())
            .limit(1)
        )
        row = (await conn.execute(newest)).one_or_none()
        if row is None:
            return None
        paused = (await conn.execute(select(pauses.c.service).where(pauses.c.service == service))).first()
        return Published(
            hours=OpeningHours(row.expression, ZoneInfo(row.zone), row.country),
            last_start=timedelta(minutes=row.last_start_minutes),
            paused=paused is not None,
        )

    async def publish(
        self,
        conn: AsyncConnection,
        service: str,
        hours: OpeningHours,
        *,
        valid_from: datetime,
        last_start: timedelta = timedelta(minutes=30),
    ) -> None:
        """Put hours in force from an instant on; a second publication for the same second replaces the first."""
        key = {"service": service, "valid_from": epoch_seconds(valid_from)}
        values = {
            "expression": hours.expression,
            "zone": hours.zone.key,
            "country": hours.country,
            "last_start_minutes": last_start // timedelta(minutes=1),
        }
        insert = postgresql_insert if conn.dialect.name == "postgresql" else sqlite_insert
        statement = insert(published_hours).values(**key, **values)
        await conn.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))

    async def pause(self, conn: AsyncConnection, service: str, *, by: StaffId, now: datetime) -> None:
        """Admit nobody new until `resume`. Pausing twice changes nothing."""
        insert = postgresql_insert if conn.dialect.name == "postgresql" else sqlite_insert
        statement = insert(pauses).values(service=service, since=epoch_seconds(now), staff_id=by)
        await conn.execute(statement.on_conflict_do_nothing(index_elements=["service"]))

    async def resume(self, conn: AsyncConnection, service: str) -> None:
        """Take the pause away."""
        await conn.execute(delete(pauses).where(pauses.c.service == service))
