"""Calls, from the database's side: what a report, passing time or somebody at the desk does to them.

The answer to a report is kept with the report's name, so that the same report, sent again, gets the same answer and changes
nothing (`hotline.intake`).
"""

from collections.abc import Awaitable, Callable, Sequence

from contacts.calls import Calls, LegRow
from hotline.call import heard
from hotline.call_rows import call_of, kept_after
from hotline.call_state import Event, LegState, Surroundings
from hotline.intake import Intake, Manner
from hotline.on_call import OnCall
from hotline.provider import Unreached
from hotline.reports import Report
from hotline.ringing import ended, rung_from_desk, ticked
from hotline.twiml import Twiml
from hotline.verbs import Step
from storage.bus import Bus
from storage.clock import Clock, epoch_seconds
from storage.engine import Connection, Store
from storage.ids import ContactId, StaffId, new_id

#: Bus topic: a call rings, was answered, moved or ended. Payload: nothing; whoever wants to know reads the calls.
TOPIC = "calls"
#: Asks the provider whether a call has ended. Raises `Unreached`.
AskOver = Callable[[str], Awaitable[bool]]


class Switchboard:
    """Use cases of the telephone's door. `changed` is called after each commit: there may be phones to ring."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        bus: Bus,
        calls: Calls,
        on_call: OnCall,
        twiml: Twiml,
        manner: Manner,
        changed: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._bus = bus
        self._calls = calls
        self._on_call = on_call
        self._manner = manner
        self._changed = changed
        self._intake = Intake(store=store, calls=calls, on_call=on_call, twiml=twiml, manner=manner, told=self._told)

    def contact_of(self, provider_call: str) -> ContactId:
        """The contact's id, from the provider's name of the call: known also while the database is away."""
        return self._intake.contact_of(provider_call)

    async def reported(self, report: Report, *, at: int | None = None, ring: bool = True) -> str:
        """What its leg is told, as a document. `at`: when it was reported, if not now; `ring` False: reconciled later.

        Raises `Foreign`, `Stale`; errors of the store when it is away.
        """
        now = epoch_seconds(self._clock.now()) if at is None else at
        return await self._intake.taken(report, now, ring=ring)

    async def legs_failed(self, legs: Sequence[LegRow]) -> None:
        """These phones could not be rung at all, or were hung up: as if each had rung in vain."""
        async with self._store.write() as conn:
            before = await self._calls.locked_all(conn, sorted({leg.contact for leg in legs}))
            now, after = epoch_seconds(self._clock.now()), dict(before)
            candidates = await self._on_call.candidates(conn)
            for leg in legs:
                if leg.contact not in after:
                    continue
                kept = after[leg.contact]
                event = Event(step=Step.LEG_STATUS, leg=leg.id, status=LegState.OVER)
                turn = heard(call_of(kept), event, now, self._manner.around(candidates))
                after[leg.contact] = kept_after(kept, turn.call, kept.call.seen_at)
            await self._calls.store_all(conn, [(kept, after[contact]) for contact, kept in before.items()])
        await self._told()

    async def answered_at_desk(self, contact: ContactId, staff: StaffId) -> bool:
        """Ring the own phone of somebody who pressed Answer; False when the call waits for nobody any more."""
        until = epoch_seconds(self._clock.now()) + self._manner.ring_seconds
        async with self._store.write() as conn:
            before = await self._calls.locked(conn, contact)
            call = None if before is None else rung_from_desk(call_of(before), staff, new_id(), until)
            if before is None or call is None:
                return False
            await self._calls.store(conn, before, kept_after(before, call, before.call.seen_at))
        await self._told()
        return True

    async def tick(self, silence_seconds: int) -> int:
        """Move calls whose rung is over, end those the provider has forgotten. How many were looked at."""
        now = epoch_seconds(self._clock.now())
        async with self._store.read() as conn:
            due = await self._calls.due(conn, now, now - silence_seconds)
        for contact in due:
            async with self._store.write() as conn:
                before = await self._calls.locked(conn, contact)
                if before is None:
                    continue
                call = call_of(before)
                if before.call.seen_at <= now - silence_seconds:
                    after = ended(call, now)
                else:
                    after = ticked(call, now, await self._around(conn))
                await self._calls.store(conn, before, kept_after(before, after, before.call.seen_at))
        if due:
            await self._told()
        return len(due)

    async def look_after(self, is_over: AskOver, silence_seconds: int) -> None:
        """Ask the provider about talks that may have ended unheard; those that go on are asked about again later."""
        now = epoch_seconds(self._clock.now())
        async with self._store.read() as conn:
            silent = await self._calls.silent_talks(conn, now - silence_seconds)
        for contact, provider_call in silent:
            try:
                over = await is_over(provider_call)
            except Unreached:
                over = False
            async with self._store.write() as conn:
                await self._calls.seen(conn, contact, now)
                before = await self._calls.locked(conn, contact)
                if over and before is not None:
                    await self._calls.store(conn, before, kept_after(before, ended(call_of(before), now), now))
            await self._told()

    async def _around(self, conn: Connection) -> Surroundings:
        return self._manner.around(await self._on_call.candidates(conn))

    async def _told(self) -> None:
        self._changed()
        await self._bus.publish(TOPIC, b"")
