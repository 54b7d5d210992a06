from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.chance import fresh_key
from contacts.envelopes import KeyPair, Unopenable, derived, sealed_to, unwrapped, wrapped

KEY = fresh_key()
PAIR = KeyPair.fresh()
ENVELOPES: dict[str, tuple[bytes, Callable[[bytes], bytes]]] = {
    "wrapped": (wrapped(KEY, b"secret", "here"), lambda bytes_: unwrapped(KEY, bytes_, "here")),
    "sealed to a pair": (sealed_to(PAIR.public, b"secret", "here"), lambda bytes_: PAIR.open(bytes_, "here")),
}


@given(st.binary(max_size=100), st.text(max_size=10))
@settings(max_examples=25)
def test_both_envelopes_give_back_what_was_put_in(secret: bytes, place: str) -> None:
    assert unwrapped(KEY, wrapped(KEY, secret, place), place) == secret
    assert PAIR.open(sealed_to(PAIR.public, secret, place), place) == secret


@pytest.mark.parametrize("kind", ENVELOPES)
def test_every_flipped_bit_of_an_envelope_fails_closed(kind: str) -> None:
    envelope, opened = ENVELOPES[kind]
    assert opened(envelope) == b"secret"
    for bit in range(8 * len(envelope)):
        flipped = bytearray(envelope)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Unopenable):
            opened(bytes(flipped))


@pytest.mark.parametrize("kind", ENVELOPES)
def test_every_shortened_envelope_fails_closed(kind: str) -> None:
    envelope, opened = ENVELOPES[kind]
    for length in range(len(envelope)):
        with pytest.raises(Unopenable):
            opened(envelope[:length])


def test_an_envelope_opens_in_its_own_place_only() -> None:
    with pytest.raises(Unopenable):
        unwrapped(KEY, wrapped(KEY, b"secret", "here"), "there")
    with pytest.raises(Unopenable):
        PAIR.open(sealed_to(PAIR.public, b"secret", "here"), "there")


def test_an_envelope_opens_with_its_own_key_only() -> None:
    with pytest.raises(Unopenable):
        unwrapped(fresh_key(), wrapped(KEY, b"secret"))
    with pytest.raises(Unopenable):
        KeyPair.fresh().open(sealed_to(PAIR.public, b"secret"))


def test_a_pair_is_rebuilt_from_its_private_half() -> None:
    assert KeyPair(PAIR.private_bytes()).public == PAIR.public


def test_a_pair_prints_nothing_of_itself() -> None:
    assert repr(PAIR) == "KeyPair(...)"


def test_other_fields_derive_other_keys() -> None:
    keys = {derived(KEY, salt=salt, bound_to=(place,)) for salt in (b"", b"salt") for place in ("a", "b")}
    assert len(keys) == 4
    assert {len(key) for key in keys} == {32}
