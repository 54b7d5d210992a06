import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.padding import BUCKETS, LONGEST, BadPadding, padded, unpadded


@given(st.binary(max_size=LONGEST))
def test_what_was_padded_comes_back(octets: bytes) -> None:
    block = padded(octets)
    assert len(block) in BUCKETS
    assert unpadded(block) == octets


@pytest.mark.parametrize(("length", "bucket"), [(0, 256), (252, 256), (253, 1024), (1020, 1024), (LONGEST, 16_384)])
def test_the_smallest_bucket_that_fits_is_taken(length: int, bucket: int) -> None:
    assert len(padded(b"x" * length)) == bucket


def test_more_than_the_largest_bucket_is_refused() -> None:
    with pytest.raises(ValueError, match="largest"):
        padded(b"x" * (LONGEST + 1))


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"\0\0\0",
        b"\0\0\0\x01",
        padded(b"hei")[:-1],
        padded(b"hei") + b"\0",
        padded(b"hei")[:-1] + b"\x01",
        b"\xff\xff\xff\xff" + b"x" * 252,
        (3).to_bytes(4, "big") + b"hei".ljust(1020, b"\0"),
    ],
)
def test_a_block_that_padding_would_not_make_is_refused(block: bytes) -> None:
    with pytest.raises(BadPadding):
        unpadded(block)
