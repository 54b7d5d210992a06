"""What somebody agrees to have sent, as one canonical piece of JSON. Pure.

The very same bytes are asked about, digested into the consent, previewed and sent (docs/receiving.md describes them for
those who receive). Keys are sorted, there are no spaces, numbers are whole, text is UTF-8: equal payloads, equal bytes.
"""

import hashlib
from enum import StrEnum
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from contacts.framing import framed

SCHEMA: Final = "quietline/forwarding/1"
LARGEST = 14_000
"""Bytes of a payload; sealed at rest it has to fit the largest bucket (`contacts.padding`)."""

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Text = Annotated[str, Meta(max_length=4_000)]
Code = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class Scope(StrEnum):
    """What is sent: to an organisation of the person's choice, a proposal to the assistance system, or without consent."""

    REFERRAL = "referral"
    PROPOSAL = "proposal"
    EMERGENCY = "emergency"


class Sender(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The service, as the receiver may call it back."""

    name: Name
    telephone: Name


class Receiver(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One organisation."""

    id: Name
    name: Name


class Purpose(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The approved wording that was agreed to, in the language in which it was read."""

    wording: Name
    version: Annotated[int, Meta(ge=1)]
    language: Code
    text: Text


class Item(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One field of the record. `codes` from the code list of `field` in `list_version`; `shown` in the payload's language."""

    field: Code
    label: Name
    shown: Annotated[str, Meta(min_length=1, max_length=4_000)]
    codes: Annotated[tuple[Code, ...], Meta(max_length=60)] = ()
    list_version: Name = "1"


class Payload(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that leaves about a person. `until`: the last day on which it may be sent. `language`: of the document."""

    scope: Scope
    language: Literal["fi", "sv", "en"]
    sender: Sender
    receiver: Receiver
    purpose: Purpose
    until: Day
    items: Annotated[tuple[Item, ...], Meta(max_length=120)]
    summary: Text = ""
    schema: Literal["quietline/forwarding/1"] = SCHEMA


class BadPayload(ValueError):
    """Not a payload, too large, or not in canonical form. Says no more: it is about somebody."""


_decoder = msgspec.json.Decoder(Payload)


def canonical(payload: Payload) -> bytes:
    """The one spelling of a payload. Raises `BadPayload` when a value is out of bounds or it is too large."""
    try:
        octets = msgspec.json.encode(payload, order="sorted")
    except UnicodeError:  # half a surrogate pair
        raise BadPayload from None
    parsed(octets)
    return octets


def parsed(octets: bytes) -> Payload:
    """The payload of canonical bytes. Raises `BadPayload` for any other spelling."""
    if len(octets) > LARGEST:
        raise BadPayload
    try:
        payload = _decoder.decode(octets)
    except msgspec.DecodeError:
        raise BadPayload from None
    again = msgspec.json.encode(payload, order="sorted")
    if again != octets or len({item.field for item in payload.items}) < len(payload.items):
        raise BadPayload
    return payload


def digest(salt: bytes, octets: bytes) -> bytes:
    """32 bytes that name these bytes and no others. `salt`: 32 random bytes, so that nobody can try guesses against it."""
    return hashlib.sha256(framed("ql1/payload", salt, octets)).digest()
