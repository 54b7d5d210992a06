"""Coded contacts of earlier years: all or nothing, every mistake by line and field, never into what was released."""

import json

import pytest

from contacts.attack.published import Key
from contacts.reviews.loading import AlreadyReleased, Fixed
from contacts.reviews.records_file import Mistake, read_records
from tests.contacts.reviews.releasing import NOW, SPRING, Releasing

pytestmark = pytest.mark.anyio
LANGUAGES = frozenset({"fi", "sv"})
CONTACT = {"unit": "contact", "on": "2024-03-14", "channel": "phone", "language": "fi", "codes": {"who": "self"}}
DECISION = {"unit": "decision", "on": "2025-02-01", "codes": {"decision": "admitted_victim", "gender": ["female"]}}


def mistakes(*lines: object) -> list[tuple[int, str]]:
    said = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    return [(one.line, one.field) for one in read_records(said, languages=LANGUAGES)[1]]


async def test_records_are_counted_in_the_half_year_of_their_day(releasing: Releasing) -> None:
    records, wrong = read_records(
        [json.dumps(CONTACT | {"count": 30}), "", json.dumps(CONTACT | {"codes": {"who": ["public"]}, "count": 25})],
        languages=LANGUAGES,
    )
    assert wrong == []
    async with releasing.here.store.write() as conn:
        assert await releasing.loading.load(conn, records) == 55
    seen = await releasing.seen(await releasing.asked("2024H1"))
    assert seen[Key("contacts", "2024H1")] == 55
    assert Key("service", "2024H1") not in seen  # nothing is known of how they were served
    with pytest.raises(AlreadyReleased) as refused:
        async with releasing.here.store.write() as conn:
            await releasing.loading.load(conn, records)
    assert (refused.value.period, refused.value.why) == ("2024H1", Fixed.RELEASED)


async def test_nothing_that_would_change_a_released_stock_is_loaded(releasing: Releasing) -> None:
    await releasing.people(NOW, contacts=30, people=30)
    await releasing.asked(NOW)
    records, wrong = read_records([json.dumps(DECISION)], languages=LANGUAGES)
    assert wrong == []
    with pytest.raises(AlreadyReleased) as refused:
        async with releasing.here.store.write() as conn:
            await releasing.loading.load(conn, records)
    assert (refused.value.period, refused.value.why) == (SPRING, Fixed.STOCK_RELEASED)


def test_every_mistake_is_named_by_line_and_field() -> None:
    assert mistakes(CONTACT, DECISION) == []
    assert mistakes("{", "[]", '"x"') == [(1, ""), (2, ""), (3, "")]
    assert mistakes(CONTACT | {"unit": "visit"}, CONTACT | {"more": 1}) == [(1, "unit"), (2, "more")]
    assert mistakes(CONTACT | {"on": "14.3.2024"}, CONTACT | {"on": None}) == [(1, "on"), (2, "on")]
    assert mistakes(*(CONTACT | {"count": count} for count in (0, 1.5, True, "2"))) == [
        (n, "count") for n in range(1, 5)
    ]
    assert mistakes(CONTACT | {"channel": "fax"}, {"unit": "contact", "on": "2024-01-01"}) == [
        (1, "channel"),
        (2, "channel"),
    ]
    assert mistakes(CONTACT | {"language": "xx"}, CONTACT | {"language": 1}) == [(1, "language"), (2, "language")]
    assert mistakes(CONTACT | {"codes": []}, CONTACT | {"codes": {"who": [1]}}) == [(1, "codes"), (2, "codes.who")]
    assert mistakes(CONTACT | {"codes": {"name": "x", "who": "nobody"}}) == [(1, "codes.name"), (1, "codes.who")]
    assert mistakes(CONTACT | {"codes": {"who": ["self", "public"]}}) == [(1, "codes.who")]
    assert mistakes(CONTACT | {"codes": {"decision": "lapsed"}}) == [(1, "codes.decision")]
    assert mistakes({**DECISION, "codes": {}}) == [(1, "codes.decision")]
    assert mistakes({**DECISION, "unit": "ended", "codes": {"decision": "lapsed"}}) == [(1, "codes.decision")]
    assert mistakes({**DECISION, "codes": {"decision": "maybe"}}) == [(1, "codes.decision"), (1, "codes.decision")]
    assert mistakes(*[CONTACT | {"count": 1_000_000}] * 2) == [(0, "count")]
    assert min([Mistake(2, "a", ""), Mistake(1, "b", "")]).line == 1
