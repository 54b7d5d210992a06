"""Takes what is queued to the mail, at most once: mark `sent`, commit, and only then transmit.

Whoever is killed between the two leaves a row that is `sent` with its file still in the outbox: "sent, not confirmed". No
process ever touches it again; a person finds out and says what became of it. Only when it is certain that nothing was
handed over (`NotHandedOver`) the row becomes `failed`, and may be tried again by itself for some hours.
"""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from contacts.distrust import Forged
from contacts.forwarding.age import encrypted_to
from contacts.forwarding.composing import Composer
from contacts.forwarding.consent import ForwardingId, Moved, Outcome
from contacts.forwarding.document import reference_of
from contacts.forwarding.forwarding import Forwarding, Notice
from contacts.forwarding.forwardings import Forwardings
from contacts.forwarding.payload import Receiver
from contacts.forwarding.post import Letter, NotHandedOver, Post, Reason, Unconfirmed
from contacts.forwarding.waiting import DOCUMENT, NOTICE, Waiting
from contacts.organisations.organisation import Channel, Organisation
from contacts.organisations.organisations import Organisations
from storage.clock import Clock, epoch_seconds
from storage.engine import Connection, Store
from storage.ids import OrganisationId

EVERY_SECONDS = 5.0
AT_ONCE = 20
AGAIN_AFTER = timedelta(minutes=5)
AGAIN_FOR = timedelta(hours=6)

OUTCOMES: Final = {
    Reason.UNREACHABLE: Outcome.UNREACHABLE,
    Reason.NOT_SECURE: Outcome.NOT_SECURE,
    Reason.NOT_ADMITTED: Outcome.NOT_ADMITTED,
    Reason.REFUSED: Outcome.REFUSED,
    Reason.LATER: Outcome.LATER,
    Reason.NOT_SET_UP: Outcome.NOT_SET_UP,
}
#: What may be better in five minutes.
PASSING: Final = frozenset({Outcome.UNREACHABLE, Outcome.LATER})


class Transmitter:
    """`run()` is a job behind the lease. `zone`: for the day of a withdrawal."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        forwardings: Forwardings,
        organisations: Organisations,
        waiting: Waiting,
        composer: Composer,
        post: Post,
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._clock = clock
        self._forwardings = forwardings
        self._organisations = organisations
        self._waiting = waiting
        self._composer = composer
        self._post = post
        self._zone = zone
        self._tried: dict[ForwardingId, float] = {}

    async def run(self) -> None:
        """One round: what lapsed goes away, then everything that may leave now, then notices of withdrawal."""
        async with self._store.write() as conn:
            await self._forwardings.lapse(conn)
        for one in await self._due():
            await self._send(one)
        for notice in await self._notices():
            await self._notify(notice)

    # -- documents

    async def _due(self) -> list[Forwarding]:
        now = epoch_seconds(self._clock.now())
        async with self._store.read() as conn:
            queued = await self._forwardings.in_state(conn, Moved.QUEUED, channel=Channel.EMAIL, limit=AT_ONCE)
            failed = await self._forwardings.in_state(conn, Moved.FAILED, channel=Channel.EMAIL, limit=10 * AT_ONCE)
        return queued + [one for one in failed if _again(one, now)][:AT_ONCE]

    async def _send(self, one: Forwarding) -> None:
        async with self._store.read() as conn:
            organisation = await self._destination(conn, one.organisation, one.queued_at)
        if organisation is None:
            await self._failed(one.id, Outcome.DESTINATION_CHANGED)
            return
        async with self._store.write() as conn:
            may = await self._forwardings.mark_sent(conn, one.id)
        if may:
            await self._transmit(one.id, organisation)

    async def _transmit(self, forwarding: ForwardingId, organisation: Organisation) -> None:
        """Of a row that is `sent`, committed by this very process a moment ago, and by nobody else's."""
        async with self._store.read() as conn:
            found = await self._forwardings.find(conn, forwarding)
            if found is None or found.state is not Moved.SENT:
                return  # withdrawn since
            content = await self._content(conn, forwarding, DOCUMENT)
        problem = Outcome.NOT_DELIVERED if content is None else await self._handed_over(organisation, content)
        if problem is None:
            async with self._store.write() as conn:
                await self._waiting.destroy(conn, forwarding, DOCUMENT)
        elif problem is not Outcome.UNCONFIRMED:
            await self._failed(forwarding, problem)

    async def _handed_over(self, organisation: Organisation, content: bytes) -> Outcome | None:
        """None: taken. `UNCONFIRMED`: nobody knows. Anything else: certainly not."""
        try:
            await self._post.hand_over(Letter(organisation.entry.email, content))
        except NotHandedOver as refused:
            return OUTCOMES[refused.reason]
        except Unconfirmed:
            structlog.get_logger().error("sending_unconfirmed")
            return Outcome.UNCONFIRMED
        return None

    async def _failed(self, forwarding: ForwardingId, outcome: Outcome) -> None:
        structlog.get_logger().error("sending_failed", code=outcome.value)
        async with self._store.write() as conn:
            await self._forwardings.mark_failed(conn, forwarding, outcome)

    # -- notices

    async def _notices(self) -> list[Notice]:
        oldest = epoch_seconds(self._clock.now() - AGAIN_FOR)
        async with self._store.read() as conn:
            found = await self._forwardings.notices(conn, Moved.QUEUED, Moved.FAILED, limit=10 * AT_ONCE)
        mailed = [notice for notice in found if notice.channel is Channel.EMAIL]
        return [one for one in mailed if one.state is Moved.QUEUED or self._notice_again(one, oldest)][:AT_ONCE]

    def _notice_again(self, notice: Notice, oldest: int) -> bool:
        """Whether a failed one is tried again: every few minutes for some hours."""
        last = self._tried.get(notice.forwarding)
        rested = last is None or self._clock.monotonic() - last >= AGAIN_AFTER.total_seconds()
        return notice.queued_at > oldest and rested

    async def _notify(self, notice: Notice) -> None:
        self._tried[notice.forwarding] = self._clock.monotonic()
        async with self._store.read() as conn:
            organisation = await self._destination(conn, notice.organisation)
            content = await self._content(conn, notice.forwarding, NOTICE)
        if organisation is not None and content is None:
            content = await self._noticed(notice, organisation)
        if organisation is None or content is None:
            await self._notice_failed(notice.forwarding)
            return
        async with self._store.write() as conn:
            may = await self._forwardings.notice_sent(conn, notice.forwarding)
        if not may:
            return
        problem = await self._handed_over(organisation, content)
        if problem is None:
            async with self._store.write() as conn:
                await self._waiting.destroy(conn, notice.forwarding, NOTICE)
        elif problem is not Outcome.UNCONFIRMED:
            await self._notice_failed(notice.forwarding)

    async def _noticed(self, notice: Notice, organisation: Organisation) -> bytes | None:
        """The notice, made and put into the outbox; None when it is not queued any more."""
        async with self._store.read() as conn:
            found = await self._forwardings.find(conn, notice.forwarding)
        if found is None or found.withdrawn_at is None or organisation.trusted_recipient is None:
            return None
        parcel = await self._composer.notice(
            receiver=Receiver(id=organisation.id, name=organisation.name),
            reference=reference_of(permission_of(found)),
            withdrawn_on=day_of(found.withdrawn_at, self._zone),
        )
        content = encrypted_to(organisation.trusted_recipient, parcel)
        if notice.state is Moved.QUEUED:
            async with self._store.write() as conn:
                await self._waiting.put(conn, notice.forwarding, NOTICE, content)
        return content

    async def _notice_failed(self, forwarding: ForwardingId) -> None:
        structlog.get_logger().error("notice_failed")
        async with self._store.write() as conn:
            await self._forwardings.notice_failed(conn, forwarding)

    # -- inside

    async def _content(self, conn: Connection, forwarding: ForwardingId, kind: str) -> bytes | None:
        try:
            return await self._waiting.read(conn, forwarding, kind)
        except Forged:
            return None  # the alarm has been raised

    async def _destination(
        self, conn: Connection, organisation: OrganisationId, since: int | None = None
    ) -> Organisation | None:
        """Where it may be mailed to; None when nobody vouches for address and key, or when they are newer than the file."""
        try:
            found = await self._organisations.find(conn, organisation)
        except Forged:
            return None
        mailed = found is not None and found.active and Channel.EMAIL in found.entry.channels
        if not mailed or found is None or found.verified_at is None:
            return None
        return None if since is not None and found.verified_at > since else found


def permission_of(forwarding: Forwarding) -> str:
    """The id of the consent, or of the emergency: both sides name a forwarding by it."""
    return str(forwarding.consent or forwarding.emergency)


def day_of(at: int, zone: ZoneInfo) -> str:
    """The calendar day there, YYYY-MM-DD."""
    return datetime.fromtimestamp(at, zone).date().isoformat()


def _again(one: Forwarding, now: int) -> bool:
    """Whether a failure may be tried again without anybody asking."""
    waited = one.failed_at is not None and now - one.failed_at >= AGAIN_AFTER.total_seconds()
    return one.outcome in PASSING and waited and now - one.queued_at < AGAIN_FOR.total_seconds()
