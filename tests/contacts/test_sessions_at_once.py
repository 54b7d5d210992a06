"""One session, however many ask for it at once; and the sweep cuts nobody who is talking."""

import asyncio

import pytest

from contacts.people import Role
from contacts.session import Ended, Session
from contacts.sessions import ABSOLUTE
from tests.contacts.conftest import database_url, here, kept_database, lead, store
from tests.contacts.installation import Installation
from tests.stores import clock, other_store, told

__all__ = ["clock", "database_url", "here", "kept_database", "lead", "other_store", "store", "told"]

pytestmark = pytest.mark.anyio


async def test_two_requests_at_once_share_one_session_so_that_both_end(here: Installation, lead: Session) -> None:
    """After a restart a browser's page and its socket ask together; each used to get a session of its own."""
    otso = await here.joined(lead, "otso")
    await here.signed_in(otso)
    there = here.another_process()  # a worker that does not know the session yet
    await asyncio.gather(*(there.sessions.resolve("A" * 43) for _ in range(4)))  # connections are open
    first, second = await asyncio.gather(there.sessions.resolve(otso.cookie), there.sessions.resolve(otso.cookie))
    assert first is not None
    assert second is not None
    await here.staff.leave(otso.staff_id, by=lead)
    await there.watch.look()
    assert (first.ended, second.ended) == (Ended.REVOKED, Ended.REVOKED)


async def test_the_sweep_cuts_no_conversation_under_way_after_ten_hours(here: Installation, lead: Session) -> None:
    otso = await here.joined(lead, "otso", Role.OPERATOR)
    session = await here.signed_in(otso)
    here.clock.advance(ABSOLUTE - 60)
    await here.sessions.talked(session)
    here.clock.advance(120)
    await here.watch.look()
    assert session.ended is None  # as promised: a conversation under way holds it
    async with here.store.write() as conn:
        await here.sessions.sweep(conn)
    await here.watch.look()
    assert session.ended is None
