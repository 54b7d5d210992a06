"""Reports that came while the database was away: on disk, in order, until they can be taken over.

A file for each, written and synced before the provider is answered, under the app key: what stands in it (the provider's
name of the call, a step, a state, menu keys, a time) is nothing personal, and it must be read at night with nobody signed in.
A caller's number is never in it (docs/decisions/hotline.md). Taking a report over twice changes nothing.
"""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import structlog
from msgspec import Struct

from contacts.app_key import SettingSecrets
from contacts.envelopes import Unopenable
from contacts.words import Words
from hotline.reports import Report
from storage.ids import new_id

_NAME = "call-spool"
_ENDING = ".report"
#: More are not kept: whoever fills a disk would stop the house.
MOST = 100_000


class Spooled(Struct, frozen=True):
    """A report and when it came, in seconds since 1970."""

    at: int
    step: str
    provider_call: str
    contact: str | None
    leg: str | None
    turn: int
    status: str
    sequence: int
    digits: str
    bridged: bool
    recording: str | None = None


class Spool:
    """A folder of reports. `keep` may be called by every process; `take_over` too."""

    def __init__(self, *, folder: Path, secrets: SettingSecrets) -> None:
        self._folder = folder
        self._secrets = secrets
        self._number = 0

    def keep(self, report: Report, at: int) -> None:
        """Written and synced on return. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        spooled = Spooled(
            at,
            report.step.value,
            report.provider_call,
            report.contact,
            report.leg,
            report.turn,
            report.status,
            report.sequence,
            report.digits,
            report.bridged,
            report.recording,
        )
        sealed = self._secrets.seal(_NAME, Words(msgspec.json.encode(spooled).decode()))
        self._number += 1
        name = f"{at:012d}-{os.getpid():08d}-{self._number:08d}-{new_id()}"
        beside, path = self._folder / f"{name}.new", self._folder / f"{name}{_ENDING}"
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(descriptor)
        beside.rename(path)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @property
    def waiting(self) -> list[Path]:
        """What is still to be taken over, oldest first."""
        return sorted(self._folder.glob(f"*{_ENDING}"))[:MOST]

    async def take_over(self, take: Callable[[Report, int], Awaitable[None]]) -> int:
        """Give each to `take`, oldest first, and delete it when that succeeded; how many. What `take` raises ends it."""
        done = 0
        for path in self.waiting:
            try:
                text = self._secrets.open(_NAME, path.read_bytes()).reveal()
                spooled = msgspec.json.decode(text, type=Spooled)
            except FileNotFoundError:  # another process was faster
                continue
            except (Unopenable, msgspec.DecodeError):
                structlog.get_logger().error("spool_not_ours")
                path.rename(path.with_suffix(".refused"))
                continue
            await take(_report(spooled), spooled.at)
            path.unlink(missing_ok=True)
            done += 1
        return done


def _report(spooled: Spooled) -> Report:
    fields = msgspec.structs.asdict(spooled)
    del fields["at"]
    return msgspec.convert(fields, type=Report)
