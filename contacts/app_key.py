"""The app key: 32 bytes that live apart from the database.

Without it no authenticity code verifies, no cookie opens anything and no passphrase can be tried. It opens no contact by
itself. It is read from a file that only its owner may read, or from the environment (`AppKey.from_text`).
"""

import base64
import binascii
import hmac
import os
import stat
from pathlib import Path

from contacts.chance import KEY_SIZE, fresh_key
from contacts.distrust import Forged
from contacts.envelopes import derived, unwrapped, wrapped
from contacts.framing import Deployment, Field, framed
from contacts.words import Words


class AppKeyRefused(Exception):
    """The app key is missing, malformed, or readable by others. The message names no content."""


class AppKey:
    """The key and what is derived from it. Never prints itself."""

    __slots__ = ("_derived", "_raw")

    def __init__(self, raw: bytes) -> None:
        if len(raw) != KEY_SIZE:
            raise AppKeyRefused("the app key must have 32 bytes")
        self._raw = raw
        self._derived: dict[str, bytes] = {}

    @classmethod
    def fresh(cls) -> "AppKey":
        return cls(fresh_key())

    @classmethod
    def from_text(cls, text: str) -> "AppKey":
        """From 43 or 44 characters of URL-safe base64, as `make_file` writes them. Raises `AppKeyRefused`."""
        bare = text.strip().rstrip("=")
        try:
            return cls(base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True))
        except (binascii.Error, ValueError):
            raise AppKeyRefused("the app key must be 32 bytes in URL-safe base64") from None

    @classmethod
    def from_file(cls, path: Path) -> "AppKey":
        """From a regular file that nobody but its owner may touch. Raises `AppKeyRefused`."""
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            raise AppKeyRefused("the app key file cannot be opened") from None
        with os.fdopen(descriptor, encoding="ascii", errors="replace") as file:
            mode = os.fstat(descriptor).st_mode
            if not stat.S_ISREG(mode) or stat.S_IMODE(mode) & 0o077:
                raise AppKeyRefused("the app key file must be a regular file with mode 0600")
            return cls.from_text(file.read(200))

    @classmethod
    def make_file(cls, path: Path) -> "AppKey":
        """A fresh key in a new file with mode 0600. Raises FileExistsError rather than overwrite a key."""
        raw = fresh_key()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            os.fchmod(descriptor, 0o600)
            file.write(base64.urlsafe_b64encode(raw).decode() + "\n")
            file.flush()
            os.fsync(descriptor)
        return cls(raw)

    def derive(self, label: str) -> bytes:
        """32 bytes for one purpose."""
        found = self._derived.get(label)
        if found is None:
            found = derived(self._raw, salt=b"", bound_to=("ql1/app", label))
            self._derived[label] = found
        return found

    def mac(self, label: str, *fields: Field) -> bytes:
        """HMAC-SHA-256 over the fields, under a key of its own for each label."""
        return hmac.digest(self.derive("mac/" + label), framed(*fields), "sha256")

    def verify(self, code: bytes, label: str, *fields: Field) -> None:
        """Raises `Forged` unless `code` is `mac(label, *fields)`."""
        if not hmac.compare_digest(code, self.mac(label, *fields)):
            raise Forged(label)

    def __repr__(self) -> str:
        return "AppKey(...)"


class SettingSecrets:
    """Secrets the service needs with nobody signed in (telephone numbers of staff, provider keys), under the app key."""

    def __init__(self, *, app_key: AppKey, deployment: Deployment) -> None:
        self._key = app_key.derive("settings")
        self._deployment = deployment

    def seal(self, name: str, value: Words) -> bytes:
        """The value for this setting and no other."""
        return wrapped(self._key, value.reveal().encode(), "ql1/setting", self._deployment, name)

    def open(self, name: str, sealed: bytes) -> Words:
        """The value again. Raises `Unopenable`."""
        return Words(unwrapped(self._key, sealed, "ql1/setting", self._deployment, name).decode())
