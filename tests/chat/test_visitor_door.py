"""What a visitor can do, from Start to the end, on both databases."""

import asyncio
from collections.abc import Awaitable
from contextlib import aclosing
from functools import partial

import pytest

from chat import absence
from chat.shown import Item, ShownEntry, ShownUpTo, StatusShown, WritingNow
from chat.talk import Talk
from chat.visitor_door import NotAdmitted
from contacts.committer import Unit
from contacts.contact import Author, Kind, Refusal, Refused, State
from contacts.session import Session
from contacts.tables_keys import visitors
from contacts.words import Words
from duty.availability import State as Availability
from storage.clock import ManualClock
from storage.engine import Store
from storage.redis_bus import RedisBus
from tests.eventually import eventually
from tests.house import Worker, another_worker, message_id

pytestmark = pytest.mark.anyio

BAD_TOKENS = ["", "x", "A" * 43, "A" * 44, "ä" * 43, "=" * 43, "A" * 5000, "\x00" * 43]


class Page:
    """Everything a feed put, as a page would show it."""

    def __init__(self) -> None:
        self.items: list[Item] = []

    @property
    def entries(self) -> list[ShownEntry]:
        return [item for item in self.items if isinstance(item, ShownEntry)]

    @property
    def texts(self) -> list[str]:
        return [entry.text.reveal() if entry.text else str(entry.code) for entry in self.entries]

    @property
    def states(self) -> list[tuple[str, str | None]]:
        return [(item.state, item.worker) for item in self.items if isinstance(item, StatusShown)]

    @property
    def shown(self) -> list[int]:
        return [item.seq for item in self.items if isinstance(item, ShownUpTo)]


async def refusal(done: Awaitable[object]) -> Refusal:
    with pytest.raises(Refused) as refused:
        await done
    return refused.value.code


# -- starting


async def test_nobody_is_admitted_while_nobody_is_there(here: Worker) -> None:
    with pytest.raises(NotAdmitted) as refused:
        await here.token()
    assert refused.value.availability.state is not Availability.open


async def test_somebody_is_admitted_while_an_operator_is_free(here: Worker, anna: Session) -> None:
    assert (await here.house.visitor_door.admission("fi")).state is Availability.open
    assert (await here.house.visitor_door.admission("sv")).state is Availability.open_other_language
    talk = await here.visitor("sv")
    contact = await here.contact(talk.contact)
    assert (contact.state, contact.language, contact.operator) == (State.WAITING, "sv", None)
    assert len(contact.tag) == 2
    assert (talk.state, talk.seq, talk.worker, talk.language) == ("waiting", 0, None, "sv")


async def test_two_starts_are_two_conversations(here: Worker, anna: Session) -> None:
    one, two = await here.visitor(), await here.visitor()
    assert one.contact != two.contact
    assert one.token != two.token


async def test_a_start_that_cannot_be_stored_is_unavailable(here: Worker, anna: Session) -> None:
    store = here.house.resources.store
    assert (await here.house.visitor_door.admission("fi")).admits
    async with store.write() as conn:
        await conn.run_sync(visitors.drop)
    assert await refusal(here.token()) is Refusal.UNAVAILABLE
    async with store.write() as conn:
        await conn.run_sync(visitors.create)
    assert await here.house.log.waiting() == []


# -- coming back


async def test_a_cookie_is_known_and_opens_its_conversation_only(here: Worker, anna: Session) -> None:
    one, two = await here.visitor(), await here.visitor()
    await here.says(one, 1, "mine")
    door = here.house.visitor_door
    assert await door.known(one.token)
    back = await here.resumed(one.token)
    assert (back.contact, back.seq) == (one.contact, 1)
    assert [entry.text for entry in await door.entries(back, 0)] == [Words("mine")]
    assert await door.entries(await here.resumed(two.token), 0) == []


async def test_what_is_no_cookie_of_ours_is_nothing(here: Worker, anna: Session) -> None:
    await here.visitor()
    door = here.house.visitor_door
    for token in BAD_TOKENS:
        assert not await door.known(token)
        assert await door.resumed(token) is None
        await door.left(token)
    assert len(await here.house.log.waiting()) == 1


@pytest.mark.parametrize("how", ["ended by the visitor", "left", "ended by the worker"])
async def test_after_the_end_the_cookie_is_nothing(here: Worker, anna: Session, how: str) -> None:
    talk, _ = await here.conversation(anna)
    door = here.house.visitor_door
    match how:
        case "ended by the visitor":
            await door.ended(talk)
        case "left":
            await door.left(talk.token)
        case _:
            await here.house.desk_door.ended(anna, talk.contact)
    assert not await door.known(talk.token)
    assert await door.resumed(talk.token) is None
    assert (await here.contact(talk.contact)).state is State.ENDED
    async with here.house.resources.store.read() as conn:
        assert await here.staff.visitor_keys.unlock(conn, talk.token) is None
        known = await here.staff.visitor_keys.contact_of(conn, talk.token)
    assert known == (None if how == "left" else talk.contact), "for ten minutes, to take back a yes"


async def test_ten_minutes_without_a_page_and_the_cookie_is_nothing(
    here: Worker, anna: Session, clock: ManualClock
) -> None:
    token = await here.token()
    clock.advance(9 * 60)
    assert await here.house.visitor_door.known(token)
    clock.advance(2 * 60)
    assert not await here.house.visitor_door.known(token)
    assert await here.house.visitor_door.resumed(token) is None


async def test_a_page_on_the_line_keeps_the_cookie_alive(here: Worker, anna: Session, clock: ManualClock) -> None:
    talk = await here.visitor()
    door = here.house.visitor_door
    await door.presence.touch()  # nobody connected yet: nothing to do
    door.presence.connected(talk)
    for _ in range(60):
        clock.advance(30)
        await door.presence.touch()
    assert await door.known(talk.token)


async def test_a_colleague_who_enrolled_meanwhile_can_help_once_the_visitor_came_back(
    here: Worker, anna: Session
) -> None:
    talk = await here.visitor()
    await here.says(talk, 1, "before")
    bertil = await here.on_duty("bertil")
    await here.resumed(talk.token)
    desk = await here.house.desk_door.accepted(bertil, talk.contact)
    assert desk.keys.keys() == talk.keys.keys()


# -- writing


async def test_messages_are_numbered_and_repeats_answered_again(here: Worker, anna: Session) -> None:
    talk = await here.visitor()
    door = here.house.visitor_door
    first = await door.said(talk, message_id(1), Words("hei"))
    second = await door.said(talk, message_id(2), Words("moi"))
    again = await door.said(talk, message_id(1), Words("something else"))
    assert (first.seq, second.seq, again.seq) == (1, 2, 1)
    assert (first.repeated, again.repeated, again.at) == (False, True, first.at)
    assert [entry.text for entry in await door.entries(talk, 0)] == [Words("hei"), Words("moi")]


async def test_white_space_is_no_message(here: Worker, anna: Session) -> None:
    talk = await here.visitor()
    for text in ("", " ", "\n\t ", "\u2003\u00a0"):
        assert await refusal(here.house.visitor_door.said(talk, message_id(1), Words(text))) is Refusal.BLANK
    assert await here.entries(talk.contact) == []


async def test_two_thousand_characters_of_any_kind_are_a_message_and_one_more_is_not(
    here: Worker, anna: Session
) -> None:
    talk = await here.visitor()
    door = here.house.visitor_door
    for number, character in enumerate("aä€😀"):
        await door.said(talk, message_id(number), Words(character * 2000))
        assert await refusal(door.said(talk, message_id(99), Words(character * 2001))) is Refusal.TOO_LONG
    assert [len(entry.text or "") for entry in await door.entries(talk, 0)] == [2000] * 4


async def test_nothing_is_written_after_the_end(here: Worker, anna: Session) -> None:
    talk = await here.visitor()
    await here.house.visitor_door.ended(talk)
    assert await refusal(here.house.visitor_door.said(talk, message_id(1), Words("hei"))) is Refusal.ENDED
    await here.house.visitor_door.ended(talk)  # pressing End twice is pressing it once
    assert await here.codes(talk.contact) == ["ended_by_visitor"]


async def test_leaving_is_told_to_the_worker_once(here: Worker, anna: Session) -> None:
    talk, _ = await here.conversation(anna)
    await here.house.visitor_door.left(talk.token)
    await here.house.visitor_door.left(talk.token)
    assert await here.codes(talk.contact) == ["worker_joined", "left_quickly"]


# -- on and off the line


async def test_a_lost_page_is_told_and_its_return_too(here: Worker, anna: Session) -> None:
    here.house.visitor_door.presence.lost_after = 0.02
    talk = await here.visitor()
    door = here.house.visitor_door
    door.presence.connected(talk)
    door.presence.disconnected(talk)
    await lines(here, talk, ["visitor_lost"])
    assert (await here.contact(talk.contact)).visitor_away_since is not None
    door.presence.connected(talk)
    await lines(here, talk, ["visitor_lost", "visitor_back"])
    assert (await here.contact(talk.contact)).visitor_away_since is None


async def test_a_reload_and_a_second_page_are_nobodys_matter(here: Worker, anna: Session) -> None:
    here.house.visitor_door.presence.lost_after = 0.1
    talk = await here.visitor()
    door = here.house.visitor_door
    door.presence.connected(talk)
    door.presence.disconnected(talk)
    door.presence.connected(talk)  # a reload
    door.presence.connected(talk)  # a second page
    door.presence.disconnected(talk)
    await asyncio.sleep(0.15)
    await here.says(talk, 1)
    assert await here.codes(talk.contact) == []


async def test_a_page_that_came_to_another_worker_is_not_lost(
    here: Worker, anna: Session, other_store: Store, redis_url: str
) -> None:
    async with (
        another_worker(here, other_store, RedisBus(url=redis_url)) as one,
        another_worker(here, here.house.resources.store, RedisBus(url=redis_url)) as two,
    ):
        talk = await here.visitor()
        one.house.visitor_door.presence.lost_after = 1.0
        one.house.visitor_door.presence.connected(talk)
        one.house.visitor_door.presence.disconnected(talk)
        two.house.visitor_door.presence.connected(talk)
        await eventually(lambda: not one.house.visitor_door.presence._losing)
        await here.says(talk, 1)
        assert await here.codes(talk.contact) == []


async def test_a_page_that_was_replaced_is_not_lost(here: Worker, anna: Session) -> None:
    here.house.visitor_door.presence.lost_after = 0.02
    talk = await here.visitor()
    here.house.visitor_door.presence.connected(talk)
    here.house.visitor_door.presence.disconnected(talk, elsewhere=True)
    await asyncio.sleep(0.05)
    await here.says(talk, 1)
    assert await here.codes(talk.contact) == []


async def test_who_was_thought_lost_but_is_here_is_told_back(here: Worker, anna: Session) -> None:
    talk = await here.visitor()
    here.house.visitor_door.presence.connected(talk)
    await here.house.committer.submit(Unit(talk.contact, absence.visitor_lost))  # by a worker that did not know
    await here.house.visitor_door.presence.touch()
    await lines(here, talk, ["visitor_lost", "visitor_back"])


async def lines(here: Worker, talk: Talk, expected: list[str]) -> None:
    """Wait until these are the lines of the conversation."""
    for _ in range(200):
        if await here.codes(talk.contact) == expected:
            return
        await asyncio.sleep(0.01)
    assert await here.codes(talk.contact) == expected


# -- what a page is shown


async def test_a_whole_conversation_as_the_visitors_page_shows_it(here: Worker, anna: Session) -> None:
    talk, page = await here.visitor(), Page()
    door, desk = here.house.visitor_door, here.house.desk_door
    feed = door.feed(talk, page.items.append)
    feed.start(0)
    await eventually(lambda: page.states == [("waiting", None)])
    await here.says(talk, 1, "hei")
    opened = await desk.accepted(anna, talk.contact)
    await eventually(lambda: page.states[-1] == ("active", "Anna"))
    desk.writing(opened)
    await desk.say(opened, message_id(2), "terve")
    desk.showing(opened, 1)
    await desk.showed(opened, 1)
    await here.house.committer.submit(Unit(talk.contact, partial(absence.operator_lost, staff=anna.staff_id)))
    await desk.returned(anna)
    await desk.ended(anna, talk.contact)
    await eventually(lambda: page.states[-1][0] == "ended")
    feed.stop()
    assert page.texts == ["hei", "worker_joined", "terve", "worker_lost", "worker_back", "ended_by_worker"]
    assert [entry.seq for entry in page.entries] == [1, 2, 3, 4, 5, 6]
    assert [(entry.kind, entry.by) for entry in page.entries[:3]] == [
        (Kind.MESSAGE, Author.VISITOR),
        (Kind.LINE, Author.HOUSE),
        (Kind.MESSAGE, Author.WORKER),
    ]
    assert page.entries[2].id == message_id(2)
    assert WritingNow() in page.items
    assert page.shown == [1]


async def test_a_page_that_comes_back_is_given_what_it_missed_and_what_was_shown(here: Worker, anna: Session) -> None:
    talk, opened = await here.conversation(anna)
    for number in range(1, 5):
        await here.says(talk, number, f"m{number}")
    await here.house.desk_door.showed(opened, 4)
    page = Page()
    feed = here.house.visitor_door.feed(await here.resumed(talk.token), page.items.append)
    feed.start(3)
    await feed.replayed()
    await eventually(lambda: page.shown == [4])
    feed.stop()
    feed.stop()
    assert page.texts == ["m3", "m4"]
    await here.says(talk, 9)
    assert page.texts == ["m3", "m4"], "after the stop nothing is put"


async def test_the_endless_iterator_is_the_same_and_counts_as_a_page(here: Worker, anna: Session) -> None:
    here.house.visitor_door.presence.lost_after = 0.02
    talk = await here.visitor()
    await here.says(talk, 1, "hei")
    seen: list[Item] = []
    async with aclosing(here.house.visitor_door.follow(talk, 0)) as items:
        async for item in items:
            seen.append(item)
            if len(seen) == 2:
                break
    assert {type(item) for item in seen} == {ShownEntry, StatusShown}
    await lines(here, talk, ["visitor_lost"])


async def test_the_place_in_the_line_is_told_as_it_changes(here: Worker, anna: Session, clock: ManualClock) -> None:
    first = await here.visitor()
    clock.advance(1)
    second, page = await here.visitor(), Page()
    feed = here.house.visitor_door.feed(second, page.items.append)
    feed.start(0)
    await eventually(lambda: len(here.house.places.waiting) == 2)
    await eventually(lambda: page.states)
    before = len(page.states)
    await here.house.desk_door.accepted(anna, first.contact)
    await eventually(lambda: len(page.states) > before)
    texts = [item.text for item in page.items if isinstance(item, StatusShown)]
    assert texts[-1] == here.house.sentences.waiting("fi", place=1)
    feed.stop()


async def test_what_the_visitors_keys_do_not_open_is_shown_as_missing(here: Worker, anna: Session) -> None:
    talk, page = await here.visitor(), Page()
    await here.says(talk, 1, "hei")
    key = talk.keys.pop(1)
    await here.house.visitor_door.ended(talk)  # the way back to the key is destroyed with it
    feed = here.house.visitor_door.feed(talk, page.items.append)
    feed.start(0)
    await eventually(lambda: len(page.entries) == 2)
    feed.stop()
    assert [(entry.text, entry.code) for entry in page.entries] == [(None, None), (None, "ended_by_visitor")]
    assert key.segment == 1


async def test_the_language_of_the_page_is_changed_to_one_we_have(here: Worker, anna: Session) -> None:
    talk = await here.visitor()
    assert here.house.visitor_door.in_language(talk, "sv").language == "sv"
    assert here.house.visitor_door.in_language(talk, "tlh").language == "fi"
