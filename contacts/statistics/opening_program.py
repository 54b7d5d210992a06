"""The program that opens many facts: `python -m contacts.statistics.opening_program`, keys and facts in, facts out.

Opening holds Python's lock (0.1 ms each): in the web process, thousands of them would stand in everybody's way.
"""

import sys
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from contacts.envelopes import KeyPair
from contacts.forwarding.apart import talked
from contacts.framing import Deployment
from contacts.statistics.fact import decoded
from contacts.statistics.keys import KeyNumber
from contacts.statistics.pending import place_of

_CPU_SECONDS = 3_600


class Sealed(Struct, frozen=True, array_like=True):
    """One fact as it lies in the database."""

    number: int
    sealed: bytes


class Task(Struct, frozen=True):
    """`keys`: private keys by number."""

    deployment: str
    keys: dict[int, bytes]
    facts: list[Sealed]


def opened(deployment: Deployment, pairs: dict[KeyNumber, KeyPair], facts: Sequence[Sealed]) -> list[bytes]:
    """The facts' bytes, padded as they were. Raises `Unopenable`."""
    return [
        pairs[KeyNumber(one.number)].open(one.sealed, *place_of(deployment, KeyNumber(one.number))) for one in facts
    ]


def answered(given: bytes) -> bytes:
    """A task in, facts out. Raises `Unopenable`, `Unreadable`."""
    task = msgspec.msgpack.decode(given, type=Task)
    pairs = {KeyNumber(number): KeyPair(private) for number, private in task.keys.items()}
    return msgspec.msgpack.encode([decoded(one) for one in opened(Deployment(task.deployment), pairs, task.facts)])


if __name__ == "__main__":
    sys.exit(talked(answered, cpu_seconds=_CPU_SECONDS))
