"""A real mail server on loopback, and the check of the whole session: nothing arrives that no `sent` row allows.

Every catcher is told which database the letters belong to. When a letter comes it is held against the rows there before it
is answered; one letter too many, anywhere in the suite, fails the session (`tests/conftest.py`).
"""

# ruff: noqa: ARG002 - aiosmtpd calls each method with all its arguments

import asyncio
import datetime as dt
import ipaddress
import ssl
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from aiosmtpd.smtp import Session as SmtpSession
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import text

from storage.engine import Store
from tests.trespasses import TRESPASSES

USER, PASSWORD = "quietline", "tidal-canary-42"
#: How many letters this database has allowed so far, to each address.
_ALLOWED = text("""
    SELECT o.email AS address, count(*) AS allowed FROM (
        SELECT organisation FROM forwardings WHERE channel = 'email' AND sent_at IS NOT NULL
        UNION ALL
        SELECT f.organisation FROM notices AS n JOIN forwardings AS f ON f.id = n.forwarding WHERE n.sent_at IS NOT NULL
    ) AS gone JOIN organisations AS o ON o.id = gone.organisation GROUP BY o.email
""")

Ledger = Callable[[], Awaitable[dict[str, int]]]


def ledger_of(store: Store) -> Ledger:
    """What the rows of a database allow."""

    async def read() -> dict[str, int]:
        async with store.read() as conn:
            return {row.address: row.allowed for row in await conn.execute(_ALLOWED)}

    return read


def anything(*addresses: str, most: int = 100) -> Ledger:
    """For tests of the post alone, which have no database."""

    async def read() -> dict[str, int]:
        return dict.fromkeys(addresses, most)

    return read


class Catcher:
    """Keeps what arrives; its methods have the names and arguments that aiosmtpd calls. `answer`: to a message; `to_recipient`: to an address; `hang`: the line is cut before any answer."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.arrived: list[tuple[str, Message]] = []
        self.answer = "250 taken"
        self.to_recipient = "250 ok"
        self.cut = False
        self.port = 0
        self.greetings: list[str] = []

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: SmtpSession, envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        self.greetings.append(hostname)
        session.host_name = hostname
        return answers

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: SmtpSession, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_recipient.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: SMTP, session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        for address in envelope.rcpt_tos:
            before = sum(1 for to, _ in self.arrived if to == address)
            if (await self._ledger()).get(address, 0) <= before:
                TRESPASSES.append(f"a letter without a row, after {before} to that address")
            if self.answer.startswith("2") or self.cut:
                self.arrived.append((address, message_from_bytes(envelope.content, policy=default)))
        if self.cut:
            assert server.transport is not None
            server.transport.close()
        return self.answer

    def contents(self) -> list[bytes]:
        """The attachments, in order."""
        found = []
        for _, message in self.arrived:
            (attachment,) = (part for part in message.walk() if part.get_filename())
            content = attachment.get_payload(decode=True)
            assert isinstance(content, bytes)
            found.append(content)
        return found


@asynccontextmanager
async def catching(
    ledger: Ledger, *, tls: "Certificate | None" = None, implicit: bool = False, sign_in: bool = False
) -> AsyncIterator[Catcher]:
    """A server on a free port of loopback; with STARTTLS required when there is a certificate, or TLS from the start."""
    catcher = Catcher(ledger)

    def admit(server: SMTP, session: SmtpSession, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=False)

    def protocol() -> SMTP:
        return SMTP(
            catcher,
            hostname="catcher.invalid",
            tls_context=tls.server if tls and not implicit else None,
            require_starttls=tls is not None and not implicit,
            auth_required=sign_in,
            auth_require_tls=tls is not None and not implicit,
            authenticator=admit if sign_in else None,
            loop=asyncio.get_running_loop(),
        )

    listening = await asyncio.get_running_loop().create_server(
        protocol, "127.0.0.1", 0, ssl=tls.server if tls and implicit else None
    )
    catcher.port = listening.sockets[0].getsockname()[1]
    try:
        yield catcher
    finally:
        listening.close()
        await listening.wait_closed()


class Certificate:
    """A certificate for 127.0.0.1 and localhost that only those trust who are told to."""

    def __init__(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "catcher.invalid")])
        now = dt.datetime.now(dt.UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(
                x509.SubjectAlternativeName(
                    [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
                ),
                critical=False,
            )
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        public = made.public_bytes(serialization.Encoding.PEM)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "both.pem"
            path.write_bytes(private + public)
            self.server.load_cert_chain(path)
        self.trusting = ssl.create_default_context(cadata=public.decode())
