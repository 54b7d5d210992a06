"""What is not exactly a frame is a `BadFrame` and nothing else, and says nothing of what was sent."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.frames import Hello, Ping, Say, from_visitor
from chat.strict_json import LARGEST_FRAME, BadFrame, written

ID = "01234567-89ab-cdef-0123-456789abcdef"

NOT_FRAMES = {
    "nothing": "",
    "white space": "  ",
    "not JSON": "{",
    "two frames": '{"t":"ping"}{"t":"ping"}',
    "a list": '[{"t":"ping"}]',
    "null": "null",
    "a number": "1",
    "a word": '"ping"',
    "no tag": '{"after":1}',
    "an unknown tag": '{"t":"shout"}',
    "a tag of another type": '{"t":1}',
    "a tag of the other direction": '{"t":"welcome","state":"waiting","seq":1}',
    "an unknown key": '{"t":"ping","x":1}',
    "a missing key": '{"t":"hello","after":1}',
    "a key twice": f'{{"t":"say","id":"{ID}","text":"a","text":"b"}}',
    "the same key twice with the same value": '{"t":"ping","t":"ping"}',
    "the tag twice": f'{{"t":"say","t":"end","id":"{ID}","text":"a"}}',
    "a key twice, once escaped": f'{{"t":"say","id":"{ID}","text":"a","\\u0074ext":"b"}}',
    "a text that is a number": f'{{"t":"say","id":"{ID}","text":1}}',
    "a text that is null": f'{{"t":"say","id":"{ID}","text":null}}',
    "a text that is a list": f'{{"t":"say","id":"{ID}","text":["a"]}}',
    "an id in capitals": f'{{"t":"say","id":"{ID.upper()}","text":"a"}}',
    "an id without dashes": f'{{"t":"say","id":"{ID.replace("-", "")}","text":"a"}}',
    "an id with a new line after it": f'{{"t":"say","id":"{ID}\\n","text":"a"}}',
    "a number below nothing": '{"t":"hello","after":-1,"lang":"fi"}',
    "a number that is a fraction": '{"t":"hello","after":1.5,"lang":"fi"}',
    "a number in words": '{"t":"hello","after":"1","lang":"fi"}',
    "a number that is true": '{"t":"hello","after":true,"lang":"fi"}',
    "a number beyond 31 bits": '{"t":"hello","after":2147483648,"lang":"fi"}',
    "a number beyond 64 bits": '{"t":"hello","after":18446744073709551616,"lang":"fi"}',
    "a number of a thousand digits": f'{{"t":"hello","after":{"9" * 1000},"lang":"fi"}}',
    "a number beyond any float": '{"t":"hello","after":1e999,"lang":"fi"}',
    "not a number": '{"t":"hello","after":NaN,"lang":"fi"}',
    "a language that is a path": '{"t":"hello","after":1,"lang":"../../etc"}',
    "a language with a new line after it": '{"t":"hello","after":1,"lang":"fi\\n"}',
    "half a surrogate pair, escaped": f'{{"t":"say","id":"{ID}","text":"\\ud800"}}',
    "half a surrogate pair": f'{{"t":"say","id":"{ID}","text":"\ud800"}}',
    "a bare control character": f'{{"t":"say","id":"{ID}","text":"a\u0001b"}}',
    "a comment": '{"t":"ping"} // hello',
    "a trailing comma": '{"t":"ping",}',
    "single quotes": "{'t':'ping'}",
    "a byte order mark": '\ufeff{"t":"ping"}',
    "deep lists": '{"t":"ping","x":' + "[" * 5000 + "]" * 5000 + "}",
    "deep objects": '{"t":' * 3000 + "1" + "}" * 3000,
    "deep lists without an end": "[" * LARGEST_FRAME,
    "one byte too many": f'{{"t":"say","id":"{ID}","text":"{"a" * (LARGEST_FRAME - 64)}"}}',
    "more bytes than characters": f'{{"t":"say","id":"{ID}","text":"{"€" * 6000}"}}',
}


@pytest.mark.parametrize("text", NOT_FRAMES.values(), ids=NOT_FRAMES.keys())
def test_what_is_not_a_frame_is_refused_without_a_word_of_it(text: str) -> None:
    with pytest.raises(BadFrame) as refused:
        from_visitor.read(text)
    assert str(refused.value) == ""
    assert refused.value.args == ()
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_a_frame_of_exactly_the_largest_size_is_read() -> None:
    frame = Say(ID, "a")
    text = written(Say(ID, "a" * (LARGEST_FRAME - len(written(frame)) + 1)))
    assert len(text.encode()) == LARGEST_FRAME
    assert written(from_visitor.read(text)) == text


def test_white_space_and_the_order_of_keys_are_the_senders_matter() -> None:
    assert from_visitor.read(' { "lang" : "fi" , "after" : 3 , "t" : "hello" } ') == Hello(3, "fi")


def test_a_frame_that_needs_the_second_look_still_may_not_repeat_a_key() -> None:
    with pytest.raises(BadFrame):
        from_visitor.read(' {"t":"hello","after":3,"lang":"fi","after":3}')


def test_every_character_that_utf8_can_carry_may_be_said() -> None:
    for text in ("ä€😀", "\u0000", "\u202e", "\u2028", '"\\/', "a\r\n\tb", "\U0010ffff"):
        assert from_visitor.read(json.dumps({"t": "say", "id": ID, "text": text})) == Say(ID, text)
        assert from_visitor.read(written(Say(ID, text))) == Say(ID, text)


def test_the_tag_comes_first_in_what_we_write() -> None:
    assert written(Ping()) == '{"t":"ping"}'
    assert written(Hello(1, "fi")).startswith('{"t":"hello",')


def refused_or_read(text: str) -> msgspec.Struct | None:
    try:
        frame: msgspec.Struct = from_visitor.read(text)
    except BadFrame:
        return None
    return frame


@given(st.text() | st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape")))
def test_noise_is_never_anything_but_refused(text: str) -> None:
    frame = refused_or_read(text)
    assert frame is None or from_visitor.read(written(frame)) == frame


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
keys = st.sampled_from(["t", "after", "lang", "id", "text", "x"])
tags = st.sampled_from(["hello", "say", "end", "ping", "ack", ""])


@given(st.dictionaries(keys, json_values), tags)
def test_any_object_is_a_frame_or_refused(content: dict[str, object], tag: str) -> None:
    frame = refused_or_read(json.dumps({"t": tag, **content}))
    if frame is not None:
        assert json.loads(written(frame)) == {"t": tag, **content}


@given(st.lists(st.tuples(keys, st.sampled_from(["1", "0", '"fi"', f'"{ID}"', '"a"'])), max_size=5), tags)
def test_a_key_that_comes_twice_is_refused_wherever_it_stands(pairs: list[tuple[str, str]], tag: str) -> None:
    body = ",".join([f'"t":"{tag}"', *(f'"{key}":{value}' for key, value in pairs)])
    names = ["t", *(key for key, _ in pairs)]
    if refused_or_read(f"{{{body}}}") is not None:
        assert len(set(names)) == len(names)
