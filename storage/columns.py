"""Column makers: each column says what it holds at rest.

A schema made only of these can be checked by a test (`tests/storage/test_columns.py`): a column that nobody declared
fails, and promise P1 is asked of every column that could hold somebody's words.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String
from sqlalchemy.schema import SchemaItem


class Holds(StrEnum):
    """What a column may hold at rest (log.md section 1)."""

    CIPHERTEXT = "ciphertext"
    CHOICE = "choice"
    RANDOM_ID = "random_id"
    COARSE_TIME = "coarse_time"
    COUNTER = "counter"
    KEY_MATERIAL = "key_material"
    STAFF_TEXT = "staff_text"


def ciphertext(name: str, *items: SchemaItem, **options: Any) -> Column[bytes]:
    """Sealed bytes of what a person wrote or said."""
    return Column(name, LargeBinary, *items, info={"holds": Holds.CIPHERTEXT}, **options)


def choice(name: str, *items: SchemaItem, **options: Any) -> Column[str]:
    """One word of a fixed list: a state, a kind, a language."""
    return Column(name, String(32), *items, info={"holds": Holds.CHOICE}, **options)


def random_id(name: str, *items: SchemaItem, **options: Any) -> Column[str]:
    """A random name (`storage.ids`), or the UUID a client made."""
    return Column(name, String(64), *items, info={"holds": Holds.RANDOM_ID}, **options)


def coarse_time(name: str, *items: SchemaItem, **options: Any) -> Column[int]:
    """Whole seconds since 1970 UTC."""
    return Column(name, BigInteger, *items, info={"holds": Holds.COARSE_TIME}, **options)


def counter(name: str, *items: SchemaItem, **options: Any) -> Column[int]:
    """A number that counts or orders."""
    return Column(name, Integer, *items, info={"holds": Holds.COUNTER}, **options)


def key_material(name: str, *items: SchemaItem, **options: Any) -> Column[bytes]:
    """Public keys, wrapped keys, digests of tokens, authenticity codes."""
    return Column(name, LargeBinary, *items, info={"holds": Holds.KEY_MATERIAL}, **options)


def staff_text(name: str, *items: SchemaItem, length: int = 400, **options: Any) -> Column[str]:
    """Text about staff or configuration, never about a person who contacts us. `length` in characters."""
    return Column(name, String(length), *items, info={"holds": Holds.STAFF_TEXT}, **options)
