"""A parcel: what is in it, who signed it, and what happens when anything in it is changed."""

import hashlib
import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contacts.app_key import AppKey
from contacts.forwarding.parcel import (
    JSON,
    MANIFEST,
    PDF,
    SERVICE_SIGNATURE,
    SIZE_STEP,
    STAFF_KEY,
    STAFF_SIGNATURE,
    BadParcel,
    Manifest,
    check,
    listed,
    packed,
    signed_part,
    unpacked,
)
from contacts.forwarding.service_key import ServiceKey
from contacts.framing import Deployment

STAFF = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
SERVICE = ServiceKey(app_key=AppKey(b"k" * 32), deployment=Deployment("here"))
FILES = {PDF: b"%PDF-1.7", JSON: b"{}"}


def manifest(files: dict[str, bytes] = FILES, *, signed: bool = True) -> Manifest:
    return Manifest(
        kind="referral" if signed else "withdrawal",
        reference="3F2A-91BC-77D0",
        service="Saarnilinja",
        receiver="Majakka ry",
        files=listed(files),
        staff=STAFF.public_key().public_bytes_raw().hex() if signed else "",
    )


def parcel(files: dict[str, bytes] = FILES, *, signed: bool = True) -> bytes:
    made = manifest(files, signed=signed)
    part = signed_part(made)
    return packed(
        files, made, staff_signature=STAFF.sign(part) if signed else b"", service_signature=SERVICE.sign(part)
    )


def again(octets: bytes, change: dict[str, bytes | None]) -> bytes:
    """The same archive with these files changed, or left out."""
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as before, zipfile.ZipFile(into, "w") as after:
        contents = {name: before.read(name) for name in before.namelist()} | change
        for name, content in contents.items():
            if content is not None:
                after.writestr(name, content)
    return into.getvalue()


def test_what_was_packed_is_found_again_and_both_signatures_hold() -> None:
    found = unpacked(parcel())
    check(found, SERVICE.public)
    assert (found.pdf, found.json, found.manifest.reference) == (b"%PDF-1.7", b"{}", "3F2A-91BC-77D0")


def test_a_notice_is_signed_by_the_service_alone_and_has_no_data() -> None:
    found = unpacked(parcel({PDF: b"%PDF-1.7"}, signed=False))
    check(found, SERVICE.public)
    assert found.json is None
    assert STAFF_SIGNATURE not in found.files


def test_the_same_contents_are_the_same_bytes_in_a_size_that_tells_little() -> None:
    assert parcel() == parcel()
    for length in (10, SIZE_STEP - 2_000, SIZE_STEP, 3 * SIZE_STEP + 7):
        made = parcel({PDF: b"p" * length, JSON: b"{}"})
        assert len(made) % SIZE_STEP == 0
        assert unpacked(made).pdf == b"p" * length


@pytest.mark.parametrize(
    "change",
    [
        {PDF: b"%PDF-other"},
        {JSON: b"[]"},
        {JSON: None},
        {"more.txt": b"x"},
        {STAFF_SIGNATURE: None},
        {SERVICE_SIGNATURE: None},
        {STAFF_SIGNATURE: b"0" * 64},
        {SERVICE_SIGNATURE: b""},
        {STAFF_KEY: b"another"},
        {MANIFEST: None},
        {MANIFEST: b"{}"},
        {MANIFEST: signed_part(manifest()).replace(b"referral", b"proposal")},
        {MANIFEST: signed_part(manifest()).replace(STAFF.public_key().public_bytes_raw().hex().encode(), b"00" * 32)},
    ],
)
def test_any_change_is_noticed(change: dict[str, bytes | None]) -> None:
    with pytest.raises(BadParcel):
        check(unpacked(again(parcel(), change)), SERVICE.public)


def test_another_services_key_does_not_vouch_for_it() -> None:
    other = ServiceKey(app_key=AppKey(b"k" * 32), deployment=Deployment("there"))
    with pytest.raises(BadParcel):
        check(unpacked(parcel()), other.public)


@pytest.mark.parametrize("octets", [b"", b"PK\x05\x06", b"x" * 100])
def test_what_is_no_archive_is_no_parcel(octets: bytes) -> None:
    with pytest.raises(BadParcel):
        unpacked(octets)


def test_an_archive_that_unpacks_to_more_than_there_can_be_is_not_unpacked() -> None:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(PDF, bytes(5 * 1024 * 1024))
    with pytest.raises(BadParcel):
        unpacked(into.getvalue())


def test_nothing_is_packed_that_the_manifest_does_not_list() -> None:
    with pytest.raises(ValueError, match="other files"):
        packed(FILES | {"more": b""}, manifest(), staff_signature=b"", service_signature=b"")


def test_a_receiver_without_this_program_checks_it_with_openssl(tmp_path: Path) -> None:
    program = shutil.which("openssl")
    assert program is not None, "Debian has openssl; docs/receiving.md tells receivers to use it"
    found = unpacked(parcel())
    for name, content in found.files.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "service.pem").write_text(SERVICE.pem())
    for key, signature in (("service.pem", SERVICE_SIGNATURE), (STAFF_KEY, STAFF_SIGNATURE)):
        verified = subprocess.run(
            [program, "pkeyutl", "-verify", "-pubin", "-inkey", key, "-rawin", "-in", MANIFEST, "-sigfile", signature],
            cwd=tmp_path, capture_output=True, check=False,
        )  # fmt: skip
        assert verified.returncode == 0, verified.stdout
    assert found.manifest.files[PDF] == hashlib.sha256(found.pdf).hexdigest()


def test_the_services_key_is_told_in_groups_and_never_shows_its_private_half() -> None:
    assert SERVICE.fingerprint().replace(" ", "") == SERVICE.public.hex()
    assert repr(SERVICE) == "ServiceKey(...)"
    assert "PUBLIC KEY" in SERVICE.pem()
