"""Epoch keys: every content key is sealed to the public half of the current epoch.

The private half exists only wrapped: to each active operator and lead, and to the recovery key. A new epoch is made each
month and whenever that circle changes, by anybody's process: public keys suffice. Analysts and administrators get none.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NewType

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.app_key import AppKey
from contacts.audit import Action, Audit
from contacts.distrust import Alarm, Distrusted, Forged, RolledBack
from contacts.envelopes import KeyPair, Unopenable, sealed_to
from contacts.framing import Deployment, framed
from contacts.inserting import inserted
from contacts.marks import Mark, Marks
from contacts.people import People
from contacts.staff_keys import StaffKeys
from contacts.tables_keys import epoch_wraps, epochs
from storage.clock import Clock, epoch_seconds
from storage.engine import Store
from storage.ids import StaffId

EpochNumber = NewType("EpochNumber", int)

RECOVERY: Final = "recovery"
"""The holder's name in wraps to the recovery key."""


class NoEpoch(Exception):
    """Nobody who may hold keys has enrolled yet: nothing can be sealed."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """The public half; `holders` is a digest of those who were given the private half."""

    number: EpochNumber
    public: bytes
    holders: bytes
    made_at: int


class Epochs:
    """Makes epochs, says which is current, opens wraps."""

    def __init__(
        self,
        *,
        app_key: AppKey,
        deployment: Deployment,
        marks: Marks,
        clock: Clock,
        alarm: Alarm,
        people: People,
        audit: Audit,
    ) -> None:
        self._app_key = app_key
        self._deployment = deployment
        self._marks = marks
        self._clock = clock
        self._alarm = alarm
        self._people = people
        self._audit = audit

    async def current(self, conn: AsyncConnection) -> Epoch:
        """The epoch to seal to. Raises `NoEpoch`; `Distrusted`, with an alarm, when it is not ours or not the newest."""
        try:
            seen = self._marks.read().epoch  # before the row: an epoch that begins meanwhile makes this no older one
            epoch = await self._newest(conn)
            if epoch is None and seen == 0:
                raise NoEpoch
            if epoch is None or epoch.number < seen:
                raise RolledBack
        except Distrusted as refused:
            self._alarm(refused.fault)
            raise
        self.saw(epoch.number)
        return epoch

    def saw(self, number: int) -> None:
        """After the commit: never seal to an older epoch again."""
        self._marks.raise_to(Mark(epoch=number))

    async def rollover(self, store: Store) -> EpochNumber | None:
        """`renew` in a transaction of its own: the job that runs at start and every hour. The new number, if any."""
        async with store.write() as conn:
            number = await self.renew(conn)
        if number is not None:
            self.saw(number)
        return number

    async def renew(self, conn: AsyncConnection) -> EpochNumber | None:
        """Make a new epoch if one is due; its number, for `saw` after the commit. Takes the lock on staff and epochs.

        Due: nobody made one yet, a new month (UTC) has begun, or the circle of holders or their keys changed.
        Raises `Distrusted`: no key is wrapped to a list of staff that is not the one we wrote.
        """
        everybody = await self._people.everybody(conn, lock=True)
        circle = {one.id: one.exchange_public for one in everybody.values() if one.holds_keys}
        holders: dict[str, bytes] = {name: public for name, public in circle.items() if public is not None}
        recovery = await self._people.recovery_public(conn)
        if not holders or recovery is None:
            return None
        holders[RECOVERY] = recovery
        try:
            newest = await self._newest(conn)
        except Distrusted as refused:
            self._alarm(refused.fault)
            raise
        if newest is not None and newest.holders == _digest(holders) and not self._old(newest):
            return None
        number = EpochNumber(max(newest.number if newest else 0, self._marks.read().epoch) + 1)
        return number if await self._make(conn, number, holders) else None

    async def open(self, conn: AsyncConnection, keys: StaffKeys, number: EpochNumber) -> KeyPair | None:
        """The private half of an epoch for somebody signed in; None when it was never wrapped to them.

        Raises `Forged` (with an alarm) when the wrap or the epoch is not ours, `Closed` when the session has ended.
        """
        held = keys.held(number)
        if held is None:
            held = await self.unwrapped(conn, keys.staff, keys.exchange, number)
            if held is not None:
                keys.hold(number, held)
        return held

    async def unwrapped(self, conn: AsyncConnection, holder: str, pair: KeyPair, number: EpochNumber) -> KeyPair | None:
        """As `open`, for a holder given by name and key: a person, or `RECOVERY`."""
        query = select(epoch_wraps, epochs.c.public).where(
            epoch_wraps.c.epoch == number, epoch_wraps.c.holder == holder, epochs.c.number == epoch_wraps.c.epoch
        )
        row = (await conn.execute(query)).mappings().one_or_none()
        if row is None:
            return None
        try:
            self._app_key.verify(row["mac"], "wrap", self._deployment, number, holder, row["sealed"])
            opened = KeyPair(pair.open(row["sealed"], *self._place(number, holder, pair.public)))
            if opened.public != row["public"]:
                raise Forged
        except Forged:
            self._alarm(Forged.fault)
            raise
        except Unopenable:
            return None  # wrapped to keys this person had before they were enrolled anew
        return opened

    async def wrap(
        self, conn: AsyncConnection, number: EpochNumber, private: KeyPair, holders: Mapping[str, bytes]
    ) -> None:
        """Give the private half to more holders (name -> verified X25519 public key)."""
        for holder, public in holders.items():
            sealed = sealed_to(public, private.private_bytes(), *self._place(number, holder, public))
            mac = self._app_key.mac("wrap", self._deployment, number, holder, sealed)
            await conn.execute(insert(epoch_wraps).values(epoch=number, holder=holder, sealed=sealed, mac=mac))

    async def numbers(self, conn: AsyncConnection, holder: str | None = None) -> list[EpochNumber]:
        """All epochs, or those wrapped to one holder, oldest first."""
        query = select(epochs.c.number).order_by(epochs.c.number)
        if holder is not None:
            query = select(epoch_wraps.c.epoch).where(epoch_wraps.c.holder == holder).order_by(epoch_wraps.c.epoch)
        return [EpochNumber(number) for number in (await conn.execute(query)).scalars()]

    async def take_from(self, conn: AsyncConnection, holder: StaffId | str) -> None:
        """Delete every wrap of a holder: what they could open, they cannot open here any more."""
        await conn.execute(delete(epoch_wraps).where(epoch_wraps.c.holder == holder))

    async def _make(self, conn: AsyncConnection, number: EpochNumber, holders: Mapping[str, bytes]) -> bool:
        pair, now, digest = KeyPair.fresh(), epoch_seconds(self._clock.now()), _digest(holders)
        mac = self._app_key.mac("epoch", self._deployment, number, pair.public, digest, now)
        ours = await inserted(conn, epochs, number=number, public=pair.public, holders=digest, made_at=now, mac=mac)
        if ours:
            await self.wrap(conn, number, pair, holders)
            await self._audit.append(conn, Action.EPOCH)
        return ours

    async def _newest(self, conn: AsyncConnection) -> Epoch | None:
        row = (await conn.execute(select(epochs).order_by(epochs.c.number.desc()).limit(1))).one_or_none()
        if row is None:
            return None
        self._app_key.verify(row.mac, "epoch", self._deployment, row.number, row.public, row.holders, row.made_at)
        return Epoch(EpochNumber(row.number), row.public, row.holders, row.made_at)

    def _old(self, epoch: Epoch) -> bool:
        made, now = datetime.fromtimestamp(epoch.made_at, UTC), self._clock.now()
        return (made.year, made.month) < (now.year, now.month)

    def _place(self, number: EpochNumber, holder: str, public: bytes) -> tuple[str | int | bytes, ...]:
        return ("ql1/epoch", self._deployment, number, holder, public)


def _digest(holders: Mapping[str, bytes]) -> bytes:
    parts: Iterable[str | bytes] = (part for pair in sorted(holders.items()) for part in pair)
    return hashlib.sha256(framed(*parts)).digest()
