"""What one worker tells the others after a commit: sealed entries with their numbers, and who moved.

Nothing readable travels: entries are ciphertext, the rest is ids, codes and numbers (P1).
"""

import msgspec
from msgspec import Struct

from contacts.contact import Entry
from storage.ids import ContactId

TOPIC = "log"


class Announcement(Struct, frozen=True, array_like=True):
    """One commit of one worker. `origin` lets the worker that made it ignore its own echo."""

    origin: str
    entries: list[Entry]
    moved: list[ContactId]


class Signal(Struct, frozen=True, array_like=True):
    """A passing thing that is never stored: a worker is writing, a screen has shown something."""

    origin: str
    contact: ContactId
    name: str


_encoder = msgspec.msgpack.Encoder()
_announcements = msgspec.msgpack.Decoder(Announcement)
_signals = msgspec.msgpack.Decoder(Signal)

SIGNAL_TOPIC = "signal"


def packed(message: Announcement | Signal) -> bytes:
    """For the bus."""
    return _encoder.encode(message)


def announcement(payload: bytes) -> Announcement:
    """From the bus. Raises msgspec.DecodeError."""
    return _announcements.decode(payload)


def signal(payload: bytes) -> Signal:
    """From the bus. Raises msgspec.DecodeError."""
    return _signals.decode(payload)
