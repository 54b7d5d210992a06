"""What a desk lists, as values (docs/protocol.md, frame `line`)."""

from msgspec import Struct

from chat.colleagues import Colleague
from chat.grace import grace_end
from contacts.contact import Author, Contact, State
from contacts.log import Listed
from duty.closing import Closing
from storage.ids import ContactId


class Row(Struct, frozen=True):
    """One line of the desk's list (docs/protocol.md, frame `line`)."""

    contact: ContactId
    tag: str
    language: str
    since: int
    state: str
    seq: int
    shown: int
    connected: bool
    turn: str
    danger: bool = False
    earlier: bool = False
    asked: str | None = None
    until: int | None = None


class Desktop(Struct, frozen=True):
    """The whole list of one operator, and the offers that stand for them (contact -> until)."""

    waiting: list[Row]
    mine: list[Row]
    offers: dict[ContactId, int]
    colleagues: list[Colleague]


def row_of(contact: Contact, listed: Listed | None, closing: Closing | None) -> Row:
    """A conversation, as it stands in the list."""
    return Row(
        contact=contact.id,
        tag=contact.tag,
        language=contact.language,
        since=contact.accepted_at or contact.opened_at,
        state=contact.state,
        seq=listed.seq if listed is not None else 0,
        shown=contact.shown_seq,
        connected=contact.state is not State.ENDED and contact.visitor_away_since is None,
        turn="theirs" if listed is not None and listed.speaker is Author.WORKER else "yours",
        danger=contact.danger,
        earlier=contact.former is not None or contact.reads_from > 1,
        asked=contact.question,
        until=grace_end(contact, closing) if contact.state is State.ACTIVE else None,
    )
