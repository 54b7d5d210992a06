"""Finds what no event tells: a worker process that died with its connections, a visitor who never came back."""

from functools import partial

from chat import conversation
from contacts.committer import Committer, Decide, Unit
from contacts.contact import Contact, Refused, State
from contacts.log import Log
from contacts.visitor_keys import VisitorKeys
from duty.presence import Presence
from storage.clock import Clock, epoch_seconds
from storage.engine import Store
from storage.ids import ContactId

#: How often, in seconds.
EVERY_SECONDS = 10.0
#: A connected visitor is noted to the minute, every 20 s; silent for longer than this, the worker that served them died.
VISITOR_SILENT_SECONDS = 150


class Sweeper:
    """A job: `sweep()` at intervals, from any process; repeating it changes nothing."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        log: Log,
        committer: Committer,
        visitor_keys: VisitorKeys,
        presence: Presence,
    ) -> None:
        self._store = store
        self._clock = clock
        self._log = log
        self._committer = committer
        self._visitor_keys = visitor_keys
        self._presence = presence

    async def sweep(self) -> None:
        """Settle every live contact whose visitor or operator is not there."""
        live = [*await self._log.waiting(), *await self._log.active()]
        async with self._store.read() as conn:
            present = {one.staff_id for one in await self._presence.present(conn)}
            seen = await self._visitor_keys.seen(conn, [contact.id for contact in live])
        for contact in live:
            await self._settle_visitor(contact, seen)
            if contact.state is State.ACTIVE and contact.operator is not None and contact.operator not in present:
                await self._submit(contact.id, partial(conversation.operator_lost, staff=contact.operator))
        async with self._store.write() as conn:
            await self._visitor_keys.sweep(conn, epoch_seconds(self._clock.now()))

    async def _settle_visitor(self, contact: Contact, seen: dict[ContactId, int]) -> None:
        now = epoch_seconds(self._clock.now())
        if contact.visitor_away_since is not None:
            if now - contact.visitor_away_since >= conversation.RESUME_WINDOW:
                await self._submit(contact.id, conversation.visitor_silent)
        elif now - seen.get(contact.id, 0) > VISITOR_SILENT_SECONDS:
            await self._submit(contact.id, conversation.visitor_lost)

    async def _submit(self, contact: ContactId, rule: Decide) -> None:
        try:
            await self._committer.submit(Unit(contact, rule))
        except Refused:  # moved on meanwhile, or storage is away: the next sweep looks again
            return
