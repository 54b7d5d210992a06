"""What a contact is: one conversation, call or form message, seen as plain values.

Nothing here reads or writes; `contacts.committer` moves contacts, `contacts.log` reads them.
"""

from enum import StrEnum

from msgspec import Struct

from contacts.words import Words
from storage.ids import ContactId, StaffId


class Door(StrEnum):
    """How somebody reached us."""

    CHAT = "chat"
    FORM = "form"
    PHONE = "phone"


class State(StrEnum):
    """Where a contact stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACTIVE = "active"
    ENDED = "ended"


class Klass(StrEnum):
    """Retention class: each has keys, numbering and an end of its own (log.md section 1)."""

    TRANSCRIPT = "transcript"
    RECORD = "record"


class Kind(StrEnum):
    """What an entry is. Lines are plain codes; messages and notes are sealed words."""

    MESSAGE = "message"
    LINE = "line"
    NOTE = "note"


class Author(StrEnum):
    """Who made an entry."""

    VISITOR = "visitor"
    WORKER = "worker"
    HOUSE = "house"


class Line(StrEnum):
    """Codes of the lines that the house itself writes into a conversation (docs/protocol.md)."""

    WORKER_JOINED = "worker_joined"
    WORKER_LOST = "worker_lost"
    WORKER_BACK = "worker_back"
    VISITOR_LOST = "visitor_lost"
    VISITOR_BACK = "visitor_back"
    ENDED_BY_VISITOR = "ended_by_visitor"
    ENDED_BY_WORKER = "ended_by_worker"
    LEFT_QUICKLY = "left_quickly"
    ENDED_SILENT = "ended_silent"


class EndedBy(StrEnum):
    """How a contact came to its end."""

    VISITOR = "visitor"
    WORKER = "worker"
    LEFT_QUICKLY = "left_quickly"
    SILENCE = "silence"


class Refusal(StrEnum):
    """Why something was not done; the words of docs/protocol.md, "Errors"."""

    TOO_LONG = "too_long"
    BLANK = "blank"
    ENDED = "ended"
    NOT_YOURS = "not_yours"
    ALREADY_TAKEN = "already_taken"
    AT_CAPACITY = "at_capacity"
    CANNOT_OPEN = "cannot_open"
    ID_TAKEN = "id_taken"
    UNAVAILABLE = "unavailable"


class Refused(Exception):
    """A use case was refused; nothing was stored."""

    def __init__(self, code: Refusal) -> None:
        super().__init__(code.value)
        self.code = code


class Contact(Struct, frozen=True, kw_only=True):
    """One contact's state. Times are seconds since 1970 UTC; numbering is the committer's business."""

    id: ContactId
    door: Door
    language: str
    tag: str
    state: State
    opened_at: int
    accepted_at: int | None = None
    ended_at: int | None = None
    ended_by: EndedBy | None = None
    operator: StaffId | None = None
    offered_to: StaffId | None = None
    offer_until: int | None = None
    missed_by: StaffId | None = None
    visitor_away_since: int | None = None
    operator_away_since: int | None = None
    shown_seq: int = 0


class NewEntry(Struct, frozen=True, kw_only=True):
    """An entry before it has a number. `words` for messages and notes, `code` for lines."""

    kind: Kind
    author: Author
    klass: Klass = Klass.TRANSCRIPT
    words: Words | None = None
    code: Line | None = None
    client_id: str | None = None
    staff: StaffId | None = None


class Entry(Struct, frozen=True, kw_only=True):
    """A committed entry as it rests and travels: sealed, unless it is a line."""

    contact: ContactId
    klass: Klass
    seq: int
    segment: int
    kind: Kind
    author: Author
    at: int
    staff: StaffId | None = None
    client_id: str | None = None
    code: Line | None = None
    sealed: bytes | None = None
    revision: int = 0


class Receipt(Struct, frozen=True):
    """The answer to a write: committed under this number at this time (`repeated`: it already was)."""

    seq: int
    at: int
    repeated: bool = False
