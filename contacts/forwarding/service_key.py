"""The key by which receivers know that something came from this service: Ed25519, derived from the app key.

It vouches for the staff member's key inside a parcel, so that receivers keep one public key and not one of each worker.
Who holds the app key can sign as the service, and not as a member of staff.
"""

from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contacts.app_key import AppKey
from contacts.envelopes import derived
from contacts.forwarding.parcel import pem
from contacts.framing import Deployment


class ServiceKey:
    """Signs; never shows its private half."""

    def __init__(self, *, app_key: AppKey, deployment: Deployment) -> None:
        secret = derived(app_key.derive("service-signing"), salt=b"", bound_to=("ql1/service-signing", deployment))
        self._private: Final = Ed25519PrivateKey.from_private_bytes(secret)
        self.public: Final = self._private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """64 bytes (RFC 8032)."""
        return self._private.sign(message)

    def pem(self) -> str:
        """The public half, to give to receivers."""
        return pem(self.public).decode()

    def fingerprint(self) -> str:
        """The public half in groups of four, to compare by telephone."""
        letters = self.public.hex()
        return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))

    def __repr__(self) -> str:
        return "ServiceKey(...)"
