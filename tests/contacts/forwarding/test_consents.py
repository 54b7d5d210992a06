import asyncio
from collections.abc import Awaitable, Callable

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from contacts.forwarding.consent import (
    DAY,
    AskId,
    ChildHeard,
    ConsentId,
    Denial,
    Denied,
    Given,
    Giver,
    Minor,
    Reply,
    Representative,
    Suspected,
    Withdrawer,
)
from contacts.tables_audit import audit
from storage.engine import Connection, Store
from storage.ids import ContactId, OrganisationId
from tests.contacts.forwarding.consenting import Desk, desk_on

C1 = ContactId("c1")


@pytest.fixture
async def desk(store: Store) -> Desk:
    return await desk_on(store)


async def denied(desk: Desk, act: Callable[[Connection], Awaitable[object]]) -> Denial:
    with pytest.raises(Denied) as refused:
        async with desk.store.write() as conn:
            await act(conn)
    return refused.value.code


async def test_a_question_has_one_answer(desk: Desk) -> None:
    ask = await desk.asked(said="no")
    async with desk.store.write() as conn:
        await desk.consents.answered(conn, C1, ask=ask, said="no")
    assert await denied(desk, lambda c: desk.consents.answered(c, C1, ask=ask, said="yes")) is Denial.ALREADY
    assert (
        await denied(desk, lambda c: desk.consents.answered(c, ContactId("c2"), ask=ask, said="no")) is Denial.NOT_THERE
    )
    assert await denied(desk, lambda c: desk.consents.record(c, ask, Given(), by=desk.otso)) is Denial.NOT_ANSWERED_YES
    async with desk.store.read() as conn:
        found = await desk.consents.find_ask(conn, ask)
    assert found is not None
    assert found.answer is Reply.NO


async def test_a_question_that_was_cancelled_gets_no_answer(desk: Desk) -> None:
    ask = await desk.asked(said=None)
    async with desk.store.write() as conn:
        await desk.consents.cancel(conn, ask)
        await desk.consents.cancel(conn, ask)
    assert await denied(desk, lambda c: desk.consents.answered(c, C1, ask=ask, said="yes")) is Denial.ALREADY


async def test_only_who_may_open_contacts_asks_and_records(desk: Desk) -> None:
    question = desk.question()
    assert await denied(desk, lambda c: desk.consents.ask(c, question, by=desk.anna)) is Denial.NOT_ALLOWED
    ask = await desk.asked()
    assert await denied(desk, lambda c: desk.consents.record(c, ask, Given(), by=desk.anna)) is Denial.NOT_ALLOWED


async def test_what_cannot_be_asked_is_not_asked(desk: Desk) -> None:
    now = int(desk.clock.now().timestamp())
    wrong = {
        Denial.NOT_ASKED_SO: [
            replace(desk.question(), fields=()),
            replace(desk.question(), fields=tuple(f"field{number:060}" for number in range(40))),
        ],
        Denial.TOO_LONG: [
            replace(desk.question(), until=now + 91 * DAY),
            replace(desk.question(), until=now),
        ],
        Denial.NOT_ALLOWED: [replace(desk.question(), organisation=OrganisationId("none"))],
    }
    for code, questions in wrong.items():
        for question in questions:
            assert await denied(desk, lambda c, q=question: desk.consents.ask(c, q, by=desk.otso)) is code  # type: ignore[misc]


async def test_a_question_is_recorded_once_and_found(desk: Desk) -> None:
    given = Given(
        giver=Giver.REPRESENTATIVE,
        interpreter=True,
        representative=Representative.CHILD_WELFARE,
        suspected=Suspected.NO,
        child_heard=ChildHeard.NO_CHILD,
    )
    ask = await desk.asked()
    async with desk.store.write() as conn:
        consent = await desk.consents.record(conn, ask, given, by=desk.otso)
        found = await desk.consents.find(conn, consent)
        assert await desk.consents.of_contact(conn, C1) == [found]
    assert found is not None
    assert (found.given, found.ask, found.recorded_by) == (given, ask, desk.otso.staff_id)
    assert found.live(int(desk.clock.now().timestamp()))
    assert await denied(desk, lambda c: desk.consents.record(c, ask, given, by=desk.otso)) is Denial.ALREADY
    assert await denied(desk, lambda c: desk.consents.record(c, AskId("none"), given, by=desk.otso)) is Denial.NOT_THERE
    async with desk.store.read() as conn:
        assert await desk.consents.find(conn, ConsentId("none")) is None
        rows = (await conn.execute(select(audit.c.action, audit.c.actor, audit.c.detail))).all()
    assert rows == [("consent", "otso", "referral")]


async def test_what_the_database_refuses_is_denied_and_the_transaction_goes_on(desk: Desk) -> None:
    ask = await desk.asked(desk.question(wording_version=2))
    async with desk.store.write() as conn:
        with pytest.raises(Denied) as refused:
            await desk.consents.record(conn, ask, Given(), by=desk.otso)
        assert refused.value.code is Denial.NOT_ALLOWED
        assert await desk.consents.of_contact(conn, C1) == []


async def test_a_yes_that_is_taken_back_while_it_is_recorded_is_never_left_standing(desk: Desk) -> None:
    """The visitor's press and the operator's, at the same moment."""

    async def record(ask: AskId) -> None:
        try:
            async with desk.store.write() as conn:
                await desk.consents.record(conn, ask, Given(), by=desk.otso)
        except Denied as refused:
            if refused.code is not Denial.NOT_ANSWERED_YES:
                raise

    for number in range(12):
        ask = await desk.asked()
        both: list[Awaitable[object]] = [record(ask), desk.consents.taken_back(C1, ask=ask)]
        await asyncio.gather(*(both if number % 2 else reversed(both)))
    now = int(desk.clock.now().timestamp())
    async with desk.store.read() as conn:
        assert not [one for one in await desk.consents.of_contact(conn, C1) if one.live(now)]


async def test_who_withdrew_is_kept(desk: Desk) -> None:
    consent = await desk.consented(desk.question(minor=Minor.UNKNOWN))
    async with desk.store.write() as conn:
        await desk.consents.withdraw(conn, consent, by=Withdrawer.OPERATOR, staff=desk.otso.staff_id)
        found = await desk.consents.find(conn, consent)
    assert found is not None
    assert found.withdrawn_by is Withdrawer.OPERATOR


async def test_a_lead_agrees_once_and_the_first_one_counts(desk: Desk) -> None:
    ask = await desk.asked(desk.question(minor=Minor.YES))
    async with desk.store.write() as conn:
        await desk.consents.agreed_by_lead(conn, ask, by=desk.leena)
        await desk.consents.agreed_by_lead(conn, ask, by=desk.lasse)
        found = await desk.consents.find_ask(conn, ask)
        of_a_lead = await desk.consents.ask(conn, desk.question(minor=Minor.YES), by=desk.leena)
    assert found is not None
    assert found.lead == desk.leena.staff_id
    assert await denied(desk, lambda c: desk.consents.agreed_by_lead(c, of_a_lead, by=desk.leena)) is Denial.SAME_PERSON
