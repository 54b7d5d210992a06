"""A fact: what is counted about one contact or one event, and nothing else. Pure.

Sealed facts all have the same size, whatever they say: `encoded` pads to `SIZE` bytes.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

import msgspec
from msgspec import Struct

#: Bytes of a padded fact. A record with every code of every list still fits (a test says so).
SIZE: Final = 2_048
_LENGTH: Final = 2

#: Code list -> codes, as the record has them: one code, or several. What was not asked is left out.
Codes = Mapping[str, Sequence[str]]

REPEAT: Final = "repeat_contact"


class Unit(StrEnum):
    """What is counted. Never mixed in a table."""

    SERVICE = "service"
    """One for each contact, about us: channel, language, weekday, four-hour band, wait, duration, outcome."""
    CONTACT = "contact"
    """One for each contact, about the person: the codes of the record."""
    PROPOSAL = "proposal"
    DECISION = "decision"
    ENDED = "ended"
    """An admission came to its end. Stock on a day: admissions decided minus admissions ended until then."""


class Fact(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`month`: 2026-03, of the contact's beginning or of the event's day. `wait`: seconds, in steps of 5.

    `weight`: +1, or -1 for what is taken back. `handle`: the same random name in every fact of one contact but the
    service's; it leads nowhere outside the sealed facts and the sealed record.
    """

    unit: Unit
    month: str
    codes: dict[str, tuple[str, ...]]
    wait: int | None = None
    weight: int = 1
    handle: str = ""

    @property
    def repeat(self) -> bool:
        """Whether the record says that this person was counted before."""
        return self.codes.get(REPEAT) == ("yes",)

    def __repr__(self) -> str:
        return f"Fact({self.unit}, {self.month})"


class Unreadable(ValueError):
    """These bytes are no fact. Carries none of them."""


def plain(codes: Codes | None) -> dict[str, tuple[str, ...]]:
    """Codes in one spelling, so that equal records give equal facts; empty lists are left out."""
    given = {} if codes is None else codes
    return {name: tuple(sorted(set(given[name]))) for name in sorted(given) if given[name]}


def encoded(fact: Fact) -> bytes:
    """`SIZE` bytes. Raises ValueError for a fact that is longer."""
    said = msgspec.json.encode(fact)
    if len(said) > SIZE - _LENGTH:
        raise ValueError("a fact longer than all facts are")
    return (len(said).to_bytes(_LENGTH, "big") + said).ljust(SIZE, b"\0")


def decoded(block: bytes) -> Fact:
    """The fact again. Raises `Unreadable`."""
    length = int.from_bytes(block[:_LENGTH], "big")
    if len(block) != SIZE or block[_LENGTH + length :].strip(b"\0"):
        raise Unreadable
    try:
        return msgspec.json.decode(block[_LENGTH : _LENGTH + length], type=Fact)
    except msgspec.MsgspecError:
        raise Unreadable from None
