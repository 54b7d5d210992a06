"""Offers visitors to operators. One process at a time (a lease); the contact's locked row is the judge all the same."""

import asyncio
import contextlib
from functools import partial

from chat import conversation
from chat.live import Live
from chat.waiting_line import Offer, OnDuty, Waiting, offers
from contacts.committer import Committer, Unit
from contacts.contact import Contact, Refused, State
from contacts.log import Log
from duty.availability import Present, Status
from duty.presence import Presence
from storage.bus import Bus
from storage.clock import Clock, epoch_seconds
from storage.engine import OUTAGES, Store
from storage.ids import StaffId, new_id
from storage.leases import held

#: Without any signal the line is looked at this often.
SWEEP_SECONDS = 2.0
LEASE = "assigner"
LEASE_SECONDS = 10


class Assigner:
    """Looks at the line after every change and at intervals."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        log: Log,
        committer: Committer,
        presence: Presence,
        live: Live,
        bus: Bus,
        presence_topic: str,
    ) -> None:
        self._store = store
        self._clock = clock
        self._log = log
        self._committer = committer
        self._presence = presence
        self._me = new_id()
        self._look = asyncio.Event()
        live.on_moved(lambda _moved: self._look.set())
        bus.subscribe(presence_topic, lambda _payload: self._look.set())

    async def run(self) -> None:
        """Assign until cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SWEEP_SECONDS):
                    await self._look.wait()
            self._look.clear()
            try:
                await self.assign()
            except OUTAGES:  # the database is away: those who wait keep their place, the next round tries again
                await asyncio.sleep(SWEEP_SECONDS)

    async def assign(self) -> list[Offer]:
        """One round. Answers the offers that were made."""
        line = await self._log.waiting()
        if not line:
            return []
        now = epoch_seconds(self._clock.now())
        if not await held(self._store, name=LEASE, holder=self._me, now=now, seconds=LEASE_SECONDS):
            return []
        if await self._lapse(line, now):
            line = await self._log.waiting()
        return [offer for offer in await self._plan(line) if await self._make(offer)]

    async def _lapse(self, line: list[Contact], now: int) -> bool:
        """Take back offers that nobody answered; who missed one is away until they say otherwise."""
        late = [contact for contact in line if contact.offer_until is not None and contact.offer_until <= now]
        for contact in late:
            outcome = await self._committer.submit(Unit(contact.id, conversation.offer_lapsed))
            missed_by = outcome.contact.missed_by
            if outcome.contact.state is State.WAITING and missed_by is not None:
                async with self._store.write() as conn:
                    await self._presence.changed(conn, missed_by, Status.away)
        return bool(late)

    async def _plan(self, line: list[Contact]) -> list[Offer]:
        async with self._store.read() as conn:
            present = await self._presence.present(conn)
        load: dict[StaffId, int] = {}
        for contact in await self._log.active():
            if contact.operator is not None:
                load[contact.operator] = load.get(contact.operator, 0) + 1
        for contact in line:
            if contact.offered_to is not None:
                load[contact.offered_to] = load.get(contact.offered_to, 0) + 1
        waiting = [
            Waiting(contact.id, contact.language, contact.opened_at, contact.missed_by)
            for contact in line
            if contact.state is State.WAITING and contact.visitor_away_since is None
        ]
        return offers(waiting, [_on_duty(one, load) for one in present if one.status is Status.available])

    async def _make(self, offer: Offer) -> bool:
        try:
            await self._committer.submit(Unit(offer.contact, partial(conversation.offered, staff=offer.staff)))
        except Refused:  # gone, or taken from the line meanwhile
            return False
        return True


def _on_duty(one: Present, load: dict[StaffId, int]) -> OnDuty:
    return OnDuty(one.staff_id, one.languages, load.get(one.staff_id, 0), one.capacity)
