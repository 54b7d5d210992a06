"""Organisations: kept, changed, verified by telephone, and believed only with the code of every row.

The code covers the whole row, also what visitors are shown: a swapped key would get what people told us, a swapped
telephone number would get the people. A row that does not verify is refused with an alarm, and so is one that is older
than what this machine has seen (`contacts.marks`): it may bring back a key that was given up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import RowMapping, Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.app_key import AppKey
from contacts.audit import Action, Audit
from contacts.distrust import Alarm, Distrusted, Fault, Forged
from contacts.framing import Deployment, framed
from contacts.marks import Mark, Marks
from contacts.organisations.checks import Mistake, NotAccepted, Wrong, mistakes
from contacts.organisations.organisation import Channel, Entry, Organisation, Scope
from contacts.organisations.profile import profile_text, read_profile
from contacts.organisations.tables import organisations
from storage.clock import Clock, epoch_seconds
from storage.ids import OrganisationId, StaffId, new_id


class Moved(Exception):
    """Somebody else changed it since it was read, or it is not there."""


class Deed(StrEnum):
    """What the audit log says was done."""

    ADDED = "added"
    CHANGED = "changed"
    DESTINATION_CHANGED = "destination_changed"
    """Key or address: whoever verified the old one did not verify this."""
    KEY_VERIFIED = "key_verified"
    ACTIVATED = "activated"
    DEACTIVATED = "deactivated"
    IMPORTED = "imported"


class Organisations:
    """Reads and writes them. Every method works inside the caller's unit of work."""

    def __init__(
        self, *, app_key: AppKey, marks: Marks, deployment: Deployment, clock: Clock, alarm: Alarm, audit: Audit
    ) -> None:
        self._marks = marks
        self._app_key = app_key
        self._deployment = deployment
        self._clock = clock
        self._alarm = alarm
        self._audit = audit

    async def find(self, conn: AsyncConnection, organisation: OrganisationId) -> Organisation | None:
        """One of them; None: there is none. Raises `Forged`, with an alarm."""
        found = await self._one(conn, select(organisations).where(organisations.c.id == organisation))
        if found is not None:
            self._saw([found])
        return found

    async def believed(self, conn: AsyncConnection) -> tuple[list[Organisation], list[OrganisationId]]:
        """All that are ours, by name, and the ids of rows that are not, or not any more; with an alarm."""
        ours, refused = list[Organisation](), list[OrganisationId]()
        try:
            seen = self._seen()
        except Forged:
            return [], [OrganisationId(one) for one in (await conn.execute(select(organisations.c.id))).scalars()]
        rows = (await conn.execute(select(organisations).order_by(organisations.c.name))).mappings().all()
        for row in rows:
            try:
                ours.append(self._believed(row, seen))
            except Forged:
                refused.append(OrganisationId(row["id"]))
        self._saw(ours)
        gone = seen.keys() - {row["id"] for row in rows}  # none is ever deleted by us
        if gone:
            self._alarm(Fault.ROLLED_BACK)
        refused += [OrganisationId(one) for one in sorted(gone)]
        return sorted(ours, key=lambda one: one.name.casefold()), refused

    async def listed(self, conn: AsyncConnection) -> list[Organisation]:
        """What visitors see. A refused row is left out: a stranger's telephone number must not stand there."""
        ours, _ = await self.believed(conn)
        return [one for one in ours if one.active and one.entry.listed]

    async def taking(self, conn: AsyncConnection, scope: Scope) -> list[Organisation]:
        """Those that a referral, or a proposal, may be sent to."""
        ours, _ = await self.believed(conn)
        return [one for one in ours if one.takes(scope)]

    async def add(self, conn: AsyncConnection, entry: Entry, *, by: StaffId | None) -> Organisation:
        """A new one, active; its key is not verified. Raises `NotAccepted`."""
        one = self._fresh(OrganisationId(new_id()), entry, by=by)
        _accept(one)
        await self._insert(conn, one)
        await self._record(conn, one, Deed.ADDED)
        return one

    async def change(
        self, conn: AsyncConnection, organisation: OrganisationId, entry: Entry, *, revision: int, by: StaffId | None
    ) -> Organisation:
        """Another entry. A new key or address is unverified, and secure e-mail goes off with the verification.

        Raises `NotAccepted`, `Moved`, `Forged`.
        """
        before = await self._locked(conn, organisation, revision)
        after = _changed(before, entry)
        _accept(after)
        deed = Deed.CHANGED if after.verified_at == before.verified_at else Deed.DESTINATION_CHANGED
        return await self._put(conn, after, deed, by=by)

    async def verify(
        self, conn: AsyncConnection, organisation: OrganisationId, *, revision: int, by: StaffId
    ) -> Organisation:
        """`by` has compared the fingerprint of exactly this revision by telephone. Raises `NotAccepted`, `Moved`, `Forged`."""
        before = await self._locked(conn, organisation, revision)
        if not before.entry.recipient:
            raise NotAccepted([Mistake("recipient", Wrong.MISSING)])
        verified = replace(before, verified_by=by, verified_at=epoch_seconds(self._clock.now()))
        return await self._put(conn, verified, Deed.KEY_VERIFIED, by=by)

    async def activate(
        self, conn: AsyncConnection, organisation: OrganisationId, *, active: bool, revision: int, by: StaffId | None
    ) -> Organisation:
        """Use it again, or no longer: it is never deleted, because what was sent names it. Raises `Moved`, `Forged`."""
        before = await self._locked(conn, organisation, revision)
        deed = Deed.ACTIVATED if active else Deed.DEACTIVATED
        return await self._put(conn, replace(before, active=active), deed, by=by)

    async def take_over(
        self,
        conn: AsyncConnection,
        entries: Iterable[tuple[OrganisationId | None, Entry, bool]],
        *,
        by: StaffId | None,
    ) -> list[Organisation]:
        """Import: ids that are known are changed, others added, with whether each is active. All of them or none.

        Keys are unverified unless key and address are those verified here already; secure e-mail stays off without.
        Raises `NotAccepted` with a path for each mistake (`[2].email`), `Forged`.
        """
        wrong: list[Mistake] = []
        ready: list[tuple[Organisation, bool]] = []
        for place, (organisation, entry, active) in enumerate(entries):
            query = select(organisations).where(organisations.c.id == (organisation or "")).with_for_update()
            known = await self._one(conn, query)
            fresh = self._fresh(organisation or OrganisationId(new_id()), entry, by=by)
            after = _settled(replace(_changed(known, entry) if known is not None else fresh, active=active))
            wrong += [one.below(f"[{place}]") for one in _wrong(after)]
            ready.append((after, known is not None))
        if wrong:
            raise NotAccepted(wrong)
        return [
            await self._put(conn, one, Deed.IMPORTED, by=by) if known else await self._imported(conn, one)
            for one, known in ready
        ]

    # --- rows ---

    async def _imported(self, conn: AsyncConnection, one: Organisation) -> Organisation:
        await self._insert(conn, one)
        await self._record(conn, one, Deed.IMPORTED)
        return one

    async def _locked(self, conn: AsyncConnection, organisation: OrganisationId, revision: int) -> Organisation:
        one = await self._one(conn, select(organisations).where(organisations.c.id == organisation).with_for_update())
        if one is None or one.revision != revision:
            raise Moved
        return one

    async def _one(self, conn: AsyncConnection, query: Select[Any]) -> Organisation | None:
        seen = self._seen()
        row = (await conn.execute(query)).mappings().one_or_none()
        return None if row is None else self._believed(row, seen)

    def _seen(self) -> Mapping[str, int]:
        """Ask before the rows: one that is changed meanwhile is no older one. Raises `Forged`, with an alarm."""
        try:
            return self._marks.read().organisations
        except Distrusted as refused:
            self._alarm(refused.fault)
            raise Forged from None

    def _saw(self, ours: Iterable[Organisation]) -> None:
        """Never believe an older one again. Not in a transaction that has changed one: it might still come to nothing."""
        self._marks.raise_to(Mark(organisations={one.id: one.revision for one in ours}))

    async def _insert(self, conn: AsyncConnection, one: Organisation) -> None:
        values = _columns(one)
        await conn.execute(insert(organisations).values(**values, mac=self._mac(values)))

    async def _put(self, conn: AsyncConnection, one: Organisation, deed: Deed, *, by: StaffId | None) -> Organisation:
        now = epoch_seconds(self._clock.now())
        after = replace(one, revision=one.revision + 1, changed_by=by, changed_at=now)
        values = _columns(after)
        mine = update(organisations).where(organisations.c.id == one.id)  # locked when it was read
        await conn.execute(mine.values(**values, mac=self._mac(values)))
        await self._record(conn, after, deed)
        return after

    def _fresh(self, organisation: OrganisationId, entry: Entry, *, by: StaffId | None) -> Organisation:
        now = epoch_seconds(self._clock.now())
        return Organisation(id=organisation, entry=entry, active=True, revision=1, changed_by=by, changed_at=now)

    async def _record(self, conn: AsyncConnection, one: Organisation, deed: Deed) -> None:
        await self._audit.append(conn, Action.ORGANISATION, actor=one.changed_by, subject=one.id, detail=deed)

    def _believed(self, row: RowMapping, seen: Mapping[str, int]) -> Organisation:
        values = {name: value for name, value in row.items() if name != "mac"}
        try:
            self._app_key.verify(row["mac"], "organisation", *self._fields(values))
            found = _organisation(values)
        except (Forged, ValueError, msgspec.MsgspecError):
            self._alarm(Fault.FORGED)
            raise Forged from None
        if found.revision < seen.get(found.id, 0):
            self._alarm(Fault.ROLLED_BACK)
            raise Forged
        return found

    def _mac(self, values: dict[str, Any]) -> bytes:
        return self._app_key.mac("organisation", *self._fields(values))

    def _fields(self, values: dict[str, Any]) -> list[bytes]:
        """Every column under its name; a missing value and an empty one differ."""
        columns = (framed(name, *(() if values[name] is None else (values[name],))) for name in sorted(values))
        return [self._deployment.encode(), *columns]


def _changed(before: Organisation, entry: Entry) -> Organisation:
    """`before` with another entry. What was verified stays so only for the same key and address."""
    if entry.destination == before.entry.destination:
        return replace(before, entry=entry)
    off = entry.channels - {Channel.EMAIL} if Channel.EMAIL in before.entry.channels else entry.channels
    return replace(before, entry=replace(entry, channels=off), verified_by=None, verified_at=None)


def _settled(one: Organisation) -> Organisation:
    """An imported one: secure e-mail waits for the verification."""
    if one.verified:
        return one
    return replace(one, entry=replace(one.entry, channels=one.entry.channels - {Channel.EMAIL}))


def _wrong(one: Organisation) -> list[Mistake]:
    wrong = mistakes(one.entry)
    if Channel.EMAIL in one.entry.channels and not one.verified and not wrong:
        wrong.append(Mistake("channels", Wrong.UNVERIFIED))
    return wrong


def _accept(one: Organisation) -> None:
    if wrong := _wrong(one):
        raise NotAccepted(wrong)


def _columns(one: Organisation) -> dict[str, Any]:
    entry = one.entry
    return {
        "id": one.id,
        "name": entry.name,
        "profile": profile_text(entry.profile),
        "state": "active" if one.active else "inactive",
        "listed": int(entry.listed),
        **{f"takes_{scope}s": int(scope in entry.takes) for scope in Scope},
        **{f"by_{channel}": int(channel in entry.channels) for channel in Channel},
        "email": entry.email or None,
        "recipient": entry.recipient.encode("ascii") or None,
        "verified_by": one.verified_by,
        "verified_at": one.verified_at,
        "revision": one.revision,
        "changed_by": one.changed_by,
        "changed_at": one.changed_at,
    }


def _organisation(row: dict[str, Any]) -> Organisation:
    entry = Entry(
        name=row["name"],
        profile=read_profile(row["profile"]),
        listed=bool(row["listed"]),
        takes=frozenset(scope for scope in Scope if row[f"takes_{scope}s"]),
        channels=frozenset(channel for channel in Channel if row[f"by_{channel}"]),
        email=row["email"] or "",
        recipient=(row["recipient"] or b"").decode("ascii"),
    )
    return Organisation(
        id=OrganisationId(row["id"]),
        entry=entry,
        active=row["state"] == "active",
        revision=row["revision"],
        changed_by=row["changed_by"],
        changed_at=row["changed_at"],
        verified_by=row["verified_by"],
        verified_at=row["verified_at"],
    )
