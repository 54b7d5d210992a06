"""Finds what no event tells: people who are not there any more, a worker process that died, the end of the opening hours."""

from functools import partial

from chat import absence, drain
from chat.grace import grace_end
from contacts.committer import Committer, Decide, Unit
from contacts.contact import Author, Contact, Refused, State
from contacts.log import Log
from contacts.visitor_keys import VisitorKeys
from duty.availability import State as Availability
from duty.closing import Closing, Phase
from duty.opening import Duty
from duty.presence import Presence
from storage.clock import Clock, epoch_seconds
from storage.engine import Store
from storage.ids import ContactId, StaffId

#: How often visitors are looked at, in seconds.
EVERY_SECONDS = 10.0
#: How often operators and the clock on the wall are looked at, in seconds.
WATCH_SECONDS = 2.0
#: A connected visitor is noted to the minute, every 20 s; silent for longer than this, the worker that served them died.
VISITOR_SILENT_SECONDS = 150
#: An operator whose desk was last alive so long ago is gone: the visitor is told.
OPERATOR_GONE_SECONDS = 20
_CLOSED = frozenset({Availability.closed, Availability.opening_soon})


class Sweeper:
    """Two jobs: `sweep()` and `watch()` at intervals, from any process; repeating them changes nothing."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        log: Log,
        committer: Committer,
        visitor_keys: VisitorKeys,
        presence: Presence,
        duty: Duty,
    ) -> None:
        self._store = store
        self._clock = clock
        self._log = log
        self._committer = committer
        self._visitor_keys = visitor_keys
        self._presence = presence
        self._duty = duty

    async def sweep(self) -> None:
        """Settle every live contact whose visitor is not there, and ask those who are silent."""
        active = await self._log.active()
        live = [*await self._log.waiting(), *active]
        async with self._store.read() as conn:
            seen = await self._visitor_keys.seen(conn, [contact.id for contact in live])
        for contact in live:
            await self._settle_visitor(contact, seen)
        await self._ask_the_quiet(active)
        async with self._store.write() as conn:
            await self._visitor_keys.sweep(conn, epoch_seconds(self._clock.now()))

    async def watch(self) -> None:
        """Settle every live contact whose operator is not there, and what closing brings."""
        active = await self._log.active()
        if active:
            async with self._store.read() as conn:
                alive = await self._presence.alive(conn, [one.operator for one in active if one.operator is not None])
            for contact in active:
                await self._settle_operator(contact, alive)
        await self._drain(active)

    async def _settle_visitor(self, contact: Contact, seen: dict[ContactId, int]) -> None:
        now = epoch_seconds(self._clock.now())
        if contact.visitor_away_since is not None:
            if now - contact.visitor_away_since >= absence.RESUME_WINDOW:
                await self._submit(contact.id, absence.visitor_silent)
        elif now - seen.get(contact.id, 0) > VISITOR_SILENT_SECONDS:
            await self._submit(contact.id, absence.visitor_lost)

    async def _settle_operator(self, contact: Contact, alive: dict[StaffId, int]) -> None:
        if contact.operator is None:
            return
        now = epoch_seconds(self._clock.now())
        if contact.operator_away_since is not None:
            if now - contact.operator_away_since >= absence.REPLACED_AFTER:
                await self._submit(contact.id, absence.operator_gone)
            return
        last = alive.get(contact.operator, contact.accepted_at or contact.opened_at)
        if now - last >= OPERATOR_GONE_SECONDS:
            await self._submit(contact.id, partial(absence.operator_lost, staff=contact.operator, since=last))

    async def _ask_the_quiet(self, active: list[Contact]) -> None:
        """Who has not answered the worker for long. Nobody is asked who waits for the worker's answer."""
        now = epoch_seconds(self._clock.now())
        old = [one for one in active if now - (one.accepted_at or now) >= drain.QUIET_AFTER]
        spoken = await self._log.newest_messages([one.id for one in old]) if old else {}
        for contact in old:
            last = spoken.get(contact.id)
            since = max(contact.accepted_at or 0, last.at if last is not None else 0, contact.quiet_since or 0)
            if (last is None or last.by is Author.WORKER) and now - since >= drain.QUIET_AFTER:
                await self._submit(contact.id, partial(drain.visitor_quiet, since=since))

    async def _drain(self, active: list[Contact]) -> None:
        """Tell running conversations before the grace ends; settle the line when we have closed."""
        now = epoch_seconds(self._clock.now())
        closing = await self._duty.phases()
        for contact in active:
            until = grace_end(contact, closing)
            if until is not None and now < until:
                await self._submit_if_new(contact, partial(drain.closing_told, until=until), now)
        if await self._has_closed(closing):
            for contact in await self._log.waiting():
                if contact.state is State.WAITING and self._hopeless(contact, closing, now):
                    await self._submit(contact.id, drain.visitor_unserved)

    async def _has_closed(self, closing: Closing | None) -> bool:
        """Whether the hours are over. Not known is not over."""
        if closing is not None:
            return closing.phase is Phase.grace
        return (await self._duty.availability("")).state in _CLOSED

    def _hopeless(self, contact: Contact, closing: Closing | None, now: int) -> bool:
        """Nobody comes any more: at once for who was never answered, at the end of the grace for whose worker is gone."""
        return contact.waited is None or now >= (grace_end(contact, closing) or 0)

    async def _submit_if_new(self, contact: Contact, rule: Decide, now: int) -> None:
        if rule(contact, now).contact is not contact:
            await self._submit(contact.id, rule)

    async def _submit(self, contact: ContactId, rule: Decide) -> None:
        try:
            await self._committer.submit(Unit(contact, rule))
        except Refused:  # moved on meanwhile, or storage is away: the next sweep looks again
            return
