"""Calls and their legs as rows, and a call as it is kept."""

from msgspec import Struct

from contacts.contact import Contact
from storage.ids import ContactId


class CallRow(Struct, frozen=True, kw_only=True):
    """A row of `calls`, as `hotline.call_rows` reads it. Flags are 0 and 1."""

    contact: ContactId
    stage: str
    seen_at: int
    provider_call: str | None = None
    chosen: int = 0
    turn: int = 0
    rung: int = 0
    rung_until: int = 0
    accepted: str | None = None
    accepted_at: int | None = None
    bridged_at: int | None = None
    parted_at: int | None = None
    worker_left: int = 0
    ended_at: int | None = None
    outcome: str | None = None
    told: int = 0
    asked_back: int = 0
    taken: int = 0
    tries: int = 0
    back_when: str | None = None
    back_named: int = 0
    waited: int | None = None
    rang: int | None = None
    talked: int | None = None
    dealt_at: int | None = None
    dealt_by: str | None = None
    dealt_as: str | None = None
    taken_by: str | None = None
    taken_at: int | None = None
    room: int = 0
    move: str | None = None
    move_at: int = 0
    forgotten: str | None = None
    message: str | None = None
    recording: str | None = None
    message_tries: int = 0
    message_at: int = 0


class LegRow(Struct, frozen=True, kw_only=True):
    """A row of `call_legs`. `provider_call`: its name at the provider, once it has one."""

    id: str
    contact: ContactId
    staff: str
    rung: int
    state: str
    cancel: int = 0
    passed: int = 0
    sequence: int = -1
    provider_call: str | None = None
    tries: int = 0
    try_at: int = 0
    kind: str = "answer"
    forgotten: str | None = None


class Kept(Struct, frozen=True):
    """A call as it is kept, locked: its contact, itself, its legs in the order in which they were rung."""

    contact: Contact
    call: CallRow
    legs: tuple[LegRow, ...]
