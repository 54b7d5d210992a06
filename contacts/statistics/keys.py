"""The statistics key: facts are sealed to its public half; analysts and leads hold the private one. It opens no contact.

The first is made when the first lead enrols, so that facts never lack one; later ones yearly by a lead, and whenever
somebody who held it leaves. Rows carry an HMAC under the app key; a row that does not verify is refused, with an alarm.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NewType

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.app_key import AppKey
from contacts.audit import Action, Audit
from contacts.distrust import Alarm, Forged
from contacts.envelopes import KeyPair, Unopenable, sealed_to
from contacts.framing import Deployment
from contacts.inserting import inserted
from contacts.people import People, Person, Role, Standing
from contacts.staff_keys import StaffKeys
from contacts.statistics.tables import statistics_keys, statistics_wraps
from storage.clock import Clock, epoch_seconds
from storage.ids import StaffId

KeyNumber = NewType("KeyNumber", int)

#: Roles that open facts (log.md section 1).
HOLDERS: Final = frozenset({Role.ANALYST, Role.LEAD})
_RECOVERY: Final = "recovery"


class NoStatisticsKey(Exception):
    """Nobody who may hold one has enrolled yet."""


@dataclass(frozen=True, slots=True)
class StatisticsKey:
    """The public half."""

    number: KeyNumber
    public: bytes
    made_at: int


class StatisticsKeys:
    """Makes keys, says which is current, opens and hands on wraps. Works in the caller's transaction."""

    def __init__(
        self, *, app_key: AppKey, deployment: Deployment, clock: Clock, alarm: Alarm, people: People, audit: Audit
    ) -> None:
        self._app_key = app_key
        self._deployment = deployment
        self._clock = clock
        self._alarm = alarm
        self._people = people
        self._audit = audit

    async def current(self, conn: AsyncConnection) -> StatisticsKey:
        """The key to seal to. Raises `NoStatisticsKey`; `Forged`, with an alarm."""
        row = (await conn.execute(select(statistics_keys).order_by(statistics_keys.c.number.desc()).limit(1))).first()
        if row is None:
            raise NoStatisticsKey
        self._verify("statistics-key", row.mac, row.number, row.public, row.made_at)
        return StatisticsKey(KeyNumber(row.number), row.public, row.made_at)

    async def settle(self, conn: AsyncConnection, everybody: Mapping[StaffId, Person]) -> None:
        """After a change of staff, under its lock: take wraps from whoever holds the key no more, and go on without them.

        Makes the first key when there is none and somebody may hold one.
        """
        allowed = _holders(everybody)
        holding = set((await conn.execute(select(statistics_wraps.c.holder).distinct())).scalars())
        gone = holding - set(allowed) - {_RECOVERY}
        if gone:
            await conn.execute(delete(statistics_wraps).where(statistics_wraps.c.holder.in_(gone)))
        newest = (await conn.execute(select(statistics_keys.c.number).limit(1))).first()
        if allowed and (gone or newest is None):
            await self._make(conn, allowed)

    async def renew(self, conn: AsyncConnection, by: StaffId) -> KeyNumber:
        """A new key, for the facts from now on: a lead's yearly act. Takes the lock on staff."""
        allowed = _holders(await self._people.everybody(conn, lock=True))
        number = await self._make(conn, allowed)
        await self._audit.append(conn, Action.STATISTICS_KEY, actor=by)
        return number

    async def grant(self, conn: AsyncConnection, keys: StaffKeys, staff: StaffId) -> int:
        """Wrap to this analyst or lead every key that the lead who is signed in holds and they lack; how many.

        Takes the lock on staff. Raises LookupError for somebody who may not hold one; `Closed`, `Forged`.
        """
        allowed = _holders(await self._people.everybody(conn, lock=True))
        if staff not in allowed:
            raise LookupError
        held = set(await self.numbers(conn, staff))
        granted = 0
        for number in await self.numbers(conn, keys.staff):
            pair = None if number in held else await self.open(conn, keys, number)
            if pair is not None:
                await self._wrap(conn, number, pair, {staff: allowed[staff]})
                granted += 1
        await self._audit.append(conn, Action.STATISTICS_KEY, actor=keys.staff, subject=staff)
        return granted

    async def open(self, conn: AsyncConnection, keys: StaffKeys, number: KeyNumber) -> KeyPair | None:
        """The private half for somebody signed in; None when it was never wrapped to them. Raises `Forged`, `Closed`."""
        return await self._unwrapped(conn, keys.staff, keys.exchange, number)

    async def recovered(self, conn: AsyncConnection, old: KeyPair, new: bytes, staff: StaffId) -> None:
        """Recovery with the words on paper: every key goes to this lead, and from the old words to the new ones.

        Call it before `settle`. The lead's own wraps are gone by now.
        """
        everybody = await self._people.everybody(conn, lock=True)
        public = _holders(everybody).get(staff)
        held = set(await self.numbers(conn, staff))
        for number in await self.numbers(conn, _RECOVERY):
            pair = await self._unwrapped(conn, _RECOVERY, old, number)
            await conn.execute(
                delete(statistics_wraps).where(
                    statistics_wraps.c.number == number, statistics_wraps.c.holder == _RECOVERY
                )
            )
            if pair is None:
                continue
            holders = {_RECOVERY: new}
            if public is not None and number not in held:
                holders[staff] = public
            await self._wrap(conn, number, pair, holders)

    async def numbers(self, conn: AsyncConnection, holder: str) -> list[KeyNumber]:
        """The keys wrapped to one holder, oldest first."""
        query = select(statistics_wraps.c.number).where(statistics_wraps.c.holder == holder)
        rows = await conn.execute(query.order_by(statistics_wraps.c.number))
        return [KeyNumber(number) for number in rows.scalars()]

    async def lacking(self, conn: AsyncConnection) -> dict[StaffId, int]:
        """How many keys each analyst and lead was given not yet; those who have all are left out."""
        all_numbers = set((await conn.execute(select(statistics_keys.c.number))).scalars())
        held: dict[str, set[int]] = {}
        for row in await conn.execute(select(statistics_wraps.c.number, statistics_wraps.c.holder)):
            held.setdefault(row.holder, set()).add(row.number)
        allowed = _holders(await self._people.everybody(conn))
        lacks = {staff: len(all_numbers - held.get(staff, set())) for staff in allowed}
        return {StaffId(staff): count for staff, count in lacks.items() if count}

    async def _unwrapped(self, conn: AsyncConnection, holder: str, pair: KeyPair, number: KeyNumber) -> KeyPair | None:
        query = select(statistics_wraps, statistics_keys.c.public).where(
            statistics_wraps.c.number == number,
            statistics_wraps.c.holder == holder,
            statistics_keys.c.number == statistics_wraps.c.number,
        )
        row = (await conn.execute(query)).mappings().one_or_none()
        if row is None:
            return None
        self._verify("statistics-wrap", row["mac"], number, holder, row["sealed"])
        try:
            opened = KeyPair(pair.open(row["sealed"], *self._place(number, holder, pair.public)))
        except Unopenable:
            return None  # wrapped to keys this person had before they were enrolled anew
        if opened.public != row["public"]:
            self._alarm(Forged.fault)
            raise Forged
        return opened

    async def _make(self, conn: AsyncConnection, holders: Mapping[str, bytes]) -> KeyNumber:
        """The lock on staff is held: nobody else takes the number."""
        newest = (
            await conn.execute(select(statistics_keys.c.number).order_by(statistics_keys.c.number.desc()))
        ).first()
        number = KeyNumber(1 if newest is None else newest.number + 1)
        pair, now = KeyPair.fresh(), epoch_seconds(self._clock.now())
        mac = self._app_key.mac("statistics-key", self._deployment, number, pair.public, now)
        await inserted(conn, statistics_keys, number=number, public=pair.public, made_at=now, mac=mac)
        recovery = await self._people.recovery_public(conn)
        await self._wrap(conn, number, pair, {**holders, **({} if recovery is None else {_RECOVERY: recovery})})
        return number

    async def _wrap(
        self, conn: AsyncConnection, number: KeyNumber, pair: KeyPair, holders: Mapping[str, bytes]
    ) -> None:
        for holder, public in holders.items():
            sealed = sealed_to(public, pair.private_bytes(), *self._place(number, holder, public))
            mac = self._app_key.mac("statistics-wrap", self._deployment, number, holder, sealed)
            await conn.execute(insert(statistics_wraps).values(number=number, holder=holder, sealed=sealed, mac=mac))

    def _verify(self, label: str, mac: bytes, *fields: bytes | str | int) -> None:
        try:
            self._app_key.verify(mac, label, self._deployment, *fields)
        except Forged:
            self._alarm(Forged.fault)
            raise

    def _place(self, number: KeyNumber, holder: str, public: bytes) -> tuple[str | int | bytes, ...]:
        return ("ql1/statistics", self._deployment, number, holder, public)


def _holders(everybody: Mapping[StaffId, Person]) -> dict[str, bytes]:
    active = (one for one in everybody.values() if one.state is Standing.ACTIVE and one.role in HOLDERS)
    return {one.id: one.exchange_public for one in active if one.exchange_public is not None}
