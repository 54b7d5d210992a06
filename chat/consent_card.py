"""The card that asks a visitor for consent, as pure rules.

A card is an entry of the transcript, its words sealed like messages; so are its answers entries, as codes. Their ids are
made of the ask's own, which no page can give to a message: an ask has one card, one answer and one taking back, however
often each is sent. Nothing but a press on the card answers it: words never do.
"""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from chat.absence import RESUME_WINDOW
from chat.conversation import CLOSED, closing_card, require_operator
from contacts.committer import Decision
from contacts.contact import Author, Contact, Kind, Line, NewEntry, Refusal, Refused, State, Wish
from contacts.padding import LONGEST
from contacts.words import Words
from storage.ids import StaffId

#: Until so many seconds after the end its page may learn what became of a yes: as long as its cookie is known.
AFTERWARDS = RESUME_WINDOW
#: With these wishes nobody asks for consent before the person has changed their mind.
UNASKED = frozenset({Wish.CONFIDENTIAL, Wish.ANONYMOUS})


class Said(StrEnum):
    """The three buttons."""

    YES = "yes"
    NO = "no"
    CHANGE = "change"


CODES = {Said.YES: Line.CONSENT_YES, Said.NO: Line.CONSENT_NO, Said.CHANGE: Line.CONSENT_CHANGE}


class Item(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that would be sent: what it is called, and its value, in the visitor's language."""

    label: str
    value: str


class Card(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that consent is asked for, in the visitor's language.

    `to`: the organisation's name; `wording`: the approved text, in full; `version`: of that text; `until`: the last day on
    which it may be sent (YYYY-MM-DD); `summary`: what the operator wrote about the case, in full.
    """

    lang: str
    to: str
    wording: str
    version: int
    items: tuple[Item, ...]
    summary: str
    until: Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]


_decoder = msgspec.json.Decoder(Card)


def words_of(card: Card) -> Words:
    """The card as it is sealed. Raises `Refused` when it is longer than a sealed text can be."""
    written = msgspec.json.encode(card)
    if len(written) > LONGEST:
        raise Refused(Refusal.TOO_LONG)
    return Words(written.decode())


def card_of(words: Words) -> Card | None:
    """The card that was sealed; None for anything else."""
    try:
        return _decoder.decode(words.reveal())
    except msgspec.DecodeError:  # also a card of another version of us
        return None


def answer_id(ask: str) -> str:
    """The id of the one answer to this ask's card."""
    return f"{ask}.answer"


def withdrawal_id(ask: str) -> str:
    """The id of the one taking back of a yes."""
    return f"{ask}.withdrawn"


def closing_id(ask: str) -> str:
    """The id of the line under a card that was closed without an answer."""
    return f"{ask}{CLOSED}"


def card_shown(contact: Contact, _now: int, *, staff: StaffId, ask: str, words: Words) -> Decision:
    """The worker asks for consent. A card that still stood open is closed: the newest is the one that counts.

    Raises `Refused`: not_yours, ended, not_wished.
    """
    require_operator(contact, staff)
    if contact.state is State.ENDED:
        raise Refused(Refusal.ENDED)
    if contact.wish in UNASKED:
        raise Refused(Refusal.NOT_WISHED)
    card = NewEntry(kind=Kind.CARD, author=Author.WORKER, words=words, client_id=ask, staff=staff)
    return Decision(replace(contact, card=ask), (*closing_card(contact, staff), card))


def card_answered(contact: Contact, _now: int, *, ask: str, said: Said) -> Decision:
    """The visitor pressed one of the three buttons. Raises `Refused`: ended, card_gone."""
    if contact.state is State.ENDED:
        raise Refused(Refusal.ENDED)
    if contact.card != ask:
        raise Refused(Refusal.CARD_GONE)
    return Decision(
        replace(contact, card=None, quiet_since=None), (_press(answer_id(ask), CODES[said], Author.VISITOR),)
    )


def card_taken_back(contact: Contact, _now: int, *, staff: StaffId, ask: str) -> Decision:
    """The worker takes back a question that nobody has answered. Raises `Refused`: not_yours."""
    require_operator(contact, staff)
    if contact.card != ask:
        return Decision(contact)
    return Decision(replace(contact, card=None), closing_card(contact, staff))


def yes_taken_back(contact: Contact, now: int, *, ask: str, code: Line, by: Author = Author.VISITOR) -> Decision:
    """A yes does not count any more, on the visitor's press or on the worker's. `code`: see `taken_back_code`.

    It may be the last line of a conversation that has just ended. Raises `Refused`: ended (for longer than `AFTERWARDS`).
    """
    if contact.state is State.ENDED and now - (contact.ended_at or 0) > AFTERWARDS:
        raise Refused(Refusal.ENDED)
    return Decision(contact, (_press(withdrawal_id(ask), code, by),))


def taken_back_code(*, sent: bool) -> Line:
    """What is said of a yes that was taken back. `sent`: something had been handed over before."""
    return Line.CONSENT_WITHDRAWN_SENT if sent else Line.CONSENT_WITHDRAWN


def wish_recorded(contact: Contact, _now: int, *, staff: StaffId, wish: Wish | None) -> Decision:
    """What the person wants done with what they tell, through any door and also afterwards.

    A card that stands open is closed when they do not want to share. Raises `Refused`: not_yours.
    """
    if contact.operator != staff:
        raise Refused(Refusal.NOT_YOURS)
    if contact.wish is wish:
        return Decision(contact)
    wished = replace(contact, wish=wish)
    if wish not in UNASKED:
        return Decision(wished)
    return Decision(replace(wished, card=None), closing_card(contact, staff))


def _press(client_id: str, code: Line, by: Author) -> NewEntry:
    return NewEntry(kind=Kind.ANSWER, author=by, code=code, client_id=client_id)
