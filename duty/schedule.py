"""Which hours are in force, and whether a lead has paused the service."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from duty.hours import OpeningHours, Published
from duty.tables import hours_versions, pauses
from storage.clock import epoch_seconds
from storage.ids import StaffId, new_id

CHAT = "chat"


class Schedule:
    """Published hours of each service. Every method works inside the caller's unit of work."""

    async def current(self, conn: AsyncConnection, service: str, now: datetime) -> Published | None:
        """What is in force at `now`; None when nothing was ever published. Raises `HoursNotUnderstood`."""
        hours = hours_versions.c
        newest = (
            select(hours_versions)
            .where(hours.service == service, hours.state == "published", hours.valid_from <= epoch_seconds(now))
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
        since = epoch_seconds(valid_from)
        same = hours_versions.c.service == service, hours_versions.c.valid_from == since
        await conn.execute(update(hours_versions).where(*same).values(state="withdrawn"))
        await conn.execute(
            insert(hours_versions).values(
                id=new_id(),
                service=service,
                state="published",
                valid_from=since,
                expression=hours.expression,
                zone=hours.zone.key,
                country=hours.country,
                last_start_minutes=last_start // timedelta(minutes=1),
                made_at=since,
            )
        )

    async def pause(self, conn: AsyncConnection, service: str, *, by: StaffId, now: datetime) -> None:
        """Admit nobody new until `resume`. Pausing twice changes nothing."""
        put = postgresql_insert if conn.dialect.name == "postgresql" else sqlite_insert
        statement = put(pauses).values(service=service, since=epoch_seconds(now), staff_id=by)
        await conn.execute(statement.on_conflict_do_nothing(index_elements=["service"]))

    async def resume(self, conn: AsyncConnection, service: str) -> None:
        """Take the pause away."""
        await conn.execute(delete(pauses).where(pauses.c.service == service))
