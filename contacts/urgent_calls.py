"""Urgent messages of the contact form, and the telephones that ring for them. Works inside the caller's unit of work."""

from msgspec import Struct
from sqlalchemy import exists, not_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.contact import Door, State, Urgency
from contacts.inserting import inserted
from contacts.tables_calls import call_legs, calls
from contacts.tables_forms import form_messages
from contacts.tables_log import contacts
from storage.ids import ContactId, StaffId


class Rung(Struct, frozen=True):
    """A message that rings, or has rung. `taken_by`: who pressed 1; `waits`: nobody has it at the desk; `over`: no phone rings."""

    contact: ContactId
    taken_by: StaffId | None
    waits: bool
    over: bool


async def unrung(conn: AsyncConnection, *, since: int) -> list[ContactId]:
    """Those that came since then and wait for somebody; older ones are no news."""
    rung = exists(select(calls.c.contact).where(calls.c.contact == contacts.c.id))
    query = (
        select(contacts.c.id)
        .join(form_messages, form_messages.c.contact == contacts.c.id)
        .where(
            form_messages.c.urgency == Urgency.URGENT.value,
            contacts.c.state == State.WAITING.value,
            contacts.c.opened_at > since,
            not_(rung),
        )
    )
    return [ContactId(found) for found in (await conn.execute(query)).scalars()]


async def begin_ringing(conn: AsyncConnection, contact: ContactId, now: int) -> bool:
    """Whether telephones are to ring now; False when another process has begun."""
    return await inserted(conn, calls, contact=contact, stage="waiting", chosen=1, seen_at=now)


async def rung(conn: AsyncConnection) -> list[Rung]:
    """Those that ring, or were taken by telephone and are not yet that person's."""
    query = (
        select(contacts.c.id, contacts.c.state, calls.c.stage, call_legs.c.staff)
        .join(calls, calls.c.contact == contacts.c.id)
        .outerjoin(call_legs, call_legs.c.id == calls.c.accepted)
        .where(contacts.c.door == Door.FORM.value, calls.c.dealt_at.is_(None))
    )
    return [
        Rung(
            ContactId(row.id),
            None if row.staff is None else StaffId(row.staff),
            row.state == State.WAITING.value,
            row.stage == "ended",
        )
        for row in await conn.execute(query)
    ]


async def done(conn: AsyncConnection, contact: ContactId, now: int) -> None:
    """Nothing is left to do about it here."""
    await conn.execute(update(calls).where(calls.c.contact == contact).values(dealt_at=now))
