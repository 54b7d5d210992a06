"""Sending what was agreed to: seen first, exactly as it will be received, then handed to one channel. For the desk.

Every use case begins at the guarded door (an audited opening of one's own contact) and ends at the gate in the database.
All raise `contacts.contact.Refused` (not_yours, cannot_open) and `Denied`.
"""

from msgspec import Struct

from contacts.contact import Refusal, Refused
from contacts.forwarding.age import NoRecipient, PassphraseLock, encrypted_to
from contacts.forwarding.composing import Composer, Preview
from contacts.forwarding.consent import AskId, Denial, Denied, EmergencyId, ForwardingId, Moved
from contacts.forwarding.following import Door, Following
from contacts.forwarding.forwardings import Forwardings
from contacts.forwarding.payload import Item, parsed
from contacts.forwarding.payloads import Payloads
from contacts.forwarding.permitted import Allowed, Permitted
from contacts.forwarding.proposing import NoProposals, Proposing
from contacts.forwarding.waiting import DOCUMENT, Waiting
from contacts.organisations.organisation import Channel, Organisation
from contacts.organisations.organisations import Organisations
from contacts.passphrase import WordList
from contacts.session import Session
from contacts.staff_keys import Closed
from contacts.words import Words
from storage.engine import Store
from storage.ids import ContactId

LONGEST_TOLD = 200


class Queued(Struct, frozen=True):
    """What was put on its way. `passphrase`: to be told by telephone, shown this once and kept nowhere."""

    forwarding: ForwardingId
    passphrase: Words | None = None


class ToTell(Struct, frozen=True):
    """What the operator may read out."""

    organisation: str
    items: tuple[Item, ...]
    summary: str


class Sending:
    """The use cases."""

    def __init__(
        self,
        *,
        store: Store,
        door: Door,
        permitted: Permitted,
        following: Following,
        forwardings: Forwardings,
        payloads: Payloads,
        organisations: Organisations,
        composer: Composer,
        waiting: Waiting,
        lock: PassphraseLock,
        words: WordList,
        proposing: Proposing | None = None,
    ) -> None:
        self._store = store
        self._door = door
        self._permitted = permitted
        self._following = following
        self._forwardings = forwardings
        self._payloads = payloads
        self._organisations = organisations
        self._composer = composer
        self._waiting = waiting
        self._lock = lock
        self._words = words
        self._proposing = proposing or NoProposals()

    # -- before anything leaves

    async def preview(self, session: Session, contact: ContactId, permission: str) -> Preview:
        """The very bytes that will be received because of this consent or emergency.

        Raises `Denied`: not_there, not_live; `contacts.forwarding.apart.Failed` when it cannot be set.
        """
        opening = await self._door.opening(session, contact)
        allowed, octets = await self._permitted.allowed(opening, permission)
        return await self._composer.preview(octets, allowed.cover)

    async def preview_ask(self, session: Session, contact: ContactId, ask: AskId) -> Preview:
        """What a question is about, as it would be received. Raises `Denied`: not_there; `Failed`."""
        opening = await self._door.opening(session, contact)
        cover, octets = await self._permitted.asked(opening, ask)
        return await self._composer.preview(octets, cover)

    async def to_tell(self, session: Session, contact: ContactId, permission: str) -> ToTell:
        """What the operator may read out. Raises `Denied`: not_there, not_live."""
        opening = await self._door.opening(session, contact)
        _, octets = await self._permitted.allowed(opening, permission)
        payload = parsed(octets)
        return ToTell(payload.receiver.name, payload.items, payload.summary)

    # -- out

    async def send(
        self,
        session: Session,
        contact: ContactId,
        permission: str,
        *,
        channel: Channel,
        seen: str | None,
        by_passphrase: bool = False,
    ) -> Queued:
        """Put into the outbox what was previewed as `seen`: for the mail, or to be downloaded once.

        `seen` None: the page does not say; the same payload gives the same bytes, wherever it is set with the same program.
        `by_passphrase`: only for a download. Raises `Denied`: not_there, not_live, already (it is on its way),
        not_asked_so (not what was seen, or not a channel or key of this organisation), not_allowed.
        """
        opening = await self._door.opening(session, contact)
        allowed, octets = await self._permitted.allowed(opening, permission)
        organisation = await self._receiver(allowed, channel)
        preview = await self._composer.preview(octets, allowed.cover)
        if (
            seen not in {None, preview.seen}
            or channel is Channel.SPOKEN
            or (by_passphrase and channel is not Channel.DOWNLOAD)
        ):
            raise Denied(Denial.NOT_ASKED_SO)
        passphrase = self._words.passphrase() if by_passphrase else None
        try:
            parcel = self._composer.parcel(preview, session.keys)
        except Closed:
            raise Refused(Refusal.NOT_YOURS) from None
        content = await self._sealed(parcel, organisation, passphrase)
        async with self._store.write() as conn:
            await self._proposing.lock(conn, contact)
            await self._following.not_twice(conn, contact, allowed.id, channel)
            if allowed.consent is not None:
                queued = await self._forwardings.queue(conn, allowed.consent, channel=channel, by=session)
            else:
                emergency = EmergencyId(allowed.id)
                queued = await self._forwardings.queue_emergency(conn, emergency, channel=channel, by=session)
            await self._waiting.put(conn, queued, DOCUMENT, content)
            await self._proposing.composed(conn, opening, queued)
        return Queued(queued, passphrase)

    async def download(self, session: Session, contact: ContactId, forwarding: ForwardingId) -> bytes:
        """The age file, once: it counts as sent before the first byte is given. Raises `Denied`: not_there, not_live."""
        opening = await self._door.opening(session, contact)
        async with self._store.write() as conn:
            found = await self._following.readable(conn, opening, forwarding)
            if found.channel is not Channel.DOWNLOAD or found.state is not Moved.QUEUED:
                raise Denied(Denial.NOT_THERE)
            content = await self._waiting.read(conn, forwarding, DOCUMENT)
            if content is None:
                raise Denied(Denial.NOT_THERE)
            gone = await self._forwardings.mark_sent(conn, forwarding)
            if gone:
                await self._waiting.destroy(conn, forwarding, DOCUMENT)
        if not gone:
            raise Denied(Denial.NOT_LIVE)
        return content

    async def hand_over_spoken(
        self, session: Session, contact: ContactId, permission: str, *, told_to: Words
    ) -> ForwardingId:
        """The operator has told it by telephone: what, to whom, when and by whom. Raises `Denied`: not_there, not_live."""
        opening = await self._door.opening(session, contact)
        allowed, _ = await self._permitted.allowed(opening, permission)
        await self._receiver(allowed, Channel.SPOKEN)
        name = told_to.reveal().strip()
        if not 0 < len(name) <= LONGEST_TOLD:
            raise Denied(Denial.NOT_ASKED_SO)
        async with self._store.write() as conn:
            await self._proposing.lock(conn, contact)
            await self._following.not_twice(conn, contact, allowed.id, Channel.SPOKEN)
            try:
                number = await self._payloads.keep(conn, opening, Words(name))
            except Closed:
                raise Refused(Refusal.NOT_YOURS) from None
            if allowed.consent is not None:
                told = await self._forwardings.spoken(conn, allowed.consent, by=session, told_to=number)
                await self._proposing.composed(conn, opening, told)
                return told
            return await self._forwardings.spoken_emergency(conn, EmergencyId(allowed.id), by=session, told_to=number)

    # -- inside

    async def _receiver(self, allowed: Allowed, channel: Channel) -> Organisation:
        async with self._store.read() as conn:
            found = await self._organisations.find(conn, allowed.organisation)
        if found is None or not found.active or channel not in found.entry.channels:
            raise Denied(Denial.NOT_ASKED_SO)
        return found

    async def _sealed(self, parcel: bytes, organisation: Organisation, passphrase: Words | None) -> bytes:
        if passphrase is not None:
            return await self._lock.locked(passphrase.reveal(), parcel)
        if organisation.trusted_recipient is None:
            raise Denied(Denial.NOT_ASKED_SO)
        try:
            return encrypted_to(organisation.trusted_recipient, parcel)
        except NoRecipient:
            raise Denied(Denial.NOT_ASKED_SO) from None
