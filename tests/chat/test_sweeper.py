"""What no event tells: visitors whose worker died, and visitors who never came back."""

import pytest

from chat import absence
from chat.sweeper import VISITOR_SILENT_SECONDS
from contacts.committer import Unit
from contacts.contact import State
from contacts.session import Session
from contacts.visitor_keys import LIFE_WITHOUT_CONNECTION
from storage.clock import ManualClock
from tests.house import Worker

pytestmark = pytest.mark.anyio


async def settle(here: Worker) -> None:
    """One round of the job, as the worker runs it."""
    (job,) = [job for job in here.house.sweeps.jobs if job.name == "settle"]
    await job.run()


async def test_a_visitor_whose_worker_died_is_noticed_once(here: Worker, anna: Session, clock: ManualClock) -> None:
    talk, _ = await here.conversation(anna)
    await settle(here)
    assert await here.codes(talk.contact) == ["worker_joined"]
    clock.advance(VISITOR_SILENT_SECONDS + 60)  # "last seen" is kept to the minute
    await settle(here)
    await settle(here)
    assert (await here.codes(talk.contact)).count("visitor_lost") == 1


async def test_a_visitor_who_is_there_is_left_alone(here: Worker, anna: Session, clock: ManualClock) -> None:
    talk, _ = await here.conversation(anna)
    here.house.visitor_door.presence.connected(talk)
    for _ in range(40):
        clock.advance(30)
        await here.house.visitor_door.presence.touch()
        await settle(here)
    assert "visitor_lost" not in await here.codes(talk.contact)
    assert (await here.contact(talk.contact)).state is State.ACTIVE
    assert await here.house.visitor_door.known(talk.token)


@pytest.mark.parametrize("accepted", [True, False], ids=["in conversation", "in the line"])
async def test_ten_minutes_of_absence_end_it_and_nine_do_not(
    here: Worker, anna: Session, clock: ManualClock, accepted: bool
) -> None:
    talk = (await here.conversation(anna))[0] if accepted else await here.visitor()
    await here.house.committer.submit(Unit(talk.contact, absence.visitor_lost))
    clock.advance(absence.RESUME_WINDOW - 1)
    await settle(here)
    assert (await here.contact(talk.contact)).state is not State.ENDED
    clock.advance(1)
    await settle(here)
    await settle(here)
    assert (await here.contact(talk.contact)).state is State.ENDED
    assert (await here.codes(talk.contact)).count("ended_silent") == 1


async def test_a_cookie_without_a_connection_is_destroyed(here: Worker, anna: Session, clock: ManualClock) -> None:
    talk = await here.visitor()
    clock.advance(LIFE_WITHOUT_CONNECTION + 60)
    await settle(here)
    async with here.house.resources.store.read() as conn:
        assert await here.staff.visitor_keys.seen(conn, [talk.contact]) == {}
    assert await here.house.visitor_door.resumed(talk.token) is None
