"""Padding: a sealed text tells only which of four sizes it is."""

BUCKETS = (256, 1_024, 4_096, 16_384)
"""Sizes in bytes of length + text + zeros."""

_LENGTH = 4
LONGEST = BUCKETS[-1] - _LENGTH
"""The longest text that can be sealed, in bytes of UTF-8."""


class BadPadding(ValueError):
    """These bytes were not made by `padded`."""


def padded(octets: bytes) -> bytes:
    """Length, text and zeros up to the smallest bucket that holds them. Raises ValueError past `LONGEST`."""
    needed = _LENGTH + len(octets)
    for bucket in BUCKETS:
        if needed <= bucket:
            return (len(octets).to_bytes(_LENGTH, "big") + octets).ljust(bucket, b"\0")
    raise ValueError("longer than the largest bucket")


def unpadded(block: bytes) -> bytes:
    """The text of a padded block. Raises `BadPadding` for any block `padded` would not have made."""
    length = int.from_bytes(block[:_LENGTH], "big")
    octets = block[_LENGTH : _LENGTH + length]
    if length > LONGEST or padded(octets) != block or len(octets) != length:
        raise BadPadding
    return octets
