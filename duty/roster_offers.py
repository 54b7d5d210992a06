"""Shifts on offer, as rows. An offer stands while the shift is still what was offered, and its owner's."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from duty.roster_rows import day_text, read_day
from duty.shifts import Occurrence, Shift, ShiftId
from duty.tables_roster import shift_offers
from storage.clock import epoch_seconds
from storage.ids import StaffId, new_id


class OfferState(StrEnum):
    """Where an offer is in its life."""

    open = "open"
    taken = "taken"
    declined = "declined"
    withdrawn = "withdrawn"  # by its owner, or because the shift was changed, cancelled or removed


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A day of a shift on offer. `offered_to` None: to anybody. Times are instants (UTC)."""

    id: str
    shift_id: ShiftId
    day: date
    offered_by: StaffId
    offered_to: StaffId | None
    offered_at: datetime
    starts: datetime
    ends: datetime
    state: OfferState = OfferState.open
    settled_by: StaffId | None = None
    settled_at: datetime | None = None

    def stands(self, occurrence: Occurrence | None) -> bool:
        """Whether the shift is still what was offered."""
        return (
            occurrence is not None
            and not occurrence.cancelled
            and occurrence.staff_id == self.offered_by
            and (occurrence.starts, occurrence.ends) == (self.starts, self.ends)
        )


async def make(conn: AsyncConnection, occurrence: Occurrence, to: StaffId | None, *, now: datetime) -> Offer:
    """Write an offer of its owner. The caller has the lock of the shift and knows that none is open."""
    offer = Offer(
        id=new_id(),
        shift_id=occurrence.shift_id,
        day=occurrence.day,
        offered_by=occurrence.staff_id,
        offered_to=to,
        offered_at=datetime.fromtimestamp(epoch_seconds(now), UTC),
        starts=occurrence.starts,
        ends=occurrence.ends,
    )
    await conn.execute(
        insert(shift_offers).values(
            id=offer.id,
            shift_id=offer.shift_id,
            day=day_text(offer.day),
            offered_by=offer.offered_by,
            offered_to=to,
            offered_at=epoch_seconds(now),
            starts_at=epoch_seconds(offer.starts),
            ends_at=epoch_seconds(offer.ends),
            state=offer.state,
        )
    )
    return offer


async def of_id(conn: AsyncConnection, offer_id: str) -> Offer | None:
    """One offer, in any state."""
    found = await read(conn, shift_offers.c.id == offer_id)
    return found[0] if found else None


async def still_open(conn: AsyncConnection, *also: ColumnElement[bool]) -> list[Offer]:
    """Open offers, the earliest shift first."""
    return await read(conn, shift_offers.c.state == OfferState.open, *also)


async def read(conn: AsyncConnection, *which: ColumnElement[bool]) -> list[Offer]:
    """Offers, the earliest shift first."""
    wanted = select(shift_offers).where(*which).order_by(shift_offers.c.starts_at, shift_offers.c.id)
    return [_offer(row) for row in await conn.execute(wanted)]


async def settle(conn: AsyncConnection, offer_id: str, state: OfferState, *, by: StaffId | None, now: datetime) -> bool:
    """Close an open offer. False: somebody else was faster."""
    result = await conn.execute(
        update(shift_offers)
        .where(shift_offers.c.id == offer_id, shift_offers.c.state == OfferState.open)
        .values(state=state, settled_by=by, settled_at=epoch_seconds(now))
    )
    return result.rowcount == 1


async def moved(conn: AsyncConnection, shift_id: ShiftId, to: ShiftId, first: date) -> None:
    """The days from `first` on belong to another shift now."""
    mine = (shift_offers.c.shift_id == shift_id, shift_offers.c.day >= day_text(first))
    await conn.execute(update(shift_offers).where(*mine).values(shift_id=to))


async def withdraw_stale(conn: AsyncConnection, shift: Shift, *, by: StaffId | None, now: datetime) -> None:
    """Close the offers of a shift that are not true any more. The caller has just written it."""
    for offer in await still_open(conn, shift_offers.c.shift_id == shift.id):
        if not offer.stands(shift.occurrence(offer.day)):
            await settle(conn, offer.id, OfferState.withdrawn, by=by, now=now)


def _offer(row: Row[Any]) -> Offer:
    return Offer(
        id=row.id,
        shift_id=ShiftId(row.shift_id),
        day=read_day(row.day),
        offered_by=StaffId(row.offered_by),
        offered_to=row.offered_to,
        offered_at=datetime.fromtimestamp(row.offered_at, UTC),
        starts=datetime.fromtimestamp(row.starts_at, UTC),
        ends=datetime.fromtimestamp(row.ends_at, UTC),
        state=OfferState(row.state),
        settled_by=row.settled_by,
        settled_at=None if row.settled_at is None else datetime.fromtimestamp(row.settled_at, UTC),
    )
