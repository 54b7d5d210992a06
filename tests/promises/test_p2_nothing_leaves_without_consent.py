"""P2: nothing leaves to anyone without a live consent naming what, to whom and until when; the database refuses otherwise.

Every forbidden operation, in every way SQL offers, is attempted in tests/contacts/forwarding/test_gate.py. Here: whatever
people and clocks do, what is `sent` had a live consent for that contact, organisation and scope at that instant.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError

from config.schema import metadata
from contacts.forwarding.consent import (
    Authority,
    Basis,
    ChildHeard,
    Consent,
    ConsentId,
    Danger,
    Denial,
    Denied,
    EmergencyId,
    ForwardingId,
    Given,
    Giver,
    Minor,
    Moved,
    Representative,
    Suspected,
    Withdrawer,
)
from contacts.forwarding.emergencies import Act
from contacts.forwarding.forwarding import Forwarding
from contacts.forwarding.refused import was_refused
from contacts.forwarding.tables import forwardings
from contacts.organisations.organisation import Channel
from storage.engine import Store
from storage.ids import ContactId, OrganisationId, new_id
from tests.contacts.forwarding.consenting import Desk, desk_on
from tests.contacts.forwarding.gate_world import D1, DAY, database_now
from tests.servers.postgres import Databases
from tests.stores import database_url, store

__all__ = ["database_url", "store"]
#: From the story's beginning, in steps longer than a story takes: the database's own clock goes on meanwhile.
MOMENTS = st.integers(-12, 40 * 144).map(lambda steps: 600 * steps)
WHEN = st.none() | MOMENTS


class JumpingClock:
    """Goes where it is told, also back."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return 0.0


@dataclass
class Known:
    """A consent or an emergency, as the test remembers it."""

    contact: str
    organisation: str
    scope: str
    begins: int
    ends: int
    withdrawn: bool = False

    def allows(self, at: int) -> bool:
        return not self.withdrawn and self.begins <= at < self.ends


class People(RuleBasedStateMachine):
    """Operators, visitors, a transmitter and somebody who writes the database by hand, with a clock that jumps."""

    runner: ClassVar[asyncio.Runner]
    desk: ClassVar[Desk]
    clock: ClassVar[JumpingClock]

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, Known] = {}
        self.waiting: dict[str, str] = {}
        self.contacts: list[str] = []
        self.start = 0

    def do(self, work: Any) -> Any:
        async def whole() -> Any:
            async with self.desk.store.write() as conn:
                return await work(conn)

        return self.runner.run(whole())

    @property
    def app_time(self) -> int:
        return int(self.clock.at.timestamp())

    @property
    def database_time(self) -> int:
        now: int = self.runner.run(database_now(self.desk.store))
        return now

    @initialize()
    def two_contacts(self) -> None:
        self.start = self.database_time
        self.clock.at = datetime.fromtimestamp(self.start, UTC)
        self.contacts = [new_id(), new_id()]
        row = {"door": "chat", "language": "fi", "tag": "x", "state": "ended", "opened_at": self.start}
        table = metadata.tables["contacts"]
        self.do(lambda conn: conn.execute(insert(table), [{"id": each, **row} for each in self.contacts]))
        for days in (1, 14):
            self.consent(whose=0, whom="o1", days=days, when=None)

    def jump(self, seconds: int | None) -> None:
        """Before most things that happen, the clock goes somewhere else."""
        if seconds is not None:
            self.clock.at = datetime.fromtimestamp(self.start, UTC) + timedelta(seconds=seconds)

    @rule(whose=st.integers(0, 1), whom=st.sampled_from(["o1", "o2"]), days=st.sampled_from([1, 5, 14]), when=WHEN)
    def consent(self, whose: int, whom: str, days: int, when: int | None) -> None:
        self.jump(when)
        question = self.desk.question(contact=self.contacts[whose], organisation=whom, days=days)
        sane = self.app_time >= self.database_time - 60
        try:
            consent = self.runner.run(self.desk.consented(question))
        except Denied:
            assert not sane
        else:
            begins = self.app_time
            self.known[consent] = Known(self.contacts[whose], whom, "referral", begins, question.until)

    @rule(whose=st.integers(0, 1), when=WHEN)
    def emergency(self, whose: int, when: int | None) -> None:
        self.jump(when)
        act = Act(
            contact=ContactId(self.contacts[whose]),
            authority=Authority.POLICE,
            reason=Danger.CHILD_AT_RISK,
            basis=Basis.CHILD_WELFARE_DUTY,
            fields=("where",),
            organisation=OrganisationId("o1"),
            digest=D1,
            payload=1,
        )
        try:
            done = self.do(lambda conn: self.desk.emergencies.act(conn, act, by=self.desk.otso))
        except Denied:
            assert self.app_time < self.database_time - 60
        else:
            self.known[done] = Known(self.contacts[whose], "o1", "emergency", self.app_time, self.app_time + DAY)

    @precondition(lambda self: self.known)
    @rule(data=st.data(), when=WHEN)
    def queue(self, data: st.DataObject, when: int | None) -> None:
        self.jump(when)
        name = data.draw(st.sampled_from(list(self.known)))
        known = self.known[name]
        out = self.desk.forwardings

        async def work(conn: Any) -> ForwardingId:
            if known.scope == "emergency":
                return await out.queue_emergency(conn, EmergencyId(name), channel=Channel.EMAIL, by=self.desk.otso)
            return await out.queue(conn, ConsentId(name), channel=Channel.EMAIL, by=self.desk.otso)

        at = max(self.app_time, self.database_time)
        try:
            forwarding = self.do(work)
        except Denied:
            assert not known.allows(at) or self.app_time < self.database_time - 60
        else:
            assert known.allows(at)
            self.waiting[forwarding] = name

    @precondition(lambda self: self.waiting)
    @rule(data=st.data(), when=WHEN)
    def transmit(self, data: st.DataObject, when: int | None) -> None:
        self.jump(when)
        forwarding = data.draw(st.sampled_from(list(self.waiting)))
        known = self.known[self.waiting.pop(forwarding)]
        sent = self.do(lambda conn: self.desk.forwardings.mark_sent(conn, ForwardingId(forwarding)))
        self.judge(forwarding, known, sent=sent)

    @precondition(lambda self: self.waiting)
    @rule(data=st.data(), seconds=MOMENTS)
    def by_hand(self, data: st.DataObject, seconds: int) -> None:
        forwarding = data.draw(st.sampled_from(list(self.waiting)))
        known = self.known[self.waiting[forwarding]]
        mine = update(forwardings).where(forwardings.c.id == forwarding)
        try:
            self.do(lambda conn: conn.execute(mine.values(state="sent", sent_at=self.start + seconds)))
        except DBAPIError as error:
            if not was_refused(error):
                raise
        else:
            del self.waiting[forwarding]
            self.judge(forwarding, known, sent=True)

    @precondition(lambda self: self.known)
    @rule(data=st.data(), when=WHEN)
    def withdraw(self, data: st.DataObject, when: int | None) -> None:
        self.jump(when)
        consents = [name for name, known in self.known.items() if known.scope != "emergency"]
        if consents:
            name = data.draw(st.sampled_from(consents))
            self.do(lambda conn: self.desk.consents.withdraw(conn, ConsentId(name), by=Withdrawer.VISITOR))
            self.known[name].withdrawn = True
            self.waiting = {one: consent for one, consent in self.waiting.items() if consent != name}

    def judge(self, forwarding: str, known: Known, *, sent: bool) -> None:
        """Sent: it was allowed at that instant. Not sent: it was not."""
        found: Forwarding = self.do(lambda conn: self.desk.forwardings.find(conn, ForwardingId(forwarding)))
        if sent:
            assert found.sent_at is not None
            at = max(found.sent_at, self.database_time)
            assert known.allows(at)
            assert (found.contact, found.organisation, found.scope) == (known.contact, known.organisation, known.scope)
        else:
            assert not known.allows(max(self.app_time, found.queued_at, self.database_time)) or (
                max(self.app_time, found.queued_at) < self.database_time - 60
            )
            assert found.state is Moved.WITHDRAWN

    def teardown(self) -> None:
        """Whatever was sent in this story, once more and straight from the table."""

        async def everything(conn: Any) -> Any:
            return (await conn.execute(select(forwardings).where(forwardings.c.contact.in_(self.contacts)))).all()

        for row in self.do(everything) if self.contacts else []:
            if row.sent_at is not None:
                known = self.known[row.consent or row.emergency]
                assert known.begins <= row.sent_at < known.ends
                assert (row.contact, row.organisation) == (known.contact, known.organisation)


@pytest.fixture(params=["sqlite", "postgresql"])
def story_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/story.sqlite"
        return
    databases: Databases = request.getfixturevalue("postgres_databases")
    url = databases.create()
    yield url
    databases.drop(url)


def test_whatever_people_and_clocks_do_what_is_sent_had_a_live_consent(story_url: str) -> None:
    with asyncio.Runner() as runner:
        People.runner, People.clock = runner, JumpingClock()

        async def begun() -> Desk:
            store = Store(url=story_url)
            await store.create_all()
            return await desk_on(store, People.clock)

        People.desk = runner.run(begun())
        try:
            run_state_machine_as_test(
                People,
                settings=settings(
                    max_examples=30,
                    stateful_step_count=25,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                    database=None,
                ),
            )
        finally:
            runner.run(People.desk.store.close())


async def test_a_mother_suspected_of_exploiting_her_sixteen_year_old_consents_for_nobody(store: Store) -> None:
    desk = await desk_on(store)
    ask = await desk.asked(desk.question(minor=Minor.YES))
    async with store.write() as conn:
        await desk.consents.agreed_by_lead(conn, ask, by=desk.leena)
    mother = Given(
        giver=Giver.REPRESENTATIVE,
        representative=Representative.PARENT,
        suspected=Suspected.YES,
        child_heard=ChildHeard.HEARD,
    )
    for suspected in (Suspected.YES, Suspected.UNKNOWN, None):
        given = Given(**{name: getattr(mother, name) for name in mother.__struct_fields__} | {"suspected": suspected})
        with pytest.raises(Denied) as refused:
            async with store.write() as conn:
                await desk.consents.record(conn, ask, given, by=desk.otso)
        assert refused.value.code is Denial.SUSPECTED
    # The service asks the person at the desk; the database does not ask: tests/contacts/forwarding/forbidden.py.
    async with store.read() as conn:
        found: list[Consent] = await desk.consents.of_contact(conn, ContactId("c1"))
    assert found == []


async def test_a_minors_case_asks_a_lead_who_is_somebody_else(store: Store) -> None:
    desk = await desk_on(store)
    ask = await desk.asked(desk.question(minor=Minor.YES))
    for by, code in ((desk.otso, Denial.NOT_A_LEAD), (desk.anna, Denial.NOT_A_LEAD)):
        with pytest.raises(Denied) as refused:
            async with store.write() as conn:
                await desk.consents.agreed_by_lead(conn, ask, by=by)
        assert refused.value.code is code
    with pytest.raises(Denied) as refused:
        async with store.write() as conn:
            await desk.consents.record(conn, ask, Given(), by=desk.otso)
    assert refused.value.code is Denial.LEAD_NEEDED
    async with store.write() as conn:
        assert [one.id for one in await desk.consents.waiting_for_lead(conn)] == [ask]
        await desk.consents.agreed_by_lead(conn, ask, by=desk.leena)
        assert await desk.consents.waiting_for_lead(conn) == []
        with pytest.raises(Denied) as refused:
            await desk.consents.record(conn, ask, Given(), by=desk.leena)
        assert refused.value.code is Denial.SAME_PERSON
        consent = await desk.consents.record(conn, ask, Given(), by=desk.otso)
        found = await desk.consents.find(conn, consent)
    assert found is not None
    assert found.lead == desk.leena.staff_id
