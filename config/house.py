"""The house: everything a process may call, and what runs in the background of it. `config.assembly` builds it."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial

from chat.assigner import Assigner
from chat.cards import Cards
from chat.close_codes import Close
from chat.desk_door import DeskDoor
from chat.live import Live
from chat.outlook import Outlook
from chat.places import Places
from chat.public_facts import PublicFacts
from chat.sentences import Sentences
from chat.socket import Pulse
from chat.translations import Translations
from chat.visitor_door import VisitorDoor
from config.aliases import Aliases
from config.consents import Gate
from config.counting import Counting
from config.forms import Forms
from config.forwarding import Leaving
from config.hotline import DUE_SECONDS, HOUR, SPOOL_SECONDS, URGENT_SECONDS, Hotline
from config.jobs import Job, Service, keep_running, sweep_for_ever
from config.keeping import Keeping
from config.office import Office
from config.partners import Partners
from config.recording import Recording
from config.resources import Resources
from config.reviewing import Reviewing
from config.rosters import Rosters
from config.settings import Mode, Settings
from config.sweeps import Sweeps
from contacts.committer import Committer
from contacts.log import Log
from contacts.openings import Openings
from duty.drafts import Drafts
from duty.holidays import Holidays
from duty.opening import Duty
from duty.presence import Presence
from duty.schedule import Schedule
from hotline.on_call import REFRESH_SECONDS
from operator_ui.attendance import HEARTBEAT_SECONDS, SESSION_SECONDS, Attendance

TOUCH_SECONDS = 20.0
#: What is still being written when a process stops gets this long.
LAST_COMMITS_SECONDS = 10.0


class Place(Enum):
    """Which kind of process this is."""

    WEB = auto()
    WORKER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything a process may call."""

    resources: Resources
    office: Office
    facts: PublicFacts
    translations: Translations
    sentences: Sentences
    duty: Duty
    presence: Presence
    schedule: Schedule
    drafts: Drafts
    holidays: Holidays
    rosters: Rosters
    log: Log
    committer: Committer
    live: Live
    places: Places
    outlook: Outlook
    pulse: Pulse
    visitor_door: VisitorDoor
    desk_door: DeskDoor
    cards: Cards
    gate: Gate
    forms: Forms
    hotline: Hotline | None
    counting: Counting
    reviewing: Reviewing
    openings: Openings
    recording: Recording
    aliases: Aliases
    partners: Partners
    leaving: Leaving
    attendance: Attendance
    assigner: Assigner
    keeping: Keeping
    sweeps: Sweeps
    stopping: asyncio.Event
    written: asyncio.Event

    @property
    def settings(self) -> Settings:
        """What this deployment decided."""
        return self.resources.settings

    def tasks(self, place: Place) -> list[Callable[[], Awaitable[None]]]:
        """What runs in the background of a process of this kind."""
        alone = not self.resources.bus.reaches_others
        services = [Service("committer", self._commit), Service("live", self.live.run)]
        jobs = []
        if place is Place.WEB:
            services += [
                Service("places", self.places.run),
                Service("forms", self.forms.waiting.run),
                Service("outlook", self.outlook.run),
                Service("pulse", self.pulse.run),
                Service("session_watch", self.office.session_watch.run),
            ]
            jobs += [
                Job("touch", TOUCH_SECONDS, self.visitor_door.presence.touch),
                Job("attendance", HEARTBEAT_SECONDS, self.attendance.beat),
                Job("sessions", SESSION_SECONDS, self.attendance.keep_sessions),
            ]
            if self.hotline is not None:
                services.append(Service("dialler", self.hotline.dialler.run))
                services.append(Service("calls", self.hotline.listed.run))
                jobs += [
                    Job("on_call", REFRESH_SECONDS, self.hotline.on_call.refresh),
                    Job("calls_due", DUE_SECONDS, self.hotline.due),
                    Job("call_spool", SPOOL_SECONDS, self.hotline.reconcile),
                    Job("call_answers", HOUR, self.hotline.forget),
                    Job("urgent_forms", URGENT_SECONDS, self.hotline.urgent.look),
                ]
        if alone or place is Place.WORKER or self.settings.mode is Mode.DEMO:  # a demo is whole in one process
            services.append(Service("assigner", self.assigner.run))
            services.append(Service("sweeps", self.sweeps.run))
        return [
            *(partial(keep_running, service) for service in services),
            *(partial(sweep_for_ever, job) for job in jobs),
        ]

    def stop_connections(self) -> None:
        """Tell every socket to come back at once, to another process; documents without an end find one."""
        self.stopping.set()
        self.pulse.close_all(Close.RESTART)

    async def closing(self) -> None:
        """Take nothing more and write what was taken."""
        self.committer.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_COMMITS_SECONDS):
                await self.written.wait()

    async def _commit(self) -> None:
        await self.committer.run()
        self.written.set()
