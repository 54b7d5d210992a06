"""The desk's pages on doors in memory, as one application."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from chat.public_facts import PublicFacts
from chat.shown import ShownEntry
from contacts.contact import Author, Kind, Receipt, Refusal, Refused
from contacts.enrolment import EnrolmentOffer, EnrolmentRefused, Slip
from contacts.framing import Deployment
from contacts.people import Person, Role, Standing
from contacts.session import Session
from contacts.sign_in import SignedIn, SignInRefused
from contacts.staff_keys import StaffKeys
from contacts.words import Words
from operator_ui.assets import Assets
from operator_ui.reception import Reception
from operator_ui.records import record_routes
from operator_ui.rendering import Rendering
from operator_ui.routes import desk_routes
from operator_ui.wording import Wording
from storage.clock import Clock, ManualClock
from storage.ids import ContactId, StaffId
from tests.operator_ui.fake_records import COLLEAGUE, FakeRecords

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
ORIGIN = "https://help.example"
PASSPHRASE = "velvet orbit canoe ladder music frost"
TOKEN = "t" * 43
CONTACT = "c" * 32
MINE = frozenset({CONTACT, "a" * 32, "b" * 32})


def facts(**changed: Any) -> PublicFacts:
    """A deployment behind https."""
    values: dict[str, Any] = {
        "name": "Saarnilinja",
        "phone_display": "0800 123 456",
        "phone_tel": "+358800123456",
        "neutral_url": "https://www.weather.example/",
        "public_url": ORIGIN,
        "languages": ("fi", "sv", "en"),
        "secure": True,
    }
    return PublicFacts(**values | changed)


def session(role: Role = Role.OPERATOR, languages: tuple[str, ...] = ("en",)) -> Session:
    """Anna, signed in a quarter of an hour ago."""
    person = Person(
        id=StaffId("s" * 32),
        login="anna",
        alias="Anna",
        role=role,
        languages=languages,
        state=Standing.ACTIVE,
        made_at=0,
    )
    keys = StaffKeys(staff=person.id, seed=b"\0" * 32, deployment=Deployment("test"))
    return Session(session_id="1" * 32, person=person, keys=keys, made_at=int(NOW.timestamp()) - 900)


@dataclass
class FakeHouse:
    """Every port of the pages. `trouble` is raised by whatever is asked next."""

    session: Session = field(default_factory=session)
    trouble: Exception | None = None
    signed_out: bool = False
    buckets: list[str] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    offer_factor: bool = False
    finished: bool = False
    asked_active: list[bool] = field(default_factory=list)
    mine: frozenset[str] = MINE
    records: FakeRecords = field(default_factory=lambda: FakeRecords(MINE))

    def _perhaps(self) -> None:
        if self.trouble is not None:
            raise self.trouble

    async def sign_in(self, *, login: str, passphrase: Words, code: str, bucket: str) -> SignedIn:
        self.buckets.append(bucket)
        self._perhaps()
        if (login, passphrase.reveal(), code) != ("anna", PASSPHRASE, ""):
            raise SignInRefused
        return SignedIn(TOKEN, self.session.staff_id, replaced=False)

    async def resolve(self, cookie: str, *, active: bool = True) -> Session | None:
        self.asked_active.append(active)
        return self.session if cookie == TOKEN and not self.signed_out else None

    async def sign_out(self, session: Session) -> None:
        assert session is self.session
        self.signed_out = True

    async def lock(self, session: Session) -> None:
        session.turned(1)

    async def unlock(self, session: Session) -> None:
        session.turned(2)

    async def begin(self, code: Words, *, bucket: str) -> EnrolmentOffer:
        self.buckets.append(bucket)
        self._perhaps()
        if code.reveal() != "good":
            raise EnrolmentRefused(Slip.CODE)
        factor = Words("JBSWY3DPEHPK3PXP") if self.offer_factor else None
        address = Words("otpauth://totp/Quietline:anna?secret=JBSWY3DPEHPK3PXP") if self.offer_factor else None
        return EnrolmentOffer("anna", "Anna", Words(PASSPHRASE), factor, address, "ticket")

    async def finish(self, code: Words, *, ticket: str, passphrase: Words, second_factor: str, bucket: str) -> StaffId:
        self.buckets.append(bucket)
        self._perhaps()
        if (code.reveal(), ticket) != ("good", "ticket"):
            raise EnrolmentRefused(Slip.CODE)
        if passphrase.reveal() != PASSPHRASE:
            raise EnrolmentRefused(Slip.PASSPHRASE)
        if self.offer_factor and second_factor != "123456":
            raise EnrolmentRefused(Slip.SECOND_FACTOR)
        self.finished = True
        return self.session.staff_id

    async def confirms(self, session: Session, passphrase: Words, *, bucket: str) -> bool:
        self.buckets.append(bucket)
        self._perhaps()
        return session is self.session and passphrase.reveal() == PASSPHRASE

    async def notes(self, session: Session, contact: ContactId) -> list[ShownEntry]:
        self._mine(session, contact)
        return [
            ShownEntry(n, Kind.NOTE, Author.WORKER, 1000 + n, Words(text), None, None, session.staff_id)
            for n, text in enumerate(self.written.values(), 1)
        ] + [ShownEntry(9, Kind.NOTE, Author.WORKER, 1009, None, None, None)]

    async def noted(self, session: Session, contact: ContactId, client_id: str, words: Words) -> Receipt:
        self._mine(session, contact)
        repeated = client_id in self.written
        self.written.setdefault(client_id, words.reveal())
        return Receipt(list(self.written).index(client_id) + 1, 1000, repeated)

    async def alias(self, staff: StaffId) -> str | None:
        return {self.session.staff_id: "Anna", COLLEAGUE: "Kaisa"}.get(staff)

    def _mine(self, session: Session, contact: ContactId) -> None:
        self._perhaps()
        if session is not self.session or contact not in self.mine:
            raise Refused(Refusal.NOT_YOURS)


def site(
    house: FakeHouse, *, known: PublicFacts | None = None, second_factor: bool = False, clock: Clock | None = None
) -> Starlette:
    """The application."""
    shown = known or facts()
    routes = desk_routes(
        rendering=Rendering(facts=shown, assets=Assets(), wording=Wording(), second_factor=second_factor),
        reception=Reception(sessions=house, facts=shown),
        clock=clock or ManualClock(NOW),
        zone="Europe/Helsinki",
        sign_ins=house,
        sessions=house,
        enrolments=house,
        confirmations=house,
        door=house,
        alias=house.alias,
    )
    routes += record_routes(records=house.records, sessions=house, facts=shown, alias=house.alias, country="FI")
    return Starlette(routes=routes)


def browser_of(house: FakeHouse, *, signed_in: bool = False, **options: Any) -> TestClient:
    """A browser that keeps cookies, follows no redirect and sends our Origin."""
    browser = TestClient(site(house, **options), base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False)
    if signed_in:
        browser.cookies.set("__Host-desk", TOKEN, domain="help.example", path="/")
    return browser
