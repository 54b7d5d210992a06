"""Every way a contact can end, through the doors of the real house: each is counted, once."""

from collections import Counter
from collections.abc import AsyncIterator

import pytest

from chat import drain
from chat.absence import RESUME_WINDOW
from contacts.committer import Unit as Work
from contacts.contact import EndedBy, Refused, State
from contacts.statistics.fact import Fact, Unit
from contacts.statistics.periods import Period
from storage.clock import ManualClock
from storage.engine import Store
from tests.chat.forms import message
from tests.contacts.conftest import database_url, kept_database, store
from tests.house import Worker, opened_house
from tests.stores import clock

__all__ = ["clock", "database_url", "kept_database", "store"]
pytestmark = pytest.mark.anyio


@pytest.fixture
async def here(store: Store, clock: ManualClock) -> AsyncIterator[Worker]:
    async with opened_house(store, clock) as worker:
        yield worker


async def counted(here: Worker) -> list[Fact]:
    here.house.counting.mover._at_least = 1
    await here.house.counting.mover.move()
    lead = here.sessions["lead"]
    return list(await here.house.counting.book.opened(lead, [Period("2026H2"), Period("2027H1")]))


async def test_every_way_to_end_is_counted_once(here: Worker, clock: ManualClock) -> None:
    anna = await here.on_duty("anna")
    ends: Counter[str] = Counter()

    talk, _ = await here.conversation(anna)
    await here.house.visitor_door.ended(talk)
    await here.house.visitor_door.ended(talk)  # said twice
    ends[EndedBy.VISITOR] += 1

    _, desk = await here.conversation(anna)
    await here.house.desk_door.ended(anna, desk.contact)
    ends[EndedBy.WORKER] += 1

    token = await here.token()
    await here.house.visitor_door.left(token)
    ends[EndedBy.LEFT_QUICKLY] += 1

    waiting = await here.token()
    gone = (await here.resumed(waiting)).contact
    await here.house.committer.submit(Work(gone, drain.visitor_unserved))
    ends[EndedBy.UNSERVED] += 1

    for outcome in (EndedBy.ANSWERED, EndedBy.TRIED, EndedBy.NO_ANSWER_WANTED, EndedBy.NOT_POSSIBLE):
        await here.house.forms.door.sent(message(outcome))
        await here.house.forms.waiting.refresh()
        contact = here.house.forms.waiting.rows[0].contact
        await here.house.forms.desk.taken(anna, contact)
        await here.house.forms.desk.put_back(anna, contact)
        await here.house.forms.desk.taken(anna, contact)
        await here.house.forms.desk.dealt_with(anna, contact, outcome)
        await here.house.forms.desk.dealt_with(anna, contact, outcome)
        with pytest.raises(Refused):
            await here.house.forms.desk.put_back(anna, contact)
        ends[outcome] += 1

    silent = (await here.visitor()).contact
    clock.advance(200)
    await here.house.sweeps.jobs[0].run()
    clock.advance(RESUME_WINDOW + 1)
    await here.house.sweeps.jobs[0].run()
    await here.house.sweeps.jobs[0].run()
    assert (await here.contact(silent)).state is State.ENDED
    ends[EndedBy.SILENCE] += 1

    by_chat_and_form = {EndedBy(end) for end in ends}
    assert by_chat_and_form >= {end for end in EndedBy if end.value in _KNOWN}
    found = await counted(here)
    assert Counter(fact.codes["outcome"][0] for fact in found if fact.unit is Unit.SERVICE) == ends
    assert sum(fact.unit is Unit.CONTACT for fact in found) == ends.total()
    assert len(found) == 2 * ends.total()


#: Endings of the written doors; calls end in hotline's own tests.
_KNOWN = {
    "visitor", "worker", "left_quickly", "silence", "unserved",
    "answered", "tried", "no_answer_wanted", "not_possible",
}  # fmt: skip


async def test_a_proposal_by_form_is_counted_once_as_contact_and_once_as_proposal(here: Worker) -> None:
    anna = await here.on_duty("anna")
    sent = message("A safe place")
    for _ in range(2):  # pressed twice
        await here.house.forms.proposing.sent(sent, {"party": ("shelter",)})
    await here.house.forms.waiting.refresh()
    [row] = here.house.forms.waiting.rows
    assert row.proposal
    read = await here.house.forms.desk.taken(anna, row.contact)
    assert read.text is not None
    await here.house.forms.desk.dealt_with(anna, row.contact, EndedBy.ANSWERED)
    assert Counter(fact.unit for fact in await counted(here)) == {Unit.SERVICE: 1, Unit.CONTACT: 1, Unit.PROPOSAL: 1}
