"""From what was agreed to the very bytes a receiver gets: the document, then the signed parcel, then the age file."""

import hashlib
from typing import Final, Protocol

from msgspec import Struct

from contacts.forwarding.document import Cover, laid_out, notice_of_withdrawal
from contacts.forwarding.parcel import JSON, PDF, Manifest, listed, packed, signed_part
from contacts.forwarding.payload import Payload, Receiver, Sender, parsed
from contacts.forwarding.service_key import ServiceKey
from contacts.forwarding.typesetting import Document
from contacts.staff_keys import StaffKeys


class Setter(Protocol):
    """What is needed of `contacts.forwarding.typesetting.Typesetter`."""

    async def typeset(self, document: Document) -> bytes: ...


class Preview(Struct, frozen=True, kw_only=True):
    """Exactly what will be received. `seen`: names these bytes; whoever sends says which they looked at."""

    pdf: bytes
    json: bytes
    reference: str
    seen: str


class Composer:
    """`sender`: who we are, in notices; `language`: of notices (fi, sv, en)."""

    def __init__(self, *, typesetter: Setter, service_key: ServiceKey, sender: Sender, language: str) -> None:
        self._typesetter = typesetter
        self._service_key: Final = service_key
        self._sender = sender
        self._language = language

    async def preview(self, octets: bytes, cover: Cover) -> Preview:
        """The document of a payload in canonical form. Raises `BadPayload`, `contacts.forwarding.apart.Failed`."""
        pdf = await self._typesetter.typeset(laid_out(parsed(octets), cover))
        return Preview(pdf=pdf, json=octets, reference=cover.reference, seen=_named(pdf, octets))

    def parcel(self, preview: Preview, keys: StaffKeys) -> bytes:
        """Signed by the one who sends, and by the service. Raises `Closed`."""
        payload: Payload = parsed(preview.json)
        files = {PDF: preview.pdf, JSON: preview.json}
        manifest = Manifest(
            kind=payload.scope.value,
            reference=preview.reference,
            service=payload.sender.name,
            receiver=payload.receiver.name,
            files=listed(files),
            staff=keys.signing_public.hex(),
        )
        part = signed_part(manifest)
        return packed(files, manifest, staff_signature=keys.sign(part), service_signature=self._service_key.sign(part))

    async def notice(self, *, receiver: Receiver, reference: str, withdrawn_on: str) -> bytes:
        """The parcel that tells of a withdrawal, signed by the service alone. Raises `Failed`."""
        document = notice_of_withdrawal(
            language=self._language,
            sender=self._sender,
            receiver=receiver,
            reference=reference,
            withdrawn_on=withdrawn_on,
        )
        files = {PDF: await self._typesetter.typeset(document)}
        manifest = Manifest(
            kind="withdrawal",
            reference=reference,
            service=self._sender.name,
            receiver=receiver.name,
            files=listed(files),
        )
        part = signed_part(manifest)
        return packed(files, manifest, staff_signature=b"", service_signature=self._service_key.sign(part))


def _named(pdf: bytes, octets: bytes) -> str:
    return hashlib.sha256(hashlib.sha256(pdf).digest() + hashlib.sha256(octets).digest()).hexdigest()
