"""What a reader of a conversation is shown, one thing at a time."""

from collections.abc import Mapping

from msgspec import Struct

from contacts.committer import Fresh
from contacts.contact import Author, Contact, Kind, State
from contacts.envelopes import Unopenable
from contacts.sealing import ContentKey, EntryName
from contacts.words import Words
from storage.ids import StaffId


class ShownEntry(Struct, frozen=True):
    """An entry, opened. `text` of a message that this reader's key does not open is None. `staff`: who of us wrote it."""

    seq: int
    kind: Kind
    by: Author
    at: int
    text: Words | None
    code: str | None
    id: str | None
    staff: StaffId | None = None


class StatusShown(Struct, frozen=True):
    """The sentence on top. `state`: waiting, active, ended, unserved; `worker`: duty alias."""

    state: str
    text: str
    worker: str | None


class ShownUpTo(Struct, frozen=True):
    """The worker's screen has shown everything up to `seq`."""

    seq: int


class WritingNow(Struct, frozen=True):
    """The worker is writing."""


class AskShown(Struct, frozen=True):
    """The card with Yes and No. `question` None: nothing is asked (any more)."""

    question: str | None
    text: str


Item = ShownEntry | StatusShown | ShownUpTo | WritingNow | AskShown
NOTHING_ASKED = AskShown(None, "")


class Described(Struct, frozen=True):
    """Everything a visitor's page shows beside the entries."""

    status: StatusShown
    shown: int = 0
    asked: AskShown = NOTHING_ASKED


def opened(fresh: Fresh, keys: Mapping[int, ContentKey]) -> ShownEntry | None:
    """The entry in words. None when the key of its segment is not among `keys`."""
    entry = fresh.entry
    words = fresh.words
    if words is None and entry.sealed is not None:
        key = keys.get(entry.segment)
        if key is None:
            return None
        name = EntryName(entry.contact, entry.klass, entry.segment, entry.seq, entry.revision, entry.kind, entry.author)
        try:
            words = key.open(name, entry.sealed)
        except Unopenable:  # altered at rest: shown as missing, never as somebody's words
            words = None
    return ShownEntry(entry.seq, entry.kind, entry.author, entry.at, words, entry.code, entry.client_id, entry.staff)


def unreadable(fresh: Fresh) -> ShownEntry:
    """The entry without its words, for a reader who has no key for it."""
    entry = fresh.entry
    return ShownEntry(entry.seq, entry.kind, entry.author, entry.at, None, entry.code, entry.client_id, entry.staff)


def public_state(contact: Contact) -> str:
    """The three states that visitors know."""
    return State.WAITING.value if contact.state is State.OFFERED else contact.state.value
