"""The program that works a release out: `python -m contacts.reviews.working_program`. Tallies in, rows out."""

import sys

import msgspec

from contacts.forwarding.apart import talked
from contacts.reviews.working import Work, worked

_CPU_SECONDS = 600


def answered(given: bytes) -> bytes:
    """A piece of work in, what came of it out."""
    return msgspec.msgpack.encode(worked(msgspec.msgpack.decode(given, type=Work)))


if __name__ == "__main__":
    sys.exit(talked(answered, cpu_seconds=_CPU_SECONDS))
