"""What those in the line may expect, worked out once for all of a worker: usual waits, and whether closing comes first."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chat.waits import RECENT, pace_of, usual
from contacts.log import Log, Wait
from duty.closing import Closing, Phase
from duty.opening import Duty
from storage.clock import Clock, epoch_seconds
from storage.engine import OUTAGES, Store

#: How often it is looked at anew.
EVERY_SECONDS = 10.0
#: With an unknown pace those in the line are told so long before closing that nobody may come any more.
LITTLE_TIME = timedelta(minutes=10)


class Outlook:
    """`refresh` reads; the rest answers from what was read. Until then nothing is known, and nothing is promised."""

    def __init__(self, *, store: Store, clock: Clock, log: Log, duty: Duty, changed: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._log = log
        self._duty = duty
        self._changed = changed
        self._waits: list[Wait] = []
        self._pace: timedelta | None = None
        self._zone = ZoneInfo("UTC")
        self.closing: Closing | None = None

    def minutes(self, language: str) -> tuple[int, int] | None:
        """The usual wait from a low to a high number of minutes; None: nobody knows."""
        return usual(self._waits, language)

    def closes_before(self, place: int) -> tuple[datetime, ZoneInfo] | None:
        """When we close, if whoever stands at `place` can probably not be answered before."""
        closing = self.closing
        if closing is None or closing.phase is Phase.grace:
            return None
        left = closing.closes_at - self._clock.now()
        late = left <= LITTLE_TIME if self._pace is None else place * self._pace >= left
        return (closing.closes_at, self._zone) if late else None

    def grace_until(self) -> int | None:
        """When the grace after closing ends, while it runs (seconds since 1970)."""
        closing = self.closing
        if closing is None or closing.phase is not Phase.grace or self._clock.now() >= closing.grace_until:
            return None
        return epoch_seconds(closing.grace_until)

    async def refresh(self) -> None:
        """Read everything anew, and say so when those in the line may be told something else."""
        now = self._clock.now()
        async with self._store.read() as conn:
            waits = await self._log.waits(conn, epoch_seconds(now) - RECENT)
        closing = await self._duty.phases()
        before = (self._waits, self.closing)
        self._zone = (await self._duty.availability("")).zone
        self._waits, self._pace, self.closing = waits, pace_of(waits), closing
        if before != (waits, closing):  # `closing` counts minutes: near the end somebody may have become too late
            self._changed()

    async def run(self) -> None:
        """Refresh until cancelled."""
        while True:
            with contextlib.suppress(*OUTAGES):  # the database is away: what was known stays
                await self.refresh()
            await asyncio.sleep(EVERY_SECONDS)
