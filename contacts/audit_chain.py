"""How rows of the audit log hang together: `hash = SHA-256(prev || row)`. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import RowMapping

from contacts.framing import Deployment, framed

#: What is hashed of a row, in this order. An absent value is no field at all, so it differs from an empty one.
FIELDS: Final = ("number", "at", "action", "actor", "subject", "contact", "detail")


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row: its number and hash."""

    number: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row that is not as we wrote it."""

    number: int
    why: str


def genesis(deployment: Deployment) -> bytes:
    """What stands before the first row."""
    return hashlib.sha256(framed("ql1/audit", deployment)).digest()


def chained(previous: bytes, row: Mapping[str, Any] | RowMapping) -> bytes:
    """The hash of a row that follows one with the hash `previous`."""
    fields = (b"" if row[name] is None else framed(str(row[name])) for name in FIELDS)
    return hashlib.sha256(framed(previous, *fields)).digest()


def broken_link(row: Mapping[str, Any] | RowMapping, number: int, previous: bytes) -> Broken | None:
    """What is wrong with a row that should have this number and follow this hash; None: nothing."""
    if row["number"] != number:
        return Broken(number, "missing")
    if row["prev"] != previous:
        return Broken(number, "does not follow the row before it")
    if row["hash"] != chained(previous, row):
        return Broken(number, "changed")
    return None
