"""One whole installation for tests: every service of contacts, built as assembly builds it, with a cheap argon2id."""

from dataclasses import dataclass, field

import pyotp

from contacts.app_key import AppKey
from contacts.audit import Audit
from contacts.audit_check import AuditCheck
from contacts.audit_months import AuditMonths
from contacts.circle import Circle
from contacts.contact import Kind, Klass
from contacts.distrust import Fault
from contacts.enrolment import Enrolment
from contacts.enrolment_codes import EnrolmentCodes
from contacts.epochs import Epochs
from contacts.erasure import Erasure
from contacts.framing import Deployment
from contacts.keyring import Keyring
from contacts.marks import Marks, MemoryMarks
from contacts.openings import Openings
from contacts.passphrase import WordList
from contacts.people import People, Role, deployment_of
from contacts.recovery import Recovery
from contacts.sealing import ContentKey, EntryName
from contacts.second_factor import SecondFactors
from contacts.seeds import Seeds
from contacts.session import Session
from contacts.session_watch import SessionWatch
from contacts.sessions import Sessions
from contacts.sign_in import SignIn
from contacts.signing import HouseSigner
from contacts.staff import Invitation, Staff
from contacts.statistics.keys import StatisticsKeys
from contacts.stretching import Argon2Cost, Stretcher
from contacts.throttle import Throttle
from contacts.visitor_keys import VisitorKeys
from contacts.witness import Witness
from contacts.words import Words
from storage.bus import Bus, MemoryBus
from storage.clock import ManualClock
from storage.engine import Store
from storage.ids import ContactId, StaffId, new_id

CHEAP = Argon2Cost(memory=64, passes=1)
WORD_LIST = WordList()


@dataclass
class Colleague:
    """Somebody who enrolled, and what they wrote down."""

    staff_id: StaffId
    login: str
    passphrase: Words
    cookie: str = ""
    second_factor: Words | None = None


@dataclass
class Installation:
    """One process of Quietline. A second one on the same store shares `app_key`, `marks` and `deployment`."""

    store: Store
    clock: ManualClock
    app_key: AppKey
    marks: Marks
    deployment: Deployment
    second_factor: bool = False
    bus: Bus = field(default_factory=MemoryBus)
    alarms: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        store, clock, app_key, deployment = self.store, self.clock, self.app_key, self.deployment
        alarm = self.alarms.append
        self.audit = Audit(app_key=app_key, deployment=deployment, clock=clock, alarm=alarm)
        self.signer = HouseSigner(app_key=app_key, deployment=deployment)
        self.audit_check = AuditCheck(audit=self.audit, signer=self.signer, deployment=deployment)
        self.audit_months = AuditMonths(audit=self.audit, signer=self.signer, clock=clock)
        self.witness = Witness(audit=self.audit, signer=self.signer, deployment=deployment, clock=clock)
        self.people = People(app_key=app_key, deployment=deployment, marks=self.marks, alarm=alarm)
        self.epochs = Epochs(
            app_key=app_key,
            deployment=deployment,
            marks=self.marks,
            clock=clock,
            alarm=alarm,
            people=self.people,
            audit=self.audit,
        )
        self.keyring = Keyring(app_key=app_key, deployment=deployment, epochs=self.epochs, alarm=alarm)
        self.visitor_keys = VisitorKeys(app_key=app_key, deployment=deployment, clock=clock, alarm=alarm)
        self.openings = Openings(store=store, audit=self.audit, clock=clock, alarm=alarm)
        self.sessions = Sessions(
            store=store,
            app_key=app_key,
            deployment=deployment,
            clock=clock,
            people=self.people,
            audit=self.audit,
            bus=self.bus,
        )
        self.watch = SessionWatch(store=store, sessions=self.sessions, bus=self.bus, clock=clock, alarm=alarm)
        self.second_factors = SecondFactors(deployment=deployment, clock=clock, required=self.second_factor)
        self.stretcher = Stretcher(cost=CHEAP)
        self.seeds = Seeds(app_key=app_key, deployment=deployment, stretcher=self.stretcher)
        self.throttle = Throttle(store=store, app_key=app_key, clock=clock)
        self.codes = EnrolmentCodes(app_key=app_key, deployment=deployment, clock=clock)
        self.statistics = StatisticsKeys(
            app_key=app_key, deployment=deployment, clock=clock, alarm=alarm, people=self.people, audit=self.audit
        )
        self.circle = Circle(
            store=store,
            people=self.people,
            epochs=self.epochs,
            sessions=self.sessions,
            second_factors=self.second_factors,
            statistics=self.statistics,
        )
        self.staff = Staff(
            clock=clock, circle=self.circle, epochs=self.epochs, audit=self.audit, codes=self.codes, words=WORD_LIST
        )
        self.enrolment = Enrolment(
            store=store,
            app_key=app_key,
            deployment=deployment,
            people=self.people,
            circle=self.circle,
            audit=self.audit,
            codes=self.codes,
            seeds=self.seeds,
            second_factors=self.second_factors,
            throttle=self.throttle,
            words=WORD_LIST,
        )
        self.sign_in = SignIn(
            store=store,
            people=self.people,
            audit=self.audit,
            seeds=self.seeds,
            second_factors=self.second_factors,
            sessions=self.sessions,
            throttle=self.throttle,
        )
        self.recovery = Recovery(
            people=self.people,
            circle=self.circle,
            epochs=self.epochs,
            audit=self.audit,
            codes=self.codes,
            words=WORD_LIST,
            statistics=self.statistics,
        )
        self.erasure = Erasure(
            store=store, keyring=self.keyring, visitor_keys=self.visitor_keys, audit=self.audit, pause=self._no_pause
        )

    def another_process(self, bus: Bus | None = None) -> "Installation":
        """A second worker on the same database, app key and marks."""
        return Installation(
            self.store, self.clock, self.app_key, self.marks, self.deployment, self.second_factor, bus or MemoryBus()
        )

    async def enrolled(self, invitation: Invitation) -> Colleague:
        """Walk through enrolment like a person with the code."""
        offer = await self.enrolment.begin(invitation.code, bucket="enrolment")
        code = ""
        if offer.second_factor is not None:
            code = self.code_of(offer.second_factor)
        await self.enrolment.finish(
            invitation.code,
            ticket=offer.ticket,
            passphrase=offer.passphrase,
            second_factor=code,
            bucket="enrolment",
        )
        return Colleague(invitation.staff_id, invitation.login, offer.passphrase, second_factor=offer.second_factor)

    def code_of(self, secret: Words) -> str:
        """What the authenticator app shows now."""
        return pyotp.TOTP(secret.reveal()).at(self.clock.now())

    async def signed_in(self, colleague: Colleague) -> Session:
        """Sign in and find the session, as a first request would."""
        code = self.code_of(colleague.second_factor) if colleague.second_factor else ""
        done = await self.sign_in.sign_in(
            login=colleague.login, passphrase=colleague.passphrase, code=code, bucket=colleague.login
        )
        colleague.cookie = done.cookie
        session = await self.sessions.resolve(done.cookie)
        assert session is not None
        return session

    async def first_lead(self) -> Colleague:
        """Set up, and enrol the first lead."""
        self.set_up = await self.staff.set_up(login="leena", alias="Leena", languages=["fi", "en"])
        return await self.enrolled(self.set_up.invitation)

    async def joined(self, by: Session, login: str, role: Role = Role.OPERATOR) -> Colleague:
        """Invite somebody and let them enrol."""
        return await self.enrolled(
            await self.staff.invite(by, login=login, alias=login.title(), role=role, languages=["fi"])
        )

    async def sealed(
        self, words: str, *, contact: ContactId | None = None, klass: Klass = Klass.TRANSCRIPT
    ) -> "SealedEntry":
        """Begin a segment and seal one entry in it, as a writer does who holds no key of staff."""
        contact = contact or ContactId(new_id())
        async with self.store.write() as conn:
            key = await self.keyring.new_segment(conn, contact, klass)
        name = EntryName(contact, klass, key.segment, 1, 0, Kind.MESSAGE, "visitor")
        return SealedEntry(name, key.seal(name, Words(words)), key)

    async def read(self, session: Session, entry: "SealedEntry") -> str:
        """Open one entry through the guarded door."""
        opening = await self.openings.opened(session, entry.name.contact)
        async with self.store.read() as conn:
            key = await self.keyring.open_segment(conn, opening, entry.name.klass, entry.name.segment)
        return key.open(entry.name, entry.sealed).reveal()

    @staticmethod
    async def _no_pause(_seconds: float) -> None:
        return None


@dataclass
class SealedEntry:
    """What lies in the database of one entry, and (for tests only) its key."""

    name: EntryName
    sealed: bytes
    key: ContentKey


async def founded(store: Store, clock: ManualClock, *, second_factor: bool = False) -> Installation:
    """A new installation on an empty store."""
    app_key, marks = AppKey.fresh(), MemoryMarks()
    async with store.write() as conn:
        deployment = await deployment_of(conn, app_key=app_key, marks=marks)
    return Installation(store, clock, app_key, marks, deployment, second_factor)
