"""What a receiver finds inside the .age file: a ZIP of the document, the data and a signed manifest. docs/receiving.md.

- `forwarding.pdf`, `forwarding.json` (a notice of withdrawal has only the PDF)
- `manifest.json`: names every file with its SHA-256, the reference, and the staff member's signing key
- `staff.sig`: 64 bytes, Ed25519 (RFC 8032) over manifest.json by that staff member, whose key only their passphrase opens
- `service.sig`: the same by the service, whose public key receivers were given once
- `staff.pem`: the staff member's public key, for openssl

The same contents give the same bytes. The size is a multiple of 64 KiB, so that it tells little.
"""

import hashlib
import io
import zipfile
from typing import Final, Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import Struct

PDF: Final = "forwarding.pdf"
JSON: Final = "forwarding.json"
MANIFEST: Final = "manifest.json"
STAFF_SIGNATURE: Final = "staff.sig"
SERVICE_SIGNATURE: Final = "service.sig"
STAFF_KEY: Final = "staff.pem"
SIZE_STEP: Final = 64 * 1024
LARGEST: Final = 4 * 1024 * 1024
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)


class Manifest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is signed. `staff`: public key in hexadecimal; empty in a notice, which nobody at a desk signs."""

    kind: Literal["referral", "proposal", "emergency", "withdrawal"]
    reference: str
    service: str
    receiver: str
    files: dict[str, str]
    staff: str = ""
    schema: Literal["quietline/manifest/1"] = "quietline/manifest/1"


class Parcel(Struct, frozen=True, kw_only=True):
    """A parcel taken apart, with nothing checked yet."""

    files: dict[str, bytes]
    manifest: Manifest

    @property
    def pdf(self) -> bytes:
        """What people read."""
        return self.files[PDF]

    @property
    def json(self) -> bytes | None:
        """What machines read; None in a notice."""
        return self.files.get(JSON)


class BadParcel(Exception):
    """Not a parcel of ours, or something in it was changed. The message says which, and nothing of what it holds."""


def signed_part(manifest: Manifest) -> bytes:
    """manifest.json: the bytes that are signed."""
    return msgspec.json.encode(manifest, order="sorted")


def listed(files: dict[str, bytes]) -> dict[str, str]:
    """The manifest's `files`."""
    return {name: hashlib.sha256(octets).hexdigest() for name, octets in sorted(files.items())}


def packed(files: dict[str, bytes], manifest: Manifest, *, staff_signature: bytes, service_signature: bytes) -> bytes:
    """The ZIP. `staff_signature` is empty in a notice. Raises ValueError when the manifest lists other files."""
    if manifest.files != listed(files):
        raise ValueError("the manifest lists other files")
    inside = dict(sorted(files.items())) | {MANIFEST: signed_part(manifest), SERVICE_SIGNATURE: service_signature}
    if manifest.staff:
        inside |= {STAFF_SIGNATURE: staff_signature, STAFF_KEY: pem(bytes.fromhex(manifest.staff))}
    plain = _zipped(inside, b"")
    return _zipped(inside, bytes(-len(plain) % SIZE_STEP))


def unpacked(octets: bytes) -> Parcel:
    """The contents, once every file is what the manifest says. Signatures: `check`. Raises `BadParcel`."""
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
                raise BadParcel("too large")
            files = {entry.filename: archive.read(entry) for entry in archive.infolist()}
        manifest = msgspec.json.decode(files[MANIFEST], type=Manifest)
    except (zipfile.BadZipFile, NotImplementedError, KeyError, msgspec.DecodeError):
        raise BadParcel("not a parcel") from None
    ours = {MANIFEST, SERVICE_SIGNATURE} | ({STAFF_SIGNATURE, STAFF_KEY} if manifest.staff else set())
    found = {name: content for name, content in files.items() if name not in ours}
    if not ours <= files.keys() or listed(found) != manifest.files or PDF not in found:
        raise BadParcel("the files are not those of the manifest")
    return Parcel(files=files, manifest=manifest)


def check(parcel: Parcel, service: bytes) -> None:
    """Both signatures are right and the service's is by this public key (32 bytes). Raises `BadParcel`."""
    _verify(service, parcel, SERVICE_SIGNATURE, "not signed by this service")
    if parcel.manifest.staff:
        staff = bytes.fromhex(parcel.manifest.staff)
        _verify(staff, parcel, STAFF_SIGNATURE, "not signed by the staff member it names")
        if parcel.files[STAFF_KEY] != pem(staff):
            raise BadParcel("another key than the one it names")


def pem(public: bytes) -> bytes:
    """An Ed25519 public key as openssl reads it (RFC 8410)."""
    return Ed25519PublicKey.from_public_bytes(public).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _verify(public: bytes, parcel: Parcel, signature: str, problem: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(parcel.files[signature], parcel.files[MANIFEST])
    except (InvalidSignature, ValueError):
        raise BadParcel(problem) from None


def _zipped(files: dict[str, bytes], comment: bytes) -> bytes:
    """Stored, not compressed: what compresses well would show in the size."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            archive.writestr(entry, content)
        archive.comment = comment
    return into.getvalue()
