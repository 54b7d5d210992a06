"""An operator's open conversation, as values."""

from msgspec import Struct

from contacts.contact import State
from contacts.sealing import ContentKey
from contacts.session import Session
from storage.ids import ContactId


class Standing(Struct, frozen=True):
    """Where an open conversation stands. `reads_from`: the first number this operator may read."""

    state: State
    seq: int
    reads_from: int


class DeskTalk(Struct, frozen=True):
    """An operator's open conversation. `keys` by segment grows when another worker began a segment."""

    contact: ContactId
    session: Session
    keys: dict[int, ContentKey]

    @property
    def key(self) -> ContentKey:
        """The key new messages are sealed with."""
        return self.keys[max(self.keys)]
