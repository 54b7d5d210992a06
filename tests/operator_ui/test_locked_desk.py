"""A locked desk: whoever has the browser's cookie gets nothing, from any process, until the passphrase is given."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest

from contacts.session import Session
from contacts.session_watch import SessionWatch
from contacts.sessions import IDLE
from storage.bus import MemoryBus
from storage.clock import ManualClock
from storage.engine import Store
from tests.eventually import eventually
from tests.house import Worker, another_worker, message_id
from tests.sockets import ORIGIN, Socket

pytestmark = pytest.mark.anyio
SECRET = "my brother keeps my passport"


def deciding(contact: str) -> list[tuple[str, dict[str, object]]]:
    """Frames that would show or change something."""
    return [
        ("open", {"contact": contact, "after": 0}),
        ("accept", {"contact": contact}),
        ("decline", {"contact": contact}),
        ("ask", {"contact": contact, "question": "hand_over", "to": None}),
        ("danger", {"contact": contact, "on": True}),
        ("extend", {"contact": contact}),
        ("end", {"contact": contact}),
    ]


def addresses(contact: str) -> tuple[str, ...]:
    """What shows something to an operator whose contact it is."""
    of = f"/desk/contacts/{contact}"
    whole = ("/desk/records", "/desk/closed", "/desk/proposals", "/desk/roster", "/desk/here", "/desk/codes/fi")
    parts = ("notes", "record", "consents", "forwardings", "emergency")
    return (*whole, *(f"{of}/{part}" for part in parts), f"/desk/forms/{contact}", f"/desk/closed/{contact}")


@asynccontextmanager
async def browser(worker: Worker, name: str = "anna") -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody at the computer of this colleague, asking this process."""
    transport = httpx2.ASGITransport(app=worker.app)
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers={"origin": ORIGIN}) as http:
        http.cookies.set("desk", worker.colleagues[name].cookie, domain="localhost.local", path="/")
        yield http


async def refused(desk: Socket, tag: str, **fields: object) -> None:
    before = len(desk.of("error", code="locked"))
    desk.send(tag, **fields)
    await eventually(lambda: len(desk.of("error", code="locked")) > before, what=tag)


@pytest.mark.parametrize("elsewhere", [False, True], ids=["the same process", "another process"])
async def test_the_cookie_of_a_locked_desk_gets_nothing(
    here: Worker, anna: Session, other_store: Store, elsewhere: bool
) -> None:
    talk, _ = await here.conversation(anna)
    await here.says(talk, 1, SECRET)
    waiting = await here.visitor("sv")
    async with another_worker(here, other_store, MemoryBus()) as there, browser(here) as mine:
        worker = there if elsewhere else here
        assert (await mine.post("/desk/lock", json={})).status_code == 200
        async with browser(worker) as thief, worker.desk("anna") as desk:
            for path in addresses(talk.contact):
                answer = await thief.get(path)
                assert (answer.status_code, answer.headers.get("location")) in {(401, None), (303, "/desk")}, path
            assert "locked&#34;: true" in (await thief.get("/desk")).text
            desk.send("hello", open=[{"contact": talk.contact, "after": 0}])
            await desk.next("error", code="locked", contact=talk.contact)
            for tag, fields in deciding(talk.contact) + deciding(waiting.contact):
                await refused(desk, tag, **fields)
            desk.send("say", contact=talk.contact, id=message_id(9), text="from a thief")
            await desk.next("error", code="not_yours")
            line = await desk.next("line")
            assert (line["waiting"], line["colleagues"]) == ([], [])
            assert {(row["tag"], row["language"]) for row in line["mine"]} == {("", "")}
            assert not [desk.of(tag) for tag in ("entry", "opened", "forms") if desk.of(tag)]
            assert (await thief.post("/desk/unlock", json={"passphrase": "a guess"})).status_code == 403
            assert (await thief.get("/desk/records")).status_code == 401

            await here.house.office.sessions.unlock(
                anna
            )  # as POST /desk/unlock does for the passphrase (test_pages.py)
            desk.send("open", contact=talk.contact, after=0)
            await desk.next("entry", text=SECRET)
            await eventually(lambda: [frame for frame in desk.of("line") if frame["waiting"]])
            assert desk.of("forms")
            assert (await thief.get("/desk/records")).status_code == 200


async def test_what_is_open_when_the_desk_is_locked_goes_on_and_nothing_more(here: Worker, anna: Session) -> None:
    talk, _ = await here.conversation(anna)
    other, _ = await here.conversation(anna)
    async with here.desk("anna") as desk, browser(here) as mine:
        desk.send("hello", open=[{"contact": talk.contact, "after": 0}])
        await desk.next("opened")
        await mine.post("/desk/lock", json={})
        await here.says(talk, 1, "are you there?")
        await desk.next("entry", text="are you there?")
        desk.send("say", contact=talk.contact, id=message_id(2), text="one moment")
        await desk.next("ack", id=message_id(2))
        await refused(desk, "open", contact=other.contact, after=0)
        desk.send("shut", contact=talk.contact)
        await refused(desk, "open", contact=talk.contact, after=0)


async def test_an_offer_at_a_locked_desk_says_neither_who_nor_in_which_language(here: Worker, anna: Session) -> None:
    async with here.desk("anna") as desk, browser(here) as mine:
        desk.send("hello", open=[])
        await desk.next("forms")
        await mine.post("/desk/lock", json={})
        talk = await here.visitor()
        await here.house.assigner.assign()
        offer = await desk.next("offer")
        assert (offer["contact"], offer["tag"], offer["language"]) == (talk.contact, "", "")
        await here.house.office.sessions.unlock(anna)
        assert (await desk.next("offer", language="fi"))["tag"] == (await here.contact(talk.contact)).tag


async def test_another_process_hears_of_the_lock_within_two_seconds(
    here: Worker, anna: Session, other_store: Store
) -> None:
    async with another_worker(here, other_store, MemoryBus()) as there:
        sessions = there.house.office.sessions
        session = await sessions.resolve(here.colleagues["anna"].cookie)
        assert session is not None
        watch = SessionWatch(
            store=other_store,
            sessions=sessions,
            bus=there.house.resources.bus,
            clock=here.clock,
            alarm=lambda _: None,
        )
        turned: list[bool] = []
        session.on_turn(lambda: turned.append(session.locked))
        started = time.monotonic()
        await here.house.office.sessions.lock(anna)
        await watch.look()
        await here.house.office.sessions.unlock(anna)
        await here.house.office.sessions.unlock(anna)
        await watch.look()
        assert turned == [True, False]
        assert time.monotonic() - started < 2


async def test_whoever_asks_at_a_locked_desk_does_not_keep_the_session(
    here: Worker, anna: Session, clock: ManualClock
) -> None:
    async with browser(here) as mine:
        await mine.post("/desk/lock", json={})
        for _ in range(3):
            clock.advance(IDLE / 2)
            await mine.get("/desk")
        assert (await mine.get("/desk")).headers["location"] == "/desk/sign-in"


async def test_an_old_reading_of_the_row_does_not_undo_a_newer_one(anna: Session) -> None:
    anna.turned(2)
    anna.turned(3)
    anna.turned(2)
    assert anna.locked


async def test_signing_in_anew_is_not_locked(here: Worker, anna: Session) -> None:
    await here.house.office.sessions.lock(anna)
    assert not (await here.signed_in("anna")).locked
