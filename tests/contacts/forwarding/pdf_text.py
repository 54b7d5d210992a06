"""The letters on the pages of a PDF made by typst, in the order they were set; enough of ISO 32000 for our own documents."""

import re
import zlib
from collections.abc import Iterator

_OBJECT = re.compile(rb"(\d+) 0 obj(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"\bstream\r?\n(.*)\nendstream", re.DOTALL)
_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_MARK = re.compile(rb"/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|(\()")
#: What a glyph stands for, when it is not plain: said beside the glyphs, not one of them.
_SPOKEN = re.compile(rb"/ActualText\s*<[0-9A-Fa-f]*>")
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def letters(pdf: bytes) -> str:
    """All text of all pages."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    pages = [body for body in objects.values() if re.search(rb"/Type\s*/Page\b", body)]
    return "".join(piece for page in pages for piece in _page(page, objects))


def _page(page: bytes, objects: dict[int, bytes]) -> Iterator[str]:
    listed = _referred(_referred(page, b"Resources", objects), b"Font", objects)
    fonts = {name: _characters(objects[int(at)], objects) for name, at in re.findall(rb"/(\w+) (\d+) 0 R", listed)}
    content = _SPOKEN.sub(b"", _data(_referred(page, b"Contents", objects)))
    font: dict[bytes, str] = {}
    at = 0
    while found := _MARK.search(content, at):
        at = found.end()
        if found[1]:
            font = fonts.get(found[1], {})
            continue
        if found[2]:
            glyphs = bytes.fromhex(found[2].decode())
        else:
            glyphs, at = _literal(content, at)
        yield "".join(font.get(glyphs[place : place + 2], "") for place in range(0, len(glyphs), 2))


def _literal(content: bytes, start: int) -> tuple[bytes, int]:
    """A string in brackets, which may hold balanced brackets; and where it ends."""
    depth, at = 1, start
    while depth:
        if content[at : at + 1] == b"\\":
            at += 2
            continue
        depth += {b"(": 1, b")": -1}.get(content[at : at + 1], 0)
        at += 1
    return _ESCAPED.sub(_plain, content[start : at - 1]), at


def _plain(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 8)]) if found[1].isdigit() else _ESCAPES.get(found[1], found[1])


def _referred(body: bytes, name: bytes, objects: dict[int, bytes]) -> bytes:
    reference = re.search(rb"/" + name + rb"\s+(\d+) 0 R", body)
    if reference:
        return objects[int(reference[1])]
    inline = re.search(rb"/" + name + rb"\s*<<(.*?)>>", body, re.DOTALL)
    return inline[1] if inline else b""


def _characters(font: bytes, objects: dict[int, bytes]) -> dict[bytes, str]:
    pairs = _PAIR.findall(_data(_referred(font, b"ToUnicode", objects)))
    return {_hex(glyph): _hex(text).decode("utf-16-be") for glyph, text in pairs}


def _data(body: bytes) -> bytes:
    found = _STREAM.search(body)
    if found is None:
        return b""
    return zlib.decompress(found[1]) if b"FlateDecode" in body else found[1]


def _hex(text: bytes) -> bytes:
    return bytes.fromhex(text.decode())
