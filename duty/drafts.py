"""How leads change the hours: one draft for each service, a preview that must be seen, then published.

Every method works inside the caller's unit of work. What is refused leaves everything as it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import assert_never

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from duty.clock_times import times_text
from duty.dated_exceptions import DatedException
from duty.findings import Finding, refusals
from duty.hours import OpeningHours, zone_named
from duty.hours_history import Action, remember
from duty.lint import lint
from duty.proposal import (
    Change,
    NewException,
    NewHours,
    Proposal,
    RemovedException,
    WithdrawnHours,
)
from duty.schedule import Schedule, told
from duty.tables import hours_exceptions, hours_previews, hours_versions
from storage.clock import Clock, epoch_seconds
from storage.ids import StaffId, new_id


class NotSeen(Exception):
    """The preview of exactly this change, over the time it begins, has not been shown, or something moved since."""


class HoursRefused(Exception):
    """There are findings that stand in the way."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(", ".join(finding.code for finding in findings))
        self.findings = tuple(findings)


class DraftMoved(Exception):
    """Somebody else changed the draft since it was read."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft as kept. `revision` changes with every save; name it when saving again."""

    hours: NewHours
    revision: str
    by: StaffId | None
    at: datetime


class Drafts:
    """Drafts, previews and publishing."""

    def __init__(self, *, schedule: Schedule, clock: Clock) -> None:
        self._schedule = schedule
        self._clock = clock

    async def draft(self, conn: AsyncConnection, service: str) -> Draft | None:
        """The draft; None: there is none. Raises `HoursNotUnderstood`, which `save` prevents."""
        row = (await conn.execute(select(hours_versions).where(*_drafted(service)))).one_or_none()
        if row is None:
            return None
        since = datetime.fromtimestamp(row.valid_from, UTC) if row.valid_from is not None else None
        hours = OpeningHours(row.expression, zone_named(row.zone), row.country)
        return Draft(
            hours=NewHours(hours, timedelta(minutes=row.last_start_minutes), since),
            revision=row.id,
            by=StaffId(row.made_by) if row.made_by is not None else None,
            at=datetime.fromtimestamp(row.made_at, UTC),
        )

    async def save(
        self, conn: AsyncConnection, service: str, hours: NewHours, *, by: StaffId, revision: str | None
    ) -> str:
        """Keep the draft; `revision`: of the draft this was made from, None if there was none. Answers the new one.

        Raises `DraftMoved`. Findings do not stand in the way: a draft may be unfinished.
        """
        await self.discard(conn, service, revision=revision)
        row = {
            "id": new_id(),
            "service": service,
            "state": "draft",
            "valid_from": epoch_seconds(hours.valid_from) if hours.valid_from is not None else None,
            "expression": hours.hours.expression,
            "zone": hours.hours.zone.key,
            "country": hours.hours.country,
            "last_start_minutes": hours.last_start // timedelta(minutes=1),
            "made_by": by,
            "made_at": epoch_seconds(self._clock.now()),
        }
        put = postgresql_insert if conn.dialect.name == "postgresql" else sqlite_insert
        done = await conn.execute(put(hours_versions).values(row).on_conflict_do_nothing())
        if not done.rowcount:  # somebody else began one at the same moment
            raise DraftMoved
        return str(row["id"])

    async def discard(self, conn: AsyncConnection, service: str, *, revision: str | None) -> None:
        """Throw the draft away. Raises `DraftMoved`."""
        if revision is None:
            found = await conn.execute(select(hours_versions.c.id).where(*_drafted(service)))
            moved = found.first() is not None
        else:
            gone = delete(hours_versions).where(*_drafted(service), hours_versions.c.id == revision)
            moved = not (await conn.execute(gone)).rowcount
        if moved:
            raise DraftMoved

    async def proposal(self, conn: AsyncConnection, service: str, change: Change) -> Proposal:
        """A change to what is published now."""
        return Proposal(await self._schedule.timetable(conn, service), change)

    async def saw(
        self, conn: AsyncConnection, service: str, proposal: Proposal, start: datetime, end: datetime, *, by: StaffId
    ) -> None:
        """Somebody is shown the preview of a change from `start` to `end`: call this when rendering it."""
        seen = {
            "starts_at": epoch_seconds(start),
            "ends_at": epoch_seconds(end),
            "staff_id": by,
            "seen_at": epoch_seconds(self._clock.now()),
        }
        key = {"service": service, "digest": proposal.digest}
        put = postgresql_insert if conn.dialect.name == "postgresql" else sqlite_insert
        statement = put(hours_previews).values(**key, **seen)
        await conn.execute(statement.on_conflict_do_update(index_elements=list(key), set_=seen))

    async def publish(self, conn: AsyncConnection, service: str, change: Change, *, by: StaffId) -> None:
        """Do what was previewed.

        Raises `HoursRefused`, `NotSeen`, `CannotChange`; `HoursNotUnderstood` when what is kept cannot be read.
        """
        now = self._clock.now()
        proposal = await self.proposal(conn, service, change)
        proposal.after(now)  # raises CannotChange
        refused = refusals(lint(proposal, now))
        if refused:
            raise HoursRefused(refused)
        await self._must_be_seen(conn, service, proposal, now)
        await self._do(conn, service, proposal, by=by, now=now)

    async def _do(self, conn: AsyncConnection, service: str, proposal: Proposal, *, by: StaffId, now: datetime) -> None:
        match proposal.change:
            case NewHours(hours, last_start, valid_from):
                await self._schedule.publish(
                    conn, service, hours, valid_from=valid_from or now, last_start=last_start, by=by, now=now
                )
                await conn.execute(delete(hours_versions).where(*_drafted(service)))
            case WithdrawnHours(version_id):
                withdrawn = hours_versions.c.id == version_id
                await conn.execute(update(hours_versions).where(withdrawn).values(state="withdrawn"))
                await remember(conn, service, Action.withdrawn, by=by, at=now, **told(proposal.version(version_id)))
            case NewException(exception):
                await _keep(conn, service, exception, by=by, now=now)
                await remember(conn, service, Action.exception_added, by=by, at=now, **_told(exception))
            case RemovedException(exception_id):
                gone = hours_exceptions.c.id == exception_id
                await conn.execute(update(hours_exceptions).where(gone).values(removed_at=epoch_seconds(now)))
                removed = proposal.exception(exception_id)
                await remember(conn, service, Action.exception_removed, by=by, at=now, **_told(removed))
            case _:
                assert_never(proposal.change)

    async def _must_be_seen(self, conn: AsyncConnection, service: str, proposal: Proposal, now: datetime) -> None:
        """Use the preview up: of two who publish at the same time, the second finds it gone."""
        seen = hours_previews.c
        mine = delete(hours_previews).where(seen.service == service, seen.digest == proposal.digest)
        row = (await conn.execute(mine.returning(seen.starts_at, seen.ends_at))).one_or_none()
        if row is None or not row.starts_at <= epoch_seconds(proposal.effective(now)) < row.ends_at:
            raise NotSeen
        await conn.execute(delete(hours_previews).where(seen.service == service))


async def _keep(conn: AsyncConnection, service: str, exception: DatedException, *, by: StaffId, now: datetime) -> None:
    await conn.execute(
        insert(hours_exceptions).values(
            id=new_id(),
            service=service,
            kind=exception.kind,
            first_day=exception.first.isoformat(),
            last_day=exception.last.isoformat(),
            times=times_text(exception.times),
            languages=" ".join(sorted(exception.languages)),
            made_by=by,
            made_at=epoch_seconds(now),
        )
    )


def _drafted(service: str) -> tuple[ColumnElement[bool], ...]:
    return hours_versions.c.service == service, hours_versions.c.state == "draft"


def _told(one: DatedException) -> dict[str, str]:
    return {
        "kind": one.kind,
        "first": one.first.isoformat(),
        "last": one.last.isoformat(),
        "times": times_text(one.times),
        "languages": " ".join(sorted(one.languages)),
    }
