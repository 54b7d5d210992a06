"""Tells a lead's desk how many emergencies wait for a lead, at once when somebody acts."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from chat.strict_json import written
from operator_ui.desk_frames import Emergencies
from storage.engine import OUTAGES

#: Also asked anew at these intervals, in seconds: what a lead confirmed elsewhere, and signals that were lost.
AGAIN_SECONDS = 30.0

#: How many wait.
Count = Callable[[], Awaitable[int]]
#: Call this when somebody acted; the answer stops it.
Listen = Callable[[Callable[[], None]], Callable[[], None]]


class EmergenciesLine:
    """`send` takes a frame as text."""

    def __init__(self, *, count: Count, listen: Listen, send: Callable[[str], None]) -> None:
        self._count = count
        self._listen = listen
        self._send = send

    async def run(self) -> None:
        """Until cancelled."""
        acted = asyncio.Event()
        stop = self._listen(acted.set)
        told = 0
        try:
            while True:
                acted.clear()
                with contextlib.suppress(*OUTAGES):  # the database is away: the next round tells
                    waiting = await self._count()
                    if waiting != told:
                        told = waiting
                        self._send(written(Emergencies(waiting)))
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(AGAIN_SECONDS):
                        await acted.wait()
        finally:
            stop()
