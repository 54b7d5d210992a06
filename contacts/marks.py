"""High-water marks beside the app key: the newest epoch and the newest list of staff this installation has seen.

An authenticity code proves that a row was ours once, not that it still is. Who can write the database but not this file
cannot bring back an older epoch or somebody who has left. The file is written atomically and synced; a missing file is
refused like a mark that is too low, until an administrator makes it anew (`accept`) after restoring a backup.
"""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from contacts.app_key import AppKey
from contacts.distrust import Forged, MarkMissing


@dataclass(frozen=True, slots=True)
class Mark:
    """Counters that never go back."""

    epoch: int = 0
    people: int = 0

    def raised_to(self, other: "Mark") -> "Mark":
        return Mark(max(self.epoch, other.epoch), max(self.people, other.people))


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
    """Marks in a file of one line, `epoch people code`, the code being an HMAC under the app key."""

    def __init__(self, *, path: Path, app_key: AppKey) -> None:
        self._path = path
        self._app_key = app_key

    def read(self) -> Mark:
        try:
            epoch, people, code = self._path.read_text(encoding="ascii").split()
            mark = Mark(int(epoch), int(people))
            self._app_key.verify(bytes.fromhex(code), "marks", mark.epoch, mark.people)
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
        code = self._app_key.mac("marks", mark.epoch, mark.people).hex()
        fresh = self._path.with_name(self._path.name + ".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{mark.epoch} {mark.people} {code}\n")
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
