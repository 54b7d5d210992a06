"""Proposals to the assistance system, and what was decided on them: dated events, counted like everything else.

A proposal comes with the professionals' form, or is composed from a contact and sent. Its case is sealed under a key of
the record's class; what it counts is derived from the case alone, so that a change of the case is a correction.
"""

from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.contact import Author, Klass
from contacts.distrust import Distrusted
from contacts.envelopes import Unopenable
from contacts.keyring import Keyring, NoKey
from contacts.openings import Opening
from contacts.sealing import ContentKey, EntryName
from contacts.statistics.case import Case, events
from contacts.statistics.fact import Codes, Unit, plain
from contacts.statistics.facts import Facts
from contacts.statistics.tables import proposals
from contacts.tables_log import contacts
from contacts.words import Words
from storage.clock import Clock, epoch_seconds
from storage.ids import ContactId, new_id

_UNITS: Final = (Unit.PROPOSAL, Unit.DECISION, Unit.ENDED)


class Origin(StrEnum):
    """How a proposal came."""

    FORM = "form"
    COMPOSED = "composed"


class Step(StrEnum):
    """Where it stands. What was decided is sealed."""

    HELD = "held"
    """Composed, not sent yet: not counted, not listed."""
    WAITING = "waiting"
    DECIDED = "decided"


class Proposal(Struct, frozen=True, kw_only=True):
    """A proposal in a list. `tag`: of its contact."""

    id: str
    contact: ContactId
    tag: str
    origin: Origin
    step: Step
    made_at: int
    revision: int


class Moved(Exception):
    """Somebody else recorded something meanwhile."""


class NotReadable(Exception):
    """This session has no key for it, or it was destroyed or altered."""


class Proposals:
    """Rows of proposals and their events. Works in the caller's transaction."""

    def __init__(self, *, clock: Clock, zone: ZoneInfo, facts: Facts, keyring: Keyring) -> None:
        self._clock = clock
        self._zone = zone
        self._facts = facts
        self._keyring = keyring

    async def arrived(self, conn: AsyncConnection, contact: ContactId, codes: Codes) -> str:
        """One came with the form for professionals; its id. `codes`: what the form itself says."""
        return await self._begin(conn, _New(contact, Origin.FORM, Step.WAITING, plain(codes)))

    async def composed(self, conn: AsyncConnection, opening: Opening, forwarding: str, codes: Codes) -> None:
        """A forwarding of scope proposal is queued, in its operator's session. Again changes nothing. Counted when `sent`."""
        if await self._of(conn, forwarding) is None:
            new = _New(opening.contact, Origin.COMPOSED, Step.HELD, plain(codes), forwarding)
            await self._begin(conn, new, opening)

    async def sent(self, conn: AsyncConnection, forwarding: str) -> None:
        """It was sent: from now on it is a proposal. Needs no key and no lock on the contact; again changes nothing."""
        row = await self._of(conn, forwarding)
        if row is not None and row["step"] == Step.HELD:
            await conn.execute(update(proposals).where(proposals.c.id == row["id"]).values(step=Step.WAITING))
            await self._facts.let_go(conn, ContactId(row["contact"]), _slot(Unit.PROPOSAL, row["id"]))

    async def dropped(self, conn: AsyncConnection, forwarding: str) -> None:
        """It will never be sent (withdrawn, refused): nothing was proposed, nothing is counted."""
        row = await self._of(conn, forwarding)
        if row is not None and row["step"] == Step.HELD:
            await self._facts.forget(conn, ContactId(row["contact"]), _slot(Unit.PROPOSAL, row["id"]))
            await conn.execute(delete(proposals).where(proposals.c.id == row["id"]))

    async def listed(self, conn: AsyncConnection, step: Step, limit: int) -> tuple[list[Proposal], int]:
        """Up to `limit`, the newest first, and how many there are."""
        chosen = (proposals.c.step == step, contacts.c.id == proposals.c.contact)
        query = select(proposals, contacts.c.tag).where(*chosen).order_by(proposals.c.made_at.desc(), proposals.c.id)
        rows = (await conn.execute(query.limit(limit))).mappings().all()
        count = (
            await conn.execute(select(func.count()).select_from(proposals).where(proposals.c.step == step))
        ).scalar_one()
        return [_proposal(row) for row in rows], int(count)

    async def one(self, conn: AsyncConnection, proposal: str) -> Proposal | None:
        """A proposal that is listed, by its id."""
        query = select(proposals, contacts.c.tag).where(
            proposals.c.id == proposal, proposals.c.step != Step.HELD, contacts.c.id == proposals.c.contact
        )
        row = (await conn.execute(query)).mappings().one_or_none()
        return None if row is None else _proposal(row)

    async def marked(self, conn: AsyncConnection, listed: list[ContactId]) -> set[ContactId]:
        """Those of these contacts that came as proposals."""
        query = select(proposals.c.contact).where(proposals.c.contact.in_(listed), proposals.c.origin == Origin.FORM)
        return {ContactId(contact) for contact in (await conn.execute(query)).scalars()} if listed else set()

    async def case(self, conn: AsyncConnection, opening: Opening, proposal: str) -> Case:
        """What came of it. Raises `NotReadable`, `LookupError`, `Closed`."""
        row = await self._row(conn, proposal)
        if row is None or row["contact"] != opening.contact:
            raise LookupError
        return (await self._opened(conn, opening, row))[0]

    async def given(self, conn: AsyncConnection, opening: Opening) -> dict[str, tuple[str, ...]]:
        """What the professional who proposed them said, in codes of the record; nothing for other contacts. Raises `Closed`."""
        query = select(proposals).where(proposals.c.contact == opening.contact, proposals.c.origin == Origin.FORM)
        for row in (await conn.execute(query)).mappings().all():
            try:
                case, _ = await self._opened(conn, opening, row)
            except NotReadable:
                continue
            return {name: tuple(codes) for name, codes in case.given.items()}
        return {}

    async def recorded(self, conn: AsyncConnection, opening: Opening, proposal: str, case: Case, revision: int) -> None:
        """Something was decided, or recorded wrongly before. Raises `Moved`, `NotReadable`, `LookupError`, `Closed`."""
        await conn.execute(select(contacts.c.id).where(contacts.c.id == opening.contact).with_for_update())
        row = await self._row(conn, proposal, lock=True)
        if row is None or row["contact"] != opening.contact:
            raise LookupError
        if row["revision"] != revision:
            raise Moved
        await self._changed(conn, opening, row, case)

    async def recoded(self, conn: AsyncConnection, opening: Opening, codes: Codes) -> None:
        """The contact's record says something else now: so do the events of its proposals."""
        query = select(proposals).where(proposals.c.contact == opening.contact).order_by(proposals.c.id)
        for row in (await conn.execute(query.with_for_update())).mappings().all():
            try:
                case, _ = await self._opened(conn, opening, row)
            except NotReadable:
                continue  # it stays counted as it was
            await self._changed(conn, opening, row, replace(case, codes=plain({**case.given, **codes})))

    async def _begin(self, conn: AsyncConnection, new: "_New", opening: Opening | None = None) -> str:
        now, proposal = self._clock.now(), new_id()
        given = new.codes if new.origin is Origin.FORM else {}
        case = Case(made=now.astimezone(self._zone).date(), given=given, codes=new.codes)
        key = await self._keyring.new_segment(conn, new.contact, Klass.RECORD)
        values: dict[str, object] = {
            "id": proposal,
            "contact": new.contact,
            "origin": new.origin,
            "forwarding": new.forwarding,
        }
        values |= {"step": new.step, "made_at": epoch_seconds(now), "segment": key.segment}
        await conn.execute(insert(proposals).values(**values, sealed=_sealed(key, proposal, 0, case)))
        event, slot = events(case)[Unit.PROPOSAL], _slot(Unit.PROPOSAL, proposal)
        ready = new.step is not Step.HELD
        await self._facts.record(conn, new.contact, slot, None, event, opening=opening, ready=ready)
        return proposal

    async def _changed(self, conn: AsyncConnection, opening: Opening, row: RowMapping, case: Case) -> None:
        before, key = await self._opened(conn, opening, row)
        was, now = events(before), events(case)
        for unit in _UNITS:
            if was.get(unit) != now.get(unit):
                slot, ready = _slot(unit, row["id"]), row["step"] != Step.HELD
                await self._facts.record(
                    conn, opening.contact, slot, was.get(unit), now.get(unit), opening=opening, ready=ready
                )
        step = row["step"] if row["step"] == Step.HELD else Step.WAITING if case.decision is None else Step.DECIDED
        revision = row["revision"] + 1
        values = {"step": step, "revision": revision, "sealed": _sealed(key, row["id"], revision, case)}
        await conn.execute(update(proposals).where(proposals.c.id == row["id"]).values(**values))

    async def _opened(self, conn: AsyncConnection, opening: Opening, row: RowMapping) -> tuple[Case, ContentKey]:
        try:
            key = await self._keyring.open_segment(conn, opening, Klass.RECORD, row["segment"])
            words = key.open(_name(key, row["id"], row["revision"]), row["sealed"])
            return msgspec.json.decode(words.reveal(), type=Case), key
        except (NoKey, Distrusted, Unopenable):
            raise NotReadable from None

    async def _of(self, conn: AsyncConnection, forwarding: str) -> RowMapping | None:
        query = select(proposals).where(proposals.c.forwarding == forwarding).with_for_update()
        return (await conn.execute(query)).mappings().one_or_none()

    async def _row(self, conn: AsyncConnection, proposal: str, *, lock: bool = False) -> RowMapping | None:
        query = select(proposals).where(proposals.c.id == proposal, proposals.c.step != Step.HELD)
        return (await conn.execute(query.with_for_update() if lock else query)).mappings().one_or_none()


class _New(Struct, frozen=True):
    """A proposal before it has an id."""

    contact: ContactId
    origin: Origin
    step: Step
    codes: dict[str, tuple[str, ...]]
    forwarding: str | None = None


def _sealed(key: ContentKey, proposal: str, revision: int, case: Case) -> bytes:
    return key.seal(_name(key, proposal, revision), Words(msgspec.json.encode(case).decode()))


def _name(key: ContentKey, proposal: str, revision: int) -> EntryName:
    return EntryName(key.contact, Klass.RECORD, key.segment, 0, revision, proposal, Author.WORKER, table="proposals")


def _slot(unit: Unit, proposal: str) -> str:
    return f"{unit.value}:{proposal}"


def _proposal(row: RowMapping) -> Proposal:
    return Proposal(
        id=row["id"],
        contact=ContactId(row["contact"]),
        tag=row["tag"],
        origin=Origin(row["origin"]),
        step=Step(row["step"]),
        made_at=row["made_at"],
        revision=row["revision"],
    )
