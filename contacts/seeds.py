"""The seed of a member of staff: 32 bytes from which all their keys unfold, under the passphrase **and** the app key.

Opening the seed is the password check; there is no other digest of the passphrase to attack.
"""

from contacts.app_key import AppKey
from contacts.envelopes import derived, unwrapped, wrapped
from contacts.framing import Deployment
from contacts.passphrase import normalised
from contacts.stretching import SALT_SIZE, Stretcher
from contacts.words import Words
from storage.ids import StaffId


class Seeds:
    """Closes and opens seeds. One argon2id run each."""

    def __init__(self, *, app_key: AppKey, deployment: Deployment, stretcher: Stretcher) -> None:
        self._app_key = app_key
        self._deployment = deployment
        self._stretcher = stretcher

    async def closed(self, staff: StaffId, seed: bytes, passphrase: Words, salt: bytes) -> bytes:
        """The seed as it is stored. Raises `Overloaded`."""
        return wrapped(await self._key(passphrase, salt), seed, *self._place(staff))

    async def opened(self, staff: StaffId, sealed: bytes, passphrase: Words, salt: bytes) -> bytes:
        """The seed. Raises `Unopenable` for a wrong passphrase, `Overloaded`."""
        return unwrapped(await self._key(passphrase, salt), sealed, *self._place(staff))

    def decoy(self, login: str) -> tuple[bytes, bytes]:
        """A seed and salt for a login nobody has, so that trying it costs and answers the same."""
        salt = self._app_key.mac("decoy-salt", self._deployment, login)[:SALT_SIZE]
        return wrapped(self._app_key.derive("decoy"), b"\0" * 32, "ql1/decoy"), salt

    async def _key(self, passphrase: Words, salt: bytes) -> bytes:
        stretched = await self._stretcher.stretched(normalised(passphrase.reveal()).encode(), salt)
        return derived(stretched, salt=self._app_key.derive("seed"), bound_to=("ql1/seed-key", self._deployment))

    def _place(self, staff: StaffId) -> tuple[str, ...]:
        return ("ql1/seed", self._deployment, staff)
