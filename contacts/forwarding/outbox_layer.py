"""The outer layer of what waits in the outbox: a key of its own for each, destroyed with it.

So what was sent cannot be opened from an old backup of the database by a receiver's key that leaks later. The worker opens
the layer with nobody signed in: its key lies under the app key, and with the keyring in backups.
"""

from contacts.app_key import AppKey
from contacts.chance import fresh_key
from contacts.distrust import Forged
from contacts.envelopes import Unopenable, unwrapped, wrapped
from contacts.framing import Deployment, Field


class OutboxLayer:
    """Covers and uncovers. `kind`: document or notice."""

    def __init__(self, *, app_key: AppKey, deployment: Deployment) -> None:
        self._app_key = app_key
        self._deployment = deployment

    def covered(self, forwarding: str, kind: str, ciphertext: bytes) -> tuple[bytes, bytes, bytes]:
        """(what lies in the outbox, its key under the app key, the code over that row)."""
        key = fresh_key()
        place = self._place(forwarding, kind)
        under = wrapped(self._app_key.derive("outbox"), key, *place)
        return wrapped(key, ciphertext, *place), under, self._app_key.mac("outbox-key", *place, under)

    def uncovered(self, forwarding: str, kind: str, sealed: bytes, under: bytes, mac: bytes) -> bytes:
        """The age file again. Raises `Forged`."""
        place = self._place(forwarding, kind)
        self._app_key.verify(mac, "outbox-key", *place, under)
        try:
            return unwrapped(unwrapped(self._app_key.derive("outbox"), under, *place), sealed, *place)
        except Unopenable:
            raise Forged("outbox") from None

    def _place(self, forwarding: str, kind: str) -> tuple[Field, ...]:
        return ("ql1/outbox", self._deployment, forwarding, kind)
