"""What of our calls may still lie at the telephone company. A call's name there is kept until it has confirmed deleting it.

Works inside the caller's unit of work.
"""

from typing import Final

from msgspec import Struct
from sqlalchemy import String, cast, delete, func, null, or_, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.call_messages import AWAITED
from contacts.tables_calls import call_legs, calls, erased_calls
from storage.ids import ContactId

CONFIRMED: Final = "confirmed"
GIVEN_UP: Final = "given_up"
#: What a caller said after the tone is there and not here, and would be deleted with the call.
_FETCHED: Final = or_(calls.c.message.is_(None), calls.c.message.not_in(AWAITED))
_NO_LEG: Final = cast(null(), String).label("id")


class Trace(Struct, frozen=True):
    """A finished call, or a leg we rang for it, by its name at the provider. `contact` None: it is erased here."""

    contact: ContactId | None
    name: str
    leg: str | None


class Traces(Struct, frozen=True):
    """`count` calls and legs not confirmed as deleted, the oldest ended at `oldest`; `given_up`: asked for 14 days in vain."""

    count: int
    oldest: int | None
    given_up: int


async def due(conn: AsyncConnection, *, ended_before: int, limit: int) -> list[Trace]:
    """Up to `limit` finished ones to ask the provider to delete, the oldest first."""
    of_calls = select(calls.c.contact, calls.c.provider_call.label("name"), calls.c.ended_at, _NO_LEG).where(
        calls.c.provider_call.is_not(None), calls.c.ended_at <= ended_before, _FETCHED
    )
    of_legs = (
        select(call_legs.c.contact, call_legs.c.provider_call.label("name"), calls.c.ended_at, call_legs.c.id)
        .join(calls, calls.c.contact == call_legs.c.contact)
        .where(call_legs.c.provider_call.is_not(None), call_legs.c.state == "over", calls.c.ended_at <= ended_before)
    )
    erased = select(cast(null(), String).label("contact"), erased_calls.c.name, erased_calls.c.ended_at, _NO_LEG).where(
        erased_calls.c.ended_at <= ended_before
    )
    every = union_all(of_legs, of_calls, erased).subquery()
    query = select(every).order_by(every.c.ended_at, every.c.name).limit(limit)
    return [Trace(None if row[0] is None else ContactId(row[0]), row[1], row[3]) for row in await conn.execute(query)]


async def outlive(conn: AsyncConnection, contact: ContactId, *, now: int) -> None:
    """The contact is about to go: the provider's names of its calls stay, without it, until they are deleted there too."""
    of = calls.c.contact == contact, calls.c.provider_call.is_not(None)
    ended_at = func.coalesce(calls.c.ended_at, now)
    legs = (
        select(call_legs.c.provider_call, ended_at)
        .join(calls, calls.c.contact == call_legs.c.contact)
        .where(calls.c.contact == contact, call_legs.c.provider_call.is_not(None))
    )
    names = union_all(select(calls.c.provider_call, ended_at).where(*of), legs)
    await conn.execute(erased_calls.insert().from_select(["name", "ended_at"], names))


async def settled(conn: AsyncConnection, trace: Trace, how: str) -> None:
    """The provider has confirmed, or we give up: its name is dropped."""
    if trace.contact is None:
        await conn.execute(delete(erased_calls).where(erased_calls.c.name == trace.name))
        return
    if trace.leg is not None:
        gone = update(call_legs).where(call_legs.c.id == trace.leg)
    else:
        gone = update(calls).where(calls.c.contact == trace.contact)
    await conn.execute(gone.values(provider_call=None, forgotten=how))


async def expired(conn: AsyncConnection, *, ended_before: int) -> list[Trace]:
    """Those nobody may keep the name of any longer, confirmed or not."""
    return await due(conn, ended_before=ended_before, limit=1000)


async def left(conn: AsyncConnection) -> Traces:
    """What the provider may still have."""
    ended = calls.c.ended_at.is_not(None)
    rows = union_all(
        select(calls.c.ended_at).where(calls.c.provider_call.is_not(None), ended),
        select(calls.c.ended_at)
        .join(call_legs, calls.c.contact == call_legs.c.contact)
        .where(call_legs.c.provider_call.is_not(None), call_legs.c.state == "over", ended),
        select(erased_calls.c.ended_at),
    ).subquery()
    count, oldest = (await conn.execute(select(func.count(), func.min(rows.c.ended_at)))).one()
    given_up = 0
    for table in (calls, call_legs):
        query = select(func.count()).select_from(table).where(table.c.forgotten == GIVEN_UP)
        given_up += int((await conn.execute(query)).scalar_one())
    return Traces(int(count), None if oldest is None else int(oldest), given_up)
