"""Handing a letter to the mail: the port, and the versions without a network.

`Post.hand_over` returns when the other side has taken responsibility (RFC 5321, section 6.1). Otherwise it says whether
it is certain that nothing was taken: only then may the same letter be tried again by itself.
"""

from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from storage.clock import Clock
from storage.ids import new_id

#: The same for everybody and everything: it tells nothing about anybody.
SUBJECT: Final = "Salattu tiedosto / Krypterad fil / Encrypted file"
BODY: Final = """\
Liitteenä on salattu tiedosto. Avatkaa se sovitulla tavalla. Älkää vastatko tähän viestiin.

En krypterad fil är bifogad. Öppna den på det sätt som vi har avtalat. Svara inte på detta meddelande.

An encrypted file is attached. Open it in the way we have agreed. Please do not reply to this message.
"""
ATTACHMENT: Final = "forwarding.age"


class Letter(NamedTuple):
    """`to`: the organisation's address. `content`: an age file."""

    to: str
    content: bytes


class Reason(StrEnum):
    """Why nothing was handed over."""

    UNREACHABLE = "unreachable"
    """No connection: nobody listens, no such name, too slow to greet."""
    NOT_SECURE = "not_secure"
    """No TLS, or a certificate that is not theirs."""
    NOT_ADMITTED = "not_admitted"
    """Our user name or password was refused."""
    REFUSED = "refused"
    """The server refused sender, receiver or message for good."""
    LATER = "later"
    """The server refused for now (4yz)."""
    NOT_SET_UP = "not_set_up"
    """This deployment has no mail server."""


class NotHandedOver(Exception):
    """It is certain that nothing was handed over."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Unconfirmed(Exception):
    """The connection ended while the letter was being handed over: it may have arrived or not."""


class Post(Protocol):
    """One way to the mail."""

    async def hand_over(self, letter: Letter) -> None:
        """Returns when it was taken. Raises `NotHandedOver`, `Unconfirmed`."""


class NoPost:
    """No mail server is set up."""

    async def hand_over(self, letter: Letter) -> None:  # noqa: ARG002 - the port's
        raise NotHandedOver(Reason.NOT_SET_UP)


class MemoryPost:
    """Keeps what is handed over, for tests. `fails`: what the next letters meet, one each."""

    def __init__(self) -> None:
        self.arrived: list[Letter] = []
        self.fails: list[Exception | None] = []
        self.before: Callable[[], None] = lambda: None
        """Called when a letter comes, before anything else."""

    async def hand_over(self, letter: Letter) -> None:
        self.before()
        fails = self.fails.pop(0) if self.fails else None
        if fails is not None:
            raise fails
        self.arrived.append(letter)


class FolderPost:
    """Puts age files into a folder instead of sending them: for the demo, which has no mail server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def hand_over(self, letter: Letter) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self._folder / f"{new_id()[:12]}.age").write_bytes(letter.content)
        except OSError:
            raise Unconfirmed from None


def mail(letter: Letter, *, sender: str, clock: Clock) -> EmailMessage:
    """The message around a letter. It names no person, no service beyond the sender's address, and no machine."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = SUBJECT
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{new_id()}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no absence notes in answer
    message.set_content(BODY)
    message.add_attachment(letter.content, maintype="application", subtype="octet-stream", filename=ATTACHMENT)
    return message
