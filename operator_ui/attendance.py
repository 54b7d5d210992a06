"""Being at the desk: an open desk socket is what makes somebody present."""

import asyncio
from collections.abc import Callable
from enum import Enum, auto
from typing import Literal

from msgspec import Struct

from contacts.contact import Refusal, Refused
from contacts.people import KEY_HOLDERS, Role
from contacts.session import Session
from contacts.sessions import Sessions
from duty.availability import Status
from duty.opening import Duty
from duty.presence import Presence
from storage.bus import Bus
from storage.engine import Store

HEARTBEAT_SECONDS = 10.0
SESSION_SECONDS = 60.0
#: Bus topic: somebody arrived, left, took a break; whoever assigns looks again.
TOPIC = "presence"

_STATUS = {"available": Status.available, "break": Status.break_}


class Seated(Struct, frozen=True):
    """A seat taken, and the status its owner has there."""

    seat: str
    status: str


class Activity(Enum):
    """What somebody at a desk has been doing since last asked."""

    NOTHING = auto()
    ACTING = auto()
    TALKING = auto()


Doing = Callable[[], Activity]


class _Stay(Struct, frozen=True):
    session: Session
    doing: Doing
    taken_over: asyncio.Event


class Attendance:
    """Presence of those who answer. Leads and operators have `capacity` conversations; others are not counted."""

    def __init__(
        self, *, store: Store, presence: Presence, duty: Duty, bus: Bus, sessions: Sessions, capacity: int = 2
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._presence = presence
        self._duty = duty
        self._bus = bus
        self.capacity = capacity
        self._staying: dict[str, _Stay] = {}

    async def arrived(self, session: Session) -> Seated:
        """Sat down. Whoever was on a break before stays on it; a lead helps rather than answers, so starts on one."""
        async with self._store.write() as conn:
            status = await self._presence.status_of(conn, session.staff_id)
            if status is None or status is Status.away:
                status = Status.available if session.role is Role.OPERATOR else Status.break_
            seat = await self._presence.arrived(
                conn, session.staff_id, capacity=self.room(session), languages=session.languages, status=status
            )
        await self._tell()
        return Seated(seat, status)

    async def stay(self, session: Session, seat: str, *, doing: Doing) -> None:
        """Be counted as present until the seat is taken over (then it returns) or the task is cancelled."""
        stay = self._staying[seat] = _Stay(session, doing, asyncio.Event())
        try:
            await stay.taken_over.wait()
        finally:
            del self._staying[seat]

    async def beat(self) -> None:
        """Say "still here" for everybody who stays, in one write: a job, every `HEARTBEAT_SECONDS`.

        While the database is away nobody is counted as present, rightly.
        """
        seats = tuple(self._staying)
        if not seats:
            return
        async with self._store.write() as conn:
            alive = await self._presence.heartbeat(conn, seats)
        for seat in seats:
            stay = self._staying.get(seat)
            if stay is not None and seat not in alive:
                stay.taken_over.set()

    async def keep_sessions(self) -> None:
        """Let no session run out under somebody who works: a job, every `SESSION_SECONDS`."""
        doing = [(stay.session, stay.doing()) for stay in tuple(self._staying.values())]
        await self._sessions.talked(*(session for session, what in doing if what is Activity.TALKING))
        await self._sessions.touch(*(session for session, what in doing if what is Activity.ACTING))

    def room(self, session: Session) -> int:
        """How many conversations somebody may have: none without keys to read them."""
        return self.capacity if session.role in KEY_HOLDERS else 0

    async def changed(self, session: Session, status: Literal["available", "break"]) -> None:
        """Available again, or on a break. Raises `Refused` for who answers nobody: visitors would wait for them."""
        if session.role not in KEY_HOLDERS:
            raise Refused(Refusal.NOT_YOURS)
        async with self._store.write() as conn:
            await self._presence.changed(conn, session.staff_id, _STATUS[status])
        await self._tell()

    async def left(self, session: Session, seat: str) -> None:
        """The desk was closed."""
        async with self._store.write() as conn:
            await self._presence.left(conn, session.staff_id, seat)
        await self._tell()

    async def _tell(self) -> None:
        self._duty.forget()
        await self._bus.publish(TOPIC, b"")
