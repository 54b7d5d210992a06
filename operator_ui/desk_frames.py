"""Every frame between a desk and us, as docs/protocol.md lists them."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from chat.colleagues import Colleague
from chat.desktop import Row
from chat.frames import Incoming, MessageId, Number, Outgoing, Ping, Pong
from chat.strict_json import FrameReader

ContactRef = Annotated[str, Meta(pattern="^[0-9a-f]{32}\\Z")]


class OpenRef(Struct, frozen=True, forbid_unknown_fields=True):
    """A conversation on screen, and the last number shown there."""

    contact: ContactRef
    after: Number


class Hello(Incoming, frozen=True, tag="hello"):
    open: Annotated[list[OpenRef], Meta(max_length=20)]


class PresenceSet(Incoming, frozen=True, tag="presence"):
    status: Literal["available", "break"]


class Accept(Incoming, frozen=True, tag="accept"):
    contact: ContactRef


class Decline(Incoming, frozen=True, tag="decline"):
    contact: ContactRef


class Open(Incoming, frozen=True, tag="open"):
    contact: ContactRef
    after: Number


class Shut(Incoming, frozen=True, tag="shut"):
    contact: ContactRef


class Say(Incoming, frozen=True, tag="say"):
    contact: ContactRef
    id: MessageId
    text: str


class Writing(Incoming, frozen=True, tag="writing"):
    contact: ContactRef


class Shown(Incoming, frozen=True, tag="shown"):
    contact: ContactRef
    seq: Number


class End(Incoming, frozen=True, tag="end"):
    contact: ContactRef


class Ask(Incoming, frozen=True, tag="ask"):
    contact: ContactRef
    question: Literal["hand_over", "read"]
    to: ContactRef | None = None


class Danger(Incoming, frozen=True, tag="danger"):
    contact: ContactRef
    on: bool


class Extend(Incoming, frozen=True, tag="extend"):
    contact: ContactRef


AboutContact = Accept | Decline | Open | Shut | Say | Writing | Shown | Ask | Danger | Extend | End
FromDesk = Hello | PresenceSet | AboutContact | Ping
from_desk = FrameReader(msgspec.json.Decoder(FromDesk))


class Welcome(Outgoing, frozen=True, tag="welcome"):
    alias: str
    role: str
    status: str
    capacity: int


class Line(Outgoing, frozen=True, tag="line"):
    waiting: list[Row]
    mine: list[Row]
    colleagues: list[Colleague]


class Offer(Outgoing, frozen=True, tag="offer"):
    contact: str
    tag: str
    language: str
    until: int


class OfferGone(Outgoing, frozen=True, tag="offer_gone"):
    contact: str
    why: str


class EntryShown(Outgoing, frozen=True, tag="entry"):
    contact: str
    seq: int
    kind: str
    by: str
    at: int
    text: str | None
    code: str | None
    id: str | None


class Ack(Outgoing, frozen=True, tag="ack"):
    contact: str
    id: str
    seq: int
    at: int


class Opened(Outgoing, frozen=True, tag="opened"):
    contact: str
    state: str
    seq: int
    from_: int = msgspec.field(name="from")


class Gone(Outgoing, frozen=True, tag="gone"):
    contact: str
    why: str


class FormRow(Struct, frozen=True):
    """A message of the contact form in the list. `by`: the colleague who has it; `proposal`: it proposes a person."""

    contact: str
    tag: str
    language: str
    since: int
    urgency: str
    answer: str
    state: str
    by: str | None
    proposal: bool = False


class Forms(Outgoing, frozen=True, tag="forms"):
    rows: list[FormRow]
    count: int


class PartyRow(Struct, frozen=True):
    """Somebody asked to join a call. `kind`: lead, interpreter; `state`: rings, joined, gone."""

    kind: str
    name: str
    state: str


class CallRow(Struct, frozen=True, kw_only=True):
    """A call. `state`: ringing, talking, over, missed; `you`: rings, press, taken; `by`: the colleague who has it.

    `at`: connected since; `back`: a number was left; `returning`: rings, press, calling, talking.
    `message`, a recorded one: coming, here, lost.
    """

    contact: str
    tag: str
    language: str
    since: int
    state: str
    danger: bool
    you: str | None
    at: int | None
    by: str | None
    back: bool
    when: str | None
    named: bool
    returning: str | None
    message: str | None
    parties: list[PartyRow]


class Calls(Outgoing, frozen=True, tag="calls"):
    rows: list[CallRow]


class Emergencies(Outgoing, frozen=True, tag="emergencies"):
    count: int


class DeskError(Outgoing, frozen=True, tag="error"):
    code: str
    contact: str | None = None
    id: str | None = None


ToDesk = (
    Welcome
    | Line
    | Offer
    | OfferGone
    | EntryShown
    | Ack
    | Opened
    | Gone
    | Forms
    | Calls
    | Emergencies
    | DeskError
    | Pong
)
