"""The real house in one process, for tests: every service from config/assembly.py, on a store, a clock and a bus of the
test's own. Staff enrol with a cheap argon2id; nothing else is replaced.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from starlette.types import ASGIApp

from chat.cookies import cookie_name
from chat.desk_talk import DeskTalk
from chat.talk import Talk
from config.asgi import create_app
from config.assembly import house
from config.house import House
from config.resources import Resources
from config.settings import Mode, Settings
from contacts.contact import Contact, Entry, Klass
from contacts.people import Role
from contacts.session import Session
from contacts.words import Words
from duty.hours import OpeningHours
from duty.schedule import CHAT
from operator_ui.cookies import session_cookie
from storage.bus import Bus, MemoryBus
from storage.clock import ManualClock
from storage.engine import Store
from storage.ids import ContactId
from tests.contacts.installation import Colleague, Installation, founded
from tests.sockets import ORIGIN, Socket


def message_id(number: int) -> str:
    """A UUID as a page would make it."""
    return f"{number:08x}-0000-4000-8000-000000000000"


@dataclass
class Worker:
    """One web process and the shortcuts that tests take through it."""

    house: House
    staff: Installation
    clock: ManualClock
    colleagues: dict[str, Colleague] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)

    @cached_property
    def app(self) -> ASGIApp:
        """The whole web application of this process."""
        return create_app(self.house, weighed=False)

    def page(self, token: str | None, *origins: str) -> Socket:
        """A visitor's page with this cookie; `async with` opens its socket."""
        cookies = {} if token is None else {cookie_name(self.house.facts): token}
        return Socket(self.app, "/socket", cookies, origins or (ORIGIN,))

    def desk(self, name: str, *origins: str) -> Socket:
        """The desk of somebody who has signed in."""
        colleague = self.colleagues.get(name)
        cookies = {} if colleague is None else {session_cookie(self.house.facts): colleague.cookie}
        return Socket(self.app, "/desk/socket", cookies, origins or (ORIGIN,))

    async def signed_in(
        self, name: str, role: Role = Role.OPERATOR, *, languages: tuple[str, ...] = ("fi",)
    ) -> Session:
        """Somebody of this name at this worker; invited and enrolled at the first time."""
        if name not in self.colleagues:
            self.colleagues[name] = await self._enrolled(name, role, languages)
        colleague = self.colleagues[name]
        await self.staff.signed_in(colleague)
        session = await self.house.office.sessions.resolve(colleague.cookie)
        assert session is not None
        self.sessions[name] = session
        return session

    async def on_duty(self, name: str, *, languages: tuple[str, ...] = ("fi",)) -> Session:
        """As `signed_in`, and sitting at the desk, available."""
        session = await self.signed_in(name, languages=languages)
        await self.house.attendance.arrived(session)
        return session

    async def token(self, language: str = "fi") -> str:
        """Somebody presses Start: their cookie. Needs somebody on duty."""
        return await self.house.visitor_door.started(language)

    async def visitor(self, language: str = "fi") -> Talk:
        """Somebody presses Start, and their page connects."""
        return await self.resumed(await self.token(language))

    async def resumed(self, token: str) -> Talk:
        """The page of this cookie."""
        talk = await self.house.visitor_door.resumed(token)
        assert talk is not None
        return talk

    async def conversation(self, session: Session, language: str = "fi") -> tuple[Talk, DeskTalk]:
        """A visitor who was accepted by this operator."""
        talk = await self.visitor(language)
        return talk, await self.house.desk_door.accepted(session, talk.contact)

    async def says(self, talk: Talk, number: int, text: str = "hei") -> int:
        """The visitor writes; the number of the entry."""
        return (await self.house.visitor_door.said(talk, message_id(number), Words(text))).seq

    async def contact(self, contact: ContactId) -> Contact:
        """The contact as it is in the database."""
        found = await self.house.log.contact(contact)
        assert found is not None
        return found

    async def entries(self, contact: ContactId, klass: Klass = Klass.TRANSCRIPT) -> list[Entry]:
        """All that is in the database."""
        return await self.house.log.entries_after(contact, klass, 0)

    async def codes(self, contact: ContactId) -> list[str]:
        """The codes of the lines of a conversation, in order."""
        return [entry.code.value for entry in await self.entries(contact) if entry.code is not None]

    async def _enrolled(self, name: str, role: Role, languages: tuple[str, ...]) -> Colleague:
        if "lead" not in self.sessions:
            self.sessions["lead"] = await self.staff.signed_in(await self.staff.first_lead())
        invitation = await self.staff.staff.invite(
            self.sessions["lead"], login=name, alias=name.title(), role=role, languages=languages
        )
        return await self.staff.enrolled(invitation)


def settings() -> Settings:
    """Settings that read nothing from this machine."""
    return Settings(
        mode=Mode.DEVELOPMENT,
        public_url=ORIGIN,
        second_factor=False,
        data_dir=Path("nowhere"),
        languages=("fi", "sv", "en"),
        default_language="fi",
        conversations_at_once=2,
    )


@asynccontextmanager
async def opened_house(store: Store, clock: ManualClock) -> AsyncIterator[Worker]:
    """A new installation, open day and night, with its committer, live delivery and line running."""
    staff = await founded(store, clock)
    hours = OpeningHours("24/7", ZoneInfo("Europe/Helsinki"), "FI")
    async with running(staff, store, MemoryBus()) as worker:
        async with store.write() as conn:
            await worker.house.schedule.publish(conn, CHAT, hours, valid_from=clock.now() - timedelta(days=1))
        yield worker


@asynccontextmanager
async def another_worker(first: Worker, store: Store, bus: Bus) -> AsyncIterator[Worker]:
    """A second process of the same installation, on connections and a bus of its own."""
    async with running(first.staff, store, bus) as worker:
        worker.colleagues, worker.sessions = first.colleagues, dict(first.sessions)
        yield worker


@asynccontextmanager
async def running(staff: Installation, store: Store, bus: Bus) -> AsyncIterator[Worker]:
    """A worker with the tasks that carry messages; jobs and the assigner are called by the tests themselves."""
    await bus.start()
    resources = Resources(
        settings=settings(),
        clock=staff.clock,
        store=store,
        bus=bus,
        app_key=staff.app_key,
        marks=staff.marks,
        deployment=staff.deployment,
    )
    worker = Worker(house(resources), staff, staff.clock)
    tasks = [
        asyncio.create_task(worker.house.committer.run()),
        asyncio.create_task(worker.house.live.run()),
        asyncio.create_task(worker.house.places.run()),
    ]
    try:
        yield worker
    finally:
        worker.house.committer.close()
        await asyncio.wait(tasks[:1], timeout=5)
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        await bus.close()
        broken = [result for result in results if isinstance(result, Exception)]
        assert not broken, broken
