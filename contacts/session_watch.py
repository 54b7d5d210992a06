"""Notices within two seconds that a session was ended or locked elsewhere, whether or not the bus works.

The bus only says "look now"; what is true stands in the database.
"""

import asyncio
import contextlib

from sqlalchemy import select

from contacts.distrust import Alarm, Fault
from contacts.session import Ended
from contacts.sessions import TOPIC, Sessions, over
from contacts.tables_staff import sessions
from storage.bus import Bus
from storage.clock import Clock, epoch_seconds
from storage.engine import Store

INTERVAL = 1.0
"""Seconds between looks."""
_LONGEST_LOOK = 5.0


class SessionWatch:
    """One per process; `run()` in a task of its own."""

    def __init__(
        self, *, store: Store, sessions: Sessions, bus: Bus, clock: Clock, alarm: Alarm, interval: float = INTERVAL
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._bus = bus
        self._clock = clock
        self._alarm = alarm
        self._interval = interval
        self._hint = asyncio.Event()

    async def run(self) -> None:
        """Look until cancelled. A database that is away raises the alarm and is asked again."""
        stop_listening = self._bus.subscribe(TOPIC, lambda _: self._hint.set())
        stop_gaps = self._bus.on_gap(self._hint.set)
        try:
            while True:
                self._hint.clear()
                try:
                    async with asyncio.timeout(_LONGEST_LOOK):
                        await self.look()
                except Exception:  # noqa: BLE001 - whatever it is, who stops looking never notices a revocation
                    self._alarm(Fault.SESSIONS_UNCHECKED)
                # Not `wait_for`, which before Python 3.12 may swallow a cancellation that arrives with the timeout.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._interval):
                        await self._hint.wait()
        finally:
            stop_listening()
            stop_gaps()

    async def look(self) -> None:
        """End, here, every session that is over, and lock those that were locked."""
        ids = list(self._sessions.live)
        if not ids:
            return
        async with self._store.read() as conn:
            rows = {row.id: row for row in await conn.execute(select(sessions).where(sessions.c.id.in_(ids)))}
        now = epoch_seconds(self._clock.now())
        ran_out: dict[str, Ended] = {}
        for session_id in ids:
            row = rows.get(session_id)
            why = Ended.REVOKED if row is None else over(row, now)
            if why is None:
                self._turned(session_id, row.locked if row is not None else 0)
                continue
            if row is not None and row.ended is None:
                ran_out[session_id] = why
            self._forget(session_id, why)
        if ran_out:
            await self._sessions.expire(ran_out)

    def _turned(self, session_id: str, turns: int) -> None:
        session = self._sessions.live.get(session_id)
        if session is not None:
            session.turned(turns)

    def _forget(self, session_id: str, why: Ended) -> None:
        session = self._sessions.live.pop(session_id, None)
        if session is not None:
            session.end(why)
