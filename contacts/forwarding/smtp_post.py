"""Handing letters to a mail server by SMTP (RFC 5321) over TLS, with aiosmtplib. The only module that imports it."""

import ipaddress
import ssl
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from contacts.forwarding.post import Letter, NotHandedOver, Reason, Unconfirmed, mail
from contacts.words import Words
from storage.clock import Clock

if TYPE_CHECKING:
    import aiosmtplib

SECONDS = 30.0
_FOR_NOW = range(400, 500)


class Tls(StrEnum):
    """How the connection is made private."""

    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    NONE = "none"
    """Only to this very machine."""


def is_this_machine(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where letters are handed over, and as whom. `password` None: without signing in."""

    host: str
    port: int
    tls: Tls
    sender: str
    user: str = ""
    password: Words | None = None

    def __post_init__(self) -> None:
        if self.tls is Tls.NONE and not is_this_machine(self.host):
            raise ValueError("without TLS only to this machine")


class SmtpPost:
    """One connection for each letter. `trust`: whose certificates count; None: the system's."""

    def __init__(
        self, *, server: MailServer, clock: Clock, trust: ssl.SSLContext | None = None, seconds: float = SECONDS
    ) -> None:
        self._server = server
        self._clock = clock
        self._trust = trust
        self._seconds = seconds

    async def hand_over(self, letter: Letter) -> None:
        import aiosmtplib  # noqa: PLC0415 - only where mail is sent

        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls is Tls.IMPLICIT,
            start_tls=server.tls is Tls.STARTTLS,
            tls_context=self._trust,
            timeout=self._seconds,
            local_hostname=server.sender.rpartition("@")[2],  # not this machine's name
        )
        message = mail(letter, sender=server.sender, clock=self._clock)
        try:
            await self._introduced(client, letter)
            await self._told(client, bytes(message))
        finally:
            await _left(client)

    async def _introduced(self, client: "aiosmtplib.SMTP", letter: Letter) -> None:
        """Everything before the message itself. Whatever fails here, nothing was handed over."""
        import aiosmtplib  # noqa: PLC0415 - as above

        try:
            await client.connect()
            await self._signed_in(client)
            await client.mail(self._server.sender)
            await client.rcpt(letter.to)
        except aiosmtplib.SMTPAuthenticationError as error:
            raise NotHandedOver(Reason.LATER if error.code in _FOR_NOW else Reason.NOT_ADMITTED) from None
        except aiosmtplib.SMTPResponseException as error:
            raise NotHandedOver(Reason.LATER if error.code in _FOR_NOW else Reason.REFUSED) from None
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            no_starttls = type(error) is aiosmtplib.SMTPException  # the library has no narrower word for it
            raise NotHandedOver(Reason.NOT_SECURE if no_starttls or _about_tls(error) else Reason.UNREACHABLE) from None

    async def _signed_in(self, client: "aiosmtplib.SMTP") -> None:
        import aiosmtplib  # noqa: PLC0415 - as above

        if self._server.password is None:
            return
        try:
            await client.login(self._server.user, self._server.password.reveal())
        except aiosmtplib.SMTPException as error:
            if isinstance(error, aiosmtplib.SMTPResponseException | OSError):
                raise
            raise NotHandedOver(Reason.NOT_ADMITTED) from None  # it offers no way to sign in

    async def _told(self, client: "aiosmtplib.SMTP", octets: bytes) -> None:
        import aiosmtplib  # noqa: PLC0415 - as above

        try:
            await client.data(octets)
        except aiosmtplib.SMTPResponseException as error:  # an answer that is no yes: the server did not take it
            if error.code <= 0:
                raise Unconfirmed from None
            raise NotHandedOver(Reason.LATER if error.code in _FOR_NOW else Reason.REFUSED) from None
        except (aiosmtplib.SMTPException, OSError):
            raise Unconfirmed from None


async def _left(client: "aiosmtplib.SMTP") -> None:
    """Say goodbye if somebody is there. What was taken stays taken."""
    import aiosmtplib  # noqa: PLC0415 - as above

    try:
        if client.is_connected:
            await client.quit(timeout=2)
    except (aiosmtplib.SMTPException, OSError):
        pass
    finally:
        client.close()


def _about_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
