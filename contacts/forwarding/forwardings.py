"""What leaves, from the queue to the receiver's decision. The database checks the permission at each step (promise P2).

The one delivery path: `mark_sent`, commit, then transmit; whoever transmits reads only rows that are `sent`.
"""

from typing import Any

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.audit import Action, Audit
from contacts.forwarding.consent import (
    ConsentId,
    Denial,
    Denied,
    EmergencyId,
    ForwardingId,
    Moved,
    Outcome,
)
from contacts.forwarding.forwarding import WITH_PAYLOAD, Forwarding, Notice, forwarding_of, notice_of
from contacts.forwarding.proposing import NoProposals, Proposing
from contacts.forwarding.refused import heeding
from contacts.forwarding.tables import consents, emergencies, forwardings, notices
from contacts.forwarding.wishes import unshared
from contacts.forwarding.withdrawing import destroy_waiting
from contacts.holds import sending_held
from contacts.organisations.organisation import Channel
from contacts.people import KEY_HOLDERS
from contacts.session import Session
from contacts.tables_log import contacts
from storage.clock import Clock, epoch_seconds
from storage.ids import ContactId, StaffId, new_id

_EXACTLY = ("contact", "organisation", "scope", "fields", "digest")
_ARRIVED = (Moved.SENT, Moved.ACKNOWLEDGED)
_TIMES = {
    Moved.FAILED: "failed_at",
    Moved.ACKNOWLEDGED: "acknowledged_at",
    Moved.ACCEPTED: "decided_at",
    Moved.DECLINED: "decided_at",
}


class Forwardings:
    """Every method works inside the caller's transaction."""

    def __init__(self, *, clock: Clock, audit: Audit, proposing: Proposing | None = None) -> None:
        self._clock = clock
        self._audit = audit
        self._proposing = proposing or NoProposals()

    # -- out

    async def queue(
        self, conn: AsyncConnection, consent: ConsentId, *, channel: Channel, by: Session, told_to: int | None = None
    ) -> ForwardingId:
        """Exactly what was consented to, to exactly that organisation. Raises `Denied`: not_there, not_live.

        What is to be sent goes into the outbox in the same transaction.
        """
        query = select(*(consents.c[name] for name in _EXACTLY)).where(consents.c.id == consent)
        return await self._queued(conn, query, {"consent": consent}, channel=channel, by=by, told_to=told_to)

    async def queue_emergency(
        self,
        conn: AsyncConnection,
        emergency: EmergencyId,
        *,
        channel: Channel,
        by: Session,
        told_to: int | None = None,
    ) -> ForwardingId:
        """The same because of an emergency, within 24 hours of it. Raises `Denied`: not_there, not_live."""
        query = select(*(emergencies.c[name] for name in _EXACTLY)).where(emergencies.c.id == emergency)
        return await self._queued(conn, query, {"emergency": emergency}, channel=channel, by=by, told_to=told_to)

    async def spoken(
        self, conn: AsyncConnection, consent: ConsentId, *, by: Session, told_to: int | None = None
    ) -> ForwardingId:
        """The operator told it on the telephone: queued and sent at once. Raises `Denied`: not_there, not_live."""
        told = await self.queue(conn, consent, channel=Channel.SPOKEN, by=by, told_to=told_to)
        await self._said(conn, told)
        return told

    async def spoken_emergency(
        self, conn: AsyncConnection, emergency: EmergencyId, *, by: Session, told_to: int | None = None
    ) -> ForwardingId:
        """The same in an emergency. Raises `Denied`: not_there, not_live."""
        told = await self.queue_emergency(conn, emergency, channel=Channel.SPOKEN, by=by, told_to=told_to)
        await self._said(conn, told)
        return told

    async def mark_sent(self, conn: AsyncConnection, forwarding: ForwardingId) -> bool:
        """Whether it may be transmitted now: only after this transaction has been committed, and once.

        False: it is not queued (any more), sending is held back, the person does not wish to share; or its consent has
        lapsed, and nothing of it is left to transmit. On PostgreSQL a withdrawal under way is waited for.
        """
        row = await self._locked(conn, forwarding)
        if row is None or row["state"] not in (Moved.QUEUED, Moved.FAILED) or await sending_held(conn):
            return False
        if row["consent"] is not None and await unshared(conn, row["contact"]):
            return False
        at = max(self._now(), row["queued_at"], row["sent_at"] or 0)
        try:
            async with heeding(conn):
                await self._move(conn, forwarding, state=Moved.SENT, sent_at=at, outcome=None)
        except Denied:
            await self._lapse(conn, row)
            return False
        await self._proposing.sent(conn, row["contact"], forwarding)
        await self._record(conn, row["contact"], Moved.SENT)
        return True

    async def mark_failed(
        self, conn: AsyncConnection, forwarding: ForwardingId, outcome: Outcome = Outcome.NOT_DELIVERED
    ) -> bool:
        """It did not arrive, or nobody can say. False: it stands elsewhere by now, withdrawn for one."""
        return await self._step(conn, forwarding, (Moved.QUEUED, Moved.SENT), Moved.FAILED, outcome=outcome)

    async def take_back(self, conn: AsyncConnection, forwarding: ForwardingId, *, by: Session) -> bool:
        """The operator stops what was not handed to transmission; the consent lives on. False: it was too late."""
        row = await self._locked(conn, forwarding)
        if row is None or row["state"] != Moved.QUEUED:
            return False
        await self._withdrawn(conn, row, Outcome.TAKEN_BACK)
        await self._record(conn, row["contact"], Moved.WITHDRAWN, by.staff_id)
        return True

    async def lapse(self, conn: AsyncConnection) -> int:
        """Take away everything queued whose consent is over; how many. For a sweep."""
        query = (
            select(forwardings.c.id)
            .outerjoin(consents, consents.c.id == forwardings.c.consent)
            .where(forwardings.c.state == Moved.QUEUED, consents.c.until <= self._now())
            .order_by(forwardings.c.id)
        )
        gone = 0
        for found in (await conn.execute(query)).scalars().all():
            row = await self._locked(conn, ForwardingId(found))
            if row is not None and row["state"] == Moved.QUEUED:
                await self._lapse(conn, row)
                gone += 1
        return gone

    # -- what the receiver says

    async def acknowledged(self, conn: AsyncConnection, forwarding: ForwardingId, *, by: Session) -> bool:
        """They have it. False: it is not on its way."""
        return await self._step(conn, forwarding, (Moved.SENT,), Moved.ACKNOWLEDGED, by=by)

    async def accepted(self, conn: AsyncConnection, forwarding: ForwardingId, *, by: Session) -> bool:
        """They take the person on. False: it is not with them."""
        return await self._step(conn, forwarding, _ARRIVED, Moved.ACCEPTED, by=by)

    async def declined(self, conn: AsyncConnection, forwarding: ForwardingId, outcome: Outcome, *, by: Session) -> bool:
        """They do not. False: it is not with them."""
        return await self._step(conn, forwarding, _ARRIVED, Moved.DECLINED, outcome=outcome, by=by)

    # -- notices of withdrawal

    async def notices(self, conn: AsyncConnection, *states: Moved, limit: int = 50) -> list[Notice]:
        """Those in these states (queued, when none is named), oldest first."""
        query = (
            select(notices, forwardings.c.channel, forwardings.c.organisation)
            .join(forwardings, forwardings.c.id == notices.c.forwarding)
            .where(notices.c.state.in_(states or (Moved.QUEUED,)))
            .order_by(notices.c.queued_at, notices.c.forwarding)
            .limit(limit)
        )
        return [notice_of(row) for row in await conn.execute(query)]

    async def notice_sent(self, conn: AsyncConnection, forwarding: ForwardingId) -> bool:
        """Whether the notice may be transmitted now, or again after it failed: only after this is committed, and once."""
        if await sending_held(conn):
            return False
        waiting = notices.c.state.in_((Moved.QUEUED, Moved.FAILED))
        mine = update(notices).where(notices.c.forwarding == forwarding, waiting)
        done = await conn.execute(mine.values(state=Moved.SENT.value, sent_at=self._now()))
        return done.rowcount == 1

    async def notice_failed(self, conn: AsyncConnection, forwarding: ForwardingId) -> bool:
        """It did not arrive, or nobody can say."""
        mine = update(notices).where(notices.c.forwarding == forwarding, notices.c.state != Moved.FAILED)
        return (await conn.execute(mine.values(state=Moved.FAILED.value, failed_at=self._now()))).rowcount == 1

    # -- reading

    async def find(self, conn: AsyncConnection, forwarding: ForwardingId) -> Forwarding | None:
        """One of them."""
        row = (await conn.execute(WITH_PAYLOAD.where(forwardings.c.id == forwarding))).mappings().one_or_none()
        return None if row is None else forwarding_of(row)

    async def of_contact(self, conn: AsyncConnection, contact: ContactId) -> list[Forwarding]:
        """Everything of a contact, oldest first."""
        query = WITH_PAYLOAD.where(forwardings.c.contact == contact).order_by(forwardings.c.queued_at, forwardings.c.id)
        return [forwarding_of(row) for row in (await conn.execute(query)).mappings()]

    async def in_state(
        self, conn: AsyncConnection, state: Moved, *, channel: Channel | None = None, limit: int = 50
    ) -> list[Forwarding]:
        """Those that stand so, oldest first: what the transmitter asks for."""
        query = WITH_PAYLOAD.where(forwardings.c.state == state.value)
        if channel is not None:
            query = query.where(forwardings.c.channel == channel.value)
        found = await conn.execute(query.order_by(forwardings.c.queued_at, forwardings.c.id).limit(limit))
        return [forwarding_of(row) for row in found.mappings()]

    # -- inside

    async def _queued(
        self,
        conn: AsyncConnection,
        query: Any,
        because: dict[str, str],
        *,
        channel: Channel,
        by: Session,
        told_to: int | None,
    ) -> ForwardingId:
        if by.role not in KEY_HOLDERS:
            raise Denied(Denial.NOT_ALLOWED)
        row = (await conn.execute(query)).mappings().one_or_none()
        if row is None or row["organisation"] is None or row["digest"] is None:
            raise Denied(Denial.NOT_THERE)
        if "consent" in because and await unshared(conn, row["contact"]):
            raise Denied(Denial.NOT_LIVE)
        await conn.execute(
            select(contacts.c.id).where(contacts.c.id == row["contact"]).with_for_update(read=True, key_share=True)
        )
        forwarding = ForwardingId(new_id())
        try:
            async with heeding(conn):
                await conn.execute(
                    insert(forwardings).values(
                        **row,
                        **because,
                        id=forwarding,
                        channel=channel.value,
                        told_to=told_to,
                        queued_by=by.staff_id,
                        state=Moved.QUEUED.value,
                        queued_at=self._now(),
                    )
                )
        except Denied:
            raise Denied(Denial.NOT_LIVE) from None
        await self._record(conn, row["contact"], Moved.QUEUED, by.staff_id)
        return forwarding

    async def _said(self, conn: AsyncConnection, told: ForwardingId) -> None:
        if not await self.mark_sent(conn, told):
            raise Denied(Denial.NOT_LIVE)

    async def _step(
        self,
        conn: AsyncConnection,
        forwarding: ForwardingId,
        steps_from: tuple[Moved, ...],
        to: Moved,
        *,
        outcome: Outcome | None = None,
        by: Session | None = None,
    ) -> bool:
        row = await self._locked(conn, forwarding)
        if row is None or row["state"] not in steps_from:
            return False
        at = max(self._now(), row["queued_at"], row["sent_at"] or 0)
        await self._move(conn, forwarding, state=to, outcome=outcome, **{_TIMES[to]: at})
        await self._record(conn, row["contact"], to, None if by is None else by.staff_id)
        return True

    async def _lapse(self, conn: AsyncConnection, row: RowMapping) -> None:
        await self._withdrawn(conn, row, Outcome.CONSENT_LAPSED)
        await self._record(conn, row["contact"], Moved.WITHDRAWN)

    async def _withdrawn(self, conn: AsyncConnection, row: RowMapping, outcome: Outcome) -> None:
        await destroy_waiting(conn, [ForwardingId(row["id"])])
        at = max(self._now(), row["queued_at"], row["sent_at"] or 0)
        await self._move(conn, ForwardingId(row["id"]), state=Moved.WITHDRAWN, withdrawn_at=at, outcome=outcome)
        await self._proposing.dropped(conn, ForwardingId(row["id"]))

    async def _locked(self, conn: AsyncConnection, forwarding: ForwardingId) -> RowMapping | None:
        query = select(forwardings).where(forwardings.c.id == forwarding).with_for_update()
        return (await conn.execute(query)).mappings().one_or_none()

    async def _move(self, conn: AsyncConnection, forwarding: ForwardingId, **values: Any) -> None:
        await conn.execute(update(forwardings).where(forwardings.c.id == forwarding).values(**values))

    async def _record(
        self, conn: AsyncConnection, contact: ContactId, state: Moved, actor: StaffId | None = None
    ) -> None:
        await self._audit.append(conn, Action.FORWARDING, actor=actor, contact=contact, detail=state)

    def _now(self) -> int:
        return epoch_seconds(self._clock.now())
