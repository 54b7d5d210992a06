"""The visitor's socket through the whole application: what docs/protocol.md promises a page."""

import json
from functools import partial

import pytest

from chat import absence
from chat.rate import Rate
from chat.socket import SILENCE_LIMIT
from config.asgi import create_app
from contacts.committer import Unit
from contacts.session import Session
from storage.clock import ManualClock
from tests.eventually import eventually
from tests.house import Worker, message_id
from tests.sockets import ORIGIN, Frame, Socket

pytestmark = pytest.mark.anyio

ONE, TWO, THREE = (message_id(number) for number in (1, 2, 3))


async def hello(page: Socket, after: int = 0) -> Frame:
    page.send("hello", after=after, lang="fi")
    return await page.next("welcome")


def texts(page: Socket) -> list[object]:
    return [frame["text"] or frame["code"] for frame in page.of("entry")]


# -- getting in


@pytest.mark.parametrize("origin", ["null", "http://evil.example", "http://localhost:8000.evil.example", ""])
async def test_a_page_of_somebody_else_gets_no_socket(here: Worker, anna: Session, origin: str) -> None:
    async with here.page(await here.token(), origin) as page:
        await page.closed()
        assert not page.accepted


async def test_without_a_cookie_or_with_a_strange_one_there_is_no_session(here: Worker, anna: Session) -> None:
    for token in (None, "x", "A" * 43):
        async with here.page(token) as page:
            page.send("hello", after=0, lang="fi")
            assert await page.closed() == 4401
            assert page.frames == []


async def test_after_the_end_there_is_no_session(here: Worker, anna: Session) -> None:
    talk = await here.visitor()
    await here.house.visitor_door.ended(talk)
    async with here.page(talk.token) as page:
        page.send("hello", after=0, lang="fi")
        assert await page.closed() == 4401


@pytest.mark.parametrize(
    "first",
    [
        '{"t":"ping"}',
        json.dumps({"t": "say", "id": ONE, "text": "hei"}),
        '{"t":"hello","after":0}',
        '{"t":"hello","after":0,"lang":"fi","after":0}',
        "\x00",
        "[" * 5000,
    ],
    ids=lambda text: text[:20],
)
async def test_the_first_frame_is_hello_or_nothing(here: Worker, anna: Session, first: str) -> None:
    token = await here.token()
    async with here.page(token) as page:
        page.text(first)
        assert await page.closed() == 4400
        assert page.frames == []
    talk = await here.resumed(token)
    assert await here.entries(talk.contact) == []


async def test_a_second_hello_and_a_frame_of_the_desk_are_bad_frames(here: Worker, anna: Session) -> None:
    for frame in ({"t": "hello", "after": 0, "lang": "fi"}, {"t": "accept", "contact": "0" * 32}):
        async with here.page(await here.token()) as page:
            await hello(page)
            page.text(json.dumps(frame))
            assert await page.closed() == 4400


async def test_a_frame_that_is_too_big_closes_and_stores_nothing(here: Worker, anna: Session) -> None:
    talk = await here.visitor()
    async with here.page(talk.token) as page:
        await hello(page)
        page.send("say", id=ONE, text="x" * 17_000)
        assert await page.closed() == 1009
    assert await here.entries(talk.contact) == []


async def test_a_bad_frame_of_one_page_is_nobody_elses_matter(here: Worker, anna: Session) -> None:
    async with here.page(await here.token()) as bad, here.page(await here.token()) as good:
        await hello(bad)
        await hello(good)
        bad.text("nonsense")
        assert await bad.closed() == 4400
        good.send("say", id=ONE, text="hei")
        await good.next("ack", id=ONE, seq=1)


# -- talking


async def test_a_whole_conversation(here: Worker, anna: Session) -> None:
    token = await here.token()
    async with here.page(token) as page:
        assert await hello(page) == {"t": "welcome", "state": "waiting", "seq": 0}
        assert (await page.next("status"))["worker"] is None
        page.send("say", id=ONE, text="hei")
        ack = await page.next("ack")
        assert (ack["id"], ack["seq"]) == (ONE, 1)
        contact = (await here.resumed(token)).contact
        desk = await here.house.desk_door.accepted(anna, contact)
        assert (await page.next("status", state="active"))["worker"] == "Anna"
        here.house.desk_door.writing(desk)
        await page.next("writing")
        await here.house.desk_door.say(desk, TWO, "terve")
        entry = await page.next("entry", kind="message")
        assert (entry["seq"], entry["by"], entry["text"], entry["id"]) == (3, "worker", "terve", TWO)
        here.house.desk_door.showing(desk, 1)
        await page.next("shown", seq=1)
        page.send("ping")
        await page.next("pong")
        page.send("end")
        assert await page.closed() == 4410
        assert page.frames[-1]["t"] in {"entry", "status"}
        assert texts(page) == ["worker_joined", "terve", "ended_by_visitor"]


async def test_the_own_text_is_not_sent_back_and_its_number_takes_its_place(here: Worker, anna: Session) -> None:
    talk = await here.visitor()
    async with here.page(talk.token) as page:
        await hello(page)
        for number in range(1, 6):
            page.send("say", id=message_id(number), text=f"m{number}")
        await page.next("ack", id=message_id(5))
        assert [frame["seq"] for frame in page.of("ack")] == [1, 2, 3, 4, 5]
        assert page.of("entry") == []


@pytest.mark.parametrize(("text", "code"), [("", "blank"), ("\n \t", "blank"), ("x" * 2001, "too_long")])
async def test_what_is_no_message_is_refused_and_the_line_lives_on(
    here: Worker, anna: Session, text: str, code: str
) -> None:
    async with here.page(await here.token()) as page:
        await hello(page)
        page.send("say", id=ONE, text=text)
        assert (await page.next("error"))["code"] == code
        page.send("say", id=ONE, text="hei")
        await page.next("ack", id=ONE, seq=1)


async def test_an_id_of_the_worker_is_taken(here: Worker, anna: Session) -> None:
    talk, desk = await here.conversation(anna)
    await here.house.desk_door.say(desk, ONE, "terve")
    async with here.page(talk.token) as page:
        await hello(page)
        page.send("say", id=ONE, text="hei")
        assert await page.next("error") == {"t": "error", "code": "id_taken", "id": ONE}
        assert len(await here.entries(talk.contact)) == 2


# -- coming back


async def test_whoever_comes_back_says_after_which_number_and_gets_the_rest_once(here: Worker, anna: Session) -> None:
    talk, desk = await here.conversation(anna)
    await here.says(talk, 1, "hei")
    await here.house.desk_door.say(desk, TWO, "terve")
    for after, expected in ((0, ["worker_joined", "hei", "terve"]), (2, ["terve"])):
        async with here.page(talk.token) as page:
            assert (await hello(page, after))["seq"] == 3
            await page.next("entry", seq=3)
            assert texts(page) == expected
    async with here.page(talk.token) as page:
        await hello(page, after=3)
        await here.house.desk_door.say(desk, THREE, "jatkuu")
        await page.next("entry", seq=4)
        assert texts(page) == ["jatkuu"]


async def test_what_was_not_acknowledged_is_sent_again_and_stored_once(here: Worker, anna: Session) -> None:
    talk = await here.visitor()
    async with here.page(talk.token) as page:
        await hello(page)
        page.send("say", id=ONE, text="hei")
        await page.next("ack", id=ONE)
    async with here.page(talk.token) as page:
        await hello(page, after=0)
        page.send("say", id=ONE, text="hei")
        page.send("say", id=TWO, text="moi")
        await page.next("ack", id=TWO, seq=2)
        assert {(frame["id"], frame["seq"]) for frame in page.of("ack")} >= {(ONE, 1), (TWO, 2)}
    assert [entry.client_id for entry in await here.entries(talk.contact) if entry.client_id] == [ONE, TWO]


async def test_a_second_page_replaces_the_first(here: Worker, anna: Session) -> None:
    token = await here.token()
    async with here.page(token) as first:
        await hello(first)
        async with here.page(token) as second:
            await hello(second)
            assert await first.closed() == 4409
            second.send("ping")
            await second.next("pong")


async def test_a_line_that_broke_is_told_to_the_worker_and_its_return_too(here: Worker, anna: Session) -> None:
    here.house.visitor_door.presence.lost_after = 0.02
    talk, _ = await here.conversation(anna)
    async with here.page(talk.token) as page:
        await hello(page)
    async with here.page(talk.token) as page:
        # the page is only counted as lost after a moment
        await eventually(lambda: not here.house.visitor_door.presence._losing)
        await hello(page)
        await page.next("entry", code="visitor_back")
    codes = await here.codes(talk.contact)
    assert codes[:3] == ["worker_joined", "visitor_lost", "visitor_back"]


# -- ends and limits


async def test_leave_closes_the_page_and_tells_the_worker(here: Worker, anna: Session) -> None:
    talk, _ = await here.conversation(anna)
    async with here.page(talk.token) as page:
        await hello(page)
        await here.house.visitor_door.left(talk.token)
        assert await page.closed() == 4410
    assert (await here.codes(talk.contact))[-1] == "left_quickly"


async def test_the_workers_end_closes_the_page(here: Worker, anna: Session) -> None:
    talk, _ = await here.conversation(anna)
    async with here.page(talk.token) as page:
        await hello(page)
        await here.house.desk_door.ended(anna, talk.contact)
        assert await page.closed() == 4410
        assert texts(page)[-1] == "ended_by_worker"


async def test_ten_minutes_of_absence_end_the_conversation(here: Worker, anna: Session, clock: ManualClock) -> None:
    talk, _ = await here.conversation(anna)
    await here.house.committer.submit(Unit(talk.contact, absence.visitor_lost))
    clock.advance(absence.RESUME_WINDOW)
    await here.house.committer.submit(Unit(talk.contact, absence.visitor_silent))
    assert (await here.codes(talk.contact))[-1] == "ended_silent"
    async with here.page(talk.token) as page:
        page.send("hello", after=0, lang="fi")
        assert await page.closed() == 4401


async def test_a_page_that_says_nothing_for_too_long_is_closed(here: Worker, anna: Session, clock: ManualClock) -> None:
    async with here.page(await here.token()) as page:
        await hello(page)
        clock.advance(SILENCE_LIMIT + 1)
        here.house.pulse.beat()
        assert await page.closed() == 4408


async def test_a_flood_is_closed_and_what_was_acknowledged_stays(here: Worker, anna: Session) -> None:
    talk = await here.visitor()
    app = create_app(here.house, visitor_rate=Rate(1.0, 3.0))
    async with Socket(app, "/socket", here.page(talk.token).cookies) as page:
        await hello(page)
        for number in range(10):
            page.send("say", id=message_id(number), text="hei")
        assert await page.closed() == 4429
        assert len(page.of("ack")) <= 3
    await here.says(talk, 99)  # what was taken before is written before this
    assert len(await here.entries(talk.contact)) == 3 + 1


async def test_the_worker_lost_and_back_is_shown_as_a_line_and_in_the_sentence(here: Worker, anna: Session) -> None:
    talk, _ = await here.conversation(anna)
    async with here.page(talk.token) as page:
        await hello(page)
        lost = partial(absence.operator_lost, staff=anna.staff_id)
        await here.house.committer.submit(Unit(talk.contact, lost))
        await page.next("entry", code="worker_lost")
        await page.next("status", text=here.house.sentences.worker_lost("fi"))
        await here.house.desk_door.returned(anna)
        await page.next("entry", code="worker_back")


async def test_the_origin_of_these_tests_is_the_configured_one(here: Worker) -> None:
    assert here.house.facts.origin == ORIGIN
