"""Which hours are in force, and whether a lead has paused the service."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from duty.availability import InForce
from duty.clock_times import read_intervals
from duty.dated_exceptions import DatedException, Kind
from duty.hours import OpeningHours, zone_named
from duty.hours_history import Action, remember
from duty.proposal import LAST_START
from duty.tables import hours_exceptions, hours_versions, pauses
from duty.timeline import Timeline
from duty.timetable import Timetable, Version
from storage.clock import epoch_seconds
from storage.ids import StaffId, new_id

CHAT = "chat"

#: Timelines are worked out this far ahead, and further only while nothing changes so soon.
_AHEAD = timedelta(days=60)
_FAR_AHEAD = timedelta(days=800)
_BEHIND = timedelta(days=3)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A timeline and the rows it was made from."""

    rows: tuple[tuple[Any, ...], ...]
    timeline: Timeline

    def fits(self, rows: tuple[tuple[Any, ...], ...], now: datetime) -> bool:
        """Whether it may still answer for `now`."""
        return rows == self.rows and self.timeline.start + _DAY <= now < self.timeline.start + 2 * _BEHIND


class Schedule:
    """Published hours of each service. Every method works inside the caller's unit of work.

    Timelines are kept between questions and made anew when a row has changed, or every few days.
    """

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}

    async def current(self, conn: AsyncConnection, service: str, now: datetime) -> InForce | None:
        """The hours for questions about `now`; None when nothing was ever published. Raises `HoursNotUnderstood`."""
        versions, exceptions = await _rows(conn, service)
        if not versions:
            return None
        paused = (await conn.execute(select(pauses.c.service).where(pauses.c.service == service))).first()
        rows = tuple(tuple(row) for row in (*versions, *exceptions))
        kept = self._kept.get(service)
        if kept is None or not kept.fits(rows, now):
            kept = _Kept(rows, _timeline(_timetable(_lately(versions, now), exceptions), now))
            self._kept[service] = kept
        return InForce(kept.timeline, paused=paused is not None)

    async def timetable(self, conn: AsyncConnection, service: str) -> Timetable | None:
        """Everything published and not taken back; None: nothing. Raises `HoursNotUnderstood`."""
        versions, exceptions = await _rows(conn, service)
        return _timetable(versions, exceptions) if versions else None

    async def publish(
        self,
        conn: AsyncConnection,
        service: str,
        hours: OpeningHours,
        *,
        valid_from: datetime,
        last_start: timedelta = LAST_START,
        by: StaffId | None = None,
        now: datetime | None = None,
    ) -> None:
        """Put hours in force from an instant on; a second publication for the same second replaces the first.

        For commands, which ask nobody; leads publish what they have seen (`duty.drafts`).
        """
        since, minutes = epoch_seconds(valid_from), last_start // timedelta(minutes=1)
        columns = hours_versions.c
        same = columns.service == service, columns.valid_from == since, columns.state == "published"
        await conn.execute(update(hours_versions).where(*same).values(state="withdrawn"))
        values = {
            "expression": hours.expression,
            "zone": hours.zone.key,
            "country": hours.country,
            "last_start_minutes": minutes,
        }
        made = {"made_by": by, "made_at": epoch_seconds(now or valid_from)}
        row = {"id": new_id(), "service": service, "state": "published", "valid_from": since, **values, **made}
        await conn.execute(insert(hours_versions).values(row))
        version = Version(hours=hours, valid_from=valid_from, last_start=last_start)
        await remember(conn, service, Action.published, by=by, at=now or valid_from, **told(version))

    async def pause(self, conn: AsyncConnection, service: str, *, by: StaffId, now: datetime) -> None:
        """Admit nobody new until `resume`. Pausing twice changes nothing."""
        put = postgresql_insert if conn.dialect.name == "postgresql" else sqlite_insert
        statement = put(pauses).values(service=service, since=epoch_seconds(now), staff_id=by)
        done = await conn.execute(statement.on_conflict_do_nothing(index_elements=["service"]))
        if done.rowcount:
            await remember(conn, service, Action.paused, by=by, at=now)

    async def resume(self, conn: AsyncConnection, service: str, *, by: StaffId, now: datetime) -> None:
        """Take the pause away."""
        done = await conn.execute(delete(pauses).where(pauses.c.service == service))
        if done.rowcount:
            await remember(conn, service, Action.resumed, by=by, at=now)


def told(version: Version) -> dict[str, str]:
    """A version as the values of a sentence."""
    return {
        "expression": version.hours.expression,
        "zone": version.hours.zone.key,
        "country": version.hours.country,
        "last_start": str(version.last_start // timedelta(minutes=1)),
        "valid_from": version.valid_from.astimezone(UTC).isoformat(),
    }


def version_of(row: Row[Any]) -> Version:
    """A published row. Raises `HoursNotUnderstood`."""
    return Version(
        hours=OpeningHours(row.expression, zone_named(row.zone), row.country),
        valid_from=datetime.fromtimestamp(row.valid_from, UTC),
        last_start=timedelta(minutes=row.last_start_minutes),
        id=row.id,
    )


async def _rows(conn: AsyncConnection, service: str) -> tuple[list[Row[Any]], list[Row[Any]]]:
    """Published versions and exceptions that were not taken back."""
    version, exception = hours_versions.c, hours_exceptions.c
    versions = await conn.execute(
        select(hours_versions)
        .where(version.service == service, version.state == "published")
        .order_by(version.valid_from)
    )
    exceptions = await conn.execute(
        select(hours_exceptions)
        .where(exception.service == service, exception.removed_at.is_(None))
        .order_by(exception.made_at, exception.id)
    )
    return list(versions), list(exceptions)


def _lately(versions: list[Row[Any]], now: datetime) -> list[Row[Any]]:
    """Without versions that were replaced long ago: they need not be understood any more."""
    past = epoch_seconds(now - 2 * _BEHIND)
    replaced = sum(later.valid_from <= past for later in versions[1:])
    return versions[replaced:]


def _timetable(versions: list[Row[Any]], exceptions: list[Row[Any]]) -> Timetable:
    return Timetable(
        versions=tuple(version_of(row) for row in versions),
        exceptions=tuple(
            DatedException(
                kind=Kind(row.kind),
                first=date.fromisoformat(row.first_day),
                last=date.fromisoformat(row.last_day),
                times=read_intervals(row.times) if row.times else (),
                languages=frozenset(row.languages.split()),
                id=row.id,
            )
            for row in exceptions
        ),
    )


def _timeline(timetable: Timetable, now: datetime) -> Timeline:
    soon = timetable.timeline(now - _BEHIND, now + _AHEAD)
    stretch = soon.at(now)
    change = soon.next_after(now) if stretch is None else soon.closes(stretch)
    return soon if change is not None else timetable.timeline(now - _BEHIND, now + _FAR_AHEAD)
