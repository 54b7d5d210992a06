"""Calls as desks list them, and who takes care of those nobody answered. Works inside the caller's unit of work."""

from msgspec import Struct
from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.calls import ENDED, CallRow, Kept, LegRow
from contacts.contact import Door
from contacts.heads import contact_of
from contacts.tables_calls import call_legs, calls
from contacts.tables_log import contacts
from storage.ids import ContactId, StaffId

#: Calls that have ended are listed as missed when this became of them.
MISSED = ("call_back", "message", "unserved", "hung_up")
MOST = 200


class Shown(Struct, frozen=True):
    """How many there are, and the first `MOST`, calls under way first, then the oldest."""

    calls: list[Kept]
    count: int


async def listed(conn: AsyncConnection, *, ended_after: int) -> Shown:
    """Calls under way, those that ended after that instant, and those nobody answered and nobody has dealt with since."""
    missed = calls.c.outcome.in_(MISSED) & calls.c.dealt_at.is_(None)
    talked = (calls.c.outcome == "talked") & (calls.c.ended_at > ended_after)
    query = (
        select(calls)
        .join(contacts, contacts.c.id == calls.c.contact)
        .where(contacts.c.door == Door.PHONE, contacts.c.erased_at.is_(None))
        .where(or_(calls.c.stage != ENDED, missed, talked))
        .order_by(calls.c.stage == ENDED, contacts.c.opened_at, contacts.c.id)
    )
    rows = [CallRow(**row._mapping) for row in await conn.execute(query)]
    shown = rows[:MOST]
    names = [row.contact for row in shown]
    heads = await conn.execute(select(contacts).where(contacts.c.id.in_(names)))
    known = {head.id: contact_of(head._mapping) for head in heads}
    legs: dict[ContactId, list[LegRow]] = {name: [] for name in names}
    for leg in await conn.execute(select(call_legs).where(call_legs.c.contact.in_(names)).order_by(call_legs.c.id)):
        legs[leg.contact].append(LegRow(**leg._mapping))
    return Shown([Kept(known[row.contact], row, tuple(legs[row.contact])) for row in shown], len(rows))


async def taken(conn: AsyncConnection, contact: ContactId, *, by: StaffId, at: int) -> bool:
    """One person takes care of a missed call, which becomes theirs; False when somebody else does, or nobody has to."""
    free = or_(calls.c.taken_by.is_(None), calls.c.taken_by == by)
    mine = update(calls).where(
        calls.c.contact == contact, calls.c.outcome.in_(MISSED), calls.c.dealt_at.is_(None), free
    )
    if (await conn.execute(mine.values(taken_by=by, taken_at=at))).rowcount != 1:
        return False
    await conn.execute(update(contacts).where(contacts.c.id == contact).values(operator=by))
    return True


async def put_back(conn: AsyncConnection, contact: ContactId, *, by: StaffId) -> bool:
    """It waits again, for anybody."""
    back = update(calls).where(calls.c.contact == contact, calls.c.taken_by == by, calls.c.dealt_at.is_(None))
    if (await conn.execute(back.values(taken_by=None, taken_at=None))).rowcount != 1:
        return False
    await conn.execute(update(contacts).where(contacts.c.id == contact).values(operator=None))
    return True


async def dealt_with(conn: AsyncConnection, contact: ContactId, *, by: StaffId, at: int, outcome: str) -> bool:
    """What came of it: it leaves everybody's list. Only whoever took it says so."""
    done = update(calls).where(calls.c.contact == contact, calls.c.taken_by == by, calls.c.dealt_at.is_(None))
    return (await conn.execute(done.values(dealt_at=at, dealt_by=by, dealt_as=outcome))).rowcount == 1
