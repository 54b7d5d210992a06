"""What staff do with proposals: see the list, open one, record what was decided. Every opening is on the audit record."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from contacts.audit import Action, Audit
from contacts.openings import Opening, Openings
from contacts.session import Session
from contacts.statistics.case import Case, Slip, slips
from contacts.statistics.fact import Codes, plain
from contacts.statistics.proposals import NotReadable, Proposal, Proposals, Step
from storage.clock import Clock
from storage.engine import Store

#: A page lists so many of each step; the rest is a number.
MOST: Final = 200
#: What the record of the contact says.
AskCodes = Callable[[Opening], Awaitable[Codes]]


class Wrong(Exception):
    """What was typed cannot be recorded."""

    def __init__(self, found: list[Slip]) -> None:
        super().__init__("wrong")
        self.slips = found


class Decided(Struct, frozen=True, kw_only=True):
    """What somebody typed, on the revision they saw."""

    decision: str | None
    decided: date | None
    ended: date | None
    revision: int


class ProposalDesk:
    """Raises `LookupError` for what is not there; `NotReadable`, `OpeningDenied`, `Closed`."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        zone: ZoneInfo,
        openings: Openings,
        proposals: Proposals,
        audit: Audit,
        codes: AskCodes,
    ) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._openings = openings
        self._proposals = proposals
        self._audit = audit
        self._codes = codes

    async def listed(self, step: Step) -> tuple[list[Proposal], int]:
        """The newest first, and how many there are."""
        async with self._store.read() as conn:
            return await self._proposals.listed(conn, step, MOST)

    async def opened(self, session: Session, proposal: str) -> tuple[Proposal, Case]:
        """One of them, and what came of it."""
        found, opening = await self._opening(session, proposal)
        async with self._store.read() as conn:
            return found, await self._proposals.case(conn, opening, proposal)

    async def recorded(self, session: Session, proposal: str, said: Decided) -> None:
        """Record what was decided; what is counted of the person is what their record says now. Raises `Wrong`, `Moved`."""
        _, opening = await self._opening(session, proposal)
        codes = await self._codes(opening)
        async with self._store.write() as conn:
            before = await self._proposals.case(conn, opening, proposal)
            after = replace(before, decision=said.decision, decided=said.decided, ended=said.ended)
            if found := slips(after, self._clock.now().astimezone(self._zone).date()):
                raise Wrong(found)
            after = replace(after, codes=plain({**after.given, **codes}))
            await self._proposals.recorded(conn, opening, proposal, after, said.revision)
            await self._audit.append(conn, Action.PROPOSAL_DECIDED, actor=session.staff_id, contact=opening.contact)

    async def _opening(self, session: Session, proposal: str) -> tuple[Proposal, Opening]:
        async with self._store.read() as conn:
            found = await self._proposals.one(conn, proposal)
        if found is None:
            raise LookupError
        return found, await self._openings.opened(session, found.contact)


__all__ = ["AskCodes", "Decided", "NotReadable", "ProposalDesk", "Wrong"]
