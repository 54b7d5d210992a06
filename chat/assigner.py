"""Offers visitors to operators. One process at a time (a lease); the contact's locked row is the judge all the same.

The lease's fence is checked inside the transaction of each offer: an assigner that slept past its lease offers nobody.
"""

import asyncio
import contextlib
from functools import partial

from chat import conversation
from chat.live import Live
from chat.waiting_line import Offer, OnDuty, Waiting, offers
from contacts.assignments import Assignment, explain
from contacts.committer import Committer, Unit
from contacts.contact import Contact, Refusal, Refused, State
from contacts.log import Log
from duty.availability import Status
from duty.closing import Phase
from duty.opening import Duty
from duty.presence import Presence
from storage.bus import Bus
from storage.clock import Clock, epoch_seconds
from storage.engine import OUTAGES, Connection, Store
from storage.ids import ContactId, new_id
from storage.leases import fenced, held
from storage.together import together

#: Without any signal the line is looked at this often.
SWEEP_SECONDS = 2.0
LEASE = "assigner"
LEASE_SECONDS = 10
#: Minutes of conversation in this time, in seconds, decide between operators with as many conversations.
LATELY = 3600


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
        duty: Duty,
        live: Live,
        bus: Bus,
        presence_topic: str,
    ) -> None:
        self._store = store
        self._clock = clock
        self._log = log
        self._committer = committer
        self._presence = presence
        self._duty = duty
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
        fence = await held(self._store, name=LEASE, holder=self._me, seconds=LEASE_SECONDS)
        if fence is None:
            return []
        now = epoch_seconds(self._clock.now())
        if await self._lapse(line, now):
            line = await self._log.waiting()
        planned = await self._plan(line, now)
        made = await together(*(self._make(offer, fence, now) for offer in planned))
        return [offer for offer, done in zip(planned, made, strict=True) if done]

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

    async def _plan(self, line: list[Contact], now: int) -> list[Offer]:
        closing = await self._duty.phases()
        closed = closing is not None and closing.phase is Phase.grace
        waiting = [
            _waiting(contact)
            for contact in line
            if contact.state is State.WAITING
            and contact.visitor_away_since is None
            and not (closed and contact.waited is None)  # at closing nobody starts; who was being answered goes on
        ]
        if not waiting:
            return []
        async with self._store.read() as conn:
            present = await self._presence.present(conn)
            load = await self._log.loads(conn)
            minutes = await self._log.minutes(conn, now - LATELY, now)
        on_duty = [
            OnDuty(one.staff_id, one.languages, load.get(one.staff_id, 0), one.capacity, minutes.get(one.staff_id, 0))
            for one in present
            if one.status is Status.available
        ]
        return offers(waiting, on_duty, now)

    async def _make(self, offer: Offer, fence: int, now: int) -> bool:
        assignment = Assignment(
            contact=offer.contact,
            staff=offer.staff,
            at=now,
            why=offer.why,
            eligible=offer.eligible,
            same_language=offer.same_language,
        )

        async def still_mine(conn: Connection, _contact: ContactId) -> None:
            if not await fenced(conn, name=LEASE, fence=fence):
                raise Refused(Refusal.UNAVAILABLE)

        async def explained(conn: Connection, _contact: ContactId) -> None:
            await explain(conn, assignment)

        rule = partial(conversation.offered, staff=offer.staff)
        try:
            await self._committer.submit(Unit(offer.contact, rule, guard=still_mine, also=explained))
            if offer.overtook is not None:
                await self._committer.submit(Unit(offer.overtook, conversation.overtaken))
        except Refused:  # gone, or taken from the line meanwhile; or another process assigns by now
            return False
        return True


def _waiting(contact: Contact) -> Waiting:
    return Waiting(
        contact=contact.id,
        language=contact.language,
        since=contact.opened_at,
        missed_by=contact.missed_by,
        missed_at=contact.missed_at,
        danger=contact.danger,
        overtaken=contact.overtaken,
    )
