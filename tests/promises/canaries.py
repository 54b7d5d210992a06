"""Words planted by a test, and every spelling in which they could come to rest."""

import base64
import urllib.parse
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path


def spellings(text: str) -> dict[str, bytes]:
    """Name -> bytes that betray `text`: plain, UTF-16, hexadecimal, base64 at each alignment, escaped."""
    plain = text.encode()
    found = {
        "utf-8": plain,
        "utf-16-le": text.encode("utf-16-le"),
        "utf-16-be": text.encode("utf-16-be"),
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        "percent": urllib.parse.quote(text).encode(),
        "json": text.encode("unicode_escape"),
        "reversed": plain[::-1],
    }
    for shift in range(3):
        # Whole groups only: what stands before and after the text changes the characters at its edges.
        inner = plain[(3 - shift) % 3 :]
        inner = inner[: len(inner) - len(inner) % 3]
        found[f"base64+{shift}"] = base64.b64encode(inner)
        found[f"base64url+{shift}"] = base64.urlsafe_b64encode(inner)
    return found


def betrayed(content: bytes, canaries: Iterable[str]) -> list[tuple[str, str]]:
    """(canary, spelling) pairs that stand in these bytes."""
    lowered = content.lower()
    return [
        (canary, name)
        for canary in canaries
        for name, spelling in spellings(canary).items()
        if spelling in content or (name == "utf-8" and spelling.lower() in lowered)
    ]


def files_below(*folders: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file, also hidden ones, with its bytes; compressed ones unpacked as well."""
    for folder in folders:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
            if not path.is_file() or path.is_symlink():
                continue
            content = path.read_bytes()
            yield path, content
            if content[:2] == b"\x1f\x8b":
                yield path, zlib.decompress(content, wbits=31)
