"""Everything that makes reviews, on an installation of tests; files are plain JSON instead of what people get."""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from contacts.attack.published import Key, Published
from contacts.people import Role
from contacts.release.frame import Frame
from contacts.reviews.asked import Asked, Commentary, Step
from contacts.reviews.known import published_in
from contacts.reviews.ledger import Audience, Ledger, Release
from contacts.reviews.loading import Loading
from contacts.reviews.reviews import Read, Render, Reviews
from contacts.reviews.tallies import Tallies
from contacts.session import Session
from contacts.statistics.fact import Fact
from contacts.statistics.fact_book import FactBook
from contacts.statistics.periods import Period
from tests.contacts.installation import Installation
from tests.contacts.release.people import facts

ZONE = ZoneInfo("Europe/Helsinki")
SPRING, AUTUMN, NOW = "2025H1", "2025H2", "2026H1"
_FOLDER = Path(__file__).parent


def render(frame: Frame, commentary: Commentary, released: date) -> bytes:
    """One JSON file with everything a reader sees."""
    told = [[*key[:2], list(key.codes), value] for key, value in sorted(published_in(frame.rows).items())]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("data.json"), json.dumps([told, frame.services, str(released)]))
    return packed.getvalue()


def read(stored: bytes) -> Iterator[Published]:
    """What the file says."""
    with zipfile.ZipFile(io.BytesIO(stored)) as archive:
        told = json.loads(archive.read("data.json"))[0]
    yield {Key(unit, period, tuple(map(tuple, codes))): value for unit, period, codes, value in told}


@dataclass
class Releasing:
    """`lead` is somebody who may ask; `saga`, an analyst, too. `rendering`, `reading`: of files."""

    here: Installation
    lead: Session
    rendering: Render = render
    reading: Read = read
    seconds: float = 60.0
    program: str = "contacts.reviews.working_program"
    steps: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        here = self.here
        self.book = FactBook(
            store=here.store,
            audit=here.audit,
            alarm=here.alarms.append,
            deployment=here.deployment,
            keys=here.statistics,
        )
        self.ledger = Ledger(
            app_key=here.app_key, deployment=here.deployment, clock=here.clock, alarm=here.alarms.append
        )
        self.tallies = Tallies(
            store=here.store,
            clock=here.clock,
            app_key=here.app_key,
            deployment=here.deployment,
            alarm=here.alarms.append,
            keys=here.statistics,
            book=self.book,
        )
        self.loading = Loading(
            deployment=here.deployment, keys=here.statistics, tallies=self.tallies, ledger=self.ledger
        )
        self.reviews = Reviews(
            store=here.store,
            clock=here.clock,
            zone=ZONE,
            app_key=here.app_key,
            deployment=here.deployment,
            audit=here.audit,
            book=self.book,
            tallies=self.tallies,
            ledger=self.ledger,
            render=self.rendering,
            read=self.reading,
            seconds=self.seconds,
            program=self.program,
        )

    async def counted(self, period: str, given: Iterable[Fact]) -> None:
        """These facts lie in a half-year."""
        async with self.here.store.write() as conn:
            await self.loading.bring(conn, ((Period(period), fact) for fact in given))

    async def people(self, *periods: str, contacts: int = 150, people: int = 80, seed: int = 1) -> None:
        """Half-years of realistic shapes."""
        for number, period in enumerate(periods):
            await self.counted(period, facts(seed + number, period, contacts=contacts, people=people))

    async def analyst(self) -> Session:
        """Saga, who joined as analyst."""
        return await self.here.signed_in(await self.here.joined(self.lead, "saga", Role.ANALYST))

    async def asked(
        self, period: str, audience: Audience = Audience.INSIDE, *, by: Session | None = None, k: int = 10
    ) -> Release:
        """A review is asked for."""
        asked = Asked(period=period, audience=audience, k=k, purpose="The half-year's review")
        return await self.reviews.request(by or self.lead, asked, self.told)

    async def bytes_of(self, release: Release) -> bytes:
        return (await self.reviews.stored(self.lead, release.release))[1]

    async def seen(self, *releases: Release) -> dict[Key, int | None]:
        """What a reader of all these knows."""
        found: dict[Key, int | None] = {}
        for release in releases:
            for said in self.reading(await self.bytes_of(release)):
                found |= said
        return found

    def told(self, step: Step, done: int, total: int) -> None:
        assert 0 <= done <= max(total, done)
        self.steps.append(step)

    async def rows(self) -> Sequence[Release]:
        return await self.reviews.listed(self.lead)
