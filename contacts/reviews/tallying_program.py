"""The program that opens facts and counts them: `python -m contacts.reviews.tallying_program`. Facts in, a tally out.

No fact leaves it: what is counted of a half-year is a few thousand numbers.
"""

import sys

import msgspec
from msgspec import Struct

from contacts.envelopes import KeyPair
from contacts.forwarding.apart import talked
from contacts.framing import Deployment
from contacts.release.tally import Tally, Tallying
from contacts.statistics.fact import decoded
from contacts.statistics.keys import KeyNumber
from contacts.statistics.opening_program import Task, opened

_CPU_SECONDS = 3_600


class Part(Struct, frozen=True):
    """Some of the facts of a half-year."""

    period: str
    task: Task


def tallied(part: Part) -> Tally:
    """What they come to. Raises `Unopenable`, `Unreadable`."""
    pairs = {KeyNumber(number): KeyPair(private) for number, private in part.task.keys.items()}
    counting = Tallying(part.period)
    counting.add(decoded(block) for block in opened(Deployment(part.task.deployment), pairs, part.task.facts))
    return counting.tally()


def answered(given: bytes) -> bytes:
    """A part in, a tally out."""
    return msgspec.msgpack.encode(tallied(msgspec.msgpack.decode(given, type=Part)))


if __name__ == "__main__":
    sys.exit(talked(answered, cpu_seconds=_CPU_SECONDS))
