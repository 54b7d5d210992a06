"""Reading one JSON frame strictly: known shape, known keys, no key twice.

msgspec checks shape and keys but takes the last of two equal keys. A frame that our own encoder would have written
byte for byte has none; any other is read a second time by a parser that shows every key.
"""

import json
from typing import Any

import msgspec

#: Bytes of one frame, before anything is parsed.
LARGEST_FRAME = 16 * 1024

_encoder = msgspec.json.Encoder()


class BadFrame(Exception):
    """Not a frame of the protocol; carries no part of it."""


class FrameReader(msgspec.Struct, frozen=True):
    """Reads frames of one direction. `decoder` is a msgspec JSON decoder for a union of tagged structs."""

    decoder: msgspec.json.Decoder[Any]

    def read(self, text: str) -> Any:
        """The frame. Raises `BadFrame`."""
        try:
            raw = text.encode()
            if len(raw) > LARGEST_FRAME:
                raise BadFrame
            frame = self.decoder.decode(raw)
            if _encoder.encode(frame) != raw:
                json.loads(raw, object_pairs_hook=_once)
        except (msgspec.DecodeError, UnicodeError, ValueError, RecursionError):
            raise BadFrame from None
        return frame


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    keys = dict(pairs)
    if len(keys) != len(pairs):
        raise ValueError
    return keys


def written(frame: msgspec.Struct) -> str:
    """A frame as text."""
    return _encoder.encode(frame).decode()
