"""What becomes of what left: for the desk of the operator whose contact it is.

Every use case begins at the guarded door, so everybody else's contact and one that is not there look the same. All raise
`contacts.contact.Refused` (not_yours, cannot_open) and `Denied`.
"""

from typing import Protocol

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.contact import Refusal, Refused
from contacts.envelopes import Unopenable
from contacts.forwarding.consent import Denial, Denied, EmergencyId, ForwardingId, Moved, Outcome
from contacts.forwarding.document import reference_of
from contacts.forwarding.forwarding import Forwarding
from contacts.forwarding.forwardings import Forwardings
from contacts.forwarding.payloads import NoPayload, Payloads
from contacts.forwarding.transmitter import permission_of
from contacts.forwarding.veil import refuse_veiled
from contacts.forwarding.waiting import DOCUMENT, Waiting
from contacts.forwarding.withdrawing import destroy_waiting
from contacts.keyring import NoKey
from contacts.openings import Opening
from contacts.organisations.organisation import Channel
from contacts.organisations.organisations import Organisations
from contacts.session import Session
from contacts.staff_keys import Closed
from contacts.words import Words
from storage.engine import Store
from storage.ids import ContactId
from storage.leases import one_at_a_time

#: As long as one of these stands, the same is not sent by the same channel again.
_STANDING = frozenset({Moved.QUEUED, Moved.SENT, Moved.ACKNOWLEDGED, Moved.ACCEPTED})
_NOTICED = (Moved.QUEUED, Moved.SENT, Moved.FAILED)
_MANY = 10_000
#: Why a receiver declines.
DECLINED = frozenset(
    {
        Outcome.CANNOT_HELP,
        Outcome.NOT_RESPONSIBLE,
        Outcome.NO_CAPACITY,
        Outcome.PERSON_UNREACHABLE,
        Outcome.PERSON_DECLINED,
        Outcome.IN_SERVICE,
        Outcome.UNREADABLE,
    }
)


class Door(Protocol):
    """What is needed of `contacts.record_door.RecordDoor`."""

    async def opening(self, session: Session, contact: ContactId) -> Opening: ...


class Standing(Struct, frozen=True, kw_only=True):
    """One forwarding as the desk shows it. `unconfirmed`: sent, and nobody knows whether it arrived."""

    forwarding: Forwarding
    organisation: str
    reference: str
    unconfirmed: bool = False
    notice: Moved | None = None


class Following:
    """The use cases, and the two checks that sending needs as well."""

    def __init__(
        self,
        *,
        store: Store,
        door: Door,
        forwardings: Forwardings,
        payloads: Payloads,
        organisations: Organisations,
        waiting: Waiting,
    ) -> None:
        self._store = store
        self._door = door
        self._forwardings = forwardings
        self._payloads = payloads
        self._organisations = organisations
        self._waiting = waiting

    async def listed(self, session: Session, contact: ContactId) -> list[Standing]:
        """Everything of a contact that left, waits or was stopped, oldest first."""
        await self._door.opening(session, contact)
        async with self._store.read() as conn:
            found = await self._forwardings.of_contact(conn, contact)
            waits = await self._waiting.waits(conn, [one.id for one in found], DOCUMENT)
            notices = {
                one.forwarding: one.state for one in await self._forwardings.notices(conn, *_NOTICED, limit=_MANY)
            }
            names = {one.id: one.name for one in (await self._organisations.believed(conn))[0]}
        return [
            Standing(
                forwarding=one,
                organisation=names.get(one.organisation, ""),
                reference=reference_of(permission_of(one)),
                unconfirmed=one.state is Moved.SENT and one.channel is Channel.EMAIL and one.id in waits,
                notice=notices.get(one.id),
            )
            for one in found
        ]

    async def told_to(self, session: Session, contact: ContactId, forwarding: ForwardingId) -> Words:
        """Who was told by telephone. Raises `Denied`: not_there."""
        opening = await self._door.opening(session, contact)
        async with self._store.read() as conn:
            found = await self.readable(conn, opening, forwarding)
            if found.told_to is None:
                raise Denied(Denial.NOT_THERE)
            try:
                return await self._payloads.read(conn, opening, found.told_to)
            except Closed:
                raise Refused(Refusal.NOT_YOURS) from None
            except NoKey:
                raise Refused(Refusal.CANNOT_OPEN) from None
            except (NoPayload, Unopenable):
                raise Denied(Denial.NOT_THERE) from None

    async def take_back(self, session: Session, contact: ContactId, forwarding: ForwardingId) -> None:
        """Stop what has not left. Raises `Denied`: not_there, already (it was too late)."""
        await self._door.opening(session, contact)
        async with self._store.write() as conn:
            await self.mine(conn, contact, forwarding)
            if not await self._forwardings.take_back(conn, forwarding, by=session):
                raise Denied(Denial.ALREADY)

    async def again(self, session: Session, contact: ContactId, forwarding: ForwardingId) -> ForwardingId:
        """Queue anew what failed, as a new forwarding of the same file.

        Raises `Denied`: not_there, not_live, already, not_asked_so (its receiver has another key or address by now, or is
        not used any more: then it is composed anew).
        """
        opening = await self._door.opening(session, contact)
        async with self._store.write() as conn:
            found = await self.readable(conn, opening, forwarding)
            if found.state is not Moved.FAILED:
                raise Denied(Denial.ALREADY)
            content = await self._waiting.read(conn, forwarding, DOCUMENT)
            if content is None:
                raise Denied(Denial.NOT_THERE)
            await self._same_receiver(conn, found)
            permission = permission_of(found)
            await self.not_twice(conn, contact, permission, found.channel)
            if found.consent is not None:
                queued = await self._forwardings.queue(conn, found.consent, channel=found.channel, by=session)
            else:
                emergency = EmergencyId(permission)
                queued = await self._forwardings.queue_emergency(conn, emergency, channel=found.channel, by=session)
            await self._waiting.put(conn, queued, DOCUMENT, content)
            await self._waiting.destroy(conn, forwarding, DOCUMENT)
        return queued

    async def did_not_arrive(self, session: Session, contact: ContactId, forwarding: ForwardingId) -> None:
        """Somebody asked: it never came. It may be sent again then. Raises `Denied`: not_there, already."""
        await self._door.opening(session, contact)
        async with self._store.write() as conn:
            await self.mine(conn, contact, forwarding)
            waits = await self._waiting.waits(conn, [forwarding], DOCUMENT)
            outcome = Outcome.UNCONFIRMED if waits else Outcome.NOT_DELIVERED
            if not await self._forwardings.mark_failed(conn, forwarding, outcome):
                raise Denied(Denial.ALREADY)

    async def reported(
        self,
        session: Session,
        contact: ContactId,
        forwarding: ForwardingId,
        state: Moved,
        outcome: Outcome | None = None,
    ) -> None:
        """What the receiver said: acknowledged, accepted or declined. Raises `Denied`: not_there, already, not_asked_so."""
        await self._door.opening(session, contact)
        async with self._store.write() as conn:
            await self.mine(conn, contact, forwarding)
            match state:
                case Moved.ACKNOWLEDGED:
                    done = await self._forwardings.acknowledged(conn, forwarding, by=session)
                case Moved.ACCEPTED:
                    done = await self._forwardings.accepted(conn, forwarding, by=session)
                case Moved.DECLINED if outcome in DECLINED:
                    done = await self._forwardings.declined(conn, forwarding, outcome, by=session)
                case _:
                    raise Denied(Denial.NOT_ASKED_SO)
            if not done:
                raise Denied(Denial.ALREADY)
            await destroy_waiting(conn, [forwarding])

    async def notice_told(self, session: Session, contact: ContactId, forwarding: ForwardingId) -> None:
        """The operator has told the receiver of a withdrawal by telephone. Raises `Denied`: not_there, already."""
        await self._door.opening(session, contact)
        async with self._store.write() as conn:
            await self.mine(conn, contact, forwarding)
            if not await self._forwardings.notice_sent(conn, forwarding):
                raise Denied(Denial.ALREADY)
            await destroy_waiting(conn, [forwarding])

    async def _same_receiver(self, conn: AsyncConnection, found: Forwarding) -> None:
        """The file was encrypted when `found` was queued: nobody vouches for a key that was given up since."""
        receiver = await self._organisations.find(conn, found.organisation)
        used = receiver is not None and receiver.active and found.channel in receiver.entry.channels
        changed = receiver is None or receiver.verified_at is None or receiver.verified_at > found.queued_at
        if not used or (found.channel is Channel.EMAIL and changed):
            raise Denied(Denial.NOT_ASKED_SO)

    # -- for sending as well

    async def mine(self, conn: AsyncConnection, contact: ContactId, forwarding: ForwardingId) -> Forwarding:
        """A forwarding of this contact. Raises `Denied`: not_there."""
        found = await self._forwardings.find(conn, forwarding)
        if found is None or found.contact != contact:
            raise Denied(Denial.NOT_THERE)
        return found

    async def readable(self, conn: AsyncConnection, opening: Opening, forwarding: ForwardingId) -> Forwarding:
        """The same, where this reader may know what it says. Raises `Denied`: not_there."""
        found = await self.mine(conn, opening.contact, forwarding)
        await refuse_veiled(conn, opening, found.queued_by)
        return found

    async def not_twice(self, conn: AsyncConnection, contact: ContactId, permission: str, channel: Channel) -> None:
        """Nobody else queues this now, and it is not on its way by this channel. Raises `Denied`: already."""
        await one_at_a_time(conn, f"forwarding {permission}")
        for one in await self._forwardings.of_contact(conn, contact):
            if permission_of(one) == permission and one.channel is channel and one.state in _STANDING:
                raise Denied(Denial.ALREADY)
