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
    """Retention class: each has keys, numbering and an end of its own (log.md section 1).

    `CALLBACK`: how somebody may be answered, one entry, or what they said after the tone (`contacts.recordings`); written
    when it arrives, gone before everything else.
    `PAYLOAD`: what somebody was asked to let us send (`contacts.forwarding`), each an entry; gone 7 days after delivery.
    """

    TRANSCRIPT = "transcript"
    RECORD = "record"
    CALLBACK = "callback"
    PAYLOAD = "payload"


class Kind(StrEnum):
    """What an entry is. Lines and answers to cards are plain codes; messages, notes and cards are sealed words."""

    MESSAGE = "message"
    LINE = "line"
    NOTE = "note"
    PAYLOAD = "payload"
    CARD = "card"
    ANSWER = "answer"


class Author(StrEnum):
    """Who made an entry."""

    VISITOR = "visitor"
    WORKER = "worker"
    HOUSE = "house"


class Line(StrEnum):
    """Codes of the lines that the house itself writes into a conversation (docs/protocol.md)."""

    WORKER_JOINED = "worker_joined"
    LEAD_JOINED = "lead_joined"
    LEAD_LEFT = "lead_left"
    WORKER_LOST = "worker_lost"
    WORKER_BACK = "worker_back"
    VISITOR_LOST = "visitor_lost"
    VISITOR_BACK = "visitor_back"
    ENDED_BY_VISITOR = "ended_by_visitor"
    ENDED_BY_WORKER = "ended_by_worker"
    LEFT_QUICKLY = "left_quickly"
    ENDED_SILENT = "ended_silent"
    ENDED_UNSERVED = "ended_unserved"
    WORKER_GONE = "worker_gone"
    ASKED_HAND_OVER = "asked_hand_over"
    HANDED_OVER = "handed_over"
    HAND_OVER_REFUSED = "hand_over_refused"
    ASKED_READ = "asked_read"
    READ_ALLOWED = "read_allowed"
    READ_REFUSED = "read_refused"
    CLOSING_15 = "closing_15"
    CLOSING_5 = "closing_5"
    EXTENDED = "extended"
    STILL_THERE = "still_there"
    #: What became of a card that asks for consent (entries of the kind `answer`).
    CONSENT_YES = "consent_yes"
    CONSENT_NO = "consent_no"
    CONSENT_CHANGE = "consent_change"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    CONSENT_WITHDRAWN_SENT = "consent_withdrawn_sent"
    CARD_TAKEN_BACK = "card_taken_back"


class Question(StrEnum):
    """What the visitor is asked on a card with Yes and No."""

    HAND_OVER = "hand_over"
    READ = "read"


class Wish(StrEnum):
    """What the person wants done with what they tell (product.md): share it, keep it here, or not even that."""

    SHARE = "share"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"


class EndedBy(StrEnum):
    """How a contact came to its end."""

    VISITOR = "visitor"
    WORKER = "worker"
    LEFT_QUICKLY = "left_quickly"
    SILENCE = "silence"
    UNSERVED = "unserved"
    #: Nobody could answer; the caller left a recorded message.
    MESSAGE = "message"
    #: A form message: what became of it.
    ANSWERED = "answered"
    TRIED = "tried"
    NO_ANSWER_WANTED = "no_answer_wanted"
    NOT_POSSIBLE = "not_possible"


class Urgency(StrEnum):
    """Whether the writer of a form message says it is urgent."""

    URGENT = "urgent"
    ORDINARY = "ordinary"


class Answer(StrEnum):
    """Whether the writer of a form message wants to be answered; how is sealed."""

    WANTED = "wanted"
    UNWANTED = "unwanted"
    UNSAID = "unsaid"


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
    NOT_THERE = "not_there"
    CARD_GONE = "card_gone"
    NOT_WISHED = "not_wished"
    NO_NUMBER = "no_number"
    LOCKED = "locked"


class Refused(Exception):
    """A use case was refused; nothing was stored."""

    def __init__(self, code: Refusal) -> None:
        super().__init__(code.value)
        self.code = code


class Contact(Struct, frozen=True, kw_only=True):
    """One contact's state. Times are seconds since 1970 UTC; numbering is the committer's business.

    In the line: `place` when it was joined (1 was next), `waited` seconds until somebody first came, `danger` as flagged
    by staff, `overtaken` how often a flagged one went before. `missed_by`, `missed_at`: who let the last offer pass.

    Between operators: `former` had the conversation before it went back to the line; with `next_reads` the visitor lets
    whoever comes read on. `reads_from`: the first number that the present operator may read. `question` stands open;
    `question_to`: the colleague it would be handed to.

    At the end: `grace_until` when an operator gave more time; `told_at` the moment the last closing notice was due.
    `quiet_since`: when a silent visitor was asked whether they are still there.

    Consent: `card` is the ask that waits for an answer on the visitor's page; `wish` what the person wants done with what
    they tell, None: not asked. `helper`: the lead who reads along, as both in the conversation see.
    """

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
    place: int = 0
    waited: int | None = None
    danger: bool = False
    overtaken: int = 0
    missed_at: int | None = None
    former: StaffId | None = None
    next_reads: bool = False
    reads_from: int = 1
    question: Question | None = None
    question_to: StaffId | None = None
    grace_until: int | None = None
    told_at: int | None = None
    quiet_since: int | None = None
    card: str | None = None
    wish: Wish | None = None
    helper: StaffId | None = None


class NewEntry(Struct, frozen=True, kw_only=True):
    """An entry before it has a number. `words` for messages, notes and cards, `code` for lines and answers."""

    kind: Kind
    author: Author
    klass: Klass = Klass.TRANSCRIPT
    words: Words | None = None
    code: Line | None = None
    client_id: str | None = None
    staff: StaffId | None = None


class Entry(Struct, frozen=True, kw_only=True):
    """A committed entry as it rests and travels: sealed, unless it is a code."""

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
