"""What the pages about keeping and watching may call: audit, retention, contacts that have ended, erasure on request."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from chat.closed_reading import ClosedReading
from chat.live_reading import LiveReading
from contacts.audit_months import AuditMonths
from contacts.ended_contacts import EndedContacts
from contacts.erasure_asked import ErasureAsked
from contacts.forwarding.stuck import Stuck
from contacts.holds import Holds
from contacts.retention import Retention
from contacts.session import Session
from duty.colleagues import AskColleagues, Colleagues
from operator_ui.lead_words import LeadWords
from operator_ui.leading import words_of
from operator_ui.wording import Wording
from storage.clock import Clock
from storage.engine import Connection, Store
from storage.ids import ContactId, OrganisationId

#: What left badly and stands until somebody sees to it, and the names of organisations by id.
AskStuck = Callable[[Connection], Awaitable[tuple[list[Stuck], dict[OrganisationId, str]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """Ports of these pages. `zone`: of the clock on the wall; `end`: end one's own conversation; `erased`: tell the desks; `most`: openings an hour."""

    store: Store
    clock: Clock
    zone: ZoneInfo
    colleagues: AskColleagues
    months: AuditMonths
    retention: Retention
    holds: Holds
    ended: EndedContacts
    reading: ClosedReading
    live: LiveReading
    asked: ErasureAsked
    end: Callable[[Session, ContactId], Awaitable[None]]
    erased: Callable[[ContactId], Awaitable[None]]
    most: int
    stuck: AskStuck

    async def everybody(self) -> Colleagues:
        """Who works here, or did."""
        async with self.store.read() as conn:
            return await self.colleagues(conn)

    def words(self, wording: Wording, language: str, colleagues: Colleagues) -> LeadWords:
        """Words for a page."""
        return words_of(wording, language, self.zone, colleagues)
