"""What the staff pages need of the rest of the house, and who is asking.

The protocols are the narrow side of `contacts.sign_in.SignIn`, `contacts.sessions.Sessions`, `contacts.enrolment.Enrolment`
and `chat.desk_door.DeskDoor`; each contract stands there.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol

from starlette.requests import HTTPConnection

from chat.public_facts import PublicFacts
from chat.shown import ShownEntry
from contacts.contact import Receipt
from contacts.enrolment import EnrolmentOffer
from contacts.session import Session
from contacts.sign_in import SignedIn
from contacts.words import Words
from operator_ui.cookies import read_session_token
from storage.ids import ContactId, StaffId

#: The name colleagues know somebody on the staff by; None for nobody.
Alias = Callable[[StaffId], Awaitable[str | None]]


class SignIns(Protocol):
    """Raises SignInRefused, TooMany, Overloaded."""

    async def sign_in(self, *, login: str, passphrase: Words, code: str, bucket: str) -> SignedIn: ...


class SessionBook(Protocol):
    """Finds, locks and ends sessions."""

    async def resolve(self, cookie: str, *, active: bool = True) -> Session | None: ...

    async def sign_out(self, session: Session) -> None: ...

    async def lock(self, session: Session) -> None: ...

    async def unlock(self, session: Session) -> None: ...


class Enrolments(Protocol):
    """Both raise EnrolmentRefused, TooMany; `finish` also Overloaded."""

    async def begin(self, code: Words, *, bucket: str) -> EnrolmentOffer: ...

    async def finish(
        self, code: Words, *, ticket: str, passphrase: Words, second_factor: str, bucket: str
    ) -> StaffId: ...


class Confirmations(Protocol):
    """Whether this is the passphrase of the person who is signed in. Raises TooMany, Overloaded."""

    async def confirms(self, session: Session, passphrase: Words, *, bucket: str) -> bool: ...


class NoteBook(Protocol):
    """Internal notes. Both raise Refused."""

    async def notes(self, session: Session, contact: ContactId) -> list[ShownEntry]: ...

    async def noted(self, session: Session, contact: ContactId, client_id: str, words: Words) -> Receipt: ...


class Reception:
    """Tells who is asking. `facts`: whose cookie counts."""

    def __init__(self, *, sessions: SessionBook, facts: PublicFacts) -> None:
        self._sessions = sessions
        self._facts = facts

    async def session_of(self, connection: HTTPConnection, *, active: bool = True) -> Session | None:
        """The session of the cookie; None for nobody, and at a locked desk. `active`: somebody did something just now."""
        session = await self.holder_of(connection, active=active)
        return None if session is None or session.locked else session

    async def holder_of(self, connection: HTTPConnection, *, active: bool = True) -> Session | None:
        """As `session_of`, and also at a locked desk: whoever asks may be anybody, so look at `locked` first."""
        token = read_session_token(connection, self._facts)
        return None if token is None else await self._sessions.resolve(token, active=active)


def bucket_of(connection: HTTPConnection) -> str:
    """The opaque name for where a request comes from, put there by the edge (config/edge.py)."""
    return str(getattr(connection.state, "bucket", "everywhere"))
