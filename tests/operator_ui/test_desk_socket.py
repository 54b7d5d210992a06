"""The desk's socket through the whole application: what docs/protocol.md promises a desk."""

import json
from collections.abc import AsyncIterator
from functools import partial

import pytest

from chat import absence, conversation
from chat.rate import Rate
from chat.socket import SILENCE_LIMIT
from config.asgi import create_app
from contacts.committer import Unit
from contacts.contact import State
from contacts.people import Role
from contacts.session import Session
from contacts.words import Words
from duty.availability import State as Availability
from storage.clock import ManualClock
from storage.engine import Store
from storage.ids import ContactId, new_id
from storage.redis_bus import RedisBus
from tests.chat.forms import message
from tests.eventually import eventually
from tests.house import Worker, another_worker, message_id
from tests.sockets import Frame, Socket

pytestmark = pytest.mark.anyio

ONE, TWO, THREE = (message_id(number) for number in (1, 2, 3))
NOBODYS = ContactId(new_id())


async def hello(desk: Socket, *opened: tuple[str, int]) -> Frame:
    desk.send("hello", open=[{"contact": contact, "after": after} for contact, after in opened])
    return await desk.next("welcome")


@pytest.fixture
async def annas(here: Worker, anna: Session) -> AsyncIterator[Socket]:
    """Anna's desk, open."""
    async with here.desk("anna") as desk:
        await hello(desk)
        yield desk


def texts(desk: Socket, contact: str) -> list[object]:
    return [frame["text"] or frame["code"] for frame in desk.of("entry", contact=contact)]


# -- getting in


@pytest.mark.parametrize("origin", ["null", "http://evil.example", ""])
async def test_a_page_of_somebody_else_gets_no_socket(here: Worker, anna: Session, origin: str) -> None:
    async with here.desk("anna", origin) as desk:
        await desk.closed()
        assert not desk.accepted


async def test_without_a_session_there_is_no_desk(here: Worker, anna: Session) -> None:
    talk = await here.visitor()
    visitors_cookie = here.page(talk.token).cookies
    for cookies in ({}, {"desk": "x"}, {"desk": "A" * 43}, visitors_cookie, {"desk": talk.token}):
        async with Socket(here.app, "/desk/socket", cookies) as desk:
            desk.send("hello", open=[])
            assert await desk.closed() == 4401
            assert desk.frames == []


@pytest.mark.parametrize(
    "first",
    ['{"t":"ping"}', '{"t":"hello"}', '{"t":"hello","after":0,"lang":"fi"}', '{"t":"presence","status":"break"}', "{}"],
)
async def test_the_first_frame_is_hello_or_nothing(here: Worker, anna: Session, first: str) -> None:
    async with here.desk("anna") as desk:
        desk.text(first)
        assert await desk.closed() == 4400
        assert desk.frames == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"t":"hello","open":[]}', 4400),
        (json.dumps({"t": "note", "contact": NOBODYS, "id": ONE, "text": "secret"}), 4400),
        (json.dumps({"t": "say", "contact": NOBODYS, "id": ONE, "text": "a", "as": "bertil"}), 4400),
        ("x" * 17_000, 1009),
    ],
)
async def test_what_is_no_frame_closes(annas: Socket, text: str, code: int) -> None:
    annas.text(text)
    assert await annas.closed() == code


# -- a conversation


async def test_a_whole_conversation(here: Worker, anna: Session, annas: Socket) -> None:
    talk = await here.visitor()
    await here.says(talk, 1, "is anybody there?")
    row = (await annas.next("line"))["waiting"]
    await eventually(lambda: any(frame["waiting"] for frame in annas.of("line")), what=str(row))
    assert annas.of("entry") == [], "the line shows no text"
    annas.send("accept", contact=talk.contact)
    opened = await annas.next("opened")
    assert (opened["contact"], opened["state"], opened["seq"]) == (talk.contact, "active", 2)
    await annas.next("entry", seq=2)
    assert texts(annas, talk.contact) == ["is anybody there?", "worker_joined"]
    annas.send("say", contact=talk.contact, id=TWO, text="yes")
    ack = await annas.next("ack")
    assert (ack["contact"], ack["id"], ack["seq"]) == (talk.contact, TWO, 3)
    await here.says(talk, 3, "good")
    await annas.next("entry", seq=4, text="good", by="visitor")
    annas.send("ping")
    await annas.next("pong")
    annas.send("end", contact=talk.contact)
    await annas.next("entry", code="ended_by_worker")
    assert (await here.contact(talk.contact)).state is State.ENDED
    assert annas.code is None, "the desk goes on"


async def test_what_the_desk_shows_and_writes_reaches_the_visitors_page(
    here: Worker, anna: Session, annas: Socket
) -> None:
    talk = await here.visitor()
    async with here.page(talk.token) as page:
        page.send("hello", after=0, lang="fi")
        page.send("say", id=ONE, text="hei")
        await page.next("ack")
        annas.send("accept", contact=talk.contact)
        await annas.next("entry", seq=2)
        annas.send("writing", contact=talk.contact)
        await page.next("writing")
        annas.send("shown", contact=talk.contact, seq=2_000_000_000)
        await page.next("shown", seq=2)  # no more than there is
        annas.send("say", contact=talk.contact, id=TWO, text="terve")
        await page.next("entry", text="terve", by="worker", id=TWO)


async def test_an_offer_comes_and_goes(here: Worker, anna: Session, annas: Socket) -> None:
    talk = await here.visitor()
    await here.house.committer.submit(Unit(talk.contact, partial(conversation.offered, staff=anna.staff_id)))
    offer = await annas.next("offer")
    assert (offer["contact"], offer["language"], len(offer["tag"])) == (talk.contact, "fi", 2)
    await here.house.visitor_door.left(talk.token)
    assert (await annas.next("offer_gone"))["why"] == "left"


async def test_a_declined_offer_is_made_to_somebody_else(here: Worker, anna: Session, annas: Socket) -> None:
    talk = await here.visitor()
    await here.house.committer.submit(Unit(talk.contact, partial(conversation.offered, staff=anna.staff_id)))
    await annas.next("offer")
    annas.send("decline", contact=talk.contact)
    await annas.next("offer_gone", contact=talk.contact)
    assert (await here.contact(talk.contact)).missed_by == anna.staff_id


# -- coming back


async def test_a_desk_that_comes_back_says_what_is_on_screen_and_gets_the_rest(here: Worker, anna: Session) -> None:
    talk, open_talk = await here.conversation(anna)
    for number in range(1, 4):
        await here.says(talk, number, f"m{number}")
    await here.house.committer.submit(Unit(talk.contact, partial(absence.operator_lost, staff=anna.staff_id)))
    async with here.desk("anna") as desk:
        await hello(desk, (talk.contact, 3), (NOBODYS, 0))
        await desk.next("entry", code="worker_back")
        assert texts(desk, talk.contact) == ["m3", "worker_lost", "worker_back"]
        assert await desk.next("error") == {"t": "error", "code": "not_yours", "contact": NOBODYS, "id": None}
        desk.send("shut", contact=talk.contact)
        desk.send("say", contact=talk.contact, id=ONE, text="x")
        await desk.next("error", code="not_yours", id=ONE)
    assert open_talk.contact == talk.contact


async def test_what_was_not_acknowledged_is_sent_again_and_stored_once(here: Worker, anna: Session) -> None:
    talk, _ = await here.conversation(anna)
    for _ in range(2):
        async with here.desk("anna") as desk:
            await hello(desk, (talk.contact, 0))
            await desk.next("opened")
            desk.send("say", contact=talk.contact, id=ONE, text="terve")
            assert (await desk.next("ack", id=ONE))["seq"] == 2
    assert [entry.client_id for entry in await here.entries(talk.contact)] == [None, ONE]


# -- what is not mine


@pytest.mark.parametrize("tag", ["accept", "open", "say", "writing", "shown", "end"])
async def test_the_contact_of_a_colleague_and_one_that_is_not_there_look_the_same(
    here: Worker, anna: Session, tag: str
) -> None:
    bertil = await here.on_duty("bertil")
    talk, _ = await here.conversation(bertil)
    more: dict[str, object] = {"open": {"after": 0}, "say": {"id": ONE, "text": "x"}, "shown": {"seq": 1}}.get(tag, {})  # type: ignore[assignment]
    answers = []
    async with here.desk("anna") as desk:
        await hello(desk)
        for contact in (talk.contact, NOBODYS):
            desk.send(tag, contact=contact, **more)
            answers.append((await desk.next("error", contact=contact))["code"])
    if tag == "accept":  # a list that everybody sees tells as much
        assert answers == ["already_taken", "not_yours"]
    else:
        assert answers == ["not_yours", "not_yours"]
    assert (await here.contact(talk.contact)).operator == bertil.staff_id
    assert await here.codes(talk.contact) == ["worker_joined"]


async def test_of_two_desks_that_accept_one_wins_and_the_other_is_told(
    here: Worker, anna: Session, annas: Socket
) -> None:
    await here.on_duty("bertil")
    talk = await here.visitor()
    async with here.desk("bertil") as bertils:
        await hello(bertils)
        annas.send("accept", contact=talk.contact)
        bertils.send("accept", contact=talk.contact)
        await eventually(lambda: len(annas.of("opened") + bertils.of("opened")) == 1)
        loser = annas if bertils.of("opened") else bertils
        assert (await loser.next("error"))["code"] == "already_taken"
        assert loser.of("entry") == []
    assert await here.codes(talk.contact) == ["worker_joined"]


async def test_a_third_conversation_is_one_too_many(here: Worker, anna: Session, annas: Socket) -> None:
    talks = [await here.visitor() for _ in range(3)]
    for talk in talks:
        annas.send("accept", contact=talk.contact)
    assert await annas.next("error") == {
        "t": "error",
        "code": "at_capacity",
        "contact": talks[2].contact,
        "id": None,
    }
    assert (await here.contact(talks[2].contact)).state is State.WAITING


async def test_who_holds_no_keys_is_not_counted_cannot_be_available_and_takes_nobody(here: Worker) -> None:
    await here.signed_in("oona", Role.ANALYST)
    async with here.desk("oona") as desk:
        welcome = await hello(desk)
        assert (welcome["role"], welcome["status"], welcome["capacity"]) == ("analyst", "break", 0)
        desk.send("presence", status="available")
        assert (await desk.next("error"))["code"] == "not_yours"
        assert (await here.house.visitor_door.admission("fi")).state is not Availability.open
        await here.on_duty("anna")
        talk = await here.visitor()
        desk.send("accept", contact=talk.contact)
        assert (await desk.next("error", contact=talk.contact))["code"] == "not_yours"
    assert (await here.contact(talk.contact)).state is State.WAITING


@pytest.mark.parametrize(("text", "code"), [(" ", "blank"), ("x" * 2001, "too_long")])
async def test_what_is_no_message_is_refused_under_its_id(here: Worker, anna: Session, text: str, code: str) -> None:
    talk, _ = await here.conversation(anna)
    async with here.desk("anna") as desk:
        await hello(desk, (talk.contact, 0))
        await desk.next("opened")
        desk.send("say", contact=talk.contact, id=ONE, text=text)
        assert await desk.next("error") == {"t": "error", "code": code, "contact": talk.contact, "id": ONE}


async def test_notes_are_in_no_frame_of_either_side(here: Worker, anna: Session, annas: Socket) -> None:
    talk = await here.visitor()
    annas.send("accept", contact=talk.contact)
    await annas.next("opened")
    async with here.page(talk.token) as page:
        page.send("hello", after=0, lang="fi")
        await page.next("entry", seq=1)
        await here.house.desk_door.noted(anna, talk.contact, ONE, Words("SECRET-NOTE"))
        await here.says(talk, 2, "after the note")
        await page.next("entry", seq=2)
        await annas.next("entry", seq=2)
        assert "SECRET-NOTE" not in json.dumps(page.frames + annas.frames)


# -- presence and ends


async def test_a_break_is_kept_and_told_when_coming_back(here: Worker, anna: Session, annas: Socket) -> None:
    annas.send("presence", status="break")
    annas.send("ping")
    await annas.next("pong")
    assert (await here.house.visitor_door.admission("fi")).state is not Availability.open
    await annas.leave()
    async with here.desk("anna") as again:
        assert (await hello(again))["status"] in {"break", "available"}


async def test_who_shuts_the_desk_is_not_there_any_more(here: Worker, anna: Session) -> None:
    async with here.desk("anna") as desk:
        await hello(desk)
        assert (await here.house.visitor_door.admission("fi")).state is Availability.open
    assert (await here.house.visitor_door.admission("fi")).state is not Availability.open


async def test_a_second_desk_of_the_same_person_replaces_the_first(here: Worker, anna: Session) -> None:
    async with here.desk("anna") as first:
        await hello(first)
        async with here.desk("anna") as second:
            await hello(second)
            await here.house.attendance.beat()
            assert await first.closed() == 4409
            second.send("ping")
            await second.next("pong")
            await first.leave()
            assert (await here.house.visitor_door.admission("fi")).state is Availability.open


@pytest.mark.parametrize("bus", ["the same worker", "another worker, without a bus", "another worker"])
async def test_a_revoked_session_closes_its_desk(
    here: Worker, anna: Session, other_store: Store, redis_url: str, bus: str
) -> None:
    talk, _ = await here.conversation(anna)
    async with here.desk("anna") as desk:
        await hello(desk, (talk.contact, 0))
        await desk.next("entry", seq=1)
        if bus == "the same worker":
            await here.house.office.sessions.sign_out(anna)
        else:
            async with another_worker(here, other_store, RedisBus(url=redis_url)) as there:
                elsewhere = await there.house.office.sessions.resolve(here.colleagues["anna"].cookie)
                assert elsewhere is not None
                await there.house.office.sessions.sign_out(elsewhere)
            await here.house.office.session_watch.look()
        assert await desk.closed() in {4401, 4409}
        seen = len(desk.frames)
        await here.says(talk, 1, "after the end of the session")
        assert len(desk.frames) == seen


async def test_a_desk_that_says_nothing_for_too_long_is_closed(here: Worker, annas: Socket, clock: ManualClock) -> None:
    clock.advance(SILENCE_LIMIT + 1)
    here.house.pulse.beat()
    assert await annas.closed() == 4408


async def test_a_flood_is_closed(here: Worker, anna: Session) -> None:
    app = create_app(here.house, desk_rate=Rate(1.0, 5.0))
    async with Socket(app, "/desk/socket", here.desk("anna").cookies) as desk:
        await hello(desk)
        for _ in range(10):
            desk.send("ping")
        assert await desk.closed() == 4429
        assert len(desk.of("pong")) == 5


async def test_one_conversation_across_two_workers(
    here: Worker, anna: Session, other_store: Store, redis_url: str
) -> None:
    async with (
        another_worker(here, here.house.resources.store, RedisBus(url=redis_url)) as one,
        another_worker(here, other_store, RedisBus(url=redis_url)) as two,
    ):
        token = await one.token()
        async with one.page(token) as page, two.desk("anna") as desk:
            page.send("hello", after=0, lang="fi")
            await hello(desk)
            page.send("say", id=ONE, text="hei")
            await page.next("ack")
            contact = (await one.resumed(token)).contact
            await eventually(lambda: any(frame["waiting"] for frame in desk.of("line")))
            desk.send("accept", contact=contact)
            await desk.next("entry", text="hei")
            await page.next("status", state="active", worker="Anna")
            desk.send("say", contact=contact, id=TWO, text="terve")
            await page.next("entry", text="terve")
            desk.send("writing", contact=contact)
            await page.next("writing")
            page.send("say", id=THREE, text="kiitos")
            await desk.next("entry", text="kiitos")
            page.send("end")
            assert await page.closed() == 4410
            await desk.next("entry", code="ended_by_visitor")
            assert [frame["seq"] for frame in desk.of("entry")] == [1, 2, 4, 5]


# -- messages of the contact form


async def test_a_desk_hears_of_form_messages_and_of_whose_they_are(here: Worker, anna: Session, annas: Socket) -> None:
    assert (await annas.next("forms"))["count"] == 0
    await here.house.forms.door.sent(message("apua", urgent=True))
    await here.house.forms.waiting.refresh()
    (row,) = (await annas.next("forms", count=1))["rows"]
    assert (row["urgency"], row["state"], row["by"]) == ("urgent", "waiting", None)
    await here.house.forms.desk.taken(anna, row["contact"])
    await here.house.forms.waiting.refresh()
    assert annas.of("forms")[-1]["rows"][0]["state"] == "mine"
    annas.send("open", contact=row["contact"], after=0)
    assert (await annas.next("error", contact=row["contact"]))["code"] == "not_yours"


async def test_who_holds_no_keys_hears_nothing_of_form_messages(here: Worker, anna: Session) -> None:
    await here.signed_in("oona", Role.ANALYST)
    async with here.desk("oona") as desk:
        await hello(desk)
        await here.house.forms.door.sent(message("apua"))
        await here.house.forms.waiting.refresh()
        desk.send("ping")
        await desk.next("pong")
        assert desk.of("forms") == []
