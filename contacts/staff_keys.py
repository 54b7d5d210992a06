"""The keys of one signed-in person, in memory for as long as the session lives. Pure."""

from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contacts.envelopes import KeyPair, derived
from contacts.framing import Deployment
from storage.ids import StaffId


class Closed(Exception):
    """The session these keys belonged to has ended."""


class StaffKeys:
    """What a seed of 32 bytes unfolds to: an exchange key (X25519) and a signing key (Ed25519)."""

    def __init__(self, *, staff: StaffId, seed: bytes, deployment: Deployment) -> None:
        self.staff: Final = staff
        self._signing: Ed25519PrivateKey | None = Ed25519PrivateKey.from_private_bytes(
            derived(seed, salt=b"", bound_to=("ql1/staff-signing", deployment, staff))
        )
        self._exchange: KeyPair | None = KeyPair(
            derived(seed, salt=b"", bound_to=("ql1/staff-exchange", deployment, staff))
        )
        self.exchange_public: Final = self._exchange.public
        self.signing_public: Final = self._signing.public_key().public_bytes_raw()
        self._epochs: dict[int, KeyPair] = {}

    @property
    def exchange(self) -> KeyPair:
        """Opens what was sealed to this person. Raises `Closed`."""
        if self._exchange is None:
            raise Closed
        return self._exchange

    def sign(self, message: bytes) -> bytes:
        """64 bytes of Ed25519 signature (RFC 8032). Raises `Closed`."""
        if self._signing is None:
            raise Closed
        return self._signing.sign(message)

    def held(self, epoch: int) -> KeyPair | None:
        """An epoch key opened before in this session. Raises `Closed`."""
        if self._exchange is None:
            raise Closed
        return self._epochs.get(epoch)

    def hold(self, epoch: int, key: KeyPair) -> None:
        """Keep an opened epoch key in memory, never elsewhere. Raises `Closed`."""
        if self._exchange is None:
            raise Closed
        self._epochs[epoch] = key

    def close(self) -> None:
        """Forget everything; Python cannot promise that the memory is overwritten."""
        self._exchange = None
        self._signing = None
        self._epochs.clear()
