"""What the leads' pages may call: hours, roster, audit, and how the rest of the house hears of a change."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from chat.sentences import Sentences
from contacts.audit import Action, Audit
from contacts.session import Session
from duty.colleagues import AskColleagues, Colleagues
from duty.drafts import Drafts
from duty.holidays import Holidays
from duty.hours import OpeningHours
from duty.roster import Roster
from duty.roster_days import RosterDays
from duty.roster_history import RosterHistory
from duty.schedule import CHAT, Schedule
from duty.swaps import Swaps
from duty.timetable import Timetable
from operator_ui.lead_words import LeadWords
from operator_ui.partnering import Partnering
from operator_ui.wording import Wording
from storage.clock import Clock
from storage.engine import Connection, Store
from storage.ids import StaffId


class Deed(StrEnum):
    """What the audit log says a lead did."""

    HOURS_PUBLISHED = "hours_published"
    HOURS_WITHDRAWN = "hours_withdrawn"
    EXCEPTION_ADDED = "exception_added"
    EXCEPTION_REMOVED = "exception_removed"
    HOLIDAY_CONFIRMED = "holiday_confirmed"
    PAUSED = "paused"
    RESUMED = "resumed"
    NUMBER_ENTERED = "number_entered"
    NUMBER_REMOVED = "number_removed"
    FALLBACK_WORKED = "fallback_worked"
    FALLBACK_FAILED = "fallback_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leading:
    """Ports of the leads' pages. `zone`, `country`: of a deployment that has no hours yet.

    `advertised`: languages of the service, meant where hours name none. `moved`: tell every process that hours changed.
    """

    store: Store
    clock: Clock
    schedule: Schedule
    drafts: Drafts
    holidays: Holidays
    roster: Roster
    days: RosterDays
    swaps: Swaps
    roster_history: RosterHistory
    colleagues: AskColleagues
    audit: Audit
    sentences: Sentences
    advertised: tuple[str, ...]
    zone: ZoneInfo
    country: str
    moved: Callable[[], Awaitable[None]]
    partnering: Partnering

    async def record(self, conn: Connection, session: Session, deed: Deed) -> None:
        """A line in the audit log, in the same unit of work."""
        await self.audit.append(conn, Action.SETTINGS, actor=session.staff_id, detail=deed)

    def zone_of(self, timetable: Timetable | None, now: datetime) -> ZoneInfo:
        """The zone in which clock times are told now."""
        if timetable is None:
            return self.zone
        return (timetable.in_force(now) or timetable.versions[0]).hours.zone

    def never(self) -> OpeningHours:
        """Hours to begin with when nothing was ever published."""
        return OpeningHours("24/7 off", self.zone, self.country)

    async def timetable(self, conn: Connection) -> Timetable | None:
        """Everything published."""
        return await self.schedule.timetable(conn, CHAT)

    async def paused(self, conn: Connection) -> bool:
        """Whether a lead has stopped the service."""
        in_force = await self.schedule.current(conn, CHAT, self.clock.now())
        return in_force is not None and in_force.paused


def words_of(wording: Wording, language: str, zone: ZoneInfo, colleagues: Colleagues) -> LeadWords:
    """Words for a page."""
    names: Mapping[StaffId, str] = {staff_id: one.name for staff_id, one in colleagues.items()}
    return LeadWords(wording=wording, language=language, zone=zone, names=names)
