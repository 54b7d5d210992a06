"""A visitor's live access to one conversation: opened by the cookie, held only while somebody is connected."""

from msgspec import Struct

from contacts.sealing import ContentKey
from storage.ids import ContactId


class Talk(Struct, frozen=True, kw_only=True):
    """`keys` by segment of the transcript; `state`, `seq`, `worker` as they were when it was opened.

    `token` is the cookie's value, kept as long as the connection to open what a colleague begins meanwhile.
    """

    contact: ContactId
    language: str
    token: str
    keys: dict[int, ContentKey]
    state: str
    seq: int
    worker: str | None = None

    @property
    def key(self) -> ContentKey:
        """The key new messages are sealed with."""
        return self.keys[max(self.keys)]
