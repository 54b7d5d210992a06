"""Urgent messages of the contact form ring the ladder like a call: a fixed sentence, no content; 1 means "I take it".

What is done stands in the database, and whoever looks next goes on: no message is lost with a process.
"""

from collections.abc import Awaitable, Callable

from contacts.calls import Calls
from contacts.urgent_calls import Rung, begin_ringing, done, rung, unrung
from hotline.call_rows import call_of, kept_after
from hotline.intake import Manner
from hotline.on_call import OnCall
from hotline.ringing import ended, ticked
from storage.clock import Clock, epoch_seconds
from storage.engine import Store
from storage.ids import ContactId, StaffId

#: An urgent message rings once; one that is older than this when we look is no news.
NEWS_SECONDS = 3600
#: Makes this person the one who has the message, unless somebody has it already.
Took = Callable[[ContactId, StaffId], Awaitable[None]]


class UrgentForms:
    """`look()` every few seconds. `changed`: there may be phones to ring."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        calls: Calls,
        on_call: OnCall,
        manner: Manner,
        took: Took,
        changed: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._calls = calls
        self._on_call = on_call
        self._manner = manner
        self._took = took
        self._changed = changed

    async def look(self) -> None:
        """Ring for those that came, hand over those that were taken, stop ringing for those taken at the desk."""
        now = epoch_seconds(self._clock.now())
        async with self._store.read() as conn:
            new = await unrung(conn, since=now - NEWS_SECONDS)
            known = await rung(conn)
        for contact in new:
            await self._ring(contact, now)
        for one in known:
            await self._settle(one, now)

    async def _ring(self, contact: ContactId, now: int) -> None:
        async with self._store.write() as conn:
            if not await begin_ringing(conn, contact, now):
                return
            before = await self._calls.locked(conn, contact)
            if before is None:
                return
            call = ticked(call_of(before), now, self._manner.around(await self._on_call.candidates(conn)))
            await self._calls.store(conn, before, kept_after(before, call, now))
        self._changed()

    async def _settle(self, one: Rung, now: int) -> None:
        if one.over and one.taken_by is not None and one.waits:
            await self._took(one.contact, one.taken_by)
        if one.waits and not one.over:
            return  # it rings
        async with self._store.write() as conn:
            before = await self._calls.locked(conn, one.contact)
            if before is not None:
                after = ended(call_of(before), now)
                await self._calls.store(conn, before, kept_after(before, after, before.call.seen_at))
            await done(conn, one.contact, now)
        self._changed()
