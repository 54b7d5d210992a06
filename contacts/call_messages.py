"""Recorded messages that are still to be fetched, or to be deleted at the provider. Works inside the caller's unit of work."""

from msgspec import Struct
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.tables_calls import calls
from contacts.tables_log import contacts
from storage.ids import ContactId

#: There is something to do about a message that has come so far (hotline.call_state.Message).
UNDER_WAY = ("asked", "left", "sealed")
#: What the provider must not delete yet: it has what we do not.
AWAITED = ("asked", "left")


class Waiting(Struct, frozen=True, kw_only=True):
    """A message under way. `recording`, `provider_call`: names at the provider; `tries` in vain so far."""

    contact: ContactId
    message: str
    recording: str | None
    provider_call: str | None
    ended_at: int | None
    tries: int


async def due(conn: AsyncConnection, now: int, *, limit: int, lock: bool = False) -> list[Waiting]:
    """Up to `limit` to be looked after, those that waited longest first; `lock`: nobody else's until the commit."""
    columns = calls.c.contact, calls.c.message, calls.c.recording, calls.c.provider_call, calls.c.ended_at
    query = (
        select(*columns, calls.c.message_tries)
        .where(calls.c.message.in_(UNDER_WAY), calls.c.message_at <= now)
        .where((calls.c.message != "asked") | calls.c.ended_at.is_not(None))  # the caller is speaking
        .order_by(calls.c.message_at, calls.c.contact)
        .limit(limit)
    )
    rows = await conn.execute(query.with_for_update(skip_locked=True) if lock else query)
    return [
        Waiting(
            contact=ContactId(row.contact),
            message=row.message,
            recording=row.recording,
            provider_call=row.provider_call,
            ended_at=row.ended_at,
            tries=row.message_tries,
        )
        for row in rows
    ]


async def promise(conn: AsyncConnection, contact: ContactId, *, again_at: int) -> None:
    """Somebody is about to ask the provider; should they die, another does from then on."""
    values = {"message_tries": calls.c.message_tries + 1, "message_at": again_at}
    await conn.execute(update(calls).where(calls.c.contact == contact).values(values))


async def still_wanted(conn: AsyncConnection, contact: ContactId) -> bool:
    """Whether the contact is there, and nobody asked for it to be erased."""
    query = select(contacts.c.id).where(contacts.c.id == contact, contacts.c.erased_at.is_(None))
    return (await conn.execute(query)).first() is not None
