"""Reading the log: sealed, in order, and only what was asked for."""

import pytest
from msgspec.structs import replace

from contacts.begin import begin
from contacts.contact import Author, Contact, Door, Entry, Kind, Klass, Line, State
from contacts.heads import store_entries
from contacts.log import Log
from storage.engine import Store
from storage.ids import ContactId, StaffId

pytestmark = pytest.mark.anyio

ANNA, BERTIL = StaffId("anna"), StaffId("bertil")


def contact(name: str, state: State = State.WAITING, *, opened_at: int = 1, door: Door = Door.CHAT) -> Contact:
    return Contact(id=ContactId(name), door=door, language="fi", tag="K7", state=state, opened_at=opened_at)


def message(name: str, seq: int, author: Author = Author.VISITOR, klass: Klass = Klass.TRANSCRIPT) -> Entry:
    kind = Kind.MESSAGE if klass is Klass.TRANSCRIPT else Kind.NOTE
    return Entry(
        contact=ContactId(name),
        klass=klass,
        seq=seq,
        segment=1,
        kind=kind,
        author=author,
        at=seq,
        client_id=str(seq),
        sealed=b"x",
    )


def line(name: str, seq: int) -> Entry:
    return Entry(
        contact=ContactId(name),
        klass=Klass.TRANSCRIPT,
        seq=seq,
        segment=0,
        kind=Kind.LINE,
        author=Author.HOUSE,
        at=seq,
        code=Line.VISITOR_LOST,
    )


async def log(store: Store, *rows: Contact | Entry) -> Log:
    async with store.write() as conn:
        for row in rows:
            if isinstance(row, Contact):
                await begin(conn, row)
        await store_entries(conn, [row for row in rows if isinstance(row, Entry)])
    return Log(store=store)


def ids(found: list[Contact]) -> list[str]:
    return [each.id for each in found]


async def test_an_unknown_contact_is_none(store: Store) -> None:
    assert await (await log(store)).contact(ContactId("x")) is None


async def test_entries_come_in_order_after_a_number_a_page_at_a_time(store: Store) -> None:
    rows = [message("a", seq) for seq in (3, 1, 4, 2)]
    found = await log(store, contact("a"), contact("b"), *rows, message("b", 1), message("a", 9, klass=Klass.RECORD))

    async def numbers(after: int, **limit: int) -> list[int]:
        return [each.seq for each in await found.entries_after(ContactId("a"), Klass.TRANSCRIPT, after, **limit)]

    assert await numbers(0) == [1, 2, 3, 4]
    assert await numbers(2) == [3, 4]
    assert await numbers(4) == []
    assert await numbers(1, limit=2) == [2, 3]


async def test_the_line_is_everybody_who_waits_in_the_chat_first_come_first(store: Store) -> None:
    found = await log(
        store,
        contact("late", opened_at=5),
        contact("early", State.OFFERED, opened_at=1),
        contact("b", opened_at=3),
        contact("a", opened_at=3),
        contact("talking", State.ACTIVE),
        contact("over", State.ENDED),
        contact("a form", door=Door.FORM),
    )
    assert ids(await found.waiting()) == ["early", "a", "b", "late"]


async def test_active_conversations_are_found_of_one_operator_or_of_all(store: Store) -> None:
    active = contact("x", State.ACTIVE)
    found = await log(
        store,
        replace(active, id=ContactId("second"), operator=ANNA, accepted_at=2),
        replace(active, id=ContactId("first"), operator=ANNA, accepted_at=1),
        replace(active, id=ContactId("bertils"), operator=BERTIL, accepted_at=3),
        replace(active, id=ContactId("over"), operator=ANNA, state=State.ENDED),
        contact("waiting"),
    )
    assert ids(await found.active()) == ["first", "second", "bertils"]
    assert ids(await found.active(ANNA)) == ["first", "second"]
    async with store.write() as conn:
        assert await found.count_active(conn, ANNA, besides=ContactId("other")) == 2
        assert await found.count_active(conn, ANNA, besides=ContactId("first")) == 1
        assert await found.count_active(conn, StaffId("nobody"), besides=ContactId("first")) == 0


async def test_a_desk_has_what_is_under_way_and_then_what_ended_lately(store: Store) -> None:
    active = replace(contact("x", State.ACTIVE), operator=ANNA, accepted_at=1)
    over = replace(active, state=State.ENDED, ended_at=10)
    found = await log(
        store,
        replace(over, id=ContactId("later"), ended_at=12),
        replace(over, id=ContactId("sooner"), ended_at=11),
        replace(over, id=ContactId("long ago"), ended_at=10),
        replace(over, id=ContactId("bertils"), ended_at=11, operator=BERTIL),
        replace(active, id=ContactId("active second"), accepted_at=2),
        replace(active, id=ContactId("active first")),
        contact("waiting"),
        message("sooner", 1, Author.WORKER),
    )
    listed = await found.desk(ANNA, 10)
    assert ids([each.contact for each in listed]) == ["active first", "active second", "sooner", "later"]
    assert [each.speaker for each in listed] == [None, None, Author.WORKER, None]


async def test_who_is_off_the_line_is_named_while_the_contact_lives(store: Store) -> None:
    away = replace(contact("x"), visitor_away_since=1)
    found = await log(
        store,
        replace(away, id=ContactId("away")),
        replace(away, id=ContactId("over"), state=State.ENDED),
        replace(away, id=ContactId("not asked for")),
        contact("here"),
    )
    assert await found.away([ContactId(name) for name in ("away", "over", "here", "unknown")]) == ["away"]
    assert await found.away([]) == []


async def test_newest_numbers_are_of_the_class_that_was_asked_for(store: Store) -> None:
    found = await log(store, contact("a"))
    assert await found.last_numbers([ContactId("a"), ContactId("x")]) == {"a": 0}
    assert await found.last_numbers([ContactId("a")], Klass.RECORD) == {"a": 0}


async def test_a_list_tells_who_wrote_the_newest_message(store: Store) -> None:
    found = await log(
        store,
        *(contact(name) for name in ("a", "b", "silent", "only lines", "not asked for")),
        message("a", 1, Author.WORKER),
        message("a", 2, Author.VISITOR),
        line("a", 3),
        message("a", 4, Author.WORKER, Klass.RECORD),
        message("b", 1, Author.VISITOR),
        message("b", 2, Author.WORKER),
        line("only lines", 1),
    )
    asked = [ContactId(name) for name in ("a", "b", "silent", "only lines", "unknown")]
    listed = await found.listed(asked)
    assert {name: each.speaker for name, each in listed.items()} == {
        "a": Author.VISITOR,
        "b": Author.WORKER,
        "silent": None,
        "only lines": None,
    }
    assert listed[ContactId("a")].contact == contact("a")
    assert await found.listed([]) == {}
