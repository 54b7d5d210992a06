"""A payload has one spelling, and one digest under one salt."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from contacts.forwarding.payload import LARGEST, BadPayload, Item, Payload, canonical, digest, parsed
from tests.contacts.forwarding.drafts import payload

TEXT = st.text(max_size=40)


@given(TEXT, st.text(min_size=1, max_size=40))
def test_what_is_spelled_is_read_again_and_keys_are_sorted(summary: str, shown: str) -> None:
    made = payload(summary=summary, shown=shown)
    octets = canonical(made)
    assert parsed(octets) == made
    assert octets == json.dumps(json.loads(octets), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def test_equal_payloads_are_equal_bytes_and_name_their_schema() -> None:
    assert canonical(payload()) == canonical(payload())
    assert json.loads(canonical(payload()))["schema"] == "quietline/forwarding/1"


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"{}",
        b"\xff",
        canonical(payload()) + b" ",
        canonical(payload()).replace(b'"summary"', b'"Summary"'),
        canonical(payload()).replace(b'"version":2', b'"version":0'),
        canonical(payload()).replace(b'"language":"fi"', b'"language":"de"'),
        canonical(payload()).replace(b"Tampere", b"\\u0054ampere"),
        b"x" * (LARGEST + 1),
    ],
)
def test_any_other_spelling_is_refused(wrong: bytes) -> None:
    with pytest.raises(BadPayload):
        parsed(wrong)


@pytest.mark.parametrize(
    "change",
    [
        {"summary": "x" * 4_001},
        {"summary": "half \ud83d a pair"},
        {"until": "tomorrow"},
        {"items": (Item(field="a", label="A", shown="1"), Item(field="a", label="B", shown="2"))},
        {"items": tuple(Item(field=f"a{number}", label="A", shown="x" * 400) for number in range(40))},
        {"items": (Item(field="Not A Code", label="A", shown="1"),)},
    ],
)
def test_what_is_out_of_bounds_is_not_spelled(change: dict[str, object]) -> None:
    made: Payload = replace(payload(), **change)
    with pytest.raises(BadPayload):
        canonical(made)


def test_a_digest_is_of_these_bytes_under_this_salt() -> None:
    octets = canonical(payload())
    assert digest(b"s" * 32, octets) == digest(b"s" * 32, octets)
    assert len({digest(b"s" * 32, octets), digest(b"t" * 32, octets), digest(b"s" * 32, octets + b" ")}) == 3
