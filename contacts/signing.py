"""What the house itself signs: closing heads of the audit log, and the heads a witness keeps. Ed25519 (RFC 8032).

The key is derived from the app key, so whoever holds only the database signs nothing; the public half can be given to a
witness, who then needs nothing else of ours.
"""

from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contacts.app_key import AppKey
from contacts.distrust import Forged
from contacts.framing import Deployment, Field, framed


class HouseSigner:
    """Signs and verifies in the name of one deployment."""

    def __init__(self, *, app_key: AppKey, deployment: Deployment) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(app_key.derive("house-signing"))
        self._public_key = self._private.public_key()
        self._deployment = deployment
        self.public: Final = self._public_key.public_bytes_raw()

    def sign(self, label: str, *fields: Field) -> bytes:
        """64 bytes over the fields; another label, another signature."""
        return self._private.sign(framed("ql1/house", label, self._deployment, *fields))

    def verify(self, signature: bytes, label: str, *fields: Field) -> None:
        """Raises `Forged` unless it is ours over exactly this."""
        try:
            self._public_key.verify(signature, framed("ql1/house", label, self._deployment, *fields))
        except InvalidSignature:
            raise Forged(label) from None
