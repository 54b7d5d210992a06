"""One signed-in person, in memory. Pure."""

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from contacts.people import Person, Role
from contacts.staff_keys import StaffKeys
from storage.ids import ContactId, StaffId


class Ended(StrEnum):
    """Why a session is over."""

    SIGNED_OUT = "signed_out"
    REPLACED = "replaced"
    """The same person signed in elsewhere."""
    REVOKED = "revoked"
    """The account was changed, reset or closed."""
    IDLE = "idle"
    EXPIRED = "expired"


class Session:
    """Who is asking, and their keys until the session ends."""

    def __init__(self, *, session_id: str, person: Person, keys: StaffKeys, made_at: int) -> None:
        self.id: Final = session_id
        self.staff_id: Final[StaffId] = person.id
        self.alias: Final = person.alias
        self.role: Final[Role] = person.role
        self.languages: Final = person.languages
        self.keys: Final = keys
        self.made_at: Final = made_at
        self.opened: Final[set[ContactId]] = set()
        """Contacts whose opening by this session is in the audit log already."""
        self.ended: Ended | None = None
        self._listeners: list[Callable[[Ended], None]] = []
        self._turns = 0
        self._turn_listeners: list[Callable[[], None]] = []

    def on_end(self, listener: Callable[[Ended], None]) -> Callable[[], None]:
        """Call once when the session ends (at once if it has); the answer stops it. Must not block or raise."""
        if self.ended is not None:
            listener(self.ended)
            return lambda: None
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def end(self, why: Ended) -> None:
        """Forget the keys and tell who listens. A second end changes nothing."""
        if self.ended is not None:
            return
        self.ended = why
        self.keys.close()
        listeners, self._listeners = self._listeners, []
        for listener in listeners:
            listener(why)

    @property
    def locked(self) -> bool:
        """Whether the desk is locked, as far as this process has heard: nothing is shown or done until it is unlocked."""
        return self._turns % 2 == 1

    def turned(self, turns: int) -> None:
        """The row's count of lockings and unlockings. One that is older than what is known changes nothing."""
        if turns <= self._turns:
            return
        before, self._turns = self.locked, turns
        if self.locked is not before:
            for listener in list(self._turn_listeners):
                listener()

    def on_turn(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call whenever the desk is locked or unlocked; the answer stops it. Must not block or raise."""
        self._turn_listeners.append(listener)
        return lambda: self._turn_listeners.remove(listener) if listener in self._turn_listeners else None

    def __repr__(self) -> str:
        return f"Session({self.id[:6]}, {self.role})"
