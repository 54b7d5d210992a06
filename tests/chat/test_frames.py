"""Every well-formed frame survives the way there and back; what goes out has every field that was promised."""

import json
from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.frames import (
    LONGEST_TEXT,
    Ack,
    Answer,
    Ask,
    End,
    EntryShown,
    Error,
    FromVisitor,
    Hello,
    Ping,
    Pong,
    Say,
    Shown,
    Status,
    ToVisitor,
    Welcome,
    Writing,
    from_visitor,
)
from chat.strict_json import LARGEST_FRAME, written

# JSON can carry any code point but a lone surrogate.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
ids = st.uuids().map(str)
numbers = st.integers(0, 2**31 - 1)
languages = st.from_regex(r"[a-z]{2,3}(-[A-Za-z]{2,8})?", fullmatch=True)
incoming: st.SearchStrategy[FromVisitor] = (
    st.builds(Hello, after=numbers, lang=languages)
    | st.builds(Say, id=ids, text=texts)
    | st.builds(Answer, question=st.sampled_from(["hand_over", "read"]), yes=st.booleans())
    | st.just(End())
    | st.just(Ping())
)


@given(incoming)
def test_every_frame_from_a_visitor_is_read_as_it_was_written(frame: FromVisitor) -> None:
    assert from_visitor.read(written(frame)) == frame


@given(incoming, st.randoms())
def test_keys_may_come_in_any_order_and_with_any_spacing(frame: FromVisitor, chance: Random) -> None:
    fields = list(json.loads(written(frame)).items())
    chance.shuffle(fields)
    assert from_visitor.read(json.dumps(dict(fields), indent=1)) == frame


def test_the_longest_message_fits_into_a_frame_whatever_it_is_written_in() -> None:
    for character in ("a", "€", "😀"):
        text = written(Say("0" * 8 + "-0000-0000-0000-" + "0" * 12, character * LONGEST_TEXT))
        assert len(text.encode()) <= LARGEST_FRAME
        assert len(from_visitor.read(text).text) == LONGEST_TEXT


OUTGOING = [
    (Welcome("waiting", 3), {"t": "welcome", "state": "waiting", "seq": 3}),
    (Status("active", "Anna", "Anna"), {"t": "status", "state": "active", "text": "Anna", "worker": "Anna"}),
    (Status("waiting", "…", None), {"t": "status", "state": "waiting", "text": "…", "worker": None}),
    (
        EntryShown(4, "line", "house", 17, None, "worker_joined", None),
        {
            "t": "entry",
            "seq": 4,
            "kind": "line",
            "by": "house",
            "at": 17,
            "text": None,
            "code": "worker_joined",
            "id": None,
        },
    ),
    (Ack("x", 4, 17), {"t": "ack", "id": "x", "seq": 4, "at": 17}),
    (Shown(4), {"t": "shown", "seq": 4}),
    (Writing(), {"t": "writing"}),
    (Ask("read", "May I?"), {"t": "ask", "question": "read", "text": "May I?"}),
    (Ask(None, ""), {"t": "ask", "question": None, "text": ""}),
    (Error("ended", "x"), {"t": "error", "code": "ended", "id": "x"}),
    (Error("ended"), {"t": "error", "code": "ended", "id": None}),
    (Pong(), {"t": "pong"}),
]


@pytest.mark.parametrize(("frame", "expected"), OUTGOING)
def test_a_frame_to_a_visitor_has_every_field_also_when_it_is_empty(
    frame: ToVisitor, expected: dict[str, object]
) -> None:
    assert json.loads(written(frame)) == expected
    assert next(iter(json.loads(written(frame)))) == "t"


def test_every_frame_to_a_visitor_is_in_the_table_above() -> None:
    assert {type(frame) for frame, _ in OUTGOING} == set(get_args(ToVisitor))


def test_no_tag_means_two_things_in_one_direction() -> None:
    for union in (FromVisitor, ToVisitor):
        tags = [kind.__struct_config__.tag for kind in get_args(union)]
        assert len(set(tags)) == len(tags)
