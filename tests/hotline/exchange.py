"""The whole house with a telephone network in front of it, in virtual time: for scenarios."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx2
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.applications import Starlette
from structlog.types import EventDict

from config.asgi import telephone_routes
from config.assembly import house
from config.edge import BodyLimits
from config.hotline import Hotline, hotline
from config.house import House
from config.resources import Resources
from config.settings import Mode, Settings
from contacts.calls import CallRow, Kept
from contacts.contact import Contact
from contacts.keyring import Keyring
from contacts.people import Role
from contacts.tables_calls import calls
from contacts.words import Words
from duty.roster_checks import Draft
from duty.shifts import Channel, Plan
from hotline.simulator.network import Network
from hotline.simulator.phones import Phone
from hotline.simulator.rest import Rest, loopback
from hotline.simulator.scenario import Scenario
from hotline.simulator.timing import VirtualTime
from storage.bus import Bus, MemoryBus
from storage.clock import ManualClock
from storage.engine import Store
from storage.ids import ContactId, StaffId
from tests.contacts.installation import Colleague, Installation, founded
from tests.hotline.traces import no_traces
from tests.house import Worker
from tests.sockets import ORIGIN
from tests.stores import every_table

ACCOUNT, TOKEN = "AC" + "0" * 32, "the token of tests"
#: Fictional: numbers of the demo, and such that no subscriber has.
NUMBERS = {"aino": "+46846500421", "eero": "+46846500422", "kaisa": "+46846500423"}
CALLER = "+46313900601"
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
#: A machine that is busy with other tests is no database that is away.
PATIENCE = 30.0
HELSINKI = ZoneInfo("Europe/Helsinki")


class BreakableStore(Store):
    """A database that can be pulled out, or slowed down: `slow` seconds before each write. `writes`: how many there were."""

    away = False
    slow = 0.0
    writes = 0

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        self._there()
        async with super().read() as conn:
            yield conn

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        self._there()
        if self.slow:
            await asyncio.sleep(self.slow)
        self.writes += 1
        async with super().write() as conn:
            yield conn

    def _there(self) -> None:
        if self.away:
            raise ConnectionRefusedError


@dataclass
class Exchange:
    """A scenario and the house it happens in."""

    worker: Worker
    line: Hotline
    call: Scenario
    network: Network
    rest: Rest
    store: BreakableStore
    clock: ManualClock
    folder: Path
    staff: dict[str, StaffId]
    #: Starts another process in the place of this one, on the same database; `dies`: this one is gone.
    restarted: Callable[..., "Exchange"]
    dies: Callable[[], None]
    #: Urgent messages, and who took them by telephone.
    taken: list[tuple[ContactId, StaffId]]

    async def on_call(
        self,
        name: str,
        phone: Phone | None,
        *,
        tier: int = 1,
        languages: str = "fi sv en",
        shift: tuple[datetime, datetime] | None = None,
        number: str | None = None,
    ) -> StaffId:
        """Somebody is on call (from an hour ago, for eight hours, unless said), with this phone."""
        staff = self.staff[name]
        now = self.clock.now().astimezone(HELSINKI).replace(tzinfo=None)
        starts, ends = shift or (now - timedelta(hours=1), now + timedelta(hours=7))
        plan = Plan(
            staff_id=staff,
            channel=Channel.phone,
            languages=frozenset(languages.split()),
            starts=starts,
            ends=ends,
            tier=tier,
        )
        async with self.store.write() as conn:
            await self.worker.house.rosters.roster.add(conn, Draft(plan=plan, zone=HELSINKI), by=staff)
            if phone is not None:
                e164 = number or phone.number
                await self.worker.house.office.numbers.keep(conn, staff, Words(e164))
        if phone is not None:
            self.call.has(phone)
        await self.line.on_call.refresh()
        return staff

    async def kept(self) -> list[Kept]:
        """Every call there ever was, the oldest first."""
        async with self.store.read() as conn:
            rows = [CallRow(**row._mapping) for row in await conn.execute(calls.select().order_by(calls.c.seen_at))]
        found = []
        for row in rows:
            async with self.store.write() as conn:
                one = await self.line.calls.locked(conn, row.contact)
                assert one is not None
                found.append(one)
        return found

    async def only(self) -> Kept:
        """The one call there was."""
        [kept] = await self.kept()
        return kept

    async def contact(self) -> Contact:
        """The contact of the one call there was."""
        return (await self.only()).contact


@dataclass(frozen=True)
class Ready:
    """A database with three operators in it, to be copied for each test; and what opens it."""

    path: Path
    installation: Installation
    staff: dict[str, StaffId]
    colleagues: dict[str, Colleague]


def ready(path: Path) -> Ready:
    """Make it on SQLite, once for all tests."""
    return asyncio.run(made_ready_at(f"sqlite+aiosqlite:///{path}", path))


async def made_ready_at(url: str, path: Path) -> Ready:
    """Make it anywhere; `path` is where a copy can be made from, if it is a file."""

    every_table()
    clock, store = ManualClock(NOON), Store(url=url)
    await store.create_all()
    installation = await founded(store, clock)
    worker = Worker(None, installation, clock)  # type: ignore[arg-type]  # no house is needed to enrol
    staff, colleagues = {}, {}
    worker.sessions["lead"] = await installation.signed_in(await installation.first_lead())
    for name in NUMBERS:
        colleague = await worker._enrolled(name, Role.OPERATOR, ("fi", "sv", "en"))
        staff[name], colleagues[name] = colleague.staff_id, colleague
    await store.checkpoint()
    await store.close()
    return Ready(path, installation, staff, colleagues)


@asynccontextmanager
async def exchange(
    store: BreakableStore,
    clock: ManualClock,
    folder: Path,
    made_ready: Ready,
    *,
    bus: Bus | None = None,
    logged: Iterable[EventDict] = (),
    voicemail: bool = False,
    searched: bool = True,
) -> AsyncIterator[Exchange]:
    """Nobody is on call yet. When it is over, if `searched`, P1: no number is anywhere beside `folder`, nor in `logged`."""
    before = made_ready.installation
    staff = Installation(store, clock, before.app_key, before.marks, before.deployment)
    bus = bus or MemoryBus()
    await bus.start()
    settings = Settings(
        mode=Mode.DEVELOPMENT,
        public_url=ORIGIN,
        second_factor=False,
        data_dir=folder,
        telephony_account=ACCOUNT,
        telephony_token=SecretStr(TOKEN),
        voicemail=voicemail,
    )
    resources = Resources(
        settings=settings,
        clock=clock,
        store=store,
        bus=bus,
        app_key=staff.app_key,
        marks=staff.marks,
        deployment=staff.deployment,
    )
    built = house(resources)
    made: list[Hotline] = []
    taken: list[tuple[ContactId, StaffId]] = []

    async def settle() -> None:
        if store.away:
            return
        for running in tuple(made):
            await running.due()
            while await running.dialler.round():
                pass

    time = VirtualTime(advance=clock.advance, settle=settle)
    apps: list[httpx2.AsyncClient] = []

    async def post(url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
        if not made:
            return 0, ""
        answer = await apps[0].post(url, headers=dict(headers), content=body)
        return answer.status_code, answer.text

    network = Network(
        timing=time,
        post=post,
        account=ACCOUNT,
        token=TOKEN,
        number=settings.telephone.e164,
        voice_url=f"{ORIGIN}/hotline/voice#rc=2&rp=all",
        status_url=f"{ORIGIN}/hotline/status#rc=2&rp=all",
    )
    rest = Rest(network)

    async def took(contact: ContactId, staff_id: StaffId) -> None:
        taken.append((contact, staff_id))

    def process(patience: float = PATIENCE) -> Exchange:
        """A process that has just started: it remembers nothing."""
        line = hotline(
            resources,
            people=built.office,
            keyring=_keyring(built),
            log=built.log,
            roster=built.rosters.roster,
            ended=built.counting.facts.closed,
            openings=built.openings,
            erasure=built.keeping.erasure,
            alias=built.aliases.of,
            took=took,
            http=lambda: loopback(rest),
        )
        assert line is not None
        made[:] = [line]
        whole = dataclasses.replace(built, hotline=line)
        transport = httpx2.ASGITransport(app=BodyLimits(Starlette(routes=telephone_routes(whole, patience=patience))))
        apps[:] = [httpx2.AsyncClient(transport=transport, base_url=ORIGIN)]
        call = Scenario(network=network, time=time)
        worker = Worker(whole, staff, clock, dict(made_ready.colleagues))
        names = dict(made_ready.staff)
        return Exchange(worker, line, call, network, rest, store, clock, folder, names, process, made.clear, taken)

    yield process()
    if searched:
        await no_traces(network=network, store=store, folder=folder.parent, logged=logged, away=store.away)
    await time.close()
    await bus.close()


def _keyring(built: House) -> Keyring:
    return built.desk_door._keyring
