"""Taking a backup: both files from one consistent state of the database, without stopping anything."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from contacts.app_key import AppKey
from contacts.backup.files import FORMAT, Header, Writer
from contacts.backup.parts import Part, tables_of
from contacts.framing import Deployment
from storage.clock import Clock, epoch_seconds
from storage.engine import Store
from storage.schema import found_revision

#: A keyring older than this may bring back what was destroyed: it is deleted with the next backup.
KEYRING_KEPT: Final = timedelta(days=14)
_AT_ONCE: Final = 500
_NAME = re.compile(r"quietline-keyring-(\d{8}T\d{6}Z)\.jsonl")
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Taken:
    """The two files, and old keyrings that were deleted."""

    content: Path
    keyring: Path
    deleted: list[Path]


class Backup:
    """Takes backups of one deployment."""

    def __init__(self, *, store: Store, app_key: AppKey, deployment: Deployment, clock: Clock) -> None:
        self._store = store
        self._app_key = app_key
        self._deployment = deployment
        self._clock = clock

    async def take(self, content: Path, keyring: Path) -> Taken:
        """Write one file into each folder; delete keyrings there that are too old. Raises OSError."""
        now = self._clock.now()
        files = {Part.CONTENT: content, Part.KEYRING: keyring}
        paths = {part: folder / f"quietline-{part}-{now:{_STAMP}}.jsonl" for part, folder in files.items()}
        async with self._store.read() as conn:  # one state for both
            revision = await found_revision(conn) or ""
            for part, path in paths.items():
                header = Header(
                    quietline=FORMAT,
                    part=part.value,
                    deployment=self._deployment,
                    at=epoch_seconds(now),
                    revision=revision,
                )
                with Writer(path, header, app_key=self._app_key) as file:
                    await _write(conn, part, file)
        return Taken(paths[Part.CONTENT], paths[Part.KEYRING], _forget_old(keyring, now))


async def _write(conn: AsyncConnection, part: Part, file: Writer) -> None:
    for table in tables_of(part):
        file.table(table)
        async with conn.stream(select(table)) as rows:
            async for some in rows.partitions(_AT_ONCE):
                for row in some:
                    file.row(tuple(row))


def _forget_old(folder: Path, now: datetime) -> list[Path]:
    old = []
    for path in sorted(folder.iterdir()):
        named = _NAME.fullmatch(path.name)
        if named and datetime.strptime(named[1], _STAMP).replace(tzinfo=UTC) < now - KEYRING_KEPT:
            path.unlink()
            old.append(path)
    return old
