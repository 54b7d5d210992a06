import asyncio
import base64
import hashlib

import pytest
from sqlalchemy import select, update

from contacts.audit import Action
from contacts.envelopes import wrapped
from contacts.people import Standing
from contacts.session import Ended, Session
from contacts.sessions import ABSOLUTE, IDLE, TALK_HOLDS, Sessions
from contacts.tables_audit import audit
from contacts.tables_staff import openings, sessions
from storage.ids import ContactId, new_id
from tests.contacts.installation import Colleague, Installation

pytestmark = pytest.mark.anyio


@pytest.fixture
async def otso(here: Installation, lead: Session) -> Colleague:
    colleague = await here.joined(lead, "otso")
    await here.signed_in(colleague)
    return colleague


async def stored(here: Installation, colleague: Colleague) -> list[tuple[str | None, bool]]:
    async with here.store.read() as conn:
        rows = await conn.execute(
            select(sessions).where(sessions.c.staff == colleague.staff_id).order_by(sessions.c.ended)
        )
        return [(row.ended, row.seed is None) for row in rows]


async def test_any_worker_serves_the_cookie(here: Installation, otso: Colleague) -> None:
    there = here.another_process()
    session = await there.sessions.resolve(otso.cookie)
    assert session is not None
    assert await there.read(session, await here.sealed("hei")) == "hei"


async def test_one_process_has_one_session_object(here: Installation, otso: Colleague) -> None:
    found = [await here.sessions.resolve(otso.cookie) for _ in range(2)]
    assert found[0] is found[1]


@pytest.mark.parametrize("cookie", ["", "x", "A" * 43, "ö" * 43, "A" * 44, "A" * 4000, "=" * 43])
async def test_an_unknown_or_malformed_cookie_is_nobodys(here: Installation, otso: Colleague, cookie: str) -> None:
    assert await here.sessions.resolve(cookie) is None


async def test_the_cookie_itself_is_not_kept(here: Installation, otso: Colleague) -> None:
    token = base64.urlsafe_b64decode(otso.cookie + "=")
    async with here.store.read() as conn:
        rows = (await conn.execute(select(sessions))).all()
    kept = [value for row in rows for value in row if isinstance(value, bytes)]
    assert hashlib.sha256(token).digest() in kept
    assert not [value for value in kept if token in value]


async def test_the_newer_session_takes_over(here: Installation, otso: Colleague) -> None:
    older = otso.cookie
    done = await here.sign_in.sign_in(login="otso", passphrase=otso.passphrase, code="", bucket="b")
    assert done.replaced
    assert await here.sessions.resolve(older) is None
    assert await here.sessions.resolve(done.cookie) is not None
    assert await stored(here, otso) == [("replaced", True), (None, False)] or await stored(here, otso) == [
        (None, False),
        ("replaced", True),
    ]


async def test_signing_in_twice_at_once_leaves_one_session(here: Installation, otso: Colleague) -> None:
    workers = [here.another_process() for _ in range(3)]
    done = await asyncio.gather(
        *(worker.sign_in.sign_in(login="otso", passphrase=otso.passphrase, code="", bucket="b") for worker in workers)
    )
    alive = [await here.sessions.resolve(one.cookie) for one in done]
    assert len([one for one in alive if one is not None]) == 1


async def test_signing_out_ends_it_and_erases_the_seed(here: Installation, otso: Colleague) -> None:
    session = await here.sessions.resolve(otso.cookie)
    assert session is not None
    await here.sessions.sign_out(session)
    await here.sessions.sign_out(session)
    assert session.ended is Ended.SIGNED_OUT
    assert await here.sessions.resolve(otso.cookie) is None
    assert await stored(here, otso) == [("signed_out", True)]
    async with here.store.read() as conn:
        rows = (await conn.execute(select(audit.c.actor).where(audit.c.action == Action.SIGN_OUT))).scalars().all()
    assert rows == [otso.staff_id]


async def test_half_an_hour_without_activity_ends_it(here: Installation, otso: Colleague) -> None:
    here.clock.advance(IDLE - 1)
    assert await here.sessions.resolve(otso.cookie, active=False) is not None
    here.clock.advance(1)
    assert await here.sessions.resolve(otso.cookie, active=False) is None


async def test_activity_keeps_it_for_ten_hours_and_no_longer(here: Installation, otso: Colleague) -> None:
    for _ in range(ABSOLUTE // 1200 - 1):
        here.clock.advance(1200)
        assert await here.sessions.resolve(otso.cookie) is not None
    here.clock.advance(1199)
    assert await here.sessions.resolve(otso.cookie) is not None
    here.clock.advance(1)
    assert await here.sessions.resolve(otso.cookie) is None


async def test_a_live_conversation_is_not_cut_by_idleness(here: Installation, otso: Colleague) -> None:
    session = await here.sessions.resolve(otso.cookie)
    assert session is not None
    for _ in range(5):
        here.clock.advance(1200)
        await here.sessions.touch(session)
    await here.watch.look()
    assert session.ended is None
    assert await here.sessions.resolve(otso.cookie) is session


async def test_a_live_conversation_is_not_cut_by_the_end_of_the_session(here: Installation, otso: Colleague) -> None:
    session = await here.sessions.resolve(otso.cookie)
    assert session is not None
    here.clock.advance(ABSOLUTE - 60)
    await here.sessions.talked(session)
    here.clock.advance(120)
    await here.watch.look()
    assert session.ended is None
    here.clock.advance(TALK_HOLDS)
    await here.watch.look()
    assert session.ended is Ended.EXPIRED


@pytest.mark.parametrize("column", ["staff", "made_at", "id", "seed"])
async def test_a_changed_row_is_nobodys(here: Installation, lead: Session, otso: Colleague, column: str) -> None:
    changed: dict[str, object] = {
        "staff": lead.staff_id,
        "made_at": 2**33,
        "id": new_id(),
        "seed": wrapped(b"k" * 32, b"s" * 32),
    }
    async with here.store.write() as conn:
        if column == "staff":
            await conn.execute(update(sessions).where(sessions.c.staff == lead.staff_id).values(ended="idle"))
        await conn.execute(update(sessions).where(sessions.c.staff == otso.staff_id).values({column: changed[column]}))
    assert await here.another_process().sessions.resolve(otso.cookie) is None


async def test_without_the_app_key_a_cookie_opens_nothing(here: Installation, otso: Colleague) -> None:
    thief = Sessions(
        store=here.store,
        app_key=here.app_key.fresh(),
        deployment=here.deployment,
        clock=here.clock,
        people=here.people,
        audit=here.audit,
        bus=here.bus,
    )
    assert await thief.resolve(otso.cookie) is None


async def test_a_session_of_somebody_enrolled_anew_is_over_even_if_its_row_came_back(
    here: Installation, lead: Session, otso: Colleague
) -> None:
    async with here.store.read() as conn:
        row = dict((await conn.execute(select(sessions).where(sessions.c.staff == otso.staff_id))).mappings().one())
    invitation = await here.staff.reset(otso.staff_id, by=lead)
    there = here.another_process()
    for _ in range(2):
        async with here.store.write() as conn:
            await conn.execute(update(sessions).where(sessions.c.id == row["id"]).values(**row))
        assert await there.sessions.resolve(otso.cookie) is None
        async with here.store.read() as conn:
            state = (await here.people.everybody(conn))[otso.staff_id].state
        if state is Standing.INVITED:
            await here.enrolled(invitation)


async def test_the_sweep_keeps_only_what_may_still_live(here: Installation, otso: Colleague) -> None:
    session = await here.sessions.resolve(otso.cookie)
    assert session is not None
    await here.openings.opened(session, ContactId(new_id()))
    here.clock.advance(ABSOLUTE - 1)
    await here.signed_in(otso)
    swept = []
    for _ in range(2):
        here.clock.advance(1)
        async with here.store.write() as conn:
            swept.append(await here.sessions.sweep(conn))
    assert swept == [2, 0]  # the lead's and the older one
    async with here.store.read() as conn:
        assert (await conn.execute(select(openings))).all() == []
    assert await here.sessions.resolve(otso.cookie) is not None
