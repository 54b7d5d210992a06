"""Every frame between a visitor's page and us, as docs/protocol.md lists them."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from chat.strict_json import FrameReader

#: Longest message in Unicode code points.
LONGEST_TEXT = 2000

#: A UUID as browsers write it. (`$` would let a line break follow.)
MessageId = Annotated[str, Meta(pattern="^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\Z")]
Number = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Language = Annotated[str, Meta(pattern="^[a-z]{2,3}(-[A-Za-z]{2,8})?\\Z")]


class Incoming(Struct, frozen=True, forbid_unknown_fields=True, tag_field="t"):
    """A frame from a browser."""


class Hello(Incoming, frozen=True, tag="hello"):
    after: Number
    lang: Language


class Say(Incoming, frozen=True, tag="say"):
    id: MessageId
    text: str


class End(Incoming, frozen=True, tag="end"):
    pass


class Answer(Incoming, frozen=True, tag="answer"):
    question: Literal["hand_over", "read"]
    yes: bool


class Consent(Incoming, frozen=True, tag="consent"):
    card: Annotated[str, Meta(pattern="^[0-9a-f]{32}\\Z")]
    answer: Literal["yes", "no", "change", "withdraw"]


class Ping(Incoming, frozen=True, tag="ping"):
    pass


FromVisitor = Hello | Say | Answer | Consent | End | Ping
from_visitor = FrameReader(msgspec.json.Decoder(FromVisitor))


class Outgoing(Struct, frozen=True, tag_field="t"):
    """A frame to a browser."""


class Welcome(Outgoing, frozen=True, tag="welcome"):
    state: str
    seq: int


class Status(Outgoing, frozen=True, tag="status"):
    state: str
    text: str
    worker: str | None


class EntryShown(Outgoing, frozen=True, tag="entry"):
    seq: int
    kind: str
    by: str
    at: int
    text: str | None
    code: str | None
    id: str | None


class Ack(Outgoing, frozen=True, tag="ack"):
    id: str
    seq: int
    at: int


class Shown(Outgoing, frozen=True, tag="shown"):
    seq: int


class Writing(Outgoing, frozen=True, tag="writing"):
    pass


class Ask(Outgoing, frozen=True, tag="ask"):
    question: str | None
    text: str


class Error(Outgoing, frozen=True, tag="error"):
    code: str
    id: str | None = None


class Pong(Outgoing, frozen=True, tag="pong"):
    pass


ToVisitor = Welcome | Status | EntryShown | Ack | Shown | Writing | Ask | Error | Pong
