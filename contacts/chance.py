"""Random bytes, from the operating system. The only place contacts takes chance from, besides ids and codes."""

import os
from typing import Final

KEY_SIZE: Final = 32
NONCE_SIZE: Final = 12


def fresh_key() -> bytes:
    """32 random bytes: a key, a seed or a cookie."""
    return os.urandom(KEY_SIZE)


def fresh_nonce() -> bytes:
    """12 random bytes, for AES-GCM."""
    return os.urandom(NONCE_SIZE)


def fresh_salt() -> bytes:
    """16 random bytes, for argon2id (RFC 9106)."""
    return os.urandom(16)
