"""Rings and hangs up phones of staff, as the calls say: away from every webhook, again and again until it has succeeded.

What is to be done stands in the database (`call_legs`: wanted, or to be cancelled). Whoever takes a leg first notes when
another may try, so that a process which dies in between is replaced and nobody's phone rings for ever.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence

import structlog

from contacts.calls import Calls, LegRow, Moving
from contacts.envelopes import Unopenable
from contacts.interpreters import Interpreters
from contacts.words import Words
from hotline.call_state import LegKind, Move
from hotline.on_call import OnCall
from hotline.provider import Provider, RefusedByProvider, Unreached
from hotline.verbs import Link, Step
from storage.clock import Clock, epoch_seconds
from storage.engine import OUTAGES, Connection, Store
from storage.ids import ContactId, StaffId
from storage.together import together

#: Looked at so often also when nobody called for it: what another process left undone.
ROUND_SECONDS = 1.0
#: Whoever took a leg has so long before another tries.
PROMISE_SECONDS = 15
MOST_AT_ONCE = 20
#: A number to call back is in memory for so long: until whoever calls back has picked up and pressed 1.
NUMBER_SECONDS = 180
#: A phone the provider could not ring so often is given up, and the ladder goes on.
MOST_TRIES = 4
#: Hanging up is tried for as long as a phone can possibly ring.
LONGEST_PAUSE = 8

LegsFailed = Callable[[Sequence[LegRow]], Awaitable[None]]


class Dialler:
    """`run()` in one process at least; several do no harm. `work` is set when there is something to do."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        calls: Calls,
        on_call: OnCall,
        interpreters: Interpreters,
        provider: Provider,
        failed: LegsFailed,
        ring_seconds: int,
        work: asyncio.Event,
    ) -> None:
        self._store = store
        self._clock = clock
        self._calls = calls
        self._on_call = on_call
        self._interpreters = interpreters
        self._provider = provider
        self._failed = failed
        self._ring_seconds = ring_seconds
        self._work = work
        self._called_back: dict[ContactId, tuple[Words, int]] = {}
        self._dialled: list[tuple[LegRow, str]] = []
        self._over: list[LegRow] = []
        self._noting = asyncio.Lock()

    async def run(self) -> None:
        """Until cancelled."""
        await self._provider.prepare()
        try:
            while True:
                self._work.clear()
                try:
                    await self.round()
                except OUTAGES as error:
                    structlog.get_logger().error("dialler_waits", exc_info=error)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(ROUND_SECONDS):
                        await self._work.wait()
        finally:
            await self._provider.close()

    async def round(self) -> int:
        """Do what is to be done now, all at once; how much it was."""
        await self._note()
        now = epoch_seconds(self._clock.now())
        self._called_back = {one: kept for one, kept in self._called_back.items() if kept[1] > now}
        async with self._store.read() as conn:  # looking takes no lock from those who write
            if not await self._calls.any_legs_wait(conn, now, self._called_back):
                return 0
        async with self._store.write() as conn:
            moves = await self._calls.moves(conn, now, again_at=now + PROMISE_SECONDS)
            legs = await self._calls.waiting_legs(conn, now, MOST_AT_ONCE, self._called_back)
            await self._calls.promise(conn, {leg.id: now + _patience(leg) for leg in legs})
        numbers: dict[str, str | None] = {}
        async with self._store.read() as conn:
            for leg in legs:
                if not leg.cancel:
                    numbers[leg.id] = await self._number(conn, leg)
        await together(*(self._do(leg, numbers.get(leg.id)) for leg in legs), *(self._send(moving) for moving in moves))
        return len(legs) + len(moves)

    def will_call(self, contact: ContactId, number: Words) -> None:
        """Whoever is called back next: the number is here until it is dialled, or a few minutes have passed."""
        self._called_back[contact] = number, epoch_seconds(self._clock.now()) + NUMBER_SECONDS

    async def _do(self, leg: LegRow, number: str | None) -> None:
        if leg.cancel:
            await self._hang_up(leg)
        else:
            await self._ring(leg, number)

    async def _ring(self, leg: LegRow, number: str | None) -> None:
        if number is None or leg.tries >= MOST_TRIES:
            await self._note(over=leg)
            return
        try:
            name = await self._provider.ring(number=number, contact=leg.contact, leg=leg.id, seconds=self._ring_seconds)
            if leg.kind == LegKind.CALLER:
                self._called_back.pop(leg.contact, None)
        except RefusedByProvider:  # one bad number stops nobody else's phone
            structlog.get_logger().warning("phone_not_rung", reason="refused")
            await self._note(over=leg)
            return
        except Unreached:
            await self._again(leg, 1)
            return
        await self._note(dialled=(leg, name))

    async def _note(self, *, dialled: tuple[LegRow, str] | None = None, over: LegRow | None = None) -> None:
        """What came of a request is on disk on return. Those that come while a commit lasts share the next one.

        What could not be written stays in memory, and the next round begins with it: nobody's phone rings twice for that.
        """
        self._dialled += [] if dialled is None else [dialled]
        self._over += [] if over is None else [over]
        async with self._noting:
            if named := tuple(self._dialled):
                async with self._store.write() as conn:
                    known = await self._calls.locked_all(conn, sorted({leg.contact for leg, _ in named}))
                    names = {leg.id: name for leg, name in named if leg.contact in known}
                    await self._calls.dialled(conn, names, try_at=epoch_seconds(self._clock.now()))
                del self._dialled[: len(named)]
            if gone := tuple(self._over):
                await self._failed(gone)
                del self._over[: len(gone)]

    async def _hang_up(self, leg: LegRow) -> None:
        """A leg without a name was never rung, or is being rung by somebody who has not told us yet."""
        if leg.provider_call is None:
            if leg.tries == 0:
                await self._note(over=leg)
            return
        try:
            await self._provider.end(leg.provider_call)
        except Unreached:
            structlog.get_logger().warning("phone_not_hung_up", attempt=leg.tries)
            return
        await self._note(over=leg)

    async def _again(self, leg: LegRow, seconds: int) -> None:
        async with self._store.write() as conn:
            await self._calls.put_off(conn, leg.id, until=epoch_seconds(self._clock.now()) + seconds)

    async def _send(self, moving: Moving) -> None:
        """What cannot be sent any more has ended; its own report says so."""
        to = Link(Step.ROOM if moving.move == Move.ROOM else Step.ROOM_OVER, moving.turn)
        try:
            await self._provider.send(moving.provider_call, contact=moving.contact, link=to)
        except Unreached:
            return  # another round does
        except RefusedByProvider:
            structlog.get_logger().warning("caller_not_moved")
        async with self._store.write() as conn:
            await self._calls.moved(conn, moving)

    async def _number(self, conn: Connection, leg: LegRow) -> str | None:
        """Used once: a caller's number leaves memory when it is dialled, and stays only if nobody could be asked."""
        if leg.kind == LegKind.CALLER:
            kept = self._called_back.get(leg.contact)
            return None if kept is None else kept[0].reveal()
        try:
            if leg.kind == LegKind.INTERPRETER:
                found = await self._interpreters.number(conn, leg.staff)
                return None if found is None else found.reveal()
            return await self._on_call.number(conn, StaffId(leg.staff))
        except Unopenable:
            return None


def _patience(leg: LegRow) -> int:
    """Seconds until another may try."""
    return PROMISE_SECONDS if leg.provider_call is None else min(1 + leg.tries, LONGEST_PAUSE)
