"""The files of a backup: JSON, one line each; a header, rows table by table, and a code under the app key at the end.

    {"quietline": 1, "part": "content", "deployment": ..., "at": ..., "revision": ...}
    {"table": "contacts", "columns": [...]}      then one array for each row, bytes in base64
    {"rows": ..., "mac": ...}

Ciphertext stays ciphertext: nothing is opened to be backed up. Both databases write and read the same lines.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final, Self

import msgspec
from msgspec import Struct
from sqlalchemy import LargeBinary, Table

from contacts.app_key import AppKey
from contacts.distrust import Forged
from contacts.framing import Deployment

FORMAT: Final = 1


class Unreadable(Exception):
    """This is no backup of ours, or not all of it. The message is a sentence without content."""


class Header(Struct, frozen=True, kw_only=True):
    """What a file says of itself. `at`: seconds since 1970; `revision`: of the schema."""

    quietline: int
    part: str
    deployment: str
    at: int
    revision: str


class _End(Struct, frozen=True):
    rows: int
    mac: str


class Writer:
    """A new file that only its owner may read, written under another name until it is whole."""

    def __init__(self, path: Path, header: Header, *, app_key: AppKey) -> None:
        self._path = path
        self._unfinished = path.with_name(path.name + ".part")
        self._app_key = app_key
        self._header = header
        self._digest = hashlib.sha256()
        self._rows = 0
        self._binary: tuple[bool, ...] = ()

    def __enter__(self) -> Self:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        self._file: IO[bytes] = os.fdopen(os.open(self._unfinished, flags, 0o600), "wb")
        self._line(msgspec.json.encode(self._header))
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                mac = _mac(self._app_key, self._header, self._digest.digest(), self._rows)
                self._file.write(msgspec.json.encode(_End(self._rows, mac)) + b"\n")
                self._file.flush()
                os.fsync(self._file.fileno())
        finally:
            self._file.close()
        if kind is None:
            self._unfinished.rename(self._path)
        else:
            self._unfinished.unlink(missing_ok=True)

    def table(self, table: Table) -> None:
        """The rows of this table follow."""
        self._binary = tuple(isinstance(column.type, LargeBinary) for column in table.c)
        self._line(json.dumps({"table": table.name, "columns": [column.name for column in table.c]}).encode())

    def row(self, values: tuple[Any, ...]) -> None:
        """One row, in the order of the table's columns."""
        told = [
            base64.b64encode(value).decode() if binary and value is not None else value
            for value, binary in zip(values, self._binary, strict=True)
        ]
        self._line(json.dumps(told, separators=(",", ":")).encode())
        self._rows += 1

    def _line(self, line: bytes) -> None:
        self._digest.update(line + b"\n")
        self._file.write(line + b"\n")


class Reader:
    """A file that was checked from its first byte to its last before anything of it is used. Raises `Unreadable`."""

    def __init__(self, path: Path, *, app_key: AppKey) -> None:
        self._path = path
        digest, last = hashlib.sha256(), b""
        try:
            with path.open("rb") as file:
                first = last = file.readline()
                for line in file:
                    digest.update(last)
                    last = line
            self.header = msgspec.json.decode(first, type=Header)
            self._end = msgspec.json.decode(last, type=_End)
        except OSError:
            raise Unreadable("A file of the backup cannot be read.") from None
        except msgspec.DecodeError:
            raise Unreadable("A file is not a whole backup.") from None
        if self.header.quietline != FORMAT:
            raise Unreadable("A file was written in another format.")
        try:
            code = bytes.fromhex(self._end.mac)
            app_key.verify(code, "backup", *_fields(self.header, digest.digest(), self._end.rows))
        except (ValueError, Forged):
            raise Unreadable("A file was altered, or belongs to another app key.") from None

    @property
    def deployment(self) -> Deployment:
        """Whose it is."""
        return Deployment(self.header.deployment)

    def tables(self) -> Iterator[tuple[str, list[str], Iterator[list[Any]]]]:
        """(name, columns, rows) of each table, in the order written. Read the rows before you ask for the next."""
        with self._path.open("rb") as file:
            file.readline()
            line = json.loads(file.readline())
            while "table" in line:
                rows = _Rows(file)
                yield line["table"], line["columns"], rows
                for _ in rows:
                    pass
                line = rows.after


class _Rows:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.after: dict[str, Any] = {}

    def __iter__(self) -> Iterator[list[Any]]:
        return self

    def __next__(self) -> list[Any]:
        if self.after:
            raise StopIteration
        line = json.loads(self._file.readline())
        if isinstance(line, dict):
            self.after = line
            raise StopIteration
        return list(line)


def _fields(header: Header, digest: bytes, rows: int) -> tuple[str | int | bytes, ...]:
    return (header.part, header.deployment, header.at, header.revision, digest, rows)


def _mac(app_key: AppKey, header: Header, digest: bytes, rows: int) -> str:
    return app_key.mac("backup", *_fields(header, digest, rows)).hex()
