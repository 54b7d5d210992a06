r"""A key's fingerprint, short enough to read aloud on the telephone. Pure.

The organisation gets the same with `age-keygen -y key.txt | tr -d '\n' | sha256sum`: its first 32 digits.
"""

import hashlib

_DIGITS = 32  # 128 bits: nobody finds another key with the same ones
_GROUP = 4


def fingerprint(recipient: str) -> str:
    """`3f2a 91c0 ...`: eight groups of four hexadecimal digits of the SHA-256 of an age public key's text."""
    digits = hashlib.sha256(recipient.encode("ascii")).hexdigest()[:_DIGITS]
    return " ".join(digits[at : at + _GROUP] for at in range(0, _DIGITS, _GROUP))
