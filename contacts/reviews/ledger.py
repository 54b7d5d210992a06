"""The ledger of releases: what was released, to whom, why, and who approved it. Append-only and chained like the audit log.

`hash = SHA-256(prev || row)`, and the head carries an HMAC under the app key. A release is a row `released`; when it is
for people outside, a second person's row `approved` follows before it may be downloaded. The bytes lie beside it.
"""

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.app_key import AppKey
from contacts.distrust import Alarm, Forged
from contacts.envelopes import Unopenable, unwrapped, wrapped
from contacts.framing import Deployment, framed
from contacts.inserting import inserted
from contacts.release.frame import Row
from contacts.reviews.known import Knowledge
from contacts.reviews.tables import release_files, release_head, releases
from storage.clock import Clock, epoch_seconds
from storage.ids import StaffId
from storage.leases import one_at_a_time

_HEAD: Final = 1
_LOCK: Final = "releases"
#: What is hashed of a row, in this order. An absent value is no field at all.
FIELDS: Final = (
    "number", "at", "act", "release", "period", "audience", "catalogue", "k", "published", "hidden", "narrowest",
    "snapshot", "requester", "approver", "purpose", "files", "details",
)  # fmt: skip


class Act(StrEnum):
    """What a row says."""

    RELEASED = "released"
    APPROVED = "approved"


class Audience(StrEnum):
    """Who will read it. What is for people outside needs a second person and a larger k."""

    INSIDE = "inside"
    OUTSIDE = "outside"


class Details(Struct, frozen=True, kw_only=True):
    """What is kept of a release under the app key. `told`: its rows; `files`: SHA-256 by name."""

    knowledge: Knowledge = Knowledge()
    told: tuple[Row, ...] = ()
    files: Mapping[str, str] = {}


class Release(Struct, frozen=True, kw_only=True):
    """A row. `narrowest`: whole people between the bounds of the hidden cell that is known best; -1: nothing is hidden."""

    number: int
    at: int
    act: Act
    release: str
    period: str
    audience: Audience
    catalogue: int
    k: int
    published: int
    hidden: int
    narrowest: int
    requester: StaffId
    approver: StaffId | None
    purpose: str
    files: bytes
    details: Details


class NotApproved(Exception):
    """Nobody else has approved it yet."""


class SamePerson(Exception):
    """Whoever asked for a release does not approve it."""


class Ledger:
    """Appends and reads. Works in the caller's transaction."""

    def __init__(self, *, app_key: AppKey, deployment: Deployment, clock: Clock, alarm: Alarm) -> None:
        self._app_key = app_key
        self._key = app_key.derive("releases")
        self._deployment = deployment
        self._clock = clock
        self._alarm = alarm

    async def begin(self, conn: AsyncConnection) -> None:
        """The head of an empty ledger, made once. Again changes nothing."""
        mac = self._head_mac(0, self._genesis())
        await inserted(conn, release_head, id=_HEAD, number=0, hash=self._genesis(), mac=mac)

    async def lock(self, conn: AsyncConnection) -> int:
        """Let nobody else append until this transaction ends; the newest row's number. Raises `Forged`."""
        await one_at_a_time(conn, _LOCK)
        await self.begin(conn)
        return (await self._head(conn, lock=True))[0]

    async def append(self, conn: AsyncConnection, new: Mapping[str, Any], details: Details, stored: bytes) -> int:
        """A row `released` and its bytes; its number. Call `lock` first. `new`: by column."""
        values = dict(new) | {"act": Act.RELEASED.value, "approver": None, "files": hashlib.sha256(stored).digest()}
        number = await self._append(conn, values, details)
        sealed = wrapped(self._key, stored, *self._place("files", number))
        await conn.execute(insert(release_files).values(number=number, sealed=sealed))
        return number

    async def approve(self, conn: AsyncConnection, release: str, by: StaffId) -> Release:
        """A second person approves a release for people outside. Again changes nothing.

        Raises `SamePerson`, `Forged`, and LookupError when there is no such release.
        """
        await self.lock(conn)
        there = [one for one in await self.rows(conn) if one.release == release and one.audience is Audience.OUTSIDE]
        if not there:
            raise LookupError
        if len(there) == 1:
            if there[0].requester == by:
                raise SamePerson
            columns = (
                "release", "period", "audience", "catalogue", "k", "published", "hidden", "narrowest", "requester",
                "purpose", "files",
            )  # fmt: skip
            values = {name: getattr(there[0], name) for name in columns}
            row = (await conn.execute(select(releases).where(releases.c.number == there[0].number))).mappings().one()
            values |= {"act": Act.APPROVED.value, "approver": by, "snapshot": row["snapshot"]}
            await self._append(conn, values, Details())
        return there[0]

    async def rows(self, conn: AsyncConnection) -> list[Release]:
        """Every row, oldest first, verified. Raises `Forged`, with an alarm, when one of them is not as we wrote it."""
        number, previous = 0, self._genesis()
        found: list[Release] = []
        head = await self._head(conn)
        for row in (await conn.execute(select(releases).order_by(releases.c.number))).mappings():
            number += 1
            if row["number"] != number or row["prev"] != previous or row["hash"] != _chained(previous, row):
                self._distrust()
            previous = row["hash"]
            found.append(self._release(row))
        if head != (number, previous):
            self._distrust()
        return found

    async def stored(self, conn: AsyncConnection, release: str) -> tuple[Release, bytes]:
        """The bytes as they were made. Raises LookupError, `NotApproved`, `Forged`."""
        rows = [one for one in await self.rows(conn) if one.release == release]
        if not rows:
            raise LookupError
        first = rows[0]
        if first.audience is Audience.OUTSIDE and len(rows) < 2:
            raise NotApproved
        sealed = (
            await conn.execute(select(release_files.c.sealed).where(release_files.c.number == first.number))
        ).scalar_one_or_none()
        stored = b"" if sealed is None else self._opened(sealed, "files", first.number)
        if hashlib.sha256(stored).digest() != first.files:
            self._distrust()
        return first, stored

    async def _append(self, conn: AsyncConnection, new: Mapping[str, Any], details: Details) -> int:
        last, previous = await self._head(conn)
        number = last + 1
        kept = wrapped(self._key, msgspec.msgpack.encode(details), *self._place("details", number))
        values = dict(new) | {"number": number, "at": epoch_seconds(self._clock.now()), "details": kept}
        digest = _chained(previous, values)
        await conn.execute(insert(releases).values(**values, prev=previous, hash=digest))
        moved = {"number": number, "hash": digest, "mac": self._head_mac(number, digest)}
        await conn.execute(update(release_head).where(release_head.c.id == _HEAD).values(**moved))
        return number

    async def _head(self, conn: AsyncConnection, *, lock: bool = False) -> tuple[int, bytes]:
        query = select(release_head)
        row = (await conn.execute(query.with_for_update() if lock else query)).one_or_none()
        if row is None:
            return 0, self._genesis()
        try:
            self._app_key.verify(row.mac, "release-head", self._deployment, row.number, row.hash)
        except Forged:
            self._distrust()
        return row.number, row.hash

    def _release(self, row: RowMapping) -> Release:
        details = msgspec.msgpack.decode(self._opened(row["details"], "details", row["number"]), type=Details)
        plain = {name: row[name] for name in FIELDS if name not in {"snapshot", "details", "act", "audience"}}
        return Release(**plain, act=Act(row["act"]), audience=Audience(row["audience"]), details=details)

    def _opened(self, sealed: bytes, what: str, number: int) -> bytes:
        try:
            return unwrapped(self._key, sealed, *self._place(what, number))
        except Unopenable:
            self._distrust()
            raise

    def _distrust(self) -> None:
        self._alarm(Forged.fault)
        raise Forged

    def _place(self, what: str, number: int) -> tuple[str | int, ...]:
        return ("ql1/release", self._deployment, what, number)

    def _genesis(self) -> bytes:
        return hashlib.sha256(framed("ql1/releases", self._deployment)).digest()

    def _head_mac(self, number: int, digest: bytes) -> bytes:
        return self._app_key.mac("release-head", self._deployment, number, digest)


def _chained(previous: bytes, row: Mapping[str, Any] | RowMapping) -> bytes:
    fields = (
        b"" if row[name] is None else framed(row[name] if isinstance(row[name], bytes) else str(row[name]))
        for name in FIELDS
    )
    return hashlib.sha256(framed(previous, *fields)).digest()
