"""The witness of the audit log: signed heads kept where our database's owner cannot reach, one line each.

    ql1 <deployment> <number> <hash, 64 hex digits> <seconds since 1970> <Ed25519 signature, 128 hex digits>

A log that was cut or rewritten later cannot agree with such a line. docs/operations.md says how another host pulls them.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.audit import Audit
from contacts.audit_chain import Head
from contacts.distrust import Forged
from contacts.framing import Deployment
from contacts.signing import HouseSigner
from storage.clock import Clock, epoch_seconds

#: How often a head is handed to the witness, in seconds (log.md section 5).
EVERY_SECONDS: Final = 600
_FORMAT = "ql1"
_LONGEST = 1_000


class BadLine(Exception):
    """A line of the witness is not one that we signed. `line`: its number, from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


@dataclass(frozen=True, slots=True)
class WitnessedHead:
    """A head as the witness holds it; `at` in seconds since 1970."""

    head: Head
    at: int


class Witness:
    """Writes lines for a witness, and believes only its own."""

    def __init__(self, *, audit: Audit, signer: HouseSigner, deployment: Deployment, clock: Clock) -> None:
        self._audit = audit
        self._signer = signer
        self._deployment = deployment
        self._clock = clock

    @property
    def public(self) -> str:
        """The public key a witness checks lines with, in hex."""
        return self._signer.public.hex()

    async def line(self, conn: AsyncConnection) -> str:
        """The newest head, signed. Raises `Forged` when the head in the database is not ours."""
        head, at = await self._audit.head(conn), epoch_seconds(self._clock.now())
        signature = self._signer.sign("audit-witness", head.number, head.hash, at)
        return f"{_FORMAT} {self._deployment} {head.number} {head.hash.hex()} {at} {signature.hex()}"

    def read(self, lines: Iterable[str]) -> list[WitnessedHead]:
        """Every line, in order; empty ones are left out. Raises `BadLine`."""
        found = []
        for number, line in enumerate(lines, 1):
            if line.strip():
                found.append(self._read(number, line.strip()))
        return found

    def _read(self, number: int, line: str) -> WitnessedHead:
        try:
            form, deployment, row, digest, at, signature = line.split(" ")
            found = WitnessedHead(Head(int(row), bytes.fromhex(digest)), int(at))
            if form != _FORMAT or deployment != self._deployment:
                raise BadLine(number)
            self._signer.verify(bytes.fromhex(signature), "audit-witness", found.head.number, found.head.hash, found.at)
        except (ValueError, Forged):
            raise BadLine(number) from None
        return found


def append_line(path: Path, line: str) -> None:
    """One more line at the end of a file that only its owner may read, on disk when this returns. Raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "ab") as file:
        file.write(line.encode("ascii") + b"\n")
        file.flush()
        os.fsync(descriptor)


def last_line(path: Path) -> str:
    """The newest line, without reading the rest; empty when there is none. Raises OSError."""
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - _LONGEST))
        lines = file.read().decode("ascii", errors="replace").split("\n")
    return lines[-2] if len(lines) > 1 else ""
