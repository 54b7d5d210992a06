"""High-water marks beside the app key: the newest epoch, list of staff and organisations this installation has seen.

An authenticity code proves that a row was ours once, not that it still is. Who can write the database but not this file
cannot bring back an older epoch, somebody who has left, or the key that an organisation gave up. The file is written atomically and synced; a missing file is
refused like a mark that is too low, until an administrator makes it anew (`accept`) after restoring a backup.
"""

import fcntl
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from contacts.app_key import AppKey
from contacts.distrust import Forged, MarkMissing


@dataclass(frozen=True, slots=True)
class Mark:
    """Counters that never go back. `organisations`: the newest revision of each, by id."""

    epoch: int = 0
    people: int = 0
    organisations: Mapping[str, int] = field(default_factory=dict)

    def raised_to(self, other: "Mark") -> "Mark":
        both = {
            one: max(self.organisations.get(one, 0), other.organisations.get(one, 0))
            for one in sorted(self.organisations.keys() | other.organisations.keys())
        }
        return Mark(max(self.epoch, other.epoch), max(self.people, other.people), both)

    def counted(self) -> list[str | int]:
        """What the code of the file covers."""
        return [self.epoch, self.people, *(part for one in sorted(self.organisations.items()) for part in one)]


class Marks(Protocol):
    """Where the marks are kept."""

    def read(self) -> Mark:
        """The marks. Raises `MarkMissing` or `Forged`."""

    def raise_to(self, mark: Mark) -> None:
        """Raise each counter that is lower. Raises `MarkMissing` or `Forged`."""

    def accept(self, mark: Mark) -> None:
        """Set the marks, also lower: at set-up, or when an administrator has restored a backup."""


class MemoryMarks:
    """Marks that live as long as the process: for tests and for the throw-away demo."""

    def __init__(self) -> None:
        self._mark: Mark | None = None

    def read(self) -> Mark:
        if self._mark is None:
            raise MarkMissing
        return self._mark

    def raise_to(self, mark: Mark) -> None:
        self._mark = self.read().raised_to(mark)

    def accept(self, mark: Mark) -> None:
        self._mark = mark


class FileMarks:
    """Marks in a file: a line `epoch people code`, the code being an HMAC under the app key; then `organisation revision`."""

    def __init__(self, *, path: Path, app_key: AppKey) -> None:
        self._path = path
        self._app_key = app_key

    def read(self) -> Mark:
        try:
            epoch, people, code, *more = self._path.read_text(encoding="ascii").split()
            revisions = zip(more[::2], map(int, more[1::2]), strict=True)
            mark = Mark(int(epoch), int(people), dict(revisions))
            self._app_key.verify(bytes.fromhex(code), "marks", *mark.counted())
        except FileNotFoundError:
            raise MarkMissing from None
        except ValueError:
            raise Forged("marks") from None
        return mark

    def raise_to(self, mark: Mark) -> None:
        if self.read().raised_to(mark) == self.read():
            return
        with self._locked():
            self._write(self.read().raised_to(mark))

    def accept(self, mark: Mark) -> None:
        with self._locked():
            self._write(mark)

    def _locked(self) -> "_Lock":
        return _Lock(self._path.with_name(self._path.name + ".lock"))

    def _write(self, mark: Mark) -> None:
        code = self._app_key.mac("marks", *mark.counted()).hex()
        lines = [
            f"{mark.epoch} {mark.people} {code}",
            *(f"{one} {at}" for one, at in sorted(mark.organisations.items())),
        ]
        fresh = self._path.with_name(self._path.name + ".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.writelines(f"{line}\n" for line in lines)
            file.flush()
            os.fsync(descriptor)
        fresh.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class _Lock:
    """One writer of the mark at a time, across processes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)
