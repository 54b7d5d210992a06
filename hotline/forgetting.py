"""Asks the telephone company to delete what it keeps of finished calls: every hour, again until it has confirmed.

A call's name at the provider is dropped with the confirmation, and after 14 days in any case; then it counts as given up,
is told, and stays in the report. The provider's rate (1 request a second) is kept by pausing.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from contacts.provider_traces import CONFIRMED, GIVEN_UP, Trace, Traces, due, expired, left, settled
from hotline.provider import Provider, Unreached
from storage.clock import Clock, epoch_seconds
from storage.engine import Store

#: Late reports of a call that has just ended still find it.
REST_SECONDS = 1800
#: Not confirmed for so long: /health is red. Asked about it for so long: the name is dropped.
OVERDUE_SECONDS = 2 * 86_400
LONGEST_SECONDS = 14 * 86_400
MOST_AT_ONCE = 300
#: Between two calls: each takes up to four requests.
PAUSE_SECONDS = 3.0


class Forgetting:
    """`run()` behind the lease, every hour."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        provider: Provider,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._clock = clock
        self._provider = provider
        self._pause = pause

    async def run(self) -> int:
        """One round; how many were confirmed."""
        now = epoch_seconds(self._clock.now())
        async with self._store.read() as conn:
            traces = await due(conn, ended_before=now - REST_SECONDS, limit=MOST_AT_ONCE)
        confirmed = 0
        for trace in traces:
            if await self._gone(trace):
                await self._settled(trace, CONFIRMED)
                confirmed += 1
            await self._pause(PAUSE_SECONDS)
        async with self._store.read() as conn:
            old = await expired(conn, ended_before=now - LONGEST_SECONDS)
        for trace in old:
            await self._settled(trace, GIVEN_UP)
        if old:
            structlog.get_logger().error("provider_keeps_calls", number=len(old))
        return confirmed

    async def report(self) -> Traces:
        """What may still lie there."""
        async with self._store.read() as conn:
            return await left(conn)

    async def overdue(self) -> bool:
        """Whether the provider has owed a confirmation for too long."""
        oldest = (await self.report()).oldest
        return oldest is not None and oldest < epoch_seconds(self._clock.now()) - OVERDUE_SECONDS

    async def _gone(self, trace: Trace) -> bool:
        try:
            return await self._provider.forget(trace.name)
        except Unreached:
            return False  # another round asks again

    async def _settled(self, trace: Trace, how: str) -> None:
        async with self._store.write() as conn:
            await settled(conn, trace, how)
