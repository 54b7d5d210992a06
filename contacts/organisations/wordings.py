"""Wordings of consent: a draft, approved by a lead, then never changed. A new version takes its place."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.app_key import AppKey
from contacts.audit import Action, Audit
from contacts.distrust import Alarm, Fault, Forged
from contacts.framing import Deployment, framed
from contacts.inserting import inserted
from contacts.organisations.checks import NotAccepted
from contacts.organisations.organisations import Moved
from contacts.organisations.purposes import Purpose, told, wording_mistakes
from contacts.organisations.tables import wordings
from contacts.people import People, Role, Standing
from storage.clock import Clock, epoch_seconds
from storage.ids import StaffId, WordingId, new_id


class NotALead(Exception):
    """Only a lead approves."""


class SecondPersonNeeded(Exception):
    """There is another lead: whoever wrote a wording does not approve it."""


class Deed(StrEnum):
    """What the audit log says was done."""

    APPROVED = "approved"
    APPROVED_ALONE = "approved_alone"
    """By the only lead there is, who also wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One version of a text. Times are seconds since 1970 UTC. `revision` counts the saves of the draft."""

    id: WordingId
    purpose: Purpose
    language: str
    version: int
    text: str
    revision: int
    made_by: StaffId | None
    made_at: int
    approved_by: StaffId | None = None
    approved_at: int | None = None

    @property
    def approved(self) -> bool:
        """Whether it may be used, and can never change."""
        return self.approved_at is not None

    def told(self, **values: str) -> str:
        """As the person reads or hears it. `values`: `organisation` and `until`, where the purpose takes them."""
        return told(self.text, **values)


class Wordings:
    """Drafts, approval, and the wording in use. Every method works inside the caller's unit of work."""

    def __init__(
        self,
        *,
        app_key: AppKey,
        deployment: Deployment,
        clock: Clock,
        alarm: Alarm,
        audit: Audit,
        people: People,
    ) -> None:
        self._app_key = app_key
        self._deployment = deployment
        self._clock = clock
        self._alarm = alarm
        self._audit = audit
        self._people = people

    async def find(self, conn: AsyncConnection, wording: WordingId) -> Wording | None:
        """One of them, also an old version or a draft. Raises `Forged`, with an alarm."""
        row = (await conn.execute(select(wordings).where(wordings.c.id == wording))).mappings().one_or_none()
        return None if row is None else self._believed(row)

    async def current(self, conn: AsyncConnection, purpose: Purpose, language: str) -> Wording | None:
        """The one in use: the newest approved one. None: this purpose has none in this language. Raises `Forged`."""
        query = select(wordings).where(*_of(purpose, language), wordings.c.state == "approved")
        newest = query.order_by(wordings.c.version.desc()).limit(1)
        row = (await conn.execute(newest)).mappings().one_or_none()
        return None if row is None else self._believed(row)

    async def languages(self, conn: AsyncConnection, purpose: Purpose) -> frozenset[str]:
        """Languages in which this purpose has an approved wording."""
        approved = select(wordings.c.language).where(wordings.c.purpose == purpose, wordings.c.state == "approved")
        return frozenset((await conn.execute(approved.distinct())).scalars())

    async def everything(self, conn: AsyncConnection) -> list[Wording]:
        """All versions of all, the newest of each first. Raises `Forged`."""
        query = select(wordings).order_by(wordings.c.purpose, wordings.c.language, wordings.c.version.desc())
        return [self._believed(row) for row in (await conn.execute(query)).mappings()]

    async def draft(
        self,
        conn: AsyncConnection,
        purpose: Purpose,
        language: str,
        text: str,
        *,
        by: StaffId | None,
        revision: int | None,
    ) -> Wording:
        """Begin a new version (`revision` None), or save the draft as it was read. Raises `NotAccepted`, `Moved`, `Forged`."""
        if wrong := wording_mistakes(purpose, text):
            raise NotAccepted(wrong)
        now = epoch_seconds(self._clock.now())
        if revision is not None:
            before = await self._drafted(conn, purpose, language, revision)
            after = replace(before, text=text, revision=revision + 1, made_by=by, made_at=now)
            return await self._put(conn, before, after)
        versions = select(func.max(wordings.c.version)).where(*_of(purpose, language))
        newest: int = (await conn.execute(versions)).scalar_one_or_none() or 0
        fresh = Wording(
            id=WordingId(new_id()),
            purpose=purpose,
            language=language,
            version=newest + 1,
            text=text,
            revision=1,
            made_by=by,
            made_at=now,
        )
        values = _columns(fresh)
        if not await inserted(conn, wordings, **values, mac=self._mac(values)):
            raise Moved  # somebody else began one
        return fresh

    async def discard(self, conn: AsyncConnection, purpose: Purpose, language: str, *, revision: int) -> None:
        """Throw the draft away. Raises `Moved`, `Forged`."""
        before = await self._drafted(conn, purpose, language, revision)
        await conn.execute(delete(wordings).where(wordings.c.id == before.id, wordings.c.state == "draft"))

    async def approve(
        self, conn: AsyncConnection, purpose: Purpose, language: str, *, revision: int, by: StaffId
    ) -> Wording:
        """From now on this is the wording in use, for ever as it is.

        Raises `NotALead`, `SecondPersonNeeded`, `Moved`, `Forged`.
        """
        leads = await self.leads(conn)
        if by not in leads:
            raise NotALead
        before = await self._drafted(conn, purpose, language, revision)
        if before.made_by == by and len(leads) > 1:
            raise SecondPersonNeeded
        after = replace(before, approved_by=by, approved_at=epoch_seconds(self._clock.now()))
        await self._put(conn, before, after)
        alone = Deed.APPROVED_ALONE if before.made_by == by else Deed.APPROVED
        await self._audit.append(conn, Action.WORDING, actor=by, subject=after.id, detail=alone)
        return after

    async def leads(self, conn: AsyncConnection) -> frozenset[StaffId]:
        """Everybody who may approve."""
        everybody = (await self._people.everybody(conn)).values()
        return frozenset(one.id for one in everybody if one.role is Role.LEAD and one.state is Standing.ACTIVE)

    async def _drafted(self, conn: AsyncConnection, purpose: Purpose, language: str, revision: int) -> Wording:
        query = select(wordings).where(*_of(purpose, language), wordings.c.state == "draft").with_for_update()
        row = (await conn.execute(query)).mappings().one_or_none()
        if row is None:
            raise Moved
        found = self._believed(row)
        if found.revision != revision:
            raise Moved
        return found

    async def _put(self, conn: AsyncConnection, before: Wording, after: Wording) -> Wording:
        values = _columns(after)
        mine = update(wordings).where(wordings.c.id == before.id)  # locked when it was read
        await conn.execute(mine.values(**values, mac=self._mac(values)))
        return after

    def _believed(self, row: RowMapping) -> Wording:
        values = {name: value for name, value in row.items() if name != "mac"}
        try:
            self._app_key.verify(row["mac"], "wording", *self._fields(values))
        except Forged:
            self._alarm(Fault.FORGED)
            raise
        del values["state"]
        return Wording(**{**values, "purpose": Purpose(values["purpose"])})

    def _mac(self, values: dict[str, Any]) -> bytes:
        return self._app_key.mac("wording", *self._fields(values))

    def _fields(self, values: dict[str, Any]) -> list[bytes]:
        columns = (framed(name, *(() if values[name] is None else (values[name],))) for name in sorted(values))
        return [self._deployment.encode(), *columns]


def _of(purpose: Purpose, language: str) -> tuple[ColumnElement[bool], ...]:
    return wordings.c.purpose == purpose, wordings.c.language == language


def _columns(one: Wording) -> dict[str, Any]:
    return {
        "id": one.id,
        "purpose": one.purpose.value,
        "language": one.language,
        "version": one.version,
        "state": "approved" if one.approved else "draft",
        "text": one.text,
        "revision": one.revision,
        "made_by": one.made_by,
        "made_at": one.made_at,
        "approved_by": one.approved_by,
        "approved_at": one.approved_at,
    }
