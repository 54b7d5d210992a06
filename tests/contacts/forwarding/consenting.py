"""Services of consent on a database of either kind, with people, organisations and a wording made by hand."""

from dataclasses import dataclass
from datetime import UTC, datetime

from contacts.app_key import AppKey
from contacts.audit import Audit, begin_log
from contacts.forwarding.consent import DAY, AskId, ConsentId, Given, How, Minor, Question
from contacts.forwarding.consents import Consents
from contacts.forwarding.emergencies import Emergencies
from contacts.forwarding.forwardings import Forwardings
from contacts.forwarding.payload import Scope
from contacts.framing import Deployment
from contacts.people import Person, Role, Standing
from contacts.session import Session
from contacts.staff_keys import StaffKeys
from storage.clock import Clock, ManualClock
from storage.engine import Store
from storage.ids import ContactId, OrganisationId, StaffId, WordingId
from tests.contacts.forwarding.gate_world import D1, World, database_now, founded


@dataclass
class Desk:
    """The three services, and somebody at the desk."""

    store: Store
    clock: Clock
    consents: Consents
    forwardings: Forwardings
    emergencies: Emergencies
    otso: Session
    leena: Session
    lasse: Session
    anna: Session

    def question(
        self,
        *,
        minor: Minor = Minor.NO,
        days: float = 14,
        organisation: str = "o1",
        contact: str = "c1",
        scope: Scope = Scope.REFERRAL,
        fields: tuple[str, ...] = ("needs", "age"),
        wording_version: int = 1,
    ) -> Question:
        """What is asked, until so many days from now."""
        return Question(
            contact=ContactId(contact),
            organisation=OrganisationId(organisation),
            scope=scope,
            fields=fields,
            digest=D1,
            payload=1,
            wording=WordingId("w1"),
            wording_version=wording_version,
            language="fi",
            how=How.CARD,
            minor=minor,
            until=int(self.clock.now().timestamp() + days * DAY),
        )

    async def asked(self, question: Question | None = None, *, said: str | None = "yes") -> AskId:
        """A question, answered."""
        question = question or self.question()
        async with self.store.write() as conn:
            ask = await self.consents.ask(conn, question, by=self.otso)
            if said is not None:
                await self.consents.answered(conn, question.contact, ask=ask, said=said)
        return ask

    async def consented(self, question: Question | None = None, given: Given | None = None) -> ConsentId:
        """A recorded yes."""
        ask = await self.asked(question)
        async with self.store.write() as conn:
            return await self.consents.record(conn, ask, given or Given(), by=self.otso)


def session(name: str, role: Role) -> Session:
    """Somebody signed in, with keys of no use."""
    person = Person(
        id=StaffId(name), login=name, alias=name, role=role, languages=("fi",), state=Standing.ACTIVE, made_at=0
    )
    keys = StaffKeys(staff=person.id, seed=b"0" * 32, deployment=Deployment("test"))
    return Session(session_id=name, person=person, keys=keys, made_at=0)


async def desk_on(store: Store, clock: Clock | None = None) -> Desk:
    """On an empty database. The clock starts at the database's own time: the gate believes the later of the two."""
    now = await database_now(store)
    clock = clock or ManualClock(datetime.fromtimestamp(now, UTC))
    await founded(World(store, now))
    app_key, deployment = AppKey.fresh(), Deployment("test")
    async with store.write() as conn:
        await begin_log(conn, app_key=app_key, deployment=deployment)
    audit = Audit(app_key=app_key, deployment=deployment, clock=clock, alarm=lambda _fault: None)
    return Desk(
        store=store,
        clock=clock,
        consents=Consents(store=store, clock=clock, audit=audit),
        forwardings=Forwardings(clock=clock, audit=audit),
        emergencies=Emergencies(clock=clock, audit=audit),
        otso=session("otso", Role.OPERATOR),
        leena=session("leena", Role.LEAD),
        lasse=session("lasse", Role.LEAD),
        anna=session("anna", Role.ANALYST),
    )
