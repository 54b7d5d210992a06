"""The visitor's own way back in: the cookie opens the transcript, and nothing else, while the chat lives.

The cookie is 32 random bytes of which we keep an HMAC. With the app key it unfolds to an X25519 pair; the public half is
kept, so that any worker can let the visitor read a segment that somebody else began. What opens words is destroyed when the
chat ends; whose cookie it was is known until ten minutes after the last connection, so that a yes can still be taken back.
On Leave, and after ten minutes without a connection, nothing is left.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.app_key import AppKey
from contacts.chance import KEY_SIZE, fresh_key
from contacts.contact import Klass
from contacts.distrust import Alarm, Fault, Forged
from contacts.envelopes import KeyPair, Unopenable, derived, sealed_to
from contacts.framing import Deployment, Field
from contacts.inserting import inserted
from contacts.sealing import ContentKey
from contacts.tables_keys import visitor_segments, visitors
from storage.clock import Clock, epoch_seconds
from storage.ids import ContactId

LIFE_WITHOUT_CONNECTION = 600
"""Seconds after which an unused cookie opens nothing (promise P5)."""

_COARSE = 60


@dataclass(frozen=True, slots=True)
class Unlocked:
    """What a cookie opened: the transcript keys of one contact, oldest segment first. Never empty."""

    contact: ContactId
    keys: tuple[ContentKey, ...]

    @property
    def key(self) -> ContentKey:
        """The newest."""
        return self.keys[-1]


class VisitorKeys:
    """Hands out cookies and opens what they open."""

    def __init__(self, *, app_key: AppKey, deployment: Deployment, clock: Clock, alarm: Alarm) -> None:
        self._app_key = app_key
        self._deployment = deployment
        self._clock = clock
        self._alarm = alarm

    async def hand_out(self, conn: AsyncConnection, key: ContentKey) -> str:
        """A cookie (43 characters of URL-safe base64) for the contact of this transcript key."""
        token = fresh_key()
        lookup, public = self._lookup(token), self._pair(token).public
        await conn.execute(
            insert(visitors).values(
                lookup=lookup,
                contact=key.contact,
                public=public,
                seen_at=_coarse(epoch_seconds(self._clock.now())),
                mac=self._app_key.mac("visitor", self._deployment, lookup, key.contact, public),
            )
        )
        await self._add(conn, key, lookup, public)
        return base64.urlsafe_b64encode(token).decode().rstrip("=")

    async def add(self, conn: AsyncConnection, key: ContentKey) -> None:
        """Let the visitor of this contact read another segment of the transcript, unless the chat is over.

        Raises `Forged`, with an alarm.
        """
        reads = exists(select(visitor_segments.c.lookup).where(visitor_segments.c.lookup == visitors.c.lookup))
        query = select(visitors, reads.label("reads")).where(visitors.c.contact == key.contact)
        for row in (await conn.execute(query)).all():
            self._verify(row.mac, "visitor", self._deployment, row.lookup, row.contact, row.public)
            if row.reads:
                await self._add(conn, key, row.lookup, row.public)

    async def contact_of(self, conn: AsyncConnection, token: str) -> ContactId | None:
        """Whose cookie this is, while it lives; opens nothing."""
        octets = _octets(token)
        if octets is None:
            return None
        oldest = epoch_seconds(self._clock.now()) - LIFE_WITHOUT_CONNECTION
        query = select(visitors).where(visitors.c.lookup == self._lookup(octets), visitors.c.seen_at >= oldest)
        row = (await conn.execute(query)).one_or_none()
        if row is None:
            return None
        self._verify(row.mac, "visitor", self._deployment, row.lookup, row.contact, row.public)
        return ContactId(row.contact)

    async def unlock(self, conn: AsyncConnection, token: str) -> Unlocked | None:
        """What this cookie opens; None for a cookie that is unknown, malformed, destroyed or too old.

        Raises `Forged`, with an alarm, when a row is not ours.
        """
        contact, octets = await self.contact_of(conn, token), _octets(token)
        if contact is None or octets is None:
            return None
        lookup, pair = self._lookup(octets), self._pair(octets)
        query = select(visitor_segments).where(visitor_segments.c.lookup == lookup)
        rows = (await conn.execute(query.order_by(visitor_segments.c.segment))).all()
        keys = []
        for row in rows:
            place = self._place(contact, row.segment, pair.public)
            self._verify(row.mac, "visitor-segment", *place, row.sealed)
            try:
                secret = pair.open(row.sealed, *place)
            except Unopenable:
                return None
            keys.append(
                ContentKey(
                    deployment=self._deployment,
                    contact=contact,
                    klass=Klass.TRANSCRIPT,
                    segment=row.segment,
                    secret=secret,
                )
            )
        return Unlocked(contact, tuple(keys)) if keys else None

    async def touch(self, conn: AsyncConnection, contacts: Sequence[ContactId], now: int) -> None:
        """These visitors are connected at `now` (seconds since 1970); kept to the minute, so most calls change nothing."""
        seen = _coarse(now)
        await conn.execute(
            update(visitors).where(visitors.c.contact.in_(contacts), visitors.c.seen_at < seen).values(seen_at=seen)
        )

    async def seen(self, conn: AsyncConnection, contacts: Sequence[ContactId]) -> dict[ContactId, int]:
        """When the visitors of these were last connected, to the minute; those whose cookie is destroyed are left out."""
        query = select(visitors.c.contact, visitors.c.seen_at).where(visitors.c.contact.in_(contacts))
        return {ContactId(row.contact): row.seen_at for row in await conn.execute(query)}

    async def revoke(self, conn: AsyncConnection, token: str) -> None:
        """Leave: this cookie opens nothing any more. An unknown one changes nothing."""
        octets = _octets(token)
        if octets is not None:
            await self._delete(conn, [self._lookup(octets)])

    async def lock(self, conn: AsyncConnection, contact: ContactId) -> None:
        """The chat is over: no cookie opens a word of it any more. `contact_of` goes on knowing it until `sweep`."""
        mine = select(visitors.c.lookup).where(visitors.c.contact == contact)
        await conn.execute(delete(visitor_segments).where(visitor_segments.c.lookup.in_(mine)))

    async def destroy(self, conn: AsyncConnection, contact: ContactId) -> None:
        """Nothing of a cookie is left."""
        query = select(visitors.c.lookup).where(visitors.c.contact == contact)
        await self._delete(conn, list((await conn.execute(query)).scalars()))

    async def sweep(self, conn: AsyncConnection, now: int) -> list[ContactId]:
        """Destroy what has had no connection for ten minutes before `now`; whose it was."""
        query = select(visitors).where(visitors.c.seen_at < now - LIFE_WITHOUT_CONNECTION)
        rows = (await conn.execute(query)).all()
        await self._delete(conn, [row.lookup for row in rows])
        return [ContactId(row.contact) for row in rows]

    async def _add(self, conn: AsyncConnection, key: ContentKey, lookup: bytes, public: bytes) -> None:
        if key.klass is not Klass.TRANSCRIPT:
            raise ValueError("a visitor is given the key of the transcript only")
        place = self._place(key.contact, key.segment, public)
        sealed = sealed_to(public, key.secret(), *place)
        mac = self._app_key.mac("visitor-segment", *place, sealed)
        await inserted(conn, visitor_segments, lookup=lookup, segment=key.segment, sealed=sealed, mac=mac)

    async def _delete(self, conn: AsyncConnection, lookups: list[bytes]) -> None:
        for table in (visitor_segments, visitors):
            await conn.execute(delete(table).where(table.c.lookup.in_(lookups)))

    def _lookup(self, token: bytes) -> bytes:
        return self._app_key.mac("visitor-lookup", self._deployment, token)

    def _pair(self, token: bytes) -> KeyPair:
        return KeyPair(derived(token, salt=self._app_key.derive("visitor"), bound_to=("ql1/visitor", self._deployment)))

    def _place(self, contact: ContactId, segment: int, public: bytes) -> tuple[Field, ...]:
        return ("ql1/visitor-seg", self._deployment, contact, Klass.TRANSCRIPT.value, segment, public)

    def _verify(self, mac: bytes, label: str, *fields: Field) -> None:
        try:
            self._app_key.verify(mac, label, *fields)
        except Forged:
            self._alarm(Fault.FORGED)
            raise


def _coarse(instant: int) -> int:
    return instant - instant % _COARSE


def _octets(token: str) -> bytes | None:
    try:
        octets = base64.b64decode(token + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return octets if len(octets) == KEY_SIZE else None
