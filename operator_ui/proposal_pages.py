"""Proposals to the assistance system: the list, and what was decided on each. For operators and leads; no JavaScript."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.responses import Response

from contacts.openings import OpeningDenied
from contacts.session import Session
from contacts.staff_keys import Closed
from contacts.statistics.case import Case
from contacts.statistics.proposal_desk import Decided, Wrong
from contacts.statistics.proposals import Moved, NotReadable, Proposal, Step
from operator_ui.hours_form import read_day
from operator_ui.hours_words import remarks
from operator_ui.lead_room import LeadRoom, Visit
from operator_ui.lead_words import LeadWords
from operator_ui.posted import Posted, posted
from operator_ui.slips import Slip

PATH = "/desk/proposals"


class ProposalBook(Protocol):
    """What is needed of `contacts.statistics.proposal_desk.ProposalDesk`."""

    async def listed(self, step: Step) -> tuple[list[Proposal], int]: ...

    async def opened(self, session: Session, proposal: str) -> tuple[Proposal, Case]: ...

    async def recorded(self, session: Session, proposal: str, said: Decided) -> None: ...


class ProposalPages:
    """GET /desk/proposals, GET and POST /desk/proposals/{proposal}. `decisions`: code -> label by language."""

    def __init__(
        self, *, room: LeadRoom, book: ProposalBook, zone: ZoneInfo, decisions: Mapping[str, Mapping[str, str]]
    ) -> None:
        self._room = room
        self._book = book
        self._zone = zone
        self._decisions = decisions

    async def show_all(self, visit: Visit) -> Response:
        """Those that wait for a decision, then those that have one."""
        words = self._words(visit)
        lists = []
        for step in (Step.WAITING, Step.DECIDED):
            found, count = await self._book.listed(step)
            rows = [(one.id, one.tag, f"by_{one.origin}", words.day(self._day(one))) for one in found]
            lists.append((step.value, rows, count))
        return self._room.page(visit, "lead_proposals.html", here="proposals", lists=lists)

    async def show(self, visit: Visit) -> Response:
        """One of them, as it stands."""
        found, case = await self._opened(visit)
        sent = {
            "decision": case.decision or "",
            "decided": "" if case.decided is None else case.decided.isoformat(),
            "ended": "" if case.ended is None else case.ended.isoformat(),
            "revision": str(found.revision),
        }
        return self._page(visit, found, posted(sent.items()), [])

    async def submit(self, visit: Visit) -> Response:
        """Record it, or show it again with everything that was typed."""
        found, _ = await self._opened(visit)
        sent = visit.posted
        decided, slips = _day(sent, "decided")
        ended, also = _day(sent, "ended")
        slips += also
        decision = sent.one("decision") or None
        if (decision is not None and decision not in self._decisions) or not sent.one("revision").isdigit():
            raise HTTPException(400)
        if not slips:
            said = Decided(decision=decision, decided=decided, ended=ended, revision=int(sent.one("revision")))
            try:
                await self._book.recorded(visit.session, found.id, said)
                return self._room.rendering.redirect(f"{PATH}?told=proposal_recorded")
            except Wrong as wrong:
                slips = [Slip(f"proposal.slip.{one.field}.{one.why}", one.field) for one in wrong.slips]
            except Moved:
                fresh, _ = await self._opened(visit)
                kept = [pair for pair in sent.pairs if pair[0] != "revision"]
                again = posted([*kept, ("revision", str(fresh.revision))])
                return self._page(visit, fresh, again, [Slip("proposal.slip.moved", "decision")], status=409)
        return self._page(visit, found, sent, slips, status=422)

    async def _opened(self, visit: Visit) -> tuple[Proposal, Case]:
        try:
            return await self._book.opened(visit.session, visit.request.path_params["proposal"])
        except (LookupError, Closed, OpeningDenied):
            raise HTTPException(404) from None
        except NotReadable:
            raise HTTPException(404) from None

    def _page(self, visit: Visit, found: Proposal, sent: Posted, slips: list[Slip], *, status: int = 200) -> Response:
        words = self._words(visit)
        errors = remarks(words, slips)
        labels = {code: by.get(visit.language, by["en"]) for code, by in self._decisions.items()}
        return self._room.page(
            visit,
            "lead_proposal.html",
            here="proposals",
            status=status,
            errors=errors,
            wrong={one.field: one.text for one in errors},
            address=f"{PATH}/{found.id}",
            tag=found.tag,
            origin=f"by_{found.origin}",
            made=words.day(self._day(found)),
            decisions=labels,
            sent={name: sent.one(name) for name in ("decision", "decided", "ended", "revision")},
        )

    def _words(self, visit: Visit) -> LeadWords:
        return LeadWords(wording=self._room.rendering.wording, language=visit.language, zone=self._zone, names={})

    def _day(self, one: Proposal) -> date:
        return datetime.fromtimestamp(one.made_at, UTC).astimezone(self._zone).date()


def _day(sent: Posted, name: str) -> tuple[date | None, list[Slip]]:
    return read_day(sent.one(name), name) if sent.one(name) else (None, [])
