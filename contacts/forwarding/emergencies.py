"""Imminent danger: acting without consent. A path of its own, never reached from the ordinary one; every case is counted.

One person can act, alone and at once, with a reason and a legal basis; a lead who is somebody else confirms within 24 hours,
or says that it was wrong. Whoever has not been looked at in time stands in `overdue`.
"""

from msgspec import Struct
from sqlalchemy import ColumnElement, RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.audit import Action, Audit
from contacts.forwarding.consent import (
    CONFIRM_WITHIN,
    Authority,
    Basis,
    Danger,
    Denial,
    Denied,
    EmergencyId,
    Verdict,
    listed_fields,
)
from contacts.forwarding.refused import heeding
from contacts.forwarding.tables import LONGEST_FIELDS, emergencies
from contacts.people import KEY_HOLDERS, Role
from contacts.session import Session
from storage.clock import Clock, epoch_seconds
from storage.ids import ContactId, OrganisationId, StaffId, new_id


class Act(Struct, frozen=True, kw_only=True):
    """What somebody does without consent. `fields`: what is told.

    `organisation`, `digest` and `payload` (as in `consent.Question`) are needed for sending a document; an authority that is
    not on our list is told by telephone, and then this row is all there is.
    """

    contact: ContactId
    authority: Authority
    reason: Danger
    basis: Basis
    fields: tuple[str, ...]
    organisation: OrganisationId | None = None
    digest: bytes | None = None
    payload: int | None = None


class Emergency(Struct, frozen=True, kw_only=True):
    """What was done, and what a lead said of it."""

    id: EmergencyId
    act: Act
    acted_by: StaffId
    acted_at: int
    confirmed_by: StaffId | None = None
    confirmed_at: int | None = None
    verdict: Verdict | None = None

    @property
    def confirm_by(self) -> int:
        """Until when (seconds since 1970) a lead looks at it."""
        return self.acted_at + CONFIRM_WITHIN


class Emergencies:
    """Every method works inside the caller's transaction."""

    def __init__(self, *, clock: Clock, audit: Audit) -> None:
        self._clock = clock
        self._audit = audit

    async def act(self, conn: AsyncConnection, act: Act, *, by: Session) -> EmergencyId:
        """Record it before anything is told (`Forwardings.queue_emergency`). Raises `Denied`: not_asked_so, not_allowed."""
        if by.role not in KEY_HOLDERS:
            raise Denied(Denial.NOT_ALLOWED)
        fields = listed_fields(act.fields)
        if len(fields) > LONGEST_FIELDS:
            raise Denied(Denial.NOT_ASKED_SO)
        emergency = EmergencyId(new_id())
        async with heeding(conn):
            await conn.execute(
                insert(emergencies).values(
                    id=emergency,
                    contact=act.contact,
                    authority=act.authority.value,
                    organisation=act.organisation,
                    scope="emergency",
                    fields=fields,
                    digest=act.digest,
                    payload=act.payload,
                    reason=act.reason.value,
                    basis=act.basis.value,
                    acted_by=by.staff_id,
                    acted_at=self._now(),
                )
            )
        await self._audit.append(conn, Action.EMERGENCY, actor=by.staff_id, contact=act.contact, detail=act.reason)
        return emergency

    async def confirm(self, conn: AsyncConnection, emergency: EmergencyId, verdict: Verdict, *, by: Session) -> None:
        """A lead looked at it, once; late is possible and shows. Raises `Denied`: not_a_lead, same_person, not_there, already."""
        if by.role is not Role.LEAD:
            raise Denied(Denial.NOT_A_LEAD)
        query = select(emergencies).where(emergencies.c.id == emergency).with_for_update()
        row = (await conn.execute(query)).mappings().one_or_none()
        if row is None:
            raise Denied(Denial.NOT_THERE)
        if row["acted_by"] == by.staff_id:
            raise Denied(Denial.SAME_PERSON)
        if row["confirmed_at"] is not None:
            raise Denied(Denial.ALREADY)
        at = max(self._now(), row["acted_at"])
        async with heeding(conn):
            await conn.execute(
                update(emergencies)
                .where(emergencies.c.id == emergency)
                .values(confirmed_by=by.staff_id, confirmed_at=at, verdict=verdict.value)
            )
        await self._audit.append(
            conn, Action.EMERGENCY_CONFIRMED, actor=by.staff_id, contact=row["contact"], detail=verdict
        )

    async def find(self, conn: AsyncConnection, emergency: EmergencyId) -> Emergency | None:
        """One of them."""
        found = await self._those(conn, emergencies.c.id == emergency)
        return found[0] if found else None

    async def of_contact(self, conn: AsyncConnection, contact: ContactId) -> list[Emergency]:
        """All of a contact, oldest first."""
        return await self._those(conn, emergencies.c.contact == contact)

    async def unconfirmed(self, conn: AsyncConnection) -> list[Emergency]:
        """Those that no lead has looked at, oldest first."""
        return await self._those(conn, emergencies.c.confirmed_at.is_(None))

    async def overdue(self, conn: AsyncConnection) -> list[Emergency]:
        """Those that no lead has looked at within 24 hours."""
        late = emergencies.c.acted_at <= self._now() - CONFIRM_WITHIN
        return await self._those(conn, emergencies.c.confirmed_at.is_(None), late)

    async def count(self, conn: AsyncConnection, since: int, until: int) -> dict[Danger, int]:
        """How many there were, by reason; `since` <= acted_at < `until`, seconds since 1970."""
        query = (
            select(emergencies.c.reason, func.count())
            .where(emergencies.c.acted_at >= since, emergencies.c.acted_at < until)
            .group_by(emergencies.c.reason)
        )
        return {Danger(reason): count for reason, count in await conn.execute(query)}

    async def _those(self, conn: AsyncConnection, *where: ColumnElement[bool]) -> list[Emergency]:
        query = select(emergencies).where(*where).order_by(emergencies.c.acted_at, emergencies.c.id)
        return [_emergency(row) for row in (await conn.execute(query)).mappings()]

    def _now(self) -> int:
        return epoch_seconds(self._clock.now())


def _emergency(row: RowMapping) -> Emergency:
    return Emergency(
        id=EmergencyId(row["id"]),
        act=Act(
            contact=ContactId(row["contact"]),
            authority=Authority(row["authority"]),
            reason=Danger(row["reason"]),
            basis=Basis(row["basis"]),
            fields=tuple(row["fields"].split(",")),
            organisation=row["organisation"],
            digest=row["digest"],
            payload=row["payload"],
        ),
        acted_by=StaffId(row["acted_by"]),
        acted_at=row["acted_at"],
        confirmed_by=row["confirmed_by"],
        confirmed_at=row["confirmed_at"],
        verdict=None if row["verdict"] is None else Verdict(row["verdict"]),
    )
