"""Files in one ZIP, the same bytes each time: no time of day, no owner, names in order, sums of all. Pure."""

import hashlib
import io
import zipfile
from collections.abc import Mapping

SUMS = "SHA256SUMS"
#: The first moment a ZIP can name.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16
#: Packed already.
_PACKED = (".xlsx", ".pdf")


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Name -> bytes as a ZIP, with `SHA256SUMS` in the form that `sha256sum --check` reads."""
    whole = {**files, SUMS: sums(files)}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, octets in whole.items():
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.create_system = 3
            entry.external_attr = _PLAIN_FILE
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(_PACKED) else zipfile.ZIP_DEFLATED
            archive.writestr(entry, octets, compresslevel=6)
    return packed.getvalue()


def sums(files: Mapping[str, bytes]) -> bytes:
    """A line for each file."""
    return "".join(f"{hashlib.sha256(octets).hexdigest()}  {name}\n" for name, octets in files.items()).encode()
