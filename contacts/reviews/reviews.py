"""A review from request to stored bytes: opened, counted, drafted, attacked, rendered, attacked again, written down.

The same request has the same answer: the bytes that were stored. Whatever fails on the way leaves nothing behind. A
release for people outside shows no cell that one for the house hides, so that both together say no more than one.
"""

import asyncio
import io
import zipfile
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import partial
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.app_key import AppKey
from contacts.attack.published import Key, Published
from contacts.audit import Action, Audit
from contacts.forwarding.apart import Apart, Failed
from contacts.framing import Deployment
from contacts.openings import OpeningDenied
from contacts.release.catalogue import VERSION, halves_of
from contacts.release.frame import Frame
from contacts.release.service import services
from contacts.release.tally import Tally
from contacts.reviews.asked import (
    Asked,
    CannotBeMade,
    Commentary,
    Preview,
    Progress,
    Step,
    Why,
    groups,
)
from contacts.reviews.known import Knowledge, contradiction, published_in
from contacts.reviews.ledger import Act, Audience, Details, Ledger, Release
from contacts.reviews.registers import registered
from contacts.reviews.tables import LONGEST_PURPOSE
from contacts.reviews.tallies import Tallies
from contacts.reviews.working import Work, Worked, periods_to_draft, stands
from contacts.session import Session
from contacts.staff_keys import Closed
from contacts.statistics.fact_book import FactBook
from contacts.statistics.keys import HOLDERS
from contacts.statistics.periods import Period, frozen
from storage.clock import Clock
from storage.engine import Store
from storage.ids import new_id

#: What the solver and each attack get.
SECONDS: Final = 60.0
_TRIES: Final = 3


class Made(Struct, frozen=True):
    """What is to be written down."""

    last: int
    frame: Frame
    worked: Worked
    snapshot: bytes


#: Makes the files of a frame: called in a thread. Raises `CannotBeMade` for words that tell too much.
Render = Callable[[Frame, Commentary, date], bytes]
#: What each file of a ZIP says, parsed back: called in a thread.
Read = Callable[[bytes], Iterable[Published]]


class Reviews:
    """Makes, approves and hands out reviews, for analysts and leads. `seconds`: for the solver, and for each attack."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        zone: ZoneInfo,
        app_key: AppKey,
        deployment: Deployment,
        audit: Audit,
        book: FactBook,
        tallies: Tallies,
        ledger: Ledger,
        render: Render,
        read: Read,
        seconds: float = SECONDS,
        program: str = "contacts.reviews.working_program",
    ) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._app_key = app_key
        self._deployment = deployment
        self._audit = audit
        self._book = book
        self._tallies = tallies
        self._ledger = ledger
        self._render = render
        self._read = read
        self._seconds = seconds
        self._apart = Apart(module=program, seconds=2 * seconds + 10)

    async def periods(self) -> list[str]:
        """Half-years and years that can be asked for now, newest first."""
        async with self._store.read() as conn:
            counted = await self._book.periods(conn)
            settled = [p for p in counted if self._is_frozen(p) and await self._book.settled(conn, p)]
        years = [p[:4] for p in settled if p.endswith("H2") and Period(f"{p[:4]}H1") in settled]
        return sorted([*settled, *years], reverse=True)

    async def listed(self, session: Session) -> list[Release]:
        """The ledger, newest first. Raises `OpeningDenied`, `Closed`, `Forged`."""
        _may(session)
        async with self._store.read() as conn:
            return (await self._ledger.rows(conn))[::-1]

    async def preview(self, session: Session, asked: Asked, progress: Progress) -> Preview:
        """What it would show; nothing is written but that facts were opened. Raises as `request`."""
        _may(session)
        there = await self._there(asked)
        rows = there.details.told if there is not None else (await self._made(session, asked, progress)).frame.rows
        told = published_in(rows).values()
        return Preview(
            period=asked.period,
            release=there,
            shown=sum(value is not None for value in told),
            hidden=sum(value is None for value in told),
            groups=tuple(groups(rows)),
        )

    async def request(self, session: Session, asked: Asked, progress: Progress) -> Release:
        """The release, made now or before.

        Raises `CannotBeMade`; `OpeningDenied`, `Closed`, `KeysMissing`; `Forged`, `Unopenable` when the database was altered.
        """
        _may(session)
        for _ in range(_TRIES):
            there = await self._there(asked)
            if there is not None:
                return there
            made = await self._made(session, asked, progress)
            progress(Step.RENDERING, 0, 0)
            today = self._clock.now().astimezone(self._zone).date()
            try:
                stored = await asyncio.to_thread(self._render, made.frame, asked.commentary, today)
            except CannotBeMade:
                raise
            except Exception:  # noqa: BLE001 - whatever cannot be written is not released
                raise CannotBeMade(Why.BROKEN) from None
            progress(Step.CHECKING, 0, 0)
            await self._checked(asked, made, stored)
            progress(Step.KEEPING, 0, 0)
            await self._keep(session, asked, made, stored)
        there = await self._there(asked)
        if there is not None:
            return there
        raise CannotBeMade(Why.BUSY)

    async def approve(self, session: Session, release: str) -> Release:
        """A second person agrees that it leaves the house. Raises `SamePerson`, LookupError, `OpeningDenied`, `Forged`."""
        _may(session)
        async with self._store.write() as conn:
            approved = await self._ledger.approve(conn, release, session.staff_id)
            await self._audit.append(conn, Action.EXPORT_APPROVED, actor=session.staff_id)
        return approved

    async def stored(self, session: Session, release: str) -> tuple[Release, bytes]:
        """Its bytes, on the audit log before they are given out. Raises LookupError, `NotApproved`, `Forged`."""
        _may(session)
        async with self._store.write() as conn:
            found = await self._ledger.stored(conn, release)
            await self._audit.append(conn, Action.EXPORT_TAKEN, actor=session.staff_id)
        return found

    async def _there(self, asked: Asked) -> Release | None:
        async with self._store.read() as conn:
            rows = await self._ledger.rows(conn)
        mine = [one for one in rows if one.period == asked.period and one.act is Act.RELEASED]
        if asked.audience is Audience.OUTSIDE and all(one.audience is not Audience.INSIDE for one in mine):
            raise CannotBeMade(Why.INSIDE_FIRST)
        there = next((one for one in mine if one.audience is asked.audience), None)
        if there is not None and asked.audience is Audience.OUTSIDE and there.k != asked.k:
            raise CannotBeMade(Why.ANOTHER_K)
        return there

    async def _made(self, session: Session, asked: Asked, progress: Progress) -> Made:
        async with self._store.read() as conn:
            rows = await self._ledger.rows(conn)
            counted = await self._allowed(conn, asked.period)
            numbers = await registered(conn, asked.period, self._zone)
        known = {audience: _known(rows, audience) for audience in Audience}
        told = {period for knowledge in known.values() for period in knowledge.periods}
        frozen_now = [period for period in counted if self._is_frozen(period)]
        periods = periods_to_draft(asked.period, frozen_now, told)
        newest = max(half for period in periods for half in halves_of(period))
        tallies = await self._opened(session, [p for p in frozen_now if p <= newest], progress)
        progress(Step.WORKING, 0, 0)
        work = Work(
            period=asked.period,
            periods=periods,
            tallies=tuple(tallies),
            known=known[asked.audience],
            inside=None if asked.audience is Audience.INSIDE else known[Audience.INSIDE],
            k=asked.least,
            tie=self._app_key.derive("release-tie"),
            seconds=self._seconds,
        )
        worked = await self._worked(work)
        frame = Frame(
            release_id=new_id(),
            period=asked.period,
            catalogue=VERSION,
            k=min(asked.least.values()),
            rows=worked.rows,
            services=services([t for t in tallies if t.period in halves_of(asked.period)], numbers),
        )
        snapshot = self._app_key.mac("release-snapshot", self._deployment, msgspec.msgpack.encode(tallies))
        return Made(rows[-1].number if rows else 0, frame, worked, snapshot)

    async def _allowed(self, conn: AsyncConnection, period: str) -> list[Period]:
        """Every half-year with facts, if this one may be released now."""
        counted = await self._book.periods(conn)
        for half in map(Period, halves_of(period)):
            if not self._is_frozen(half):
                raise CannotBeMade(Why.NOT_FROZEN)
            if half not in counted:
                raise CannotBeMade(Why.NOTHING_COUNTED)
        for half in counted:
            if self._is_frozen(half) and not await self._book.settled(conn, half):
                raise CannotBeMade(Why.NOT_SETTLED)
        return counted

    async def _opened(self, session: Session, halves: list[Period], progress: Progress) -> list[Tally]:
        await self._book.recorded(session)
        async with self._store.read() as conn:
            sizes = {half: await self._book.count(conn, half) for half in halves}
        before, total = 0, sum(sizes.values())
        found: list[Tally] = []
        for half in halves:
            progress(Step.OPENING, before, total)
            try:
                found.append(await self._tallies.of(session, half, partial(_opening, progress, before, total)))
            except Failed:
                raise CannotBeMade(Why.OUT_OF_TIME) from None
            before += sizes[half]
        progress(Step.OPENING, total, total)
        return found

    async def _worked(self, work: Work) -> Worked:
        try:
            answer = await self._apart.run(msgspec.msgpack.encode(work))
            worked = msgspec.msgpack.decode(answer, type=Worked)
        except (Failed, msgspec.MsgspecError):
            raise CannotBeMade(Why.BROKEN) from None
        if worked.refusal is not None:
            raise CannotBeMade(Why(worked.refusal.value))
        return worked

    async def _checked(self, asked: Asked, made: Made, stored: bytes) -> None:
        """Attack what the files themselves say, with everything that was told before."""
        async with self._store.read() as conn:
            known = _known(await self._ledger.rows(conn), asked.audience).plus(made.worked.knowledge)
        try:
            files = await asyncio.to_thread(lambda: list(self._read(stored)))
        except Exception:  # noqa: BLE001 - whatever cannot be read cannot be released
            raise CannotBeMade(Why.BROKEN) from None
        union: dict[Key, int | None] = {}
        for said in files:
            if contradiction(said, union):
                raise CannotBeMade(Why.BROKEN)
            union |= said
        if union != published_in(made.frame.rows):
            raise CannotBeMade(Why.BROKEN)
        if await asyncio.to_thread(stands, union, known, asked.least, self._seconds) is None:
            raise CannotBeMade(Why.EXPOSED)

    async def _keep(self, session: Session, asked: Asked, made: Made, stored: bytes) -> None:
        """Write it down, unless somebody released something meanwhile: then it is worked out anew."""
        rows, published = made.frame.rows, published_in(made.frame.rows)
        new = {
            "release": made.frame.release_id,
            "period": asked.period,
            "audience": asked.audience.value,
            "catalogue": VERSION,
            "k": made.frame.k if asked.audience is Audience.INSIDE else asked.k,
            "published": sum(value is not None for value in published.values()),
            "hidden": sum(value is None for value in published.values()),
            "narrowest": made.worked.narrowest,
            "snapshot": made.snapshot,
            "requester": session.staff_id,
            "purpose": asked.purpose[:LONGEST_PURPOSE],
        }
        details = Details(knowledge=made.worked.knowledge, told=rows, files=_digests(stored))
        async with self._store.write() as conn:
            if await self._ledger.lock(conn) == made.last:
                await self._ledger.append(conn, new, details, stored)
                await self._audit.append(conn, Action.EXPORT, actor=session.staff_id)

    def _is_frozen(self, period: str) -> bool:
        return frozen(Period(period), self._clock.now(), self._zone)


def _opening(progress: Progress, before: int, total: int, done: int) -> None:
    progress(Step.OPENING, before + done, total)


def _may(session: Session) -> None:
    if session.ended is not None:
        raise Closed
    if session.role not in HOLDERS:
        raise OpeningDenied


def _known(rows: Iterable[Release], audience: Audience) -> Knowledge:
    known = Knowledge()
    for one in rows:
        if one.audience is audience and one.act is Act.RELEASED:
            known = known.plus(one.details.knowledge)
    return known


def _digests(stored: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(stored)) as archive:
        return {name: sha256(archive.read(name)).hexdigest() for name in sorted(archive.namelist())}


def day_of(release: Release, zone: ZoneInfo) -> date:
    """The day on which it was made."""
    return datetime.fromtimestamp(release.at, UTC).astimezone(zone).date()
