"""The keys of contacts: one per contact, retention class and segment, each sealed to an epoch.

A segment is what one writer began; a writer that does not hold the newest key begins another. While a visitor is still
there a segment may be sealed again to a newer epoch, so that a colleague who arrived since can help.
"""

from sqlalchemy import RowMapping, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.app_key import AppKey
from contacts.contact import Klass
from contacts.distrust import Alarm, Fault, Forged
from contacts.envelopes import Unopenable, sealed_to
from contacts.epochs import EpochNumber, Epochs
from contacts.framing import Deployment, Field
from contacts.inserting import inserted
from contacts.openings import Opening
from contacts.sealing import ContentKey
from contacts.tables_keys import epoch_wraps, segment_keys, segments
from storage.ids import ContactId, StaffId


class NoKey(Exception):
    """This session has no key for this segment: it is too old, too new, destroyed, or was never there."""


class Keyring:
    """Makes, opens, seals again and destroys content keys."""

    def __init__(self, *, app_key: AppKey, deployment: Deployment, epochs: Epochs, alarm: Alarm) -> None:
        self._app_key = app_key
        self._deployment = deployment
        self._epochs = epochs
        self._alarm = alarm

    async def new_segment(self, conn: AsyncConnection, contact: ContactId, klass: Klass) -> ContentKey:
        """A fresh key under the next number, sealed to the current epoch. Needs no private key.

        Two writers at once get two segments. Raises `NoEpoch`, `Distrusted`.
        """
        where = (segments.c.contact == contact, segments.c.klass == klass.value)
        while True:
            newest = (await conn.execute(select(func.max(segments.c.segment)).where(*where))).scalar()
            number = (newest or 0) + 1
            if await inserted(conn, segments, contact=contact, klass=klass.value, segment=number):
                break
        key = ContentKey.fresh(deployment=self._deployment, contact=contact, klass=klass, segment=number)
        if not await self.reseal(conn, key):
            raise Forged  # a key is there already under a number that was free: somebody took the segment's row away
        return key

    async def open_segment(self, conn: AsyncConnection, opening: Opening, klass: Klass, segment: int) -> ContentKey:
        """The key of a segment for somebody on the staff whose opening is on record.

        Raises `NoKey`; `Forged` (with an alarm) when the row is not ours; `Closed` when the session has ended.
        """
        contact, keys = opening.contact, opening.session.keys
        query = (
            select(segment_keys)
            .where(
                segment_keys.c.contact == contact,
                segment_keys.c.klass == klass.value,
                segment_keys.c.segment == segment,
            )
            .order_by(segment_keys.c.epoch.desc())
        )
        for row in (await conn.execute(query)).mappings().all():
            self._verify(row)
            epoch = await self._epochs.open(conn, keys, EpochNumber(row["epoch"]))
            if epoch is None:
                continue
            try:
                secret = epoch.open(row["sealed"], *self._place(contact, klass, segment, row["epoch"]))
            except Unopenable:
                raise NoKey from None
            return ContentKey(deployment=self._deployment, contact=contact, klass=klass, segment=segment, secret=secret)
        keys.held(0)  # a session that ended meanwhile is told so, not that it lacks a key
        raise NoKey

    async def reseal(self, conn: AsyncConnection, key: ContentKey) -> bool:
        """Seal the key to the current epoch as well, if it is not yet. Raises `NoEpoch`, `Distrusted`."""
        epoch = await self._epochs.current(conn)
        place = {"contact": key.contact, "klass": key.klass.value, "segment": key.segment, "epoch": epoch.number}
        bound = self._place(key.contact, key.klass, key.segment, epoch.number)
        sealed = sealed_to(epoch.public, key.secret(), *bound)
        mac = self._app_key.mac("segment", *bound, sealed)
        return await inserted(conn, segment_keys, **place, sealed=sealed, mac=mac)

    async def could_open(self, conn: AsyncConnection, staff: StaffId, contact: ContactId, klass: Klass) -> bool:
        """Whether any segment of a class of a contact is sealed to an epoch this person was given. Opens nothing."""
        query = (
            select(segment_keys.c.segment)
            .join(epoch_wraps, epoch_wraps.c.epoch == segment_keys.c.epoch)
            .where(
                segment_keys.c.contact == contact,
                segment_keys.c.klass == klass.value,
                epoch_wraps.c.holder == staff,
            )
            .limit(1)
        )
        return (await conn.execute(query)).first() is not None

    async def segment_numbers(self, conn: AsyncConnection, contact: ContactId, klass: Klass) -> list[int]:
        """All segments of a class of a contact, oldest first."""
        query = select(segments.c.segment).where(segments.c.contact == contact, segments.c.klass == klass.value)
        return list((await conn.execute(query.order_by(segments.c.segment))).scalars())

    async def destroy(self, conn: AsyncConnection, contact: ContactId, klass: Klass) -> int:
        """Delete every key of a class of a contact: its words are gone, whoever keeps copies of them. How many there were."""
        destroyed = 0
        for table in (segment_keys, segments):
            result = await conn.execute(delete(table).where(table.c.contact == contact, table.c.klass == klass.value))
            destroyed += result.rowcount if table is segments else 0
        return destroyed

    def _verify(self, row: RowMapping) -> None:
        bound = self._place(row["contact"], Klass(row["klass"]), row["segment"], row["epoch"])
        try:
            self._app_key.verify(row["mac"], "segment", *bound, row["sealed"])
        except Forged:
            self._alarm(Fault.FORGED)
            raise

    def _place(self, contact: str, klass: Klass, segment: int, epoch: int) -> tuple[Field, ...]:
        return ("ql1/seg", self._deployment, contact, klass.value, segment, epoch)
