"""Who is at a desk now. A row is alive while it was seen in the last 30 seconds; nothing else is trusted."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from duty.availability import Present, Status
from duty.tables import presence
from storage.clock import Clock, epoch_seconds
from storage.ids import StaffId, new_id

ALIVE = timedelta(seconds=30)


class Presence:
    """Presence of staff. Every method works inside the caller's unit of work.

    A seat is one desk connection. Whoever arrives later takes the row; what the older seat still says is ignored, so
    that a tab that closes late cannot mark its successor away.
    """

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock

    async def arrived(
        self,
        conn: AsyncConnection,
        staff_id: StaffId,
        *,
        capacity: int,
        languages: Iterable[str],
        status: Status = Status.available,
    ) -> str:
        """Somebody sat down. Answers the seat to name in every later call."""
        now = epoch_seconds(self._clock.now())
        seat = new_id()
        row: dict[str, object] = {
            "seat": seat,
            "status": status,
            "capacity": capacity,
            "languages": " ".join(sorted(languages)),
            "seen_at": now,
            "since": now,
        }
        insert = postgresql_insert if conn.dialect.name == "postgresql" else sqlite_insert
        await conn.execute(
            insert(presence)
            .values(staff_id=staff_id, **row)
            .on_conflict_do_update(index_elements=[presence.c.staff_id], set_=row)
        )
        return seat

    async def heartbeat(self, conn: AsyncConnection, seats: Collection[str]) -> frozenset[str]:
        """Those on these seats are still there. Answers the seats that nobody has taken over."""
        now = epoch_seconds(self._clock.now())
        beating = update(presence).where(presence.c.seat.in_(seats)).values(seen_at=now).returning(presence.c.seat)
        return frozenset((await conn.execute(beating)).scalars())

    async def changed(
        self, conn: AsyncConnection, staff_id: StaffId, status: Status, *, capacity: int | None = None
    ) -> None:
        """Took a break, came back, missed an offer, went on a call (capacity 0). Whichever seat they are in."""
        now = epoch_seconds(self._clock.now())
        values: dict[str, Any] = {"status": status, "since": now, "available_at": _available_at(now)}
        if capacity is not None:
            values["capacity"] = capacity
        await conn.execute(update(presence).where(presence.c.staff_id == staff_id).values(values))

    async def left(self, conn: AsyncConnection, staff_id: StaffId, seat: str) -> bool:
        """Went away. False: another seat has taken over, nothing changed."""
        now = epoch_seconds(self._clock.now())
        gone = {"status": Status.away, "since": now, "seen_at": now, "available_at": _available_at(now)}
        return (await conn.execute(update(presence).where(_seat(staff_id, seat)).values(gone))).rowcount == 1

    async def status_of(self, conn: AsyncConnection, staff_id: StaffId) -> Status | None:
        """What somebody last said about themself; None: never here."""
        found = (await conn.execute(select(presence.c.status).where(presence.c.staff_id == staff_id))).scalar()
        return None if found is None else Status(found)

    async def present(self, conn: AsyncConnection, now: datetime | None = None) -> list[Present]:
        """Everybody whose desk is alive and who is not away."""
        alive = presence.c.seen_at > epoch_seconds((now or self._clock.now()) - ALIVE)
        rows = await conn.execute(select(presence).where(alive, presence.c.status != Status.away))
        return [
            Present(
                staff_id=StaffId(row.staff_id),
                status=Status(row.status),
                capacity=row.capacity,
                languages=frozenset(row.languages.split()),
            )
            for row in rows
        ]

    async def alive(self, conn: AsyncConnection, staff: Iterable[StaffId]) -> dict[StaffId, int]:
        """When the desk of each of these was last alive (seconds since 1970), whatever they said about themselves."""
        query = select(presence.c.staff_id, presence.c.seen_at).where(presence.c.staff_id.in_(set(staff)))
        return {StaffId(row.staff_id): row.seen_at for row in await conn.execute(query)}

    async def last_available(self, conn: AsyncConnection) -> datetime | None:
        """When anybody was last known to be available; None: never."""
        seconds = (await conn.execute(select(func.max(_available_at(presence.c.seen_at))))).scalar()
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)

    async def sweep(self, conn: AsyncConnection) -> list[StaffId]:
        """Mark those away whose desk fell silent; answers whom."""
        silent = and_(
            presence.c.seen_at <= epoch_seconds(self._clock.now() - ALIVE),
            presence.c.status != Status.away,
        )
        seen_at = presence.c.seen_at
        gone = {"status": Status.away, "since": seen_at, "available_at": _available_at(seen_at)}
        rows = await conn.execute(update(presence).where(silent).values(gone).returning(presence.c.staff_id))
        return [StaffId(row.staff_id) for row in rows]


def _seat(staff_id: StaffId, seat: str) -> ColumnElement[bool]:
    return and_(presence.c.staff_id == staff_id, presence.c.seat == seat)


def _available_at(now: int | ColumnElement[int]) -> ColumnElement[int | None]:
    """When they were last available, if that ends at `now`."""
    return case((presence.c.status == Status.available, now), else_=presence.c.available_at)
