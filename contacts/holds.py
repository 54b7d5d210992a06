"""What is held back: after a restore nothing unsent is sent until a lead has looked and released it.

What the backup calls "queued" may have been sent, withdrawn or erased since it was made; nobody but a person can know.
"""

from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.audit import Action, Audit
from contacts.inserting import inserted
from contacts.people import Role
from contacts.session import Session
from contacts.tables_keeping import holds
from storage.clock import Clock, epoch_seconds


class Held(StrEnum):
    """What can be held back."""

    SENDING = "sending"


class NotForThem(Exception):
    """Only a shift lead releases what is held back."""


async def sending_held(conn: AsyncConnection) -> bool:
    """Whether nothing may be marked `sent` now. Ask inside the transaction that marks it."""
    return await held_since(conn, Held.SENDING) is not None


async def held_since(conn: AsyncConnection, what: Held) -> int | None:
    """Since when (seconds since 1970) it is held back; None: it is not. On PostgreSQL the row stays as it is until the end."""
    query = select(holds.c.since).where(holds.c.name == what.value)
    found: int | None = (await conn.execute(query)).scalar()
    return found


async def hold(conn: AsyncConnection, what: Held, *, now: int) -> None:
    """Hold it back from now on (seconds since 1970); again changes nothing."""
    await inserted(conn, holds, name=what.value, since=now)


class Holds:
    """Releases, audited."""

    def __init__(self, *, audit: Audit, clock: Clock) -> None:
        self._audit = audit
        self._clock = clock

    async def hold(self, conn: AsyncConnection, what: Held) -> None:
        """Hold it back from now on."""
        await hold(conn, what, now=epoch_seconds(self._clock.now()))

    async def release(self, conn: AsyncConnection, what: Held, *, by: Session) -> bool:
        """Let it go on; whether it was held. Raises `NotForThem` unless a lead asks."""
        if by.role is not Role.LEAD:
            raise NotForThem
        released = (await conn.execute(delete(holds).where(holds.c.name == what.value))).rowcount == 1
        if released:
            await self._audit.append(conn, Action.RELEASED, actor=by.staff_id, detail=what)
        return released
