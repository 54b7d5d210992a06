"""What the desk's pages about forwardings need of the house, and what they are posted."""

from typing import Annotated, Any, Literal, Protocol

import msgspec
from msgspec import Meta, Struct

from chat.strict_json import FrameReader
from contacts.forwarding.composing import Preview
from contacts.forwarding.consent import ForwardingId, Moved, Outcome
from contacts.forwarding.following import Standing
from contacts.forwarding.sending import Queued, ToTell
from contacts.organisations.organisation import Channel
from contacts.session import Session
from contacts.words import Words
from operator_ui.desk_requests import Nothing
from storage.ids import ContactId


class SendingBook(Protocol):
    """What is needed of `contacts.forwarding.sending.Sending`; all raise Refused and Denied."""

    async def preview(self, session: Session, contact: ContactId, permission: str) -> Preview: ...

    async def to_tell(self, session: Session, contact: ContactId, permission: str) -> ToTell: ...

    async def send(
        self,
        session: Session,
        contact: ContactId,
        permission: str,
        *,
        channel: Channel,
        seen: str | None,
        by_passphrase: bool = False,
    ) -> Queued: ...

    async def download(self, session: Session, contact: ContactId, forwarding: ForwardingId) -> bytes: ...

    async def hand_over_spoken(
        self, session: Session, contact: ContactId, permission: str, *, told_to: Words
    ) -> ForwardingId: ...


class FollowingBook(Protocol):
    """What is needed of `contacts.forwarding.following.Following`; all raise Refused and Denied."""

    async def listed(self, session: Session, contact: ContactId) -> list[Standing]: ...

    async def told_to(self, session: Session, contact: ContactId, forwarding: ForwardingId) -> Words: ...

    async def take_back(self, session: Session, contact: ContactId, forwarding: ForwardingId) -> None: ...

    async def again(self, session: Session, contact: ContactId, forwarding: ForwardingId) -> ForwardingId: ...

    async def did_not_arrive(self, session: Session, contact: ContactId, forwarding: ForwardingId) -> None: ...

    async def reported(
        self,
        session: Session,
        contact: ContactId,
        forwarding: ForwardingId,
        state: Moved,
        outcome: Outcome | None = None,
    ) -> None: ...

    async def notice_told(self, session: Session, contact: ContactId, forwarding: ForwardingId) -> None: ...


class _Posted(Struct, frozen=True, forbid_unknown_fields=True):
    """What a page posts."""


class NewForwarding(_Posted, frozen=True):
    """`permission`: a consent or an emergency; `seen`: of the preview that was looked at."""

    permission: str
    channel: Literal["email", "download"]
    seen: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
    passphrase: bool = False


class NewTelling(_Posted, frozen=True):
    """Told on the telephone; `told_to`: whom."""

    permission: str
    told_to: Annotated[str, Meta(min_length=1, max_length=200)]


class NewReport(_Posted, frozen=True):
    """What the receiver said."""

    state: Literal["acknowledged", "accepted", "declined"]
    outcome: Outcome | None = None


READERS: dict[type[Any], FrameReader] = {
    kind: FrameReader(msgspec.json.Decoder(kind)) for kind in (Nothing, NewForwarding, NewTelling, NewReport)
}
